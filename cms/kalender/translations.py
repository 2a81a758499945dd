"""One event in several languages: each has a page with its own words; the rest is the event's. See docs/adr/0035."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from cms.kalender.models import EventPage
from cms.kalender.models.choices import SHARED
from shop.freshness import changed


@transaction.atomic
def align(event_id: int) -> None:
    """Give an event's other pages what they share with it, as it is published. Raises EventPage.DoesNotExist."""
    event = EventPage.objects.locked().get(pk=event_id)
    key = event.translation_key
    others = EventPage.objects.filter(Q(translation_key=key) | Q(alias_of__translation_key=key))
    others.exclude(pk=event.pk).update(**{name: getattr(event, name) for name in SHARED})
    changed()


def unpublish(event: EventPage) -> None:
    """Take the event's pages in other languages away with it."""
    others = EventPage.objects.in_every_language(event).exclude(pk=event.pk)
    for page in others.filter(live=True, alias_of=None):
        page.unpublish()
