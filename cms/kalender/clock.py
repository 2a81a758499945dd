"""Time as the calendar means it: Stockholm's wall clock, distances along it, and its words in Swedish."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class Lead(TextChoices):
    """How long before the start a reminder is wanted."""

    WEEK = "1w", gettext_lazy("En vecka innan")
    DAY = "1d", gettext_lazy("Dagen innan")
    HOURS = "2h", gettext_lazy("Två timmar innan")


DAYS = {Lead.WEEK: timedelta(days=7), Lead.DAY: timedelta(days=1)}


def due_at(starts_at: datetime, lead: str) -> datetime:
    """When to remind, in UTC.

    Days are counted on the wall clock: "the day before" a 09.00 start is 09.00, also over a clock
    change, when that is 23 or 25 hours. An hour that the clock skips (02.30 in March) becomes the
    one after it; an hour that comes twice means the first. Two hours are two real hours.
    """
    if lead == Lead.HOURS:
        return starts_at.astimezone(UTC) - timedelta(hours=2)
    wall = local(starts_at).replace(tzinfo=None, fold=0) - DAYS[Lead(lead)]
    return wall.replace(tzinfo=settings.STOCKHOLM).astimezone(UTC)


def turns(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The moments at which pages begin to say something else of an event."""
    return [starts_at, ends_at, *(due_at(starts_at, lead) for lead in Lead)]


def local(moment: datetime) -> datetime:
    return moment.astimezone(settings.STOCKHOLM)


def local_date(moment: datetime) -> date:
    return local(moment).date()


def day_words(moment: datetime) -> str:
    """`torsdag 3 december`"""
    return date_format(local(moment), "l j F")


def time_words(moment: datetime) -> str:
    """`13.00`"""
    return date_format(local(moment), "TIME_FORMAT")


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """`13.00–16.30`; over several days `3 december 13.00 – 4 december 12.00`."""
    if local_date(starts_at) == local_date(ends_at):
        return f"{time_words(starts_at)}–{time_words(ends_at)}"
    return " – ".join(f"{date_format(local(at), 'j F')} {time_words(at)}" for at in (starts_at, ends_at))


def distance_words(starts_at: datetime, now: datetime) -> str:
    """How near the start is, as the first words of a subject: `Om 2 timmar`, `I morgon`, `Om en vecka`."""
    hours = round((starts_at - now) / timedelta(hours=1))
    if hours <= 3:
        return (
            ngettext("Om %(hours)d timme", "Om %(hours)d timmar", hours) % {"hours": hours}
            if hours
            else _("Strax")
        )
    days = (local_date(starts_at) - local_date(now)).days
    if days == 7:
        return _("Om en vecka")
    near = {0: _("I dag"), 1: _("I morgon"), 2: _("I övermorgon")}
    return near.get(days) or ngettext("Om %(days)d dag", "Om %(days)d dagar", days) % {"days": days}
