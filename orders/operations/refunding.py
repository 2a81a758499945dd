"""Money that goes back: planned under a key, sent once, booked when it has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders import letters
from orders.models import Dispute, Order, Payment, Refund
from orders.operations.locking import lock
from orders.operations.writing import write
from orders.states import RefundState, WrongState, move
from shop.money import Money

GONE = {RefundState.FAILED, RefundState.CANCELLED}  # these take nothing from their source
TOLD_BEFORE = "withdrawal:"  # keys of refunds whose letter went out when the sum was decided


def plan_refund(
    order: Order,
    *,
    key: str,
    amount: Money,
    reason: str,
    actor: str,
    now: datetime,
    source: Payment | None = None,
    by_hand: bool = False,
) -> Refund | None:
    """Plan to send money back the way it came, once per key. Caller holds the lock.

    Never more than what is held less what open refunds send already; None when nothing is left. Taken
    from `source` first, else from the latest money, or of no payment at all when somebody sends it `by_hand`.
    A sum that came in several payments becomes a refund for each of them (the same key with /2, /3), parts of the
    first, which is answered; `Refund.parts` are all. `key` up to 117 characters.
    """
    if known := Refund.objects.filter(key=key).first():
        return known
    wanted = min(amount.ore, _sendable(order))
    parts = _parts(order, wanted, source, by_hand=by_hand) if wanted > 0 else []
    first: Refund | None = None
    for place, (payment, ore) in enumerate(parts, start=1):
        refund = Refund.objects.create(
            order=order,
            source=payment,
            part_of=first,
            key=f"{key}/{place}" if first else key,
            amount_ore=ore,
            reason=reason[:200],
            actor=actor,
            created_at=now,
        )
        order.note("refund", "", RefundState.PLANNED, actor=actor, cause=in_words(refund), now=now)
        first = first or refund
    return first


def _sendable(order: Order) -> int:
    """Öre that no ledger line and no open refund has sent. Read anew: the order may have been booked on."""
    fresh = Order.objects.get(pk=order.pk)
    return fresh.may_be_sent_back.ore


def _parts(
    order: Order, wanted: int, source: Payment | None, *, by_hand: bool
) -> list[tuple[Payment | None, int]]:
    """Which payments the sum is taken from; what none of them covers is sent by hand."""
    parts: list[tuple[Payment | None, int]] = []
    came = [] if by_hand else list(order.payments.filter(kind=Payment.Kind.PAYMENT).order_by("-at", "-pk"))
    for payment in sorted(came, key=lambda row: row != source):
        if (taken := min(wanted, _left(payment))) > 0:
            parts.append((payment, taken))
            wanted -= taken
    return [*parts, (None, wanted)] if wanted else parts


def _left(payment: Payment) -> int:
    """Öre of a payment that neither a refund nor the buyer's bank has taken."""
    taken = payment.refunds.exclude(state__in=GONE)
    lost = payment.disputes.filter(status=Dispute.Status.LOST)
    gone = sum(refund.amount_ore for refund in taken) + sum(dispute.amount_ore for dispute in lost)
    return payment.amount_ore - gone


@transaction.atomic
def send_back(pk: int, *, key: str, amount: Money, reason: str, actor: str, now: datetime) -> Refund | None:
    """What plan_refund does, for a caller that does not hold the lock. Raises Order.DoesNotExist."""
    return plan_refund(lock(pk), key=key, amount=amount, reason=reason, actor=actor, now=now)


@transaction.atomic
def plan_again(pk: int, *, actor: str, now: datetime, by_hand: bool = False) -> Refund | None:
    """A new try for a refund that failed, once: the same way, or `by_hand` when that way is closed.

    None when its money is no longer there to send; then it is struck out. Raises Refund.DoesNotExist, and
    WrongState for a refund that has not failed.
    """
    failed = locked_refund(pk)
    if failed.state != RefundState.FAILED:
        raise WrongState(f"refund {failed}", failed.state, RefundState.PLANNED)
    again = plan_refund(
        failed.order,
        key=f"again:{failed.pk}",
        amount=failed.amount,
        reason=failed.reason,
        actor=actor,
        now=now,
        source=failed.source,
        by_hand=by_hand,
    )
    if again is None:
        strike_moot(failed.order, actor=actor, now=now)
    if again and again.again_id is None:
        again.again = failed
        again.save(update_fields=["again"])
    return again


@transaction.atomic
def cancel_refund(pk: int, *, actor: str, now: datetime) -> bool:
    """Take back a plan that nobody has acted on, or lay a failed one aside. False when that was done before.

    Raises Refund.DoesNotExist, and WrongState when the money is on its way.
    """
    refund = locked_refund(pk)
    struck = move(refund, RefundState.CANCELLED, actor=actor, cause="ångrad", now=now)
    tell_when_ended(refund)
    return struck


@transaction.atomic
def refund_done(pk: int, *, actor: str, now: datetime) -> bool:
    """Somebody has sent the money by hand: book it in the ledger. False when it was booked before.

    Raises Refund.DoesNotExist, and WrongState for a refund that was cancelled or that the payment
    service carries out.
    """
    refund = locked_refund(pk)
    if refund.state == RefundState.SUCCEEDED:
        return False
    if not refund.is_by_hand:
        raise WrongState(f"refund {refund}", refund.state, RefundState.SUCCEEDED)
    book_refund(refund, reference=f"refund-task-{refund.pk}", actor=actor, now=now)
    return True


def strike_moot(order: Order, *, actor: str, now: datetime) -> bool:
    """Strike out failed refunds once all money has gone back by other ways. Caller holds the lock.

    False while some is left to send.
    """
    if _sendable(order) > 0:
        return False
    for failed in order.refunds.filter(state=RefundState.FAILED, tried_again=None):
        move(failed, RefundState.CANCELLED, actor=actor, cause="inget är kvar att betala tillbaka", now=now)
    return True


def fit(refund: Refund, *, actor: str, now: datetime) -> bool:
    """Whether what is planned is still there to send. Caller holds the lock.

    Money that went back by other ways meanwhile (the dashboard, the buyer's bank) does not go twice: the
    plan is struck out, and what is left of it planned anew.
    """
    order = Order.objects.get(pk=refund.order_id)
    excess = order.on_its_way_back.ore - order.held.ore
    if excess <= 0:
        return True
    move(
        refund,
        RefundState.CANCELLED,
        actor=actor,
        cause=f"{in_words(refund)}. Pengarna har redan gått",
        now=now,
    )
    tell_when_ended(refund)
    if (rest := refund.amount_ore - excess) > 0:
        plan_refund(
            refund.order,
            key=f"rest:{refund.pk}",
            amount=Money(rest),
            reason=refund.reason,
            actor=refund.actor,
            now=now,
            source=refund.source,
        )
    return False


def locked_refund(pk: int) -> Refund:
    """The refund as it is once its order's row is locked, its order at hand. Raises Refund.DoesNotExist."""
    order = lock(Refund.objects.values_list("order", flat=True).get(pk=pk))
    refund = Refund.objects.select_related("source").get(pk=pk)
    refund.order = order
    return refund


def in_words(refund: Refund) -> str:
    """For the history: the sum and the reason."""
    return f"{refund.amount.exact()}: {refund.reason}"


def book_refund(refund: Refund, *, reference: str, actor: str, now: datetime) -> None:
    """The money has gone: state, ledger, history and letter say so together. Caller holds the lock.

    The ledger holds each reference once, whatever became of the row that it was booked for.
    """
    move(refund, RefundState.SUCCEEDED, actor=actor, cause=in_words(refund), now=now)
    line = {
        "order": refund.order,
        "kind": Payment.Kind.REFUND,
        "method": refund.source.method if refund.source else refund.order.method,
        "amount_ore": refund.amount_ore,
        "at": now,
        "actor": actor,
    }
    Payment.objects.get_or_create(reference=reference, defaults=line)
    refund.done_at = now
    refund.save(update_fields=["done_at"])
    strike_moot(refund.order, actor=actor, now=now)
    tell_when_ended(refund)


def tell_when_ended(refund: Refund) -> None:
    """One letter of the whole sum that has gone, once none of its parts is on its way. Caller holds the lock."""
    parts = refund.parts
    came = [part for part in parts if part.state == RefundState.SUCCEEDED]
    if not came or any(part.is_open for part in parts) or refund.key.startswith(TOLD_BEFORE):
        return
    facts = letters.refund_facts(Order.objects.get(pk=refund.order_id), came)
    write("refund", refund.order, facts, key=str(parts[0].pk))
