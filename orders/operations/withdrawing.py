"""What staff do with a notice of withdrawal: tie it to its order, wait for goods, give money back, refuse.

The notice's row is locked before its order's: a notice may have no order. Nothing locks them the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from orders import letters, withdrawal_sums, withdrawn_copies
from orders.models import NoticeKind, Order, Withdrawal, WithdrawnLine
from orders.operations.ending import cancel, cancel_invoices
from orders.operations.locking import lock, lock_all
from orders.operations.refunding import plan_refund
from orders.operations.shipping import StillPacked, strike, take_back
from orders.operations.writing import write_of_notice
from orders.states import Agreement, Notice, WrongState, move
from orders.withdrawal_sums import Proposal
from shop import event_places
from shop.money import ZERO, Money


class NoOrder(Exception):
    """The notice is not tied to an order, so there is nothing to give back."""


class NothingSent(Exception):
    """No parcel has left: there are no goods to wait for."""


class NothingLeft(Exception):
    """No copy is left of these rows: earlier notices have had the money back, or none was named."""


class TooMuchOff(Exception):
    """The deduction is larger than what the withdrawn rows cost, or for goods that have not left."""


class NotWhole(Exception):
    """The places of a sign-up are given back together."""


CAUSES = {NoticeKind.GIVEN_BACK: "Platserna är avanmälda", NoticeKind.NO_EVENT: "Träffen är inställd"}


def locked_notice(pk: int) -> Withdrawal:
    """The notice with its row and its order's locked. Raises Withdrawal.DoesNotExist."""
    notice = _locked_row(pk)
    if notice.order_id is not None:
        notice.order = lock(notice.order_id)
    return notice


def _locked_row(pk: int) -> Withdrawal:
    return Withdrawal.objects.select_for_update(of=("self",)).get(pk=pk)


def _with_order(pk: int) -> tuple[Withdrawal, Order]:
    notice = locked_notice(pk)
    if notice.order is None:
        raise NoOrder(notice.order_number)
    return notice, notice.order


@transaction.atomic
def tie(pk: int, number: str, *, actor: str, now: datetime) -> Withdrawal:
    """Say which order a notice is about; a wrong one can be changed while nobody has judged.

    Raises Order.DoesNotExist, and WrongState once the notice has been judged.
    """
    notice, wanted = _locked_row(pk), Order.objects.values_list("pk", flat=True).get(number=number)
    orders = lock_all([wanted] if notice.order_id is None else [wanted, notice.order_id])
    order = orders[wanted]
    if notice.order_id is not None:
        notice.order = orders[notice.order_id]
    if notice.order_id == order.pk:
        return notice
    if notice.state != Notice.RECEIVED:
        raise WrongState(f"withdrawal {notice}", notice.state, Notice.RECEIVED)
    if notice.order is not None:
        notice.note(notice.MACHINE, "", "untied", actor=actor, cause=number, now=now)
    notice.order = order
    notice.save(update_fields=["order"])
    notice.note(notice.MACHINE, "", "tied", actor=actor, cause=notice.rows or notice.order_number, now=now)
    return notice


@transaction.atomic
def await_goods(pk: int, *, actor: str, now: datetime) -> bool:
    """The right is there and the goods are out: tell the buyer where to send them and until when.

    Raises NoOrder, NothingSent, WrongState. False when that is done already.
    """
    notice, order = _with_order(pk)
    if notice.state != Notice.AWAITED and not order.has_left:
        raise NothingSent(order.number)
    if not move(notice, Notice.AWAITED, actor=actor, cause="väntar på varorna", now=now):
        return False
    _write("withdrawal-goods-awaited", notice, letters.goods_awaited_facts(notice), now=now)
    return True


@transaction.atomic
def let_rest_go(pk: int, *, actor: str, now: datetime) -> bool:
    """What has not left may go, though goods are awaited back. Raises NoOrder, WrongState. False when done."""
    notice, _order = _with_order(pk)
    if notice.state != Notice.AWAITED:
        raise WrongState(f"withdrawal {notice}", notice.state, Notice.AWAITED)
    if notice.rest_goes:
        return False
    _keep_or_let_go(notice, rest_goes=True)
    notice.note(
        notice.MACHINE, "", "rest-goes", actor=actor, cause=notice.rows or notice.order_number, now=now
    )
    return True


def _keep_or_let_go(notice: Withdrawal, *, rest_goes: bool) -> None:
    notice.rest_goes = rest_goes
    notice.save(update_fields=["rest_goes"])


@transaction.atomic
def goods_proven(pk: int, *, actor: str, now: datetime) -> bool:
    """The buyer has shown that the goods are sent, which is enough by law. Raises WrongState, NoOrder."""
    notice, _order = _with_order(pk)
    return _here(notice, "proven", actor=actor, now=now)


@transaction.atomic
def goods_back(
    pk: int,
    shipment_pk: int,
    *,
    restock: Mapping[int, int],
    write_off: Mapping[int, int],
    actor: str,
    now: datetime,
) -> bool:
    """The goods are here: back on the shelf or written off, row by row (OrderLine pk → copies).

    Raises WrongState, NoOrder, Shipment.DoesNotExist for a parcel of another order, and what take_back raises.
    """
    notice, order = _with_order(pk)
    order.shipments.get(pk=shipment_pk)
    take_back(shipment_pk, restock=restock, write_off=write_off, actor=actor, now=now)
    return _here(notice, "goods-here", actor=actor, now=now)


def _here(notice: Withdrawal, word: str, *, actor: str, now: datetime) -> bool:
    if not notice.is_open:
        raise WrongState(f"withdrawal {notice}", notice.state, Notice.AWAITED)
    if notice.goods_at is not None:
        return False
    notice.goods_at = now
    notice.save(update_fields=["goods_at"])
    notice.note(notice.MACHINE, "", word, actor=actor, cause=notice.order_number, now=now)
    return True


@transaction.atomic
def refund_withdrawal(
    pk: int,
    copies: Mapping[int, int],
    *,
    deduction: Money = ZERO,
    reason: str = "",
    actor: str,
    now: datetime,
) -> Proposal | None:
    """Give back the price of so many copies of each row, and the freight when nothing is kept.

    Copies that have not left are struck from their parcels; when all of the order is withdrawn and nothing has left,
    it is called off, and places at an event go back. `deduction` is for use beyond trying, with its `reason` (DAL 2
    kap. 15 §). Raises NoOrder, NothingLeft, NotWhole, StillPacked, TooMuchOff, WrongState; None when done already.
    """
    notice, order = _with_order(pk)
    if notice.state == Notice.REFUNDED:
        return None
    planned = withdrawal_sums.proposal(notice, order, copies)
    _check(order, planned, deduction)
    to_strike = _to_strike(notice, order, planned)
    move(notice, Notice.REFUNDED, actor=actor, cause=reason or "godtagen", now=now)
    back = withdrawal_sums.goes_back(order, planned.less(deduction))
    _keep(notice, order, planned, deduction)
    _decide(notice, actor=actor, now=now, reason=reason)
    # The money first: cancelling would plan all that is held under a key of its own, and a letter more.
    cause = CAUSES.get(NoticeKind(notice.kind), "Ångrat köp")
    plan_refund(order, key=notice.refund_key, amount=back, reason=cause, actor=actor, now=now)
    _end(order, planned, to_strike, actor=actor, cause=cause, now=now)
    _tell_of_money(notice, letters.withdrawal_refunded_facts(notice, back), now=now)
    return planned


def _check(order: Order, planned: Proposal, deduction: Money) -> None:
    """There is something to pay for, and what is taken off is for goods that somebody can have used."""
    if not planned.rows:
        raise NothingLeft(order.number)
    if order.is_of_places and not planned.nothing_kept:
        raise NotWhole(order.number)
    if deduction > (planned.goods if order.has_left else ZERO):
        raise TooMuchOff(deduction)


def _to_strike(notice: Withdrawal, order: Order, planned: Proposal) -> dict[int, int]:
    """OrderLine pk → copies to take out of what is to be packed. Raises StillPacked.

    Nothing for an order that is called off: now, since none of it has left, or before.
    """
    if order.state in {Agreement.PLACED, Agreement.CANCELLED} or _is_called_off(order, planned):
        return {}
    wanted = {row.line.pk: row.quantity for row in planned.rows}
    asked_for = withdrawn_copies.asked_for_goods(notice)
    found = withdrawn_copies.whereabouts(notice, order, wanted)
    if not all(where.has(wanted[pk]) for pk, where in found.items()):
        raise StillPacked(order.number)
    return {pk: where.to_strike(wanted[pk], asked_for=asked_for) for pk, where in found.items()}


def _is_called_off(order: Order, planned: Proposal) -> bool:
    """Nothing is kept and nothing has left; an order that has closed since, as those of places do, stays so."""
    return planned.nothing_kept and not order.has_left and order.state != Agreement.CLOSED


def _end(
    order: Order, planned: Proposal, to_strike: Mapping[int, int], *, actor: str, cause: str, now: datetime
) -> None:
    """What is no longer bought is neither packed nor invoiced."""
    if _is_called_off(order, planned):
        cancel(order.pk, actor=actor, cause=cause, now=now)
    elif order.state == Agreement.PLACED:
        raise WrongState(f"agreement {order}", order.state, Agreement.CONFIRMED)
    elif order.state != Agreement.CANCELLED:
        strike(order, to_strike, actor=actor, now=now)
        if planned.nothing_kept:
            cancel_invoices(order, actor=actor, cause=cause, now=now)


def _keep(notice: Withdrawal, order: Order, planned: Proposal, deduction: Money) -> None:
    WithdrawnLine.objects.bulk_create(
        WithdrawnLine(withdrawal=notice, line=row.line, quantity=row.quantity, gross_ore=row.gross.ore)
        for row in planned.rows
    )
    notice.freight_ore, notice.deduction_ore = planned.freight.ore, deduction.ore
    notice.save(update_fields=["freight_ore", "deduction_ore"])
    order.withdrawn_ore += planned.less(deduction).ore
    order.save(update_fields=["withdrawn_ore"])


def _tell_of_money(notice: Withdrawal, facts: letters.Facts, *, now: datetime) -> None:
    """Whoever wrote the notice, and the buyer, whose money it is, when that was somebody else."""
    _write("withdrawal-refunded", notice, facts, now=now)
    if notice.order is not None and not notice.is_the_buyers:
        buyers = {**facts, "name": notice.order.first_name, "by": notice.name}
        _write("withdrawal-refunded", notice, buyers, now=now, to=notice.order.email)


def _decide(notice: Withdrawal, *, actor: str, now: datetime, reason: str) -> None:
    """Who has judged while the event was off need not be asked anew because it is; who judges anew, by what is then."""
    order = notice.order
    if order is not None and order.is_of_places:
        known = event_places.host().times([str(order.number)]).values()
        notice.no_event = any(event.is_off for event in known)
    notice.decide(actor=actor, now=now, reason=reason)


@transaction.atomic
def refuse_withdrawal(pk: int, reason: str, *, actor: str, now: datetime) -> bool:
    """There is no such right: tell the buyer why, and who can try it (ARN). Raises WrongState. False when done."""
    notice = locked_notice(pk)
    if not move(notice, Notice.REFUSED, actor=actor, cause=reason, now=now):
        return False
    _decide(notice, actor=actor, now=now, reason=reason)
    _write("withdrawal-refused", notice, letters.withdrawal_refused_facts(notice), now=now)
    return True


@transaction.atomic
def set_aside(pk: int, reason: str, *, actor: str, now: datetime) -> bool:
    """No notice to judge: the same one twice, or nobody's order. No letter goes out. Raises WrongState."""
    notice = locked_notice(pk)
    if not move(notice, Notice.SET_ASIDE, actor=actor, cause=reason, now=now):
        return False
    if notice.gave_places_back:
        _decide(notice, actor=actor, now=now, reason=reason)
    else:  # it says nothing of money that is kept for another notice's sake
        notice.decide(actor=actor, now=now, reason=reason)
    return True


@transaction.atomic
def judge_anew(pk: int, *, actor: str, now: datetime) -> bool:
    """A refused notice, or one that was set aside, is received again. Raises WrongState."""
    notice = locked_notice(pk)
    if not move(notice, Notice.RECEIVED, actor=actor, cause=notice.reason or "ny prövning", now=now):
        return False
    _keep_or_let_go(notice, rest_goes=False)
    return True


def _write(letter: str, notice: Withdrawal, facts: letters.Facts, *, now: datetime, to: str = "") -> None:
    """Once per judgement and reader: a notice that is judged anew gets a letter anew."""
    key = f"{notice.key}:{now:%Y%m%dT%H%M%S}{':buyer' if to else ''}"
    write_of_notice(letter, notice, facts, key=key, to=to)
