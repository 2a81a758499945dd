"""What the edit forms of all pages share: the tab about the page's address and search engines, the schedule, the
print preview."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.coreutils import find_available_slug
from wagtail.models import Page

from shop import language
from shop.staff.dates import MomentInput

PRINT = "print"
# Outside of these somebody has slipped on a key; in the year 1 the clock's arithmetic ends, and the page with it.
YEARS = range(1900, 2200)
LONGEST_MADE = 240  # signs of an address that is made, with room for a number after it in the column's 255

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
            panel.widget = _leaving_as_typed(panel.widget)


def _leaving_as_typed(picker: AdminDateTimeInput) -> MomentInput:
    """In the dialog that Wagtail has put it into."""
    return MomentInput(attrs=picker.attrs, js_overlay_parent_selector=picker.js_overlay_parent_selector)


class PageForm(WagtailAdminPageForm):  # type: ignore[misc,unused-ignore]
    """An address that nobody chose is no fault: a free one is made of the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def defer_required_fields(self) -> None:
        """Wagtail's word for a draft. What is being reviewed must be whole: it is published as it stands, from a list
        that shows no faults."""
        if self.instance.pk is None or not self.instance.workflow_in_progress:
            super().defer_required_fields()

    def clean(self) -> dict[str, Any]:
        """What script wrote while the title was typed may be another page's."""
        typed = self.cleaned_data
        if not self.instance.first_published_at and typed.get("slug") == slugify(typed.get("title", "")):
            typed["slug"] = ""
        data: dict[str, Any] = super().clean()
        for name in [name for name, value in data.items() if _is_slip(value)]:
            self.add_error(name, _("Kontrollera årtalet. Skriv till exempel 2026-12-10."))
        if "slug" in data and data.get("title"):
            data["slug"] = self.address_for(data)
            self._refuse_address(data["slug"])
        return data

    def address_for(self, data: dict[str, Any]) -> str:
        """The last part of the page's address: as written, else of the title; empty when that has no letters."""
        return str(data["slug"] or self.free(slugify(data["title"])))

    def free(self, slug: str) -> str:
        """The same with a number after it, when a page beside this one has it."""
        wanted = cut_address(slug)
        return wanted and str(find_available_slug(self.parent_page, wanted, self.instance.pk))

    def _refuse_address(self, slug: str) -> None:
        if not slug:
            self.add_error(
                "slug",
                _("Skriv en adress, till exempel lyssna-fardigt. Av titeln går det inte att göra någon."),
            )
        elif fault := self.instance.address_fault(slug, self.parent_page):
            self.add_error("slug", fault)


class PageCopyForm(CopyForm):  # type: ignore[misc,unused-ignore]
    """A copy stands where it can be reached, too."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        above = data.get("new_parent_page") or self.page.get_parent()
        slug = data.get("new_slug")
        if slug and (fault := self.page.specific.address_fault(slug, above)):
            self.add_error("new_slug", fault)
        return data


def cut_address(made: str) -> str:
    """As much of an address that is made as is kept."""
    return made[:LONGEST_MADE].strip("-")


def _is_slip(value: Any) -> bool:
    return isinstance(value, date) and value.year not in YEARS


def is_taken(address: str) -> bool:
    """Whether the product answers at that address itself, so that a page there is never seen."""
    spoken = language.of(address)
    with translation.override(spoken):
        try:
            found = resolve(address)
        except Resolver404:
            return False
    return found.view_name != "wagtail_serve" or address == f"/{spoken}/"


class Edited:
    """A page with the forms that all pages share. Stands before Page among a page type's bases."""

    base_form_class = PageForm
    copy_form_class = PageCopyForm
    promote_panels = PROMOTE_PANELS
    settings_panels = [SchedulePanel(), CommentPanel()]

    def address_fault(self, slug: str, above: Page) -> Any:
        """Why the page would not be reached by that name below another page, as an editor is told; None if it would."""
        if above.url and is_taken(f"{above.url}{slug}/"):
            return _(
                "Den adressen använder webbplatsen till annat, som kassan eller sökningen. Skriv en annan."
            )
        return None


class Printable:
    """A page that is read on paper too: its print view can be seen beside the form."""

    preview_modes = [*Page.DEFAULT_PREVIEW_MODES, (PRINT, _("Utskrift"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        if mode_name == PRINT:
            request.GET = QueryDict("utskrift=1")
        shown: HttpResponseBase = super().serve_preview(request, mode_name)  # type: ignore[misc]
        return shown
