"""The first page: the door, the ten parts, the shelf, the next events, a case."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms import translations, tree
from cms.editing import Edited
from cms.kalender.models import calendar_below, coming_below
from cms.models.books import shelf_below
from cms.models.cases import CasePage, cases_below
from cms.models.philosophy import parts_below
from cms.tree import Placed

SHOWN_EVENTS = 3
SHOWN_CASES = 3


def link_to(name: Any, help_text: Any) -> Any:
    """A page that a link leads to; the link is left out when the page is gone."""
    return models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=name,
        help_text=help_text,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class HomePage(Edited, Placed, Page):
    hero_title = models.TextField(
        _("stor rubrik"),
        max_length=120,
        help_text=_("Radbrytning går bra. Till exempel: Kom in. Du är väntad."),
    )
    hero_lede = models.TextField(
        _("ingress"),
        max_length=300,
        help_text=_(
            "Två, tre korta meningar. Till exempel: Värdskap är konsten att få människor att känna sig välkomna."
        ),
    )
    hero_button = models.CharField(
        _("knappens text"), max_length=40, help_text=_("Till exempel: Läs filosofin")
    )
    hero_button_page = link_to(_("knappen leder till"), _("Till exempel sidan Filosofin"))
    hero_more = models.CharField(
        _("länkens text"), max_length=60, blank=True, help_text=_("Till exempel: Beställ skriften, 55 kr")
    )
    hero_more_page = link_to(_("länken leder till"), _("Till exempel sidan Skriften om värdskap"))
    ten_title = models.CharField(
        _("de tio delarna: rubrik"), max_length=80, help_text=_("Till exempel: Tio delar, ett sätt att mötas")
    )
    ten_intro = models.TextField(
        _("de tio delarna: inledning"),
        max_length=300,
        blank=True,
        help_text=_("Till exempel: Läs dem i ordning, eller börja där det skaver."),
    )
    shelf_title = models.CharField(
        _("hyllan: rubrik"), max_length=80, help_text=_("Till exempel: Att ta med sig hem, eller till jobbet")
    )
    events_title = models.CharField(
        _("kalendern: rubrik"),
        max_length=80,
        help_text=_("Till exempel: Ses vi? Under den står de tre närmaste träffarna."),
    )
    events_more = models.CharField(
        _("kalendern: länkens text"), max_length=40, help_text=_("Till exempel: Hela kalendern")
    )
    case = models.ForeignKey(
        CasePage,
        verbose_name=_("referens"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Berättelsen som lyfts fram. Tomt: avsnittet visas inte."),
    )
    case_eyebrow = models.CharField(
        _("referens: överrad"), max_length=80, blank=True, help_text=_("Till exempel: Lidköpings kommun")
    )
    case_title = models.CharField(
        _("referens: rubrik"),
        max_length=120,
        blank=True,
        help_text=_("Till exempel: 4 000 medarbetare och samma fråga: hur är det att komma till oss?"),
    )
    case_lede = models.TextField(
        _("referens: ingress"),
        max_length=300,
        blank=True,
        help_text=_("Vad de gjorde, i en eller två meningar. Till exempel: Alla chefer fick en halvdag var."),
    )
    case_button = models.CharField(
        _("referens: knappens text"), max_length=40, blank=True, help_text=_("Till exempel: Läs om Lidköping")
    )
    more_cases_title = models.CharField(
        _("fler referenser: rubrik"),
        max_length=80,
        blank=True,
        help_text=_("Till exempel: Fler som har öppnat dörren"),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                "hero_title",
                "hero_lede",
                "hero_button",
                PageChooserPanel("hero_button_page"),
                "hero_more",
                PageChooserPanel("hero_more_page"),
            ],
            heading=_("Hallen"),
        ),
        MultiFieldPanel(["ten_title", "ten_intro"], heading=_("De tio delarna")),
        FieldPanel("shelf_title"),
        MultiFieldPanel(["events_title", "events_more"], heading=_("Kalendern")),
        MultiFieldPanel(
            [
                PageChooserPanel("case", CasePage),
                "case_eyebrow",
                "case_title",
                "case_lede",
                "case_button",
                "more_cases_title",
            ],
            heading=_("Referenser"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("hero_lede")]
    template = "cms/home.html"
    parent_page_types = ["wagtailcore.Page"]
    max_count = len(settings.LANGUAGES)
    page_description = _("Webbplatsens första sida.")

    class Meta:
        verbose_name = _("startsida")
        verbose_name_plural = _("startsidor")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """404 for a language whose home page is not published: Wagtail would show the Swedish tree there."""
        parts = self.get_url_parts(request)
        if parts is None or parts[2] != translations.home():
            raise Http404
        found: RouteResult = tree.route(self, request, path_components) or super().route(
            request, path_components
        )
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        return {
            **context,
            "now": now,
            "parts": parts_below(self.path),
            "shelf": shelf_below(self.path),
            "calendar": calendar_below(self.path),
            "events": coming_below(self.path, now)[:SHOWN_EVENTS],
            "cases": self._other_cases(),
        }

    def _other_cases(self) -> list[CasePage]:
        return [case for case in cases_below(self.path) if case.pk != self.case_id][:SHOWN_CASES]
