"""Customers' stories."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import FactsBlock, InterviewBlock
from cms.editing import Edited, Printable
from cms.indexed import LEDE
from cms.tree import Placed
from shop.freshness import remembered


class CaseIndexPage(Edited, Placed, Page):
    lede = models.TextField(
        _("ingress"), max_length=300, help_text=_("En eller två meningar. Till exempel: Så har andra gjort.")
    )

    content_panels = [*Page.content_panels, "lede"]
    search_fields = [*Page.search_fields, LEDE]
    template = "cms/case_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CasePage"]
    admin_default_ordering = "ord"
    max_count_per_parent = 1
    page_description = _("Listan över referenser.")

    class Meta:
        verbose_name = _("referenser, översikt")
        verbose_name_plural = _("referenser, översikter")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "cases": cases_below(self.path)}


class CasePage(Printable, Edited, Placed, Page):
    """A customer's story: a facts panel beside an interview."""

    client = models.CharField(_("kund"), max_length=120, help_text=_("Till exempel: Lidköpings kommun"))
    lede = models.TextField(
        _("ingress"),
        max_length=300,
        help_text=_(
            "Två, tre meningar: vad ville kunden, och vem berättar? Till exempel: Alla som bor här ska bli väl bemötta."
        ),
    )
    card_text = models.CharField(
        _("text i listor"),
        max_length=160,
        help_text=_("Till exempel: 4 000 medarbetare och en halvdag för cheferna."),
    )
    is_example = models.BooleanField(
        _("påhittat exempel"),
        default=False,
        help_text=_("Märks ut på sidan, så att ingen tar det för en kund."),
    )
    note = models.CharField(
        _("anmärkning"),
        max_length=240,
        blank=True,
        help_text=_("Står under intervjun. Till exempel hur den gjordes."),
    )
    facts_title = models.CharField(
        _("faktarutans rubrik"), max_length=40, default="Fakta", help_text=_("Till exempel: Fakta")
    )
    facts = StreamField(
        FactsBlock(),
        verbose_name=_("fakta"),
        blank=True,
        max_num=8,
        help_text=_(
            "Högst åtta rader. Låt den första vara stor, till exempel Omfattning: 4 000 medarbetare."
        ),
    )
    interview = StreamField(
        InterviewBlock(),
        verbose_name=_("intervju"),
        help_text=_("Fråga och svar, i den ordning de ska läsas. Ett lyft citat på mitten gör gott."),
    )
    next_title = models.CharField(
        _("ruta sist: rubrik"),
        max_length=80,
        default="Samma material finns för er",
        help_text=_("Till exempel: Samma material finns för er"),
    )
    next_text = models.TextField(
        _("ruta sist: text"),
        max_length=300,
        default="Film, övningar och handledarguide i en ask. Eller ring oss, så pratar vi om vad som passar er.",
        help_text=_(
            "Till exempel: Ring oss, så pratar vi om vad som passar er. Numret står bredvid av sig själv."
        ),
    )
    next_button = models.CharField(
        _("ruta sist: knapp"),
        max_length=40,
        default="Se utbildningsmaterialet",
        help_text=_("Till exempel: Se utbildningsmaterialet"),
    )
    next_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("knappen leder till"),
        help_text=_("Till exempel sidan Utbildningsmaterial. Tomt: knappen visas inte."),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(["client", "lede", "card_text", "is_example", "note"], heading=_("Berättelsen")),
        MultiFieldPanel(["facts_title", FieldPanel("facts")], heading=_("Fakta")),
        FieldPanel("interview"),
        MultiFieldPanel(
            ["next_title", "next_text", "next_button", PageChooserPanel("next_page")],
            heading=_("Ruta sist på sidan"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("client"),
        LEDE,
        index.SearchField("interview"),
        index.SearchField("facts"),
    ]
    template = "cms/case.html"
    parent_page_types = ["cms.CaseIndexPage"]
    subpage_types: list[str] = []
    page_description = _("En kunds berättelse: fakta och intervju.")

    class Meta:
        verbose_name = _("referens")
        verbose_name_plural = _("referenser")


@remembered
def cases_below(path: str) -> list[CasePage]:
    """The published stories below the page of that path, in the order of the tree; without their interviews."""
    found = CasePage.objects.live().public().filter(path__startswith=path)
    return list(found.order_by("path").defer_streamfields())
