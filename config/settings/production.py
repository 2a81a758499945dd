"""Production: nothing has a default that could be unsafe. What is missing, empty or unsafe stops the start."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import SITE_URL, env

SHORTEST_SECRET = 40


def required(name: str) -> str:
    """Empty counts as missing: docker compose hands on what nobody has set as an empty text."""
    value: str = env.str(name, default="")
    if value:
        return value
    raise ImproperlyConfigured(f"{name} saknas: i produktion finns inget förval. Se .env.example.")


SECRET_KEY: str = required("SECRET_KEY")
for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
    required(name)

# Without it every visitor has the proxy's address, and a crowd would be taken for one person.
required("TRUSTED_PROXIES")

STRIPE_SECRET_KEY = required("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = required("STRIPE_WEBHOOK_SECRET")
ALLOWED_HOSTS = [host for host in required("ALLOWED_HOSTS").split(",") if host]

if len(SECRET_KEY) < SHORTEST_SECRET or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured(f"SECRET_KEY är för svag: minst {SHORTEST_SECRET} slumpade tecken.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS får inte vara * i produktion: skriv webbplatsens namn.")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL måste börja med https:// i produktion.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS: int = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
