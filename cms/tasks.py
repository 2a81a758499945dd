"""Celery's handles on what editors have scheduled and published."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from cms.links import checking
from cms.sharing import pictures
from cms.staff import new_password

NUDGE_SECONDS = 600


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish the pages whose time has come."""
    call_command("publish_scheduled")


@shared_task(expires=NUDGE_SECONDS)
def draw_share_picture(page_id: int) -> None:
    """Draw the picture that stands for a page where it is shared."""
    pictures.draw(page_id, now=timezone.now())


@shared_task
def sweep_share_pictures() -> None:
    """Draw the pictures whose nudge was lost."""
    pictures.sweep(now=timezone.now())


@shared_task
def refresh_search() -> None:
    """Make the search's index anew: what was changed around the pages, such as terms of a new day, comes in."""
    call_command("update_index", verbosity=0)


@shared_task
def read_links() -> None:
    """Read every published page for links that lead nowhere."""
    checking.read(now=timezone.now())


@shared_task(expires=NUDGE_SECONDS)
def send_new_password(email: str, host: str, secure: bool, language: str) -> None:
    """Write the letter that leads to a new password, if anybody here has that address."""
    new_password.send(email, host=host, secure=secure, language=language)


@shared_task(expires=NUDGE_SECONDS)
def ask_for_links() -> None:
    """Ask a few other websites whether the addresses that our pages lead to exist."""
    checking.ask(now=timezone.now())
