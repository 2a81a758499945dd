"""Every setting once. local.py, test.py and production.py say only what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environ
from csp.constants import NONE, SELF

from config import embedded, services
from library import decoding, kinds, limits
from shop import limit_table

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# What the embedded default writes: database, broker socket, mail, uploads, secret key.
VAR_DIR: Path = (BASE_DIR / env.str("VAR_DIR", default="var")).resolve()

DEBUG = False
HERE = f"http://{env.str('HOST', default='127.0.0.1')}:{env.int('PORT', default=8000)}"
SITE_URL: str = (env.str("SITE_URL", default="") or HERE).rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "cms",
    "orders",
    "shop",
    "library",
    "notifications",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.pages.middleware.keep_pages",
    # Before all that may refuse, so that a refusal is told in the language of the address.
    "shop.language.by_address",
    "django.middleware.security.SecurityMiddleware",
    "config.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "config.closing.closed",
    "config.methods.known",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.tree.KnownSite",
    "cms.moved.redirects",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------
DATABASE_URL: str = env.str("DATABASE_URL", default="") or embedded.database_url(VAR_DIR)
DATABASES = {"default": services.database(env.db_url_config(DATABASE_URL))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="") or embedded.broker_url(VAR_DIR)
CACHES = {"default": services.cache(REDIS_URL)}
# Memory of each web process for reading pages; 0 keeps none.
PAGE_CACHE_MB: int = env.int("PAGE_CACHE_MB", default=32)

# --- Who asks, and how often -----------------------------------------------------------------
# Only these may say whom they ask for (X-Forwarded-For): shop.client.
_proxies = [name.strip() for name in env.list("TRUSTED_PROXIES", default=[])]
TRUSTED_PROXIES = services.networks(_proxies)
TRUST_LOCAL_SOCKET: bool = services.LOCAL_SOCKET in _proxies
LIMITS: dict[str, limit_table.Limit | None] = limit_table.table(env.str("LIMITS", default=""))

# --- Work in the background ------------------------------------------------------------------
RESERVATION_MINUTES: int = env.int("RESERVATION_MINUTES", default=30)
PAYMENT_SWEEP_SECONDS: int = env.int("PAYMENT_SWEEP_SECONDS", default=60)
LETTER_SWEEP_SECONDS: int = env.int("LETTER_SWEEP_SECONDS", default=30)
LETTER_LEASE_SECONDS: int = env.int("LETTER_LEASE_SECONDS", default=60)
REMINDER_SWEEP_SECONDS: int = env.int("REMINDER_SWEEP_SECONDS", default=30)

# So long an enquiry is kept; the page on personal data promises twelve months.
ENQUIRY_DAYS: int = env.int("ENQUIRY_DAYS", default=365)

# --- Letters ---------------------------------------------------------------------------------
# Unset: kept under VAR_DIR and shown at /dev/mail/ (demo only).
EMAIL_URL: str = env.str("EMAIL_URL", default="")
# LETTER_BACKEND is how the outbox sends. What libraries mail (reviews, comments, new passwords) becomes a letter in it.
_mail = services.email(EMAIL_URL)
vars().update(_mail)
LETTER_BACKEND: str = _mail["LETTER_BACKEND"]
EMAIL_BACKEND = "notifications.relay.Backend"
MAIL_DIR: Path = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Värdskapet <hej@vardskapet.example>")

# --- Being paid ------------------------------------------------------------------------------
STRIPE_SECRET_KEY: str = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET: str = env.str("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_BASE: str = env.str("STRIPE_API_BASE", default="")
# Where the payment page lies: Stripe's own, or an own checkout domain set up with Stripe.
STRIPE_CHECKOUT_ORIGIN: str = (
    env.str("STRIPE_CHECKOUT_ORIGIN", default="") or STRIPE_API_BASE or "https://checkout.stripe.com"
)
# Without Stripe keys a marked practice page stands in its place; production never allows it.
PRACTICE_PAYMENTS = False

# Pages for the demo only: /dev/mail/.
DEV_PAGES = False

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
STOCKHOLM = ZoneInfo(TIME_ZONE)
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT: Path = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 300

# --- Wagtail ---------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Värdskapet"
WAGTAILADMIN_BASE_URL = SITE_URL
# One clock for everyone: a time that an editor writes is Swedish time.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# Addresses in lower-case ASCII: å and ä become a, ö becomes o.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Who reviews gets the letter, not everyone who may do anything.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
# A page may be kept for staff, who log in where they always do. A password of its own would need a visitor's cookie.
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "cms.text_field.GuardedTextArea"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILIMAGES_IMAGE_MODEL = "library.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "library.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "library.forms.DocumentForm"
# The admin's own thumbnails are WebP: small, and soon drawn. Pages name their kinds, see library/renditions.py.
WAGTAILIMAGES_FORMAT_CONVERSIONS = dict.fromkeys(("avif", "jpeg", "png", "webp"), "webp")
WAGTAILIMAGES_EXTENSIONS = list(decoding.FORMATS)
WAGTAILIMAGES_MAX_UPLOAD_SIZE = limits.PICTURE_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = limits.JPEG_PIXELS
WAGTAILDOCS_EXTENSIONS = list(kinds.KINDS)
WAGTAILDOCS_MAX_UPLOAD_SIZE = limits.FILM_BYTES
WAGTAILDOCS_CONTENT_TYPES = {ending: kind.mime for ending, kind in kinds.KINDS.items()}
# Nothing that was uploaded opens inside our origin; a film is played by the page that shows it.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.searching.backend", "SEARCH_CONFIG": "swedish"}}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Doorkeeper",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Safety ----------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_PATH = "/"
LOGIN_URL = "wagtailadmin_login"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Wagtail shows previews in a frame of its own admin, so DENY cannot be had.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Wagtail's admin needs inline script and style; public pages do not.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # The design sets single sizes and colours by style attributes.
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        # A form may lead on to the payment page by redirect; a stand-in for Stripe serves its own.
        "form-action": [SELF, STRIPE_CHECKOUT_ORIGIN],
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Each index update and page view in the admin is a line; what goes wrong is enough.
    "loggers": {name: {"level": "WARNING"} for name in ("django_tasks", "wagtail", "modelsearch")},
}
