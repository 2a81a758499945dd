"""The embedded default and the demo: bin/start, docker compose up, a developer's machine."""

from __future__ import annotations

from config.secret import kept_secret
from config.settings.base import *
from config.settings.base import STRIPE_SECRET_KEY, VAR_DIR, env

SECRET_KEY: str = env.str("SECRET_KEY", default="") or kept_secret(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PRACTICE_PAYMENTS = not STRIPE_SECRET_KEY
DEV_PAGES = True
