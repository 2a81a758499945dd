"""Once a day: does the payment service's list say the same as our books? Each difference is named.

Both sides are written as sentences and compared as such: what reads the same is the same. What the
service knows and we do not is first named, then booked by the same steps as its events; what agrees
after that is closed. Nothing is asked inside a transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Min
from django.utils import translation

from orders import operations
from orders.models import Difference, Dispute, Payment, Payout, Refund
from orders.operations import Found
from orders.payments import mirroring, refunding
from orders.payments.choice import current
from orders.payments.kinds import DisputeTruth, GatewayError, MoneyTruth, PayoutTruth, RefundTruth
from orders.payments.settle import settle_pages
from orders.states import RefundState
from shop.money import Money

Row = TypeVar("Row")

log = logging.getLogger(__name__)

Kind = Difference.Kind

PERIOD = timedelta(days=30)
# Money may be booked so long after it was taken: the service's list begins earlier than ours.
EARLIER = timedelta(days=7)
# What is on its way this very moment differs without fault.
UNREST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two says of a thing, and when it happened."""

    words: str
    at: datetime
    order_pk: int | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """What the payment service says of a period."""

    money: list[MoneyTruth]
    refunds: list[RefundTruth]
    disputes: list[DisputeTruth]
    payouts: list[PayoutTruth]
    since: datetime  # things of ours from then on must be in the lists
    until: datetime


def compare(*, now: datetime) -> list[Difference]:
    """Name what differs, mend what can be, close what agrees again; answers with the new differences.

    Raises GatewayError when the service does not answer; nothing is changed then.
    """
    if settings.PRACTICE_PAYMENTS:  # its books are ours
        return []
    lists = _ask(now=now)
    # A dispute takes months: one that began before the period may have ended since.
    _each(
        Dispute.objects.open().order_by("pk"),
        lambda row: mirroring.ask_about_dispute(row.gateway_id, now=now),
    )
    with translation.override(settings.LANGUAGE_CODE):  # the sentences are kept
        found = _differences(lists)
        new = operations.note_differences(found, now=now)
        _mend(lists, {(one.kind, one.reference) for one in found}, now=now)
        operations.close_mended(_differences(lists), now=now)
    for row in new:
        log.warning("difference: %s, with us %r, with %s %r", row, row.ours, current().NAME, row.theirs)
    return new


def _ask(*, now: datetime) -> Lists:
    """From the oldest difference that is still open, so that it closes whenever it is mended."""
    oldest = Difference.objects.open().aggregate(at=Min("happened_at"))["at"] or now
    since, until = min(now - PERIOD, oldest - UNREST), now - UNREST
    service, early = current(), since - EARLIER
    return Lists(
        list(service.money_taken(early, until)),
        list(service.refunds(early, until)),
        list(service.disputes(early, until)),
        list(service.payouts(early, until)),
        since,
        until,
    )


# --- Comparing ------------------------------------------------------------------------------------
def _differences(lists: Lists) -> list[Found]:
    return [
        *_differ(Kind.PAYMENT, _our_money(lists), {row.reference: _money(row) for row in lists.money}),
        *_differ(Kind.REFUND, _our_refunds(lists), {row.id: _refund(row) for row in lists.refunds}),
        *_differ(Kind.DISPUTE, _our_disputes(lists), {row.id: _dispute(row) for row in lists.disputes}),
        *_differ(Kind.PAYOUT, _our_payouts(lists), {row.id: _payout(row) for row in lists.payouts}),
    ]


def _differ(kind: Kind, ours: dict[str, Side], theirs: dict[str, Side]) -> list[Found]:
    things = sorted({*ours, *theirs})
    return [
        _found(kind, reference, ours.get(reference), theirs.get(reference))
        for reference in things
        if _words(ours.get(reference)) != _words(theirs.get(reference))
    ]


def _words(side: Side | None) -> str:
    return side.words if side else ""


def _found(kind: Kind, reference: str, ours: Side | None, theirs: Side | None) -> Found:
    sides = [side for side in (ours, theirs) if side]
    return Found(
        kind,
        reference[:120],
        _words(ours)[:200],
        _words(theirs)[:200],
        happened_at=min(side.at for side in sides),
        order_pk=ours.order_pk if ours else None,
    )


def _sum(ore: int, currency: str = "sek") -> str:
    """`104,00 kr`; another currency says its name."""
    words = Money(ore).exact()
    return words if currency == "sek" else f"{words} ({currency})"


# --- What the service says --------------------------------------------------------------------------
def _money(row: MoneyTruth) -> Side:
    return Side(f"{_sum(row.amount_ore, row.currency)}, {row.order_number or 'utan ordernummer'}", row.at)


def _refund(row: RefundTruth) -> Side:
    return Side(f"{_sum(row.amount_ore, row.currency)}, {row.state.label.lower()}", row.at)


def _dispute(row: DisputeTruth) -> Side:
    return Side(f"{_sum(row.amount_ore, row.currency)}, {row.status}", row.at)


def _payout(row: PayoutTruth) -> Side:
    return Side(f"{_sum(row.amount_ore, row.currency)}, {row.status}, {row.arrives_on}", row.at)


# --- What our books say: what is listed, and what should have been -----------------------------------
def _our_money(lists: Lists) -> dict[str, Side]:
    rows = Payment.objects.filter(kind=Payment.Kind.PAYMENT).select_related("order")
    listed = rows.filter(reference__in=[row.reference for row in lists.money])
    due = rows.filter(attempt__isnull=False, at__gte=lists.since, at__lt=lists.until)
    return {
        row.reference: Side(f"{_sum(row.amount_ore)}, {row.order.number}", row.at, row.order_id)
        for row in listed | due
    }


def _our_refunds(lists: Lists) -> dict[str, Side]:
    """A refund whose ledger line is missing says so, whatever its state is.

    What was sent and then struck out here had failed there.
    """
    rows = Refund.objects.exclude(gateway_id="").select_related("order")
    listed = rows.filter(gateway_id__in=[row.id for row in lists.refunds])
    due = rows.filter(created_at__gte=lists.since, asked_at__lt=lists.until)
    found = {row.gateway_id: row for row in listed | due}
    booked = set(
        Payment.objects.filter(kind=Payment.Kind.REFUND, reference__in=found).values_list(
            "reference", flat=True
        )
    )
    return {name: _our_refund(row, name in booked) for name, row in found.items()}


def _our_refund(row: Refund, booked: bool) -> Side:
    state = RefundState.FAILED if row.state == RefundState.CANCELLED else RefundState(row.state)
    words = f"{_sum(row.amount_ore)}, {state.label.lower()}"
    if row.state == RefundState.SUCCEEDED and not booked:
        words += ", inte bokförd"
    return Side(words, row.created_at, row.order_id)


def _our_disputes(lists: Lists) -> dict[str, Side]:
    rows = Dispute.objects.all()
    listed = rows.filter(gateway_id__in=[row.id for row in lists.disputes])
    due = rows.filter(opened_at__gte=lists.since, opened_at__lt=lists.until)
    return {
        row.gateway_id: Side(f"{_sum(row.amount_ore)}, {row.status}", row.opened_at, row.order_id)
        for row in listed | due
    }


def _our_payouts(lists: Lists) -> dict[str, Side]:
    rows = Payout.objects.all()
    listed = rows.filter(gateway_id__in=[row.id for row in lists.payouts])
    due = rows.filter(created_at__gte=lists.since, created_at__lt=lists.until)
    return {
        row.gateway_id: Side(
            f"{_sum(row.amount_ore, row.currency)}, {row.status}, {row.arrives_on}", row.created_at
        )
        for row in listed | due
    }


# --- Mending --------------------------------------------------------------------------------------
def _mend(lists: Lists, found: set[tuple[Kind, str]], *, now: datetime) -> None:
    """Book what the service knows and we may have missed: each row a step of its own."""
    money = [row for row in lists.money if (Kind.PAYMENT, row.reference) in found]
    _each(money, lambda row: settle_pages(row.order_number, now=now))
    refunds = [row for row in lists.refunds if (Kind.REFUND, row.id) in found]
    _each(refunds, lambda row: refunding.believe(row, now=now))
    disputes = [row for row in lists.disputes if (Kind.DISPUTE, row.id) in found]
    _each(disputes, lambda row: mirroring.ask_about_dispute(row.id, now=now))
    _each([row for row in lists.payouts if (Kind.PAYOUT, row.id) in found], mirroring.keep_payout)


def _each(rows: Iterable[Row], step: Callable[[Row], object]) -> None:
    for row in rows:
        try:
            step(row)
        except GatewayError as error:
            log.warning("%s: %s", row, error)
