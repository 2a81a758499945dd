"""The worker's part: drawing pictures in the sizes that pages show."""

from __future__ import annotations

import logging

from celery import shared_task

from library import renditions
from library.models import Picture

logger = logging.getLogger(__name__)


@shared_task
def make_renditions(pk: int) -> None:
    """Draw what a picture lacks. Done twice, it does nothing the second time."""
    picture = Picture.objects.filter(pk=pk).first()
    if picture is None:
        return
    try:
        renditions.make(picture)
    except OSError:
        logger.warning("picture %s cannot be read", pk, exc_info=True)


@shared_task
def sweep_pictures() -> None:
    """Ask again for what a lost nudge, a killed worker or a new size has left undone."""
    for pk in renditions.missing().values_list("pk", flat=True):
        make_renditions.delay(pk)
