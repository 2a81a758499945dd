"""The suite: tests/conftest.py finds the services and names them in the environment."""

from __future__ import annotations

from datetime import timedelta

from config import services
from config.settings.base import *
from config.settings.base import DATABASES, LIMITS, REDIS_URL, STRIPE_SECRET_KEY
from shop.limit_table import Limit

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A machine that is busy is no database that is away.
if "connect_timeout" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["connect_timeout"] = 60
# Nor is it a silent Redis when it stands still for half a second: what is counted and kept would be forgotten.
CACHES = {
    "default": {
        **services.cache(REDIS_URL),
        "OPTIONS": {"socket_connect_timeout": 60, "socket_timeout": 60},
    }
}
# Every test comes from one address. The limits are counted, and too wide to be met: tests/limits narrows them.
LIMITS = dict.fromkeys(LIMITS, Limit(1_000_000, timedelta(minutes=1)))
# Tests change rows in ways that tell nobody; tests/pages keeps pages.
PAGE_CACHE_MB = 0
PRACTICE_PAYMENTS = not STRIPE_SECRET_KEY
DEV_PAGES = True
