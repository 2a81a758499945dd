"""What staff do with a notice of withdrawal: tie it to its order, wait for goods, give money back, refuse.

The notice's row is locked before its order's: a notice may have no order. Nothing locks them the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from notifications import outbox
from orders import letters, withdrawal_sums
from orders.models import Order, Withdrawal, WithdrawnLine
from orders.operations.ending import cancel
from orders.operations.locking import lock
from orders.operations.refunding import plan_refund
from orders.operations.shipping import strike, take_back
from orders.states import Agreement, Notice, WrongState, move
from orders.withdrawal_sums import Proposal
from shop.money import ZERO, Money


class NoOrder(Exception):
    """The notice is not tied to an order, so there is nothing to give back."""


class NothingSent(Exception):
    """No parcel has left: there are no goods to wait for."""


class TooMuchOff(Exception):
    """The deduction is larger than what the withdrawn rows cost."""


def locked_notice(pk: int) -> Withdrawal:
    """The notice with its row and its order's locked. Raises Withdrawal.DoesNotExist."""
    notice = Withdrawal.objects.select_for_update(of=("self",)).get(pk=pk)
    if notice.order_id is not None:
        notice.order = lock(notice.order_id)
    return notice


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
    notice = locked_notice(pk)
    order = lock(Order.objects.values_list("pk", flat=True).get(number=number))
    if notice.order_id == order.pk:
        return notice
    if notice.state != Notice.RECEIVED:
        raise WrongState(f"withdrawal {notice}", notice.state, Notice.RECEIVED)
    if notice.order is not None:
        notice.note(notice.MACHINE, "", "untied", actor=actor, cause=number)
    notice.order = order
    notice.save(update_fields=["order"])
    notice.note(notice.MACHINE, "", "tied", actor=actor, cause=notice.rows or notice.order_number)
    return notice


@transaction.atomic
def await_goods(pk: int, *, actor: str, now: datetime) -> bool:
    """The right is there and the goods are out: tell the buyer where to send them and until when.

    Raises NoOrder, NothingSent, WrongState. False when that is done already.
    """
    notice, order = _with_order(pk)
    if notice.state != Notice.AWAITED and not order.has_left:
        raise NothingSent(order.number)
    if not move(notice, Notice.AWAITED, actor=actor, cause="väntar på varorna"):
        return False
    _write("withdrawal-goods-awaited", notice, letters.goods_awaited_facts(notice), now=now)
    return True


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
    notice.note(notice.MACHINE, "", word, actor=actor, cause=notice.order_number)
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
    it is called off. `deduction` is for use beyond trying, with its `reason` (DAL 2 kap. 15 §). Raises NoOrder,
    StillPacked, TooMuchOff, WrongState; None when it is done already.
    """
    notice, order = _with_order(pk)
    if notice.state == Notice.REFUNDED:
        return None
    planned = withdrawal_sums.proposal(notice, order, copies)
    if deduction > planned.goods:
        raise TooMuchOff(deduction)
    move(notice, Notice.REFUNDED, actor=actor, cause=reason or "ånger godtagen")
    _keep(notice, order, planned, deduction)
    notice.decide(actor=actor, now=now, reason=reason)
    sent = min(planned.less(deduction), order.may_be_sent_back)
    _give_back(notice, order, planned, deduction, actor=actor, now=now)
    _write("withdrawal-refunded", notice, letters.withdrawal_refunded_facts(notice, sent), now=now)
    return planned


def _give_back(
    notice: Withdrawal, order: Order, planned: Proposal, deduction: Money, *, actor: str, now: datetime
) -> None:
    """The money first: cancelling would plan all that is held under a key of its own, and a letter more."""
    plan_refund(
        order,
        key=f"withdrawal:{notice.pk}",
        amount=planned.less(deduction),
        reason="Ångrat köp",
        actor=actor,
        now=now,
    )
    if planned.nothing_kept and not order.has_left:
        cancel(order.pk, actor=actor, cause="Ångrat köp", now=now)
    elif order.state == Agreement.PLACED:
        raise WrongState(f"agreement {order}", order.state, Agreement.CONFIRMED)
    elif order.state != Agreement.CANCELLED:
        copies = {row.line.pk: row.quantity for row in planned.rows}
        strike(order, copies, actor=actor, now=now)


def _keep(notice: Withdrawal, order: Order, planned: Proposal, deduction: Money) -> None:
    WithdrawnLine.objects.bulk_create(
        WithdrawnLine(withdrawal=notice, line=row.line, quantity=row.quantity, gross_ore=row.gross.ore)
        for row in planned.rows
    )
    notice.freight_ore, notice.deduction_ore = planned.freight.ore, deduction.ore
    notice.save(update_fields=["freight_ore", "deduction_ore"])
    order.withdrawn_ore += planned.total.ore
    order.save(update_fields=["withdrawn_ore"])


@transaction.atomic
def refuse_withdrawal(pk: int, reason: str, *, actor: str, now: datetime) -> bool:
    """There is no such right: tell the buyer why, and who can try it (ARN). Raises WrongState. False when done."""
    notice = locked_notice(pk)
    if not move(notice, Notice.REFUSED, actor=actor, cause=reason):
        return False
    notice.decide(actor=actor, now=now, reason=reason)
    _write("withdrawal-refused", notice, letters.withdrawal_refused_facts(notice), now=now)
    return True


@transaction.atomic
def set_aside(pk: int, reason: str, *, actor: str, now: datetime) -> bool:
    """No notice to judge: the same one twice, or nobody's order. No letter goes out. Raises WrongState."""
    notice = locked_notice(pk)
    if not move(notice, Notice.SET_ASIDE, actor=actor, cause=reason):
        return False
    notice.decide(actor=actor, now=now, reason=reason)
    return True


@transaction.atomic
def judge_anew(pk: int, *, actor: str, now: datetime) -> bool:
    """A refused notice, or one that was set aside, is received again. Raises WrongState."""
    notice = locked_notice(pk)
    return move(notice, Notice.RECEIVED, actor=actor, cause=notice.reason or "ny prövning")


def _write(letter: str, notice: Withdrawal, facts: letters.Facts, *, now: datetime) -> None:
    """Once per judgement: a notice that is judged anew gets a letter anew."""
    outbox.put(
        letter,
        key=f"{notice.key}:{now:%Y%m%dT%H%M%S}",
        to=notice.email,
        context=facts,
        language=notice.language,
        about=str(notice.order.number) if notice.order else "",
    )
