"""One month of the calendar as editors see it: drafts too, red days by name, and the way to a new event on each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Locale
from wagtail.permissions import page_permission_policy

from cms.editing import YEARS
from cms.kalender import clock, listing, months
from cms.kalender.models import CalendarPage, EventPage
from cms.kalender.staff.listing import draft_mark, edit_url, events_of, languages, seats

USUAL_HOURS = time(13), time(16)


@dataclass(frozen=True, slots=True)
class EventShown:
    url: str
    hour: str
    title: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True)
class DayShown:
    """`name` is that of a holiday, or of an eve on which most are off."""

    date: date
    outside: bool
    today: bool
    red: bool
    name: str
    events: list[EventShown]


@dataclass(frozen=True, slots=True)
class WeekShown:
    number: int
    days: list[DayShown]


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Kalender")
    header_icon = "date"

    def __init__(self, first: date) -> None:
        self.first = first
        self.page_subtitle = capfirst(date_format(first, "F Y"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("kalender_staff:list"), "label": _("Kalender")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_subtitle}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Lista"), reverse("kalender_staff:list"), icon_name="list-ul", priority=10)]


def month_url(first: date) -> str:
    return reverse("kalender_staff:month", args=[first.year, first.month])


@require_safe
def this_month(request: HttpRequest) -> HttpResponseBase:
    return redirect(month_url(clock.local_date(timezone.now()).replace(day=1)))


@require_safe
def month(request: HttpRequest, year: int, number: int) -> HttpResponseBase:
    if year not in YEARS or not 1 <= number <= 12:
        raise Http404
    first = date(year, number, 1)
    today = clock.local_date(timezone.now())
    begins, ends = months.begins(first), months.begins(months.moved(first, 1))
    events = (
        events_of(request.user).filter(starts_at__lt=ends, ends_at__gt=begins).order_by("starts_at", "pk")
    )
    context = Furniture(first).get_context_data(
        first=first,
        weeks=weeks(listing.grid(first, list(events), today)),
        earlier=_way(months.moved(first, -1)),
        later=_way(months.moved(first, 1)),
        may_add=calendar_for(request.user) is not None,
    )
    return TemplateResponse(request, "kalender/staff/month.html", context)


def weeks(grid: listing.Grid) -> list[WeekShown]:
    return [WeekShown(week.number, [_day(day) for day in week.days]) for week in grid.weeks]


def _day(day: listing.Day) -> DayShown:
    events = [_event(event, day.date) for event in day.events]
    return DayShown(day.date, day.outside, day.today, day.red, day.name, events)


def _event(event: EventPage, day: date) -> EventShown:
    starts_here = clock.local_date(event.starts_at) == day and not event.all_day
    marks = [draft_mark(event), event.get_status_display() if event.status != "planned" else ""]
    return EventShown(
        edit_url(event),
        clock.time_words(event.starts_at) if starts_here else "",
        event.title,
        ", ".join(mark for mark in marks if mark),
        " · ".join(note for note in (seats(event), languages(event)) if note),
    )


def _way(first: date) -> tuple[str, str] | None:
    """(address, name) of a month; None where the years end."""
    return (month_url(first), capfirst(date_format(first, "F Y"))) if first.year in YEARS else None


# --- A new event -----------------------------------------------------------------------------------
def calendar_for(user: Any) -> CalendarPage | None:
    """The first calendar in Swedish that the user may put an event into."""
    mine = page_permission_policy.instances_user_has_permission_for(user, "add")
    swedish = CalendarPage.objects.filter(pk__in=mine.values("pk"), locale=Locale.get_default())
    found: CalendarPage | None = swedish.order_by("path").first()
    return found


@require_safe
def new_event(request: HttpRequest) -> HttpResponseBase:
    """The empty form of an event, on the day that the address names."""
    calendar = calendar_for(request.user)
    if calendar is None:
        messages.error(request, _("Det finns ingen kalender som du får lägga träffar i."))
        return redirect("kalender_staff:list")
    model = EventPage._meta
    answer: HttpResponseBase = NewEvent.as_view()(request, model.app_label, model.model_name, calendar.pk)
    return answer


class NewEvent(CreateView):
    """Wagtail's empty form; it is sent to Wagtail's own address."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if day := _day_named(str(request.GET.get("dag", ""))):
            self.page.starts_at, self.page.ends_at = (_moment(day, hour) for hour in USUAL_HOURS)
        answer: HttpResponseBase = super().get(request)
        return answer


def _day_named(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=settings.STOCKHOLM)
