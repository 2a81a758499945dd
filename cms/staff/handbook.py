"""Handboken: how to write, publish, pack, pay back and mend, for people who never saw an admin before.

A long text in one language, so it is a document and no string to translate: templates/cms/handbook/sv/. All chapters
stand on one page, where Ctrl+F finds every word. Its pictures are made by bin/handbook-pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


@dataclass(frozen=True, slots=True)
class Chapter:
    """`name` is the anchor and the file's name."""

    name: str
    title: str

    @property
    def template(self) -> str:
        return f"cms/handbook/sv/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Part:
    """Chapters for the same people, under a heading of the table of contents."""

    title: str
    chapters: list[Chapter]


ORDERS = Part(
    "Beställningar",
    [
        Chapter("dagens-arbete", "Dagens arbete"),
        Chapter("packa", "Packa och skicka"),
        Chapter("pengar", "Pengar tillbaka"),
        Chapter("anger", "Avbokning, ånger och reklamation"),
        Chapter("offerter", "Offerter, fakturaköp och kredit"),
        Chapter("listor", "Söka, spara listor och hämta filer"),
        Chapter("lagret", "Lagret"),
        Chapter("breven", "Breven"),
    ],
)
PARTS = [
    Part(
        "Sidor och varor",
        [
            Chapter("skriva", "Skriva och ändra en sida"),
            Chapter("bilder", "Bilder och beskrivningar"),
            Chapter("publicera", "Publicera, schemalägga och ångra"),
            Chapter("granska", "Be någon läsa först"),
            Chapter("adress", "Byta namn på en sida, flytta och ta bort"),
            Chapter("kalender", "Kalendern: ny träff, flytta, ställa in"),
            Chapter("varor", "Varor och priser"),
            Chapter("forfragningar", "Förfrågningar"),
            Chapter("engelska", "Samma sida på engelska"),
            Chapter("installningar", "Telefon, adress, sidhuvud och sidfot"),
        ],
    ),
    ORDERS,
    Part("Hjälp", [Chapter("fel", "När något ser fel ut")]),
]


class HandbookPage(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Handbok")
    header_icon = "help"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


@require_safe
def handbook(request: HttpRequest) -> HttpResponse:
    context = HandbookPage().get_context_data(parts=PARTS)
    return TemplateResponse(request, "cms/handbook/handbook.html", context)
