"""The philosophy: an overview and ten ordered parts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms.blocks import SHORT_FEATURES, BodyBlock
from cms.editing import Edited, Printable
from cms.indexed import LEDE
from cms.tree import Placed, PlacedQuerySet
from shop.freshness import remembered

# Reading in peace, with a thought in between.
WORDS_PER_MINUTE = 130


class Colour(models.TextChoices):
    """Picture colours of the design; the value is the stylesheet's name for it."""

    SKY = "himmel", _("Himmel")
    SPRUCE = "gran", _("Gran")
    CLAY = "lera", _("Lera")
    LAMP = "lamp", _("Lampsken")
    FALU = "falu", _("Faluröd")


class Drawing(models.TextChoices):
    DOOR = "d1", _("Dörren")
    WINDOW = "d2", _("Fönstret")
    CHAIRS = "d3", _("Två stolar")
    CUP = "d4", _("Koppen")
    KEY = "d5", _("Nyckeln")
    CANDLE = "d6", _("Ljuset")
    BOOK = "d7", _("Boken under lampan")
    TABLE = "d8", _("Det dukade bordet")
    PLANT = "d9", _("Krukväxten")
    COATS = "d10", _("Klädhängaren")


class PhilosophyPage(Edited, Placed, Page):
    """The overview: an introduction and the parts in order."""

    lede = models.TextField(
        _("ingress"),
        max_length=300,
        help_text=_("En eller två meningar. Till exempel: Tio delar om att få andra att känna sig välkomna."),
    )
    intro = RichTextField(
        _("inledning"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_(
            "Ett par stycken om hur delarna hör ihop. Till exempel: Läs en del i veckan, gärna tillsammans."
        ),
    )

    content_panels = [*Page.content_panels, "lede", "intro"]
    search_fields = [*Page.search_fields, LEDE, index.SearchField("intro")]
    template = "cms/philosophy.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PartPage"]
    admin_default_ordering = "ord"  # the parts' numbers are their places
    max_count_per_parent = 1
    page_description = _("Översikten över de tio delarna.")

    class Meta:
        verbose_name = _("filosofin, översikt")
        verbose_name_plural = _("filosofin, översikter")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "parts": parts_below(self.path)}


class PartQuerySet(PlacedQuerySet):
    def in_order(self) -> list[PartPage]:
        """Published parts as they stand in the page tree, which editors reorder by dragging; without their texts."""
        shown = self.live().public().order_by("path").defer_streamfields().defer("exercise", "exercise_hint")
        parts = list(shown)
        for place, part in enumerate(parts, start=1):
            part.number = place
        return parts


@remembered
def parts_below(path: str) -> list[PartPage]:
    """The parts below the page of that path in the tree."""
    found: list[PartPage] = PartPage.objects.filter(path__startswith=path).in_order()
    return found


class PartPage(Printable, Edited, Placed, Page):
    """One of the ten parts. Its number is its place among its sisters."""

    number = 0  # told by in_order() and sisters
    lede = models.TextField(
        _("ingress"),
        max_length=300,
        help_text=_(
            "En eller två meningar. Till exempel: Den som lyssnar färdigt behöver sällan fråga två gånger."
        ),
    )
    reading_minutes = models.PositiveSmallIntegerField(
        _("minuters läsning"), default=5, help_text=_("Räkna med 130 ord i minuten, till exempel 5")
    )
    colour = models.CharField(
        _("färg"),
        max_length=10,
        choices=Colour,
        default=Colour.SKY,
        help_text=_("Bakom rubriken och bilden, till exempel lera"),
    )
    drawing = models.CharField(
        _("bild"),
        max_length=4,
        choices=Drawing,
        default=Drawing.DOOR,
        help_text=_("Delens tecknade bild, till exempel två stolar"),
    )
    body = StreamField(
        BodyBlock(),
        verbose_name=_("text"),
        help_text=_("Börja i en händelse. Den första bokstaven blir stor av sig själv. 350 till 700 ord."),
    )
    exercise = RichTextField(
        _("prova i veckan"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_("En övning att göra samma dag. Till exempel: Räkna tyst till tre innan du svarar."),
    )
    exercise_hint = RichTextField(
        _("tips under övningen"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_("I mindre stil. Till exempel: Gör ni övningen tillsammans? Se materialet."),
    )

    objects = PageManager.from_queryset(PartQuerySet)()

    content_panels = [
        *Page.content_panels,
        "lede",
        "reading_minutes",
        FieldRowPanel(["colour", "drawing"]),
        FieldPanel("body"),
        MultiFieldPanel(["exercise", "exercise_hint"], heading=_("Prova i veckan")),
    ]
    search_fields = [
        *Page.search_fields,
        LEDE,
        index.SearchField("body"),
        index.SearchField("exercise"),
    ]
    template = "cms/part.html"
    parent_page_types = ["cms.PhilosophyPage"]
    subpage_types: list[str] = []
    page_description = _("En av filosofins delar, med text och övning.")

    class Meta:
        verbose_name = _("del av filosofin")
        verbose_name_plural = _("delar av filosofin")

    @property
    def tile(self) -> str:
        """The tile's class in the stylesheet; himmel is its plain colour."""
        return "" if self.colour == Colour.SKY else self.colour

    @cached_property
    def sisters(self) -> list[PartPage]:
        """The published parts with this one among them, also while it is a draft."""
        parts = parts_below(self.path[: -self.steplen])
        parts = [self if part.pk == self.pk else part for part in parts]
        if self not in parts:
            parts = [*parts, self]
        self.number = parts.index(self) + 1
        return parts

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        place = self.sisters.index(self)
        return {
            **context,
            "parts": self.sisters,
            "previous": self.sisters[place - 1] if place else None,
            "next": self.sisters[place + 1] if place + 1 < len(self.sisters) else None,
        }
