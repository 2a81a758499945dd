"""Time as the calendar means it: Stockholm's wall clock, distances along it, and its words in Swedish."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

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
MORNING = time(9)  # from here the reminders of a whole day are counted: nobody wants one at midnight
LAST_MINUTE = time(23, 59)
SMALL_HOURS = time(6)  # until here what began the evening before is still that evening
LONGEST_EVENING = timedelta(hours=12)


def whole_days(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """From 00.00 of the first Stockholm day to 23.59 of the last."""
    return _at(local_date(starts_at), time.min), _at(local_date(ends_at), LAST_MINUTE)


def counted_from(starts_at: datetime, *, all_day: bool) -> datetime:
    """The moment that lead times lie before."""
    return _at(local_date(starts_at), MORNING) if all_day else starts_at


def first_counted(now: datetime) -> datetime:
    """The earliest start of a whole-day event of which `counted_from` still lies ahead."""
    there = local(now)
    return _at(there.date() + timedelta(days=there.time() >= MORNING), time.min)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=settings.STOCKHOLM)


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


def turns(starts_at: datetime, ends_at: datetime, all_day: bool) -> list[datetime]:
    """The moments at which pages begin to say something else of an event."""
    counted = counted_from(starts_at, all_day=all_day)
    return [starts_at, counted, ends_at, *(due_at(counted, lead) for lead in Lead)]


def local(moment: datetime) -> datetime:
    return moment.astimezone(settings.STOCKHOLM)


def local_date(moment: datetime) -> date:
    return local(moment).date()


def last_date(ends_at: datetime) -> date:
    """The last local day of what ends then; midnight still belongs to the day before."""
    return local_date(ends_at - timedelta.resolution)


def last_day(starts_at: datetime, ends_at: datetime) -> date:
    """The last local day that people would say an event is on.

    From Friday 20.00 to Saturday 1.00 is Friday evening: what is over before 6.00, within twelve hours, is one day.
    """
    first, last = local_date(starts_at), last_date(ends_at)
    length = ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
    is_evening = length < LONGEST_EVENING and local(ends_at).time() < SMALL_HOURS
    return first if is_evening else last


def day_words(moment: datetime) -> str:
    """`torsdag 3 december`"""
    return date_format(local(moment), "l j F")


def date_words(moment: datetime, now: datetime) -> str:
    """`3 december`, with the year when that is not this one."""
    there = local(moment)
    return date_format(there, "j F" if there.year == local(now).year else "j F Y")


def time_words(moment: datetime) -> str:
    """`13.00`"""
    return date_format(local(moment), "TIME_FORMAT")


def moment_words(moment: datetime) -> str:
    """`fredag 27 november klockan 14.05`"""
    return _("%(day)s klockan %(time)s") % {"day": day_words(moment), "time": time_words(moment)}


def start_words(starts_at: datetime, *, all_day: bool) -> str:
    """`13.00`, or `hela dagen`"""
    return _("hela dagen") if all_day else time_words(starts_at)


def span_words(starts_at: datetime, ends_at: datetime, *, all_day: bool = False) -> str:
    """What follows the first day's name: `13.00–16.30`, `20.00–1.00` of one evening, `hela dagen`; over several days
    `till lördag 12 december` or `13.00 till lördag 12 december klockan 12.00`."""
    first, last = local_date(starts_at), last_day(starts_at, ends_at)
    if first == last:
        return _("hela dagen") if all_day else f"{time_words(starts_at)}–{time_words(ends_at)}"
    day = date_format(last, "l j F" if first.year == last.year else "l j F Y")
    if all_day:
        return _("till %(day)s") % {"day": day}
    hours = {"start": time_words(starts_at), "end": time_words(ends_at)}
    return _("%(start)s till %(day)s klockan %(end)s") % {"day": day, **hours}


def distance_words(starts_at: datetime, now: datetime, *, all_day: bool = False) -> str:
    """How near the start is, as the first words of a subject: `Om 2 timmar`, `I morgon`, `Om en vecka`."""
    hours = round((starts_at - now) / timedelta(hours=1))
    if hours <= 3 and not all_day:
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
