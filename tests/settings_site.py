"""The test settings for a real web process: with style sheets, files on disk and an address of its own."""

from __future__ import annotations

from config.settings.test import *  # noqa: F403 - only what differs stands here
from config.settings.test import env

SITE_URL = WAGTAILADMIN_BASE_URL = env.str("SITE_URL")
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=0)
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
