"""Checks that need no server: settings, folders, files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.http.request import validate_host

from config.doctor.finding import Finding, fine, warn, wrong

LITTLE_DISK = 500_000_000  # bytes
SHORTEST_SECRET = 40  # characters


def demo() -> bool:
    return bool(settings.DEV_PAGES)


def secret_key() -> Iterator[Finding]:
    if len(settings.SECRET_KEY) >= SHORTEST_SECRET:
        yield fine("SECRET_KEY", "är tillräckligt lång.")
    else:
        make = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        yield wrong(
            "SECRET_KEY",
            "är för kort; varukorgar och inloggningar kan förfalskas.",
            f"Skapa en ny med {make}",
        )


def site_url() -> Iterator[Finding]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield wrong(
            "SITE_URL",
            f"{settings.SITE_URL!r} är ingen webbadress.",
            "Skriv till exempel https://www.exempel.se",
        )
    elif parts.path:
        yield wrong("SITE_URL", f"{settings.SITE_URL!r} har en sökväg.", "Skriv bara protokoll och värdnamn.")
    elif not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        yield wrong(
            "ALLOWED_HOSTS",
            f"saknar {parts.hostname}, som SITE_URL pekar på.",
            f"Lägg till {parts.hostname} i ALLOWED_HOSTS.",
        )
    else:
        yield fine("SITE_URL", f"{settings.SITE_URL} tas emot av ALLOWED_HOSTS.")


def folders() -> Iterator[Finding]:
    for name, path in (("VAR_DIR", Path(settings.VAR_DIR)), ("MEDIA_ROOT", Path(settings.MEDIA_ROOT))):
        existing = nearest(path)
        if os.access(existing, os.W_OK | os.X_OK):
            yield fine(name, f"{path} går att skriva i.")
        else:
            yield wrong(
                name, f"{path} går inte att skriva i.", f"Ge den som kör webben skrivrätt till {existing}."
            )


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(nearest(Path(settings.VAR_DIR))).free
    text = f"{free / 1e9:.1f} GB ledigt".replace(".", ",")
    if free < LITTLE_DISK:
        yield warn("disk", f"bara {text}.", "Frigör utrymme innan databasen eller uppladdningarna stannar.")
    else:
        yield fine("disk", f"{text}.")


def nearest(path: Path) -> Path:
    """The path itself, or the closest parent that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def static_files() -> Iterator[Finding]:
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    if "Manifest" not in storage or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield fine("formatmallar", "är samlade.")
    else:
        yield wrong("formatmallar", "är inte samlade; alla sidor ger fel.", "Kör manage.py collectstatic")


def django_checks() -> Iterator[Finding]:
    """Django's own questions, those about safe running too unless this is the demo."""
    found = [
        each for each in checks.run_checks(include_deployment_checks=not demo()) if not each.is_silenced()
    ]
    for message in found:
        report = wrong if message.level >= checks.ERROR else warn
        yield report(
            "django", f"{message.id}: {message.msg}", message.hint or "Se Djangos dokumentation om koden."
        )
    if not found:
        yield fine("django", "har inget att anmärka.")


def payments() -> Iterator[Finding]:
    if settings.STRIPE_SECRET_KEY:
        yield from stripe_keys()
    elif settings.PRACTICE_PAYMENTS:
        yield fine("betalning", "utan Stripe-nycklar visas övningssidan (bara för demo).")
    else:
        yield wrong(
            "betalning",
            "STRIPE_SECRET_KEY saknas.",
            "Hämta nyckeln i Stripes kontrollpanel och sätt variabeln.",
        )


def stripe_keys() -> Iterator[Finding]:
    if not settings.STRIPE_SECRET_KEY.startswith(("sk_", "rk_")):
        yield wrong(
            "STRIPE_SECRET_KEY",
            "ser inte ut som en hemlig nyckel.",
            "Den börjar med sk_ eller rk_, inte pk_.",
        )
    elif not demo() and "_test_" in settings.STRIPE_SECRET_KEY:
        yield warn(
            "STRIPE_SECRET_KEY", "är en testnyckel; inga riktiga betalningar kommer in.", "Byt till sk_live_…"
        )
    if not settings.STRIPE_WEBHOOK_SECRET:
        hook = f"{settings.SITE_URL}/stripe/webhook/"
        yield wrong(
            "STRIPE_WEBHOOK_SECRET",
            "saknas; Stripes besked avvisas.",
            f"Lägg upp {hook} hos Stripe, kopiera whsec_…",
        )


def proxies() -> Iterator[Finding]:
    """Without the proxy's name every visitor has its address; then a crowd is stopped as if it were one person."""
    listed = [*map(str, settings.TRUSTED_PROXIES), *(["unix"] if settings.TRUST_LOCAL_SOCKET else [])]
    if listed:
        yield fine("TRUSTED_PROXIES", f"{', '.join(listed)} får säga vem som frågar.")
    elif demo():
        yield fine("TRUSTED_PROXIES", "ingen proxy: besökarna räknas efter sin egen adress.")
    else:
        yield wrong(
            "TRUSTED_PROXIES",
            "saknas; alla besökare får proxyns adress och stoppas som om de vore en.",
            "Skriv proxyns adress eller nät, till exempel 127.0.0.1, eller unix för en lokal socket.",
        )


def limits() -> Iterator[Finding]:
    off = sorted(name for name, limit in settings.LIMITS.items() if limit is None)
    if off:
        yield warn(
            "LIMITS", f"ingen gräns för {', '.join(off)}.", "Ta bort off i LIMITS om det inte är meningen."
        )
    else:
        yield fine("LIMITS", "alla spärrar mot missbruk är på.")


CHECKS = [secret_key, site_url, proxies, limits, folders, disk, static_files, django_checks, payments]
