"""How the worker learns that a page was published."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Page

from cms.tasks import draw_share_picture


def on_page_published(*, instance: Page, **_details: Any) -> None:
    """Wagtail's `page_published`, connected in CmsConfig.ready(): the door that every way to publish passes (ADR 0009).

    A nudge that is lost on the way is made good by the sweep.
    """
    page_id = instance.pk
    transaction.on_commit(lambda: draw_share_picture.delay(page_id), robust=True)
