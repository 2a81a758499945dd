"""What comes from the calendar."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import PageChooserBlock

from cms.indexed import ReadBlock
from cms.kalender.models import EventPage


class EventBlock(ReadBlock):
    event = PageChooserBlock(
        page_type="cms.EventPage",
        label=_("Träff"),
        help_text=_("Ändras den i kalendern, så ändras den här. Till exempel Grunderna i värdskap"),
    )

    class Meta:
        icon = "date"
        group = _("Från webbplatsen")
        label = _("Träff")
        template = "cms/blocks/event.html"
        description = _("En träff ur kalendern med dag, plats och lediga platser")

    def get_preview_value(self) -> Any:
        return self.normalize({"event": EventPage.objects.upcoming(timezone.now()).first()})

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        """The event as readers may see it now: none while it is a draft or kept for staff."""
        context = super().get_context(value, parent_context=parent_context)
        chosen = value["event"]
        event = EventPage.objects.live().public().filter(pk=chosen.pk).first() if chosen else None
        return {**context, "event": event, "over": event is not None and event.ends_at <= timezone.now()}
