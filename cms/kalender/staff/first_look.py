"""What is worth a look in an event that readers have not seen yet, before they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from cms.kalender import consequences
from cms.kalender.models import EventPage
from cms.kalender.staff import remarks
from cms.kalender.staff.remarks import Shown


@dataclass(frozen=True, slots=True)
class Look:
    """An event as it would be published; `form_url` is empty while it has never been saved."""

    event: EventPage
    remarks: Sequence[Shown]

    @property
    def when(self) -> str:
        return consequences.when_words(self.event)

    @property
    def form_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.event.pk]) if self.event.pk else ""


def looks(events: Iterable[EventPage]) -> list[Look]:
    """Those that would be new to readers and have remarks; what they see already was looked at then."""
    found = (Look(event, remarks.before_publishing(event)) for event in events if not event.live)
    return [look for look in found if look.remarks]
