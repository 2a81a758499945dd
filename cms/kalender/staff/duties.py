"""Whom staff must ring: a line each in the start page's panel Att göra i dag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.kalender.models import SignUp
from cms.kalender.staff.guests import names, signup_url
from shop.staff.access import holds
from shop.staff.columns import moment
from shop.staff.duties import Duty, first_of, kind


@kind(85, holds("cms.change_signup"))
def offers_to_ring(_user: Any, now: datetime) -> list[Duty]:
    """Who waits without an inbox hears of a free place from nobody else."""
    waiting: QuerySet[SignUp] = SignUp.objects.to_ring_about_an_offer(now)
    rows = waiting.select_related("event").prefetch_related("guests")
    return first_of(rows, _told, reverse("kalender_staff:list"), _("Kalender"))


def _told(signup: SignUp) -> Duty:
    words = _("Ring %(names)s: en plats är ledig") % {"names": names(signup)}
    note = _("%(title)s. Platsen hålls till %(until)s.") % {
        "title": signup.event.title,
        "until": moment(signup.offered_until),
    }
    return Duty(signup_url(signup), words, note)
