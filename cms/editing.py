"""What the edit forms of all pages share: the tab about the page's address and search engines, the schedule, the
print preview."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page

PRINT = "print"

PROMOTE_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel(
                "slug",
                heading=_("Adress"),
                help_text=_(
                    "Sista ledet i sidans adress, till exempel lyssna-fardigt. Tomt: görs av sidans titel. "
                    "Byter du det på en publicerad sida leder den gamla adressen vidare av sig själv."
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

# The heading and the help of each moment in the dialog "Schemalägg".
MOMENTS = {
    "go_live_at": (
        _("Publiceras"),
        _("Svensk tid, till exempel 2027-03-01 08:00. Tomt: så snart du publicerar."),
    ),
    "expire_at": (
        _("Avpubliceras"),
        _("Svensk tid, till exempel 2027-03-31 18:00. Tomt: sidan ligger kvar tills vidare."),
    ),
}


class SchedulePanel(PublishingPanel):  # type: ignore[misc,unused-ignore]
    """Wagtail's, whose fields say neither what to write nor whose clock is meant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for panel in self.children:
            panel.heading, panel.help_text = MOMENTS[panel.field_name]


class PageForm(WagtailAdminPageForm):  # type: ignore[misc,unused-ignore]
    """An address that nobody chose is no fault: Wagtail makes a free one of the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        """What script wrote while the title was typed may be another page's."""
        data = self.cleaned_data
        if not self.instance.first_published_at and data.get("slug") == slugify(data.get("title", "")):
            data["slug"] = ""
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class Edited:
    """A page with the form that all pages share. Stands before Page among a page type's bases."""

    base_form_class = PageForm
    promote_panels = PROMOTE_PANELS
    settings_panels = [SchedulePanel(), CommentPanel()]


class Printable:
    """A page that is read on paper too: its print view can be seen beside the form."""

    preview_modes = [*Page.DEFAULT_PREVIEW_MODES, (PRINT, _("Utskrift"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        if mode_name == PRINT:
            request.GET = QueryDict("utskrift=1")
        shown: HttpResponseBase = super().serve_preview(request, mode_name)  # type: ignore[misc]
        return shown
