"""The suite: tests/conftest.py finds the services and names them in the environment."""

from __future__ import annotations

from config.settings.base import *
from config.settings.base import STRIPE_SECRET_KEY

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests change rows in ways that tell nobody; tests/pages keeps pages.
PAGE_CACHE_MB = 0
PRACTICE_PAYMENTS = not STRIPE_SECRET_KEY
DEV_PAGES = True
