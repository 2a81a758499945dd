"""The proof-reader's remarks where an editor sees them: after saving, and above the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import Panel

from cms.kalender.proof import Remark
from cms.kalender.proofread import known_start, remarks_on

MOST_TOLD = 6
KNOWN_START = "known_start_of_event"


@dataclass(frozen=True, slots=True)
class Shown:
    """A remark with the name of its field, and how Wagtail's edit form is asked to go there."""

    label: str
    sentence: str
    place: str


def shown(page: Any, found: Sequence[Remark]) -> list[Shown]:
    return [
        Shown(capfirst(_label(page, remark.field)), remark.sentence, f"#:w:contentpath={remark.field}")
        for remark in found
    ]


def before_publishing(page: Any) -> list[Shown]:
    """What is worth a look in an event as it would be published."""
    return shown(page, remarks_on(page, known_start=known_start(page), now=timezone.now()))


def _label(page: Any, field: str) -> str:
    return str(_("Adress")) if field == "slug" else str(page._meta.get_field(field).verbose_name)


def look_before(request: HttpRequest, page: Any) -> None:
    """Keep what readers see, which is another thing once the event is published."""
    setattr(request, KNOWN_START, known_start(page))


def tell(request: HttpRequest, page: Any) -> None:
    """One message with what is worth a look; the event is saved all the same."""
    known = getattr(request, KNOWN_START, None)
    found = shown(page, remarks_on(page, known_start=known, now=timezone.now()))
    if not found:
        return
    rows = format_html_join("", "<li>{}: {}</li>", ((one.label, one.sentence) for one in found[:MOST_TOLD]))
    more = len(found) - MOST_TOLD
    rest = format_html("<li>{}</li>", _("Och %d till, över formuläret.") % more) if more > 0 else ""
    messages.warning(
        request, format_html("{}<ul>{}{}</ul>", _("Värt att titta på i ”%s”:") % page.title, rows, rest)
    )


class SharedPanel(Panel):
    """On a translation: where its hours, place and seats are changed, and what they are."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "kalender/staff/shared.html"

        @cached_property
        def event(self) -> Any:
            return self.instance.translated_from

        def is_shown(self) -> bool:
            return self.event is not None and bool(super().is_shown())

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "event": self.event}


class RemarksPanel(Panel):
    """Nothing while there is nothing to remark on."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "kalender/staff/remarks.html"

        @cached_property
        def remarks(self) -> list[Shown]:
            if not self.instance.pk:
                return []
            known = known_start(self.instance)
            return shown(self.instance, remarks_on(self.instance, known_start=known, now=timezone.now()))

        def is_shown(self) -> bool:
            return bool(self.remarks) and bool(super().is_shown())

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "remarks": self.remarks}
