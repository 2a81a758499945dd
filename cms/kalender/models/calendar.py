"""The calendar's own page: the list; what stands below its address is cms.kalender.models.below's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.editing import Edited
from cms.indexed import LEDE
from cms.kalender import clock, listing
from cms.kalender.models import below
from cms.kalender.models.below import Below
from cms.kalender.models.event import EventPage
from cms.tree import Placed
from shop.days import midnight
from shop.freshness import remembered


class CalendarPage(Edited, Placed, Page):
    """The list of coming events, with the first month as a grid."""

    lede = models.TextField(
        _("ingress"),
        blank=True,
        help_text=_("En eller två meningar, t.ex. Öppna frukostar, kurser och samtal."),
    )
    empty_text = models.TextField(
        _("när inget är inplanerat"),
        default=_("Inget inplanerat just nu."),
        help_text=_("Visas när kalendern är tom. Till exempel: Inget inplanerat i juli. Vi ses i augusti."),
    )

    content_panels = [*Page.content_panels, "lede", "empty_text"]
    search_fields = [*Page.search_fields, LEDE]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.EventPage"]
    max_count_per_parent = 1
    template = "kalender/calendar_page.html"
    page_description = _("Listan över kommande träffar, med månadsvy.")

    class Meta:
        verbose_name = _("kalender")
        verbose_name_plural = _("kalendrar")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """What stands below the calendar's address is no page of its own. Raises Http404 for months without end."""
        found = below.named(path_components) if self.live else None
        if found is None:
            return super().route(request, path_components)
        if not found.is_there(self, timezone.now()):
            raise Http404
        return RouteResult(self, kwargs={"shown": found})

    def get_template(
        self, request: HttpRequest, *args: Any, shown: Below | None = None, **kwargs: Any
    ) -> str:
        return shown.template if shown else self.template

    def get_context(
        self, request: HttpRequest, *args: Any, shown: Below | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        places = {"archive": below.ARCHIVE, "subscription": below.SUBSCRIPTION}
        return {
            **context,
            "now": now,
            **places,
            **(shown.facts(self, now) if shown else self._coming(request, now)),
        }

    def _coming(self, request: HttpRequest, now: datetime) -> dict[str, Any]:
        coming = coming_below(self.path, now)
        choice = listing.choice(coming, typ=request.GET.get("typ", ""), ort=request.GET.get("ort", ""))
        grid = listing.first_month(choice.events, now)
        mine = EventPage.objects.child_of(self)
        return {
            "choice": choice,
            "months": listing.by_month(choice.events),
            "grid": grid,
            "neighbours": grid and mine.neighbours(grid.first),
            "years": mine.years_over(now),
        }


@remembered
def calendar_below(path: str) -> CalendarPage | None:
    """The published calendar below the page of that path in the tree."""
    found: CalendarPage | None = CalendarPage.objects.filter(path__startswith=path).live().first()
    return found


def coming_below(path: str, now: datetime) -> list[EventPage]:
    """The published events below that path that are not over, from those that the process knows of the day."""
    return [event for event in _not_over_today(path, clock.local_date(now)) if event.ends_at > now]


@remembered
def _not_over_today(path: str, day: date) -> list[EventPage]:
    """As they stand at the beginning of a Stockholm day; without their texts."""
    begins = midnight(day)
    found = EventPage.objects.upcoming(begins).filter(path__startswith=path)
    return list(found.defer_streamfields().defer("body", "access"))
