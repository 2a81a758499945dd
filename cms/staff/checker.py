"""The content checker beside the form: axe-core on the preview, with rules that an editor can do something about."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem

# What axe calls a fault, what we call it, and what to do.
RULES: dict[str, tuple[Any, Any]] = {
    "image-alt": (_("En bild saknar beskrivning"), _("Skriv vad bilden visar, eller kryssa för dekorativ.")),
    "alt-text-quality": (
        _("Bildens beskrivning ser ut som ett filnamn"),
        _("Skriv en mening om vad som syns. Till exempel: Två kollegor vid en disk."),
    ),
    "heading-order": (
        _("En rubriknivå är överhoppad"),
        _("Börja med Rubrik 2. Rubrik 3 hör hemma under en Rubrik 2."),
    ),
    "empty-heading": (_("En rubrik är tom"), _("Skriv rubriken, eller ta bort raden.")),
    "p-as-heading": (
        _("Ett stycke i fetstil används som rubrik"),
        _("Gör om raden till Rubrik 2 eller 3, så hittar alla i texten."),
    ),
    "link-name": (_("En länk saknar text"), _("Skriv vart länken leder. Till exempel: Läs om Lidköping.")),
    "button-name": (_("En knapp saknar text"), _("Skriv vad knappen gör. Till exempel: Se materialet.")),
    "empty-table-header": (
        _("En tabell har en tom rubrikcell"),
        _("Skriv vad spalten innehåller. Till exempel: Hur länge."),
    ),
    "list": (_("En lista är trasig"), _("Gör om listan med listknappen i textrutan.")),
    "empty-meta-description": (
        _("Beskrivningen för sökmotorer är tom"),
        _("Skriv en eller två meningar i fältet Beskrivning, under sidans adress."),
    ),
}


class Checker(ContentCheckerItem):
    axe_run_only = list(RULES)
    axe_messages = {rule: {"error_name": name, "help_text": advice} for rule, (name, advice) in RULES.items()}
