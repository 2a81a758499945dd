"""Checks that knock on each connected server."""

from __future__ import annotations

import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator

import redis
from django.conf import settings
from django.core import mail as django_mail
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Site

from config import health
from config.celery import app
from config.doctor.finding import Finding, fine, warn, wrong

WORKER_SECONDS = 2
STRIPE_SECONDS = 8
STRIPE_HOME = "https://api.stripe.com"
START = "Starta webbplatsen med bin/start, eller rätta adressen."


def database() -> Iterator[Finding]:
    """The connection, then what stands in it: one that does not answer is told once."""
    try:
        yield fine("databas", f"{database_version()} svarar.")
        yield from tables()
    except DatabaseError as error:
        yield wrong(
            "databas",
            f"svarar inte: {first_line(error)}",
            "Kontrollera DATABASE_URL och att servern är igång.",
        )


def database_version() -> str:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return f"SQLite ({settings.DATABASES['default']['NAME']})"
    return f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"


def tables() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        yield wrong("tabeller", f"{missing} steg är inte körda.", "Kör manage.py migrate")
        return
    yield fine("tabeller", "är aktuella.")
    yield from content()


def content() -> Iterator[Finding]:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or site.root_page.depth < 2 or site.root_page.content_type.app_label == "wagtailcore":
        yield warn(
            "innehåll",
            "ingen startsida är vald.",
            "Kör manage.py seed, eller välj startsida under Inställningar › Webbplatser.",
        )
    else:
        yield fine("innehåll", f"startsidan är ”{site.root_page.title}”.")


def broker() -> Iterator[Finding]:
    try:
        about = read_broker()
    except (redis.RedisError, OSError, ValueError) as error:
        yield wrong("kö och cache", f"svarar inte: {first_line(error)}", f"Kontrollera REDIS_URL. {START}")
        return
    yield fine("kö och cache", f"Redis/Valkey {about.get('redis_version', '')} svarar.")
    if about.get("maxmemory_policy", "noeviction") != "noeviction":
        yield warn("kö och cache", "slänger poster när minnet tar slut.", "Sätt maxmemory-policy noeviction.")
    yield from worker()


def read_broker() -> dict[str, str]:
    client = health.broker_client()
    try:
        answer = client.info()
    finally:
        client.close()
    return {str(name): str(value) for name, value in dict(answer).items()}


def worker() -> Iterator[Finding]:
    """Whether somebody takes the tasks; asked only of a broker that answers."""
    answers = app.control.inspect(timeout=WORKER_SECONDS).ping() or {}
    if answers:
        yield fine("arbetare", f"{len(answers)} svarar.")
    else:
        how = "bin/start startar en; i drift: celery -A config worker och celery -A config beat."
        yield warn("arbetare", "ingen svarar; brev och påminnelser väntar tills en startas.", how)


def mail() -> Iterator[Finding]:
    if not settings.EMAIL_URL and settings.DEV_PAGES:
        yield fine("e-post", "breven stannar här och visas på /dev/mail/ (bara för demo).")
    elif not settings.EMAIL_URL:
        yield wrong(
            "e-post",
            "EMAIL_URL saknas; inga brev går ut.",
            "Sätt EMAIL_URL=smtp+tls://namn:lösenord@server:587",
        )
    else:
        yield mail_server()


def mail_server() -> Finding:
    connection = django_mail.get_connection(settings.LETTER_BACKEND)
    try:
        connection.open()
        connection.close()
    except smtplib.SMTPAuthenticationError:
        return wrong("e-post", "servern godtar inte namnet eller lösenordet.", "Rätta dem i EMAIL_URL.")
    except (OSError, smtplib.SMTPException) as error:
        return wrong(
            "e-post", f"servern svarar inte: {first_line(error)}", "Kontrollera EMAIL_URL och brandväggen."
        )
    return fine("e-post", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} svarar.")


def stripe() -> Iterator[Finding]:
    if settings.STRIPE_SECRET_KEY:
        yield stripe_answer()


def stripe_answer() -> Finding:
    """Asked over plain HTTP: doctor looks whether the door opens and the key fits, no more."""
    base = settings.STRIPE_API_BASE or STRIPE_HOME
    request = urllib.request.Request(f"{base.rstrip('/')}/v1/balance")  # noqa: S310 - the operator's own address
    request.add_header("Authorization", f"Bearer {settings.STRIPE_SECRET_KEY}")
    try:
        urllib.request.urlopen(request, timeout=STRIPE_SECONDS).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == 401:
            return wrong(
                "Stripe", "godtar inte STRIPE_SECRET_KEY.", "Hämta en ny nyckel i Stripes kontrollpanel."
            )
    except (OSError, ValueError) as error:
        return wrong("Stripe", f"svarar inte: {first_line(error)}", "Kontrollera nätet och STRIPE_API_BASE.")
    return fine("Stripe", f"{base} svarar.")


def first_line(error: BaseException) -> str:
    """An error in short; a driver's long text may hold the whole address."""
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__


CHECKS = [database, broker, mail, stripe]
