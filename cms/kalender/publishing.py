"""What follows when an event is published or taken away."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cms.kalender import announcing, signing_up, translations
from cms.kalender.models import EventPage


def on_published(*, instance: EventPage, **_details: Any) -> None:
    """Wagtail's `page_published`, connected in CmsConfig.ready().

    The one place that every way to publish passes: the admin's edit view does not call
    `Page.publish`, and the hook `after_publish_page` is silent when the schedule, a workflow or
    code publishes, so either alone would leave subscribers at the old time.
    """
    event = instance.original
    if instance.alias_of_id is None and event.live:
        now = timezone.now()
        translations.align(event.pk)
        announcing.announce(event.pk, now=now)
        signing_up.offer_seats(event.pk, now=now)


def on_unpublished(*, instance: EventPage, **_details: Any) -> None:
    """Wagtail's `page_unpublished`; also sent before a published page is deleted, while its guests are still known."""
    if instance.alias_of_id is None and instance.original.pk == instance.pk:
        now = timezone.now()
        announcing.withdraw(instance.pk, now=now, leaving=True)
        if not instance.live:
            signing_up.offer_seats(instance.pk, now=now)
        translations.unpublish(instance)
