"""What the edit forms of all pages share: the tab about the page's address and search engines, the print preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

PRINT = "print"

PROMOTE_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel(
                "slug",
                heading=_("Adress"),
                help_text=_(
                    "Sista ledet i sidans adress, till exempel lyssna-fardigt. Byter du det på en publicerad sida "
                    "leder den gamla adressen vidare av sig själv."
                ),
            ),
        ],
        heading=_("Adress"),
    ),
    MultiFieldPanel(
        [
            FieldPanel(
                "seo_title",
                heading=_("Rubrik i sökträffar"),
                help_text=_("Tomt: sidans titel. Till exempel: Lyssna färdigt, en övning i värdskap"),
            ),
            FieldPanel(
                "search_description",
                heading=_("Beskrivning"),
                help_text=_(
                    "En eller två meningar som lockar till läsning, högst 160 tecken. Till exempel: Den som lyssnar "
                    "färdigt behöver sällan fråga två gånger. Så övar du."
                ),
            ),
        ],
        heading=_("I sökmotorer och när sidan delas"),
    ),
]


class Printable:
    """A page that is read on paper too: its print view can be seen beside the form."""

    preview_modes = [*Page.DEFAULT_PREVIEW_MODES, (PRINT, _("Utskrift"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        if mode_name == PRINT:
            request.GET = QueryDict("utskrift=1")
        shown: HttpResponseBase = super().serve_preview(request, mode_name)  # type: ignore[misc]
        return shown
