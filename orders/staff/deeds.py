"""What can be done with many orders at once from their list: each order a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy, ngettext

from orders import operations
from orders.models import Order
from orders.models.order_queries import STAGES
from orders.states import Parcel, WrongState


class ManyNoteForm(forms.Form):
    """One note in each of the chosen orders' history."""

    use_required_attribute = False
    text = forms.CharField(
        label=gettext_lazy("Anteckning i var och en"),
        max_length=1000,
        error_messages={"required": gettext_lazy("Skriv det som ska stå i historiken.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


Do = Callable[[Order, str, str, datetime], bool]


@dataclass(frozen=True, slots=True)
class Deed:
    """What a button does with one order; `do` raises WrongState when it cannot be done.

    It answers whether the whole order has come so far now, and not only some of its parcels.
    """

    name: str
    label: Any
    right: str
    do: Do
    done: Callable[[int], str]


def _parcels(old: Parcel, new: Parcel, step: Callable[..., Any]) -> Do:
    """Take every parcel of the order that stands at `old` one step on: all of them or none."""

    @transaction.atomic
    def do(order: Order, _text: str, by: str, now: datetime) -> bool:
        waiting = [parcel for parcel in order.shipments.all() if parcel.state == old]
        if not waiting:
            raise WrongState(f"shipment {order}", order.fulfilment_word, new)
        for parcel in waiting:
            step(parcel.pk, actor=by, now=now)
        return not any(parcel.state in behind for parcel in order.shipments.all())

    behind = STAGES[: STAGES.index(old)]
    return do


def _send(pk: int, **how: Any) -> None:
    operations.send(pk, tracking_number="", **how)


def _note(order: Order, text: str, by: str, now: datetime) -> bool:
    operations.write_note(order, text, actor=by, now=now)
    return True


DEEDS = [
    Deed(
        "pack",
        gettext_lazy("Packade"),
        "orders.pack_order",
        _parcels(Parcel.PLANNED, Parcel.PACKED, operations.pack),
        lambda n: ngettext("%(n)s beställning är packad.", "%(n)s beställningar är packade.", n),
    ),
    Deed(
        "send",
        gettext_lazy("Skickade utan spårning"),
        "orders.pack_order",
        _parcels(Parcel.PACKED, Parcel.SENT, _send),
        lambda n: ngettext(
            "%(n)s beställning är skickad. Köparen får ett mejl.",
            "%(n)s beställningar är skickade. Köparna får varsitt mejl.",
            n,
        ),
    ),
    Deed(
        "deliver",
        gettext_lazy("Framme"),
        "orders.pack_order",
        _parcels(Parcel.SENT, Parcel.DELIVERED, operations.deliver),
        lambda n: ngettext("%(n)s beställning är framme.", "%(n)s beställningar är framme.", n),
    ),
    Deed(
        "note",
        gettext_lazy("Anteckna"),
        "orders.note_order",
        _note,
        lambda n: ngettext(
            "Anteckningen står i %(n)s beställning.", "Anteckningen står i %(n)s beställningar.", n
        ),
    ),
]


def deeds_for(user: Any) -> list[Deed]:
    return [deed for deed in DEEDS if user.has_perm(deed.right)]
