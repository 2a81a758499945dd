"""An order's parcels on its staff page: what lies in each, where it is, and the forms that move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import packing_papers, withdrawal_sums
from orders.models import Order, Shipment, ShipmentLine
from orders.staff import tracking, words
from orders.staff.forms import PlainForm
from orders.states import OUT, Parcel
from shop import known
from shop.days import stockholm_today
from shop.forms import KronorField
from shop.models import FreightMethod
from shop.money import ZERO, Money
from shop.quantities import grouped
from shop.staff.dates import DayField


class ParcelForm(PlainForm):
    """A form about one parcel. A button alone is a form without fields."""

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        self.parcel = parcel
        super().__init__(*args, order=parcel.order, auto_id=f"id_{parcel.pk}_%s", **kwargs)


class SendForm(ParcelForm):
    """The tracking number of a parcel that leaves."""

    tracking_number = forms.CharField(
        label=gettext_lazy("Spårningsnummer"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Står på fraktsedeln. Tomt om försändelsen inte kan spåras."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_tracking_number(self) -> str:
        return tracking.clean(self.cleaned_data["tracking_number"], self.parcel, now=timezone.now())


class TrackingForm(SendForm):
    """The right tracking number of a parcel that has left under a wrong one."""

    tell = forms.BooleanField(
        label=gettext_lazy("Skicka mejlet om paketet igen, med rätt nummer"), required=False, initial=True
    )

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        first = {"tracking_number": parcel.tracking_number, "tell": True}
        super().__init__(*args, parcel=parcel, initial=first, **kwargs)


class DeliverForm(ParcelForm):
    """The day on which it came: the buyer's days to withdraw and complain are counted from it."""

    came_on = DayField(
        label=gettext_lazy("Kom fram"),
        past=True,
        error_messages={
            "required": gettext_lazy("Skriv dagen då paketet kom fram."),
        },
    )

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        super().__init__(*args, parcel=parcel, initial={"came_on": stockholm_today()}, **kwargs)

    def clean_came_on(self) -> datetime:
        """Now when it was today, else that day at noon in Stockholm."""
        day: date = self.cleaned_data["came_on"]
        sent = self.parcel.sent_at
        if day > stockholm_today() or (sent and day < timezone.localdate(sent, settings.STOCKHOLM)):
            raise ValidationError(_("Skriv en dag från det att paketet skickades till och med i dag."))
        return (
            timezone.now()
            if day == stockholm_today()
            else datetime.combine(day, time(12), settings.STOCKHOLM)
        )


class TakeBackForm(ParcelForm):
    """For each line how many copies are fit to sell again, and how many are not."""

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        super().__init__(*args, parcel=parcel, **kwargs)
        self.lines: list[ShipmentLine] = list(parcel.lines.all())
        for row in self.lines:
            self.fields[f"restock-{row.line_id}"] = _copies(row.quantity, row.quantity)
            self.fields[f"write_off-{row.line_id}"] = _copies(row.quantity, 0)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": words.goods(self.parcel.order, row.line),
                "quantity": row.quantity,
                "restock": self[f"restock-{row.line_id}"],
                "write_off": self[f"write_off-{row.line_id}"],
            }
            for row in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.errors:
            return facts
        for row in self.lines:
            if facts[f"restock-{row.line_id}"] + facts[f"write_off-{row.line_id}"] > row.quantity:
                sentence = _("Tillsammans högst %(most)s: fler låg det inte i paketet.")
                self.add_error(f"restock-{row.line_id}", sentence % {"most": grouped(row.quantity)})
        if not self.errors and not any(facts.values()):
            raise ValidationError(_("Minst ett exemplar ska ha kommit tillbaka."))
        return facts

    def copies(self, fate: str) -> dict[int, int]:
        """OrderLine id to copies: `restock` or `write_off`."""
        return {row.line_id: self.cleaned_data[f"{fate}-{row.line_id}"] for row in self.lines}


class SettleForm(ParcelForm):
    """What goes back for a parcel that came back: a sum, or nothing and why."""

    amount = KronorField(
        label=gettext_lazy("Belopp att betala tillbaka"),
        required=False,
        help_text=gettext_lazy("Varornas pris utan frakt. Ändra om köparen ska få ett annat belopp."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Varför?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Behövs när pengarna behålls: köparen läser det på sin sida."),
    )

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        first = {"amount": withdrawal_sums.price_of(parcel).ore} if parcel.waits_for_settling else {}
        super().__init__(*args, parcel=parcel, initial=first, **kwargs)

    @property
    def keeps(self) -> bool:
        return self.data.get("gor") == "keep"

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.keeps:
            self.errors.pop("amount", None)
            if "reason" not in self.errors and not facts.get("reason"):
                self.add_error("reason", _("Skriv varför pengarna behålls."))
        elif "amount" not in self.errors:
            self._check_amount(Money(facts.get("amount") or 0))
        return facts

    def _check_amount(self, amount: Money) -> None:
        most = self.order.may_be_sent_back
        if not amount:
            self.add_error("amount", _("Beloppet ska vara större än noll."))
        elif amount > most:
            self.add_error("amount", _("Högst %(most)s kan betalas tillbaka.") % {"most": most.exact()})

    @property
    def goes_back(self) -> Money:
        return ZERO if self.keeps else Money(self.cleaned_data["amount"])


def _copies(most: int, first: int) -> forms.IntegerField:
    fault = _("Skriv ett antal mellan 0 och %(most)s.") % {"most": grouped(most)}
    return forms.IntegerField(
        min_value=0,
        max_value=most,
        initial=first,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 5}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), fault),
    )


FORMS: dict[str, type[ParcelForm]] = {
    "pack": ParcelForm,
    "unpack": ParcelForm,
    "send": SendForm,
    "tracking": TrackingForm,
    "deliver": DeliverForm,
    "take_back": TakeBackForm,
    "settle": SettleForm,
}


# --- What the page shows --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class ParcelShown:
    """One parcel; `forms` by the names in FORMS, `opened` those that came back with errors."""

    parcel: Shipment
    name: str
    address: list[str]
    rows: list[str]
    tracking_url: str
    forms: Mapping[str, forms.Form]
    opened: frozenset[str]

    @property
    def to_pack(self) -> bool:
        return self.parcel.state == Parcel.PLANNED and self.parcel.order.may_be_packed

    @property
    def to_send(self) -> bool:
        return self.parcel.state == Parcel.PACKED and self.parcel.order.may_be_packed

    @property
    def to_unpack(self) -> bool:
        return self.parcel.state == Parcel.PACKED

    @property
    def is_on_its_way(self) -> bool:
        return self.parcel.state == Parcel.SENT

    @property
    def has_left(self) -> bool:
        return self.parcel.state in OUT


def shown(order: Order, typed: Mapping[str, forms.Form]) -> list[ParcelShown]:
    """The parcels of an order from OrderQuerySet.whole(); `typed` holds forms with errors as `send-17`."""
    parcels = [row for row in order.shipments.all() if row.state != Parcel.CANCELLED]
    rows = Prefetch("lines", ShipmentLine.objects.select_related("line__product"))
    prefetch_related_objects(parcels, rows, "delivery")
    way = known.freight(order.freight_code) if parcels else None
    return [_shown(parcel, way, typed) for parcel in parcels]


def _shown(parcel: Shipment, way: FreightMethod | None, typed: Mapping[str, forms.Form]) -> ParcelShown:
    opened = frozenset(name for name in FORMS if f"{name}-{parcel.pk}" in typed)
    return ParcelShown(
        parcel=parcel,
        name=packing_papers.parcel_name(parcel),
        address=packing_papers.label_lines(parcel) if parcel.delivery else [],
        rows=[
            f"{grouped(row.quantity)} × {words.goods(parcel.order, row.line)}" for row in parcel.lines.all()
        ],
        tracking_url=way.tracking_link(parcel.tracking_number) if way else "",
        forms={name: typed.get(f"{name}-{parcel.pk}") or form(parcel=parcel) for name, form in FORMS.items()},
        opened=opened,
    )


def at_hand(parcels: list[ParcelShown]) -> ParcelShown | None:
    """The first one that waits for somebody's hands."""
    return next((row for row in parcels if row.to_pack or row.to_send), None)
