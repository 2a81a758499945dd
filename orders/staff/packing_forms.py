"""What the packer ticks, counts and scans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Shipment, ShipmentLine
from orders.staff import tracking, words
from shop.quantities import grouped

LONGEST_TRACKING = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the parcel with its box and its field."""

    line: ShipmentLine
    name: str
    tick: BoundField
    copies: BoundField


class PackForm(forms.Form):
    """A tick per line says that it lies in the parcel; a lower number that the rest is sent later."""

    use_required_attribute = False  # the sentences are ours, also without script

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parcel, self.lines = parcel, list(parcel.lines.all())
        for line in self.lines:
            self.fields[f"tick-{line.line_id}"] = forms.BooleanField(required=False)
            self.fields[f"copies-{line.line_id}"] = _copies(line.quantity)

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                line,
                words.goods(self.parcel.order, line.line),
                self[f"tick-{line.line_id}"],
                self[f"copies-{line.line_id}"],
            )
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for line in self.lines:
            if facts.get(f"copies-{line.line_id}") and not facts[f"tick-{line.line_id}"]:
                self.add_error(
                    f"tick-{line.line_id}",
                    _("Kryssa i raden när den ligger i paketet. Fattas något: skriv färre exemplar."),
                )
        if not self.errors and not any(self.copies.values()):
            raise ValidationError(_("Minst ett exemplar ska ligga i paketet."))
        return facts

    @property
    def copies(self) -> dict[int, int]:
        """OrderLine id to copies in the parcel."""
        return {line.line_id: self.cleaned_data[f"copies-{line.line_id}"] for line in self.lines}


def _copies(most: int) -> forms.IntegerField:
    fault = _("Skriv ett antal mellan 0 och %(most)s.") % {"most": grouped(most)}
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        min_value=0,
        max_value=most,
        initial=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 5}),
        error_messages=dict.fromkeys(names, fault),
    )


class TrackingForm(forms.Form):
    """The number on the freight label, or the word that there is none: a stray Enter sends nothing."""

    use_required_attribute = False

    tracking_number = forms.CharField(
        label=gettext_lazy("Spårningsnummer"),
        max_length=LONGEST_TRACKING,
        required=False,
        help_text=gettext_lazy("Skanna fraktsedelns streckkod, eller skriv numret."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    untracked = forms.BooleanField(label=gettext_lazy("Utan spårning"), required=False)

    def __init__(self, *args: Any, parcel: Shipment, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parcel, self.now = parcel, now

    def clean_tracking_number(self) -> str:
        return tracking.clean(self.cleaned_data["tracking_number"], self.parcel, now=self.now)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and not facts["tracking_number"] and not facts["untracked"]:
            self.add_error(
                "tracking_number",
                _("Skanna eller skriv spårningsnumret, eller kryssa i Utan spårning."),
            )
        return facts
