"""An event that guests have signed up to is not taken away before they have been told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext
from wagtail.models import Page

from cms.kalender.models import EventPage, SignUp, Status


def fault(pages: Iterable[Page], *, now: datetime) -> str:
    """Why these, with all that is below them, are not to be deleted yet; empty if they may be.

    Inside a transaction nobody signs up to them until its end.
    """
    for page in pages:
        ahead = EventPage.objects.descendant_of(page, inclusive=True).filter(ends_at__gt=now)
        for event in ahead.exclude(status=Status.CANCELLED).select_for_update(of=("self",), no_key=True):
            if places := SignUp.objects.active().filter(event=event).places():
                return _sentence(event, places)
    return ""


def _sentence(event: EventPage, places: int) -> str:
    return ngettext(
        "%(title)s har %(places)s gäst som är anmäld eller står på kö. Ställ in träffen först, så får gästen veta.",
        "%(title)s har %(places)s gäster som är anmälda eller står på kö. Ställ in träffen först, så får de veta.",
        places,
    ) % {"title": event.title, "places": places}
