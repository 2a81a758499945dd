"""The same step with many parcels: each in a transaction of its own, and how it went told per number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from orders import operations
from orders.models import Order, Shipment
from orders.staff import words
from orders.states import Parcel, WrongState

MOST_TOLD = 10  # refusals by number; a message longer than that is read by nobody


@dataclass(frozen=True, slots=True)
class Outcome:
    """The numbers of the orders whose parcels went, of those of which only some did, and of those that did not
    with the reason as a sentence."""

    done: list[str] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def pack(parcels: Iterable[Shipment], *, actor: str, now: datetime) -> Outcome:
    """Mark each as packed with all that it shall hold. The parcels come with their orders."""
    return _each(parcels, Parcel.PACKED, lambda pk: operations.pack(pk, actor=actor, now=now))


def send(parcels: Iterable[Shipment], *, actor: str, now: datetime) -> Outcome:
    """Mark each as sent without a tracking number; each buyer gets the letter."""
    return _each(
        parcels,
        Parcel.SENT,
        lambda pk: operations.send(pk, tracking_number="", actor=actor, now=now),
    )


def _each(parcels: Iterable[Shipment], goal: Parcel, step: Callable[[int], object]) -> Outcome:
    outcome = Outcome()
    for parcel in parcels:
        number = str(parcel.order.number)
        try:
            if parcel.state == goal:  # by somebody else, since the list was shown
                raise WrongState("shipment", goal, goal)
            step(parcel.pk)
        except WrongState as refusal:
            order = Order.objects.get(pk=parcel.order_id)
            outcome.refused.append((number, words.refused(order, refusal)))
        else:
            outcome.done.append(number)
    return outcome


def tell(request: HttpRequest, outcome: Outcome, goal: Parcel) -> None:
    """`58 försändelser är packade.` and, apart, why the others are not."""
    if count := len(outcome.done):
        messages.success(request, _done(goal, count) % {"count": count})
    if outcome.refused:
        messages.error(request, refusals(outcome.refused))


def _done(goal: Parcel, count: int) -> str:
    if goal == Parcel.PACKED:
        return ngettext("%(count)s försändelse är packad.", "%(count)s försändelser är packade.", count)
    return ngettext(
        "%(count)s försändelse är skickad. Köparen får ett mejl.",
        "%(count)s försändelser är skickade. Köparna får varsitt mejl.",
        count,
    )


def refusals(refused: list[tuple[str, str]]) -> str:
    """The sentences name their numbers themselves."""
    told = " ".join(why for _number, why in refused[:MOST_TOLD])
    count = len(refused)
    more = count - MOST_TOLD
    if more > 0:
        told += " " + _("Och %(count)s till.") % {"count": more}
    head = _("%(count)s gick inte:") % {"count": count}
    return f"{head} {told}"
