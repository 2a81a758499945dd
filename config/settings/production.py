"""Production: nothing has a default that could be unsafe. A missing value stops the start."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import EMAIL_URL, SITE_URL, env

SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET")
DEV_PAGES = False

if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL måste börja med https:// i produktion.")
if not EMAIL_URL:
    raise ImproperlyConfigured("EMAIL_URL saknas: utan den går inga brev ut i produktion.")
for name in ("DATABASE_URL", "REDIS_URL"):
    if not env.str(name, default=""):
        raise ImproperlyConfigured(f"{name} saknas: den inbäddade tjänsten är bara till för demon.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS: int = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
WHITENOISE_MAX_AGE = 300
