"""The calendar's own page: the list; what stands below its address is cms.kalender.models.below's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.editing import Edited
from cms.indexed import LEDE
from cms.kalender import listing, months
from cms.kalender.models import below
from cms.kalender.models.below import Below
from cms.kalender.models.known import coming_below, known_below, years_over
from cms.tree import Placed
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
        asked = request.GET.dict()
        places = {"archive": below.PAST, "subscription": below.SUBSCRIPTION}
        return {
            **context,
            "now": now,
            **places,
            **(shown.facts(self, now, asked) if shown else self._coming(now, asked)),
        }

    def _coming(self, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
        known = known_below(self.path)
        ahead = [event for event in known if event.ends_at > now]
        choice = listing.choice(asked, known=known, offered=ahead)
        fitting = [event for event in known if choice.wanted.fits(event)]
        events = [event for event in coming_below(self.path, now) if choice.wanted.fits(event)]
        grid = listing.first_month(events, now)
        return {
            "choice": choice,
            "events": events,
            "months": listing.by_month(events),
            "grid": grid,
            "neighbours": grid and months.neighbours(grid.first, [event.span for event in fitting]),
            "years": years_over(fitting, now),
        }


@remembered
def calendar_below(path: str) -> CalendarPage | None:
    """The published calendar below the page of that path in the tree."""
    found: CalendarPage | None = CalendarPage.objects.filter(path__startswith=path).live().first()
    return found
