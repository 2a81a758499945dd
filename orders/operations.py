"""What can be done with an order: one transaction each, the order's row locked first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from notifications import outbox
from orders import letters
from orders.models import (
    HistoryLine,
    Invoice,
    Method,
    Order,
    OrderLine,
    Payment,
    PaymentAttempt,
    RefundTask,
    Shipment,
    VatPart,
)
from orders.states import Agreement, Attempt, InvoiceState, Parcel, WrongState, move
from shop import stock
from shop.models import Terms
from shop.money import Money
from shop.pricing import Priced

BUYER = "köparen"
SYSTEM = "systemet"
# A call that got no answer is repeated under its own key as long as its parameters are still good.
SAME_KEY_FOR = timedelta(minutes=2)
# Each new try to pay holds the goods anew, but not for ever.
LONGEST_HOLD = 4  # reservations
NOT_BELIEVED = "not-believed"


@dataclass(frozen=True, slots=True)
class Placement:
    """What the checkout asks for. `details` are the Order's own fields for buyer and addresses."""

    checkout_key: str
    method: str
    details: dict[str, Any] = field(default_factory=dict)
    language: str = "sv"
    actor: str = BUYER


class WrongPayment(Exception):
    """A reference that is booked already on another order or sum."""


def lock(pk: int) -> Order:
    """The order with its row locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update(of=("self",)).get(pk=pk)


# --- Placing ------------------------------------------------------------------------------------
def place(placement: Placement, priced: Priced, *, now: datetime) -> tuple[Order, bool]:
    """Turn a priced basket into an order, once per checkout key.

    Returns the order and whether it is new. Raises stock.SoldOut when a copy is missing: nothing is
    kept then. A second submit with the same key, however close, gets the first one's order: the unique
    index decides, not a question asked before.
    """
    try:
        with translation.override(placement.language):  # the rows are frozen in the buyer's words
            return _place(placement, priced, now=now), True
    except IntegrityError:
        # The same key was used before, perhaps this very moment; anything else is a real fault.
        if existing := Order.objects.filter(checkout_key=placement.checkout_key).first():
            return existing, False
        raise


@transaction.atomic
def _place(placement: Placement, priced: Priced, *, now: datetime) -> Order:
    """The key's unique row comes first: a twin waits there, before it has touched the stock."""
    order = _create(placement, priced, now=now)
    order.number = f"VS-{now.astimezone(settings.STOCKHOLM):%Y}-{order.pk:06}"
    order.state = Agreement.PLACED
    order.save(update_fields=["number", "state"])
    _freeze_lines(order, priced)
    wanted = {line.product.pk: line.quantity for line in priced.lines}
    stock.reserve(wanted, cause=order.number, actor=placement.actor, at=now)
    order.note("agreement", Agreement.DRAFT, Agreement.PLACED, actor=placement.actor, cause="kassan")
    if order.method == Method.INVOICE:
        confirm(order, actor=SYSTEM, cause="faktura")
    elif order.is_paid:
        confirm(order, actor=SYSTEM, cause="inget att betala")
    else:
        new_attempt(order, order.method, now=now)
    return order


def _create(placement: Placement, priced: Priced, *, now: datetime) -> Order:
    pays_now = placement.method != Method.INVOICE
    chosen = priced.chosen
    return Order.objects.create(
        checkout_key=placement.checkout_key,
        method=placement.method,
        language=placement.language,
        placed_at=now,
        reserved_until=now + timedelta(minutes=settings.RESERVATION_MINUTES) if pays_now else None,
        terms=Terms.objects.current(now.astimezone(settings.STOCKHOLM).date(), placement.language),
        goods_ore=priced.totals.goods.ore,
        freight_ore=priced.totals.freight.ore,
        freight_code=chosen.method.code if chosen else "",
        freight_name=chosen.method.shown_name if chosen else "",
        **placement.details,
    )


def _freeze_lines(order: Order, priced: Priced) -> None:
    """Copy name, price and VAT: what the buyer agreed to stays so."""
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=line.product,
            position=place,
            sku=line.product.sku,
            name=line.product.shown_name,
            quantity=line.quantity,
            unit_price_ore=line.unit_price.ore,
            gross_ore=line.gross.ore,
        )
        for place, line in enumerate(priced.lines)
    )
    VatPart.objects.bulk_create(
        VatPart(
            order=order,
            line=None if part.line is None else lines[part.line],
            percent=part.percent,
            gross_ore=part.gross.ore,
            net_ore=part.net.ore,
        )
        for part in priced.totals.parts
    )


def confirm(order: Order, *, actor: str, cause: str) -> None:
    """The agreement stands: plan the parcel, plan the invoice, write the confirmation. Caller holds the lock."""
    move(order, Agreement.CONFIRMED, actor=actor, cause=cause)
    Shipment.objects.create(order=order)
    if order.method == Method.INVOICE:
        Invoice.objects.create(order=order)
    outbox.put(
        "order-confirmation",
        key=str(order.number),
        to=order.email,
        context=letters.confirmation_facts(order),
        language=order.language,
        about=str(order.number),
    )


# --- Paying -------------------------------------------------------------------------------------
def new_attempt(order: Order, method: str, *, now: datetime) -> PaymentAttempt:
    """Note that the buyer is about to pay, before anyone is called. Caller holds the lock."""
    return PaymentAttempt.objects.create(
        order=order,
        method=method,
        amount_ore=order.due.ore,
        created_at=now,
        expires_at=now + reservation(),
    )


def reservation() -> timedelta:
    return timedelta(minutes=settings.RESERVATION_MINUTES)


@transaction.atomic
def attempt_to_pay(pk: int, *, method: str = "", now: datetime) -> PaymentAttempt | None:
    """The attempt to pay by now: the live one, else a new one. None when the order takes no payment.

    `method` empty means as before. A live attempt whose payment page is out is answered whatever its
    method: the caller ends it at the payment service first, since it could still be paid.
    """
    order = lock(pk)
    if not order.takes_payment(now):
        return None
    last = order.attempts.last()
    if last and last.is_live and not _close_unopened(last, order, method, now=now):
        return last
    return _another_attempt(order, method or (last.method if last else order.method), now=now)


def _close_unopened(attempt: PaymentAttempt, order: Order, method: str, *, now: datetime) -> bool:
    """End an attempt that is of no more use; nobody holds its address, so nobody can pay by it."""
    useful = method in {"", attempt.method} and now - attempt.created_at <= SAME_KEY_FOR
    if attempt.session_id or useful:
        return False
    attempt.order = order
    return move(attempt, Attempt.EXPIRED, actor=SYSTEM, cause="betalsidan öppnades aldrig")


def _another_attempt(order: Order, method: str, *, now: datetime) -> PaymentAttempt:
    """The method is what the buyer pays by now; the goods are held for as long as the payment page."""
    attempt = new_attempt(order, method, now=now)
    latest = order.placed_at + LONGEST_HOLD * reservation()
    order.method = method
    order.reserved_until = max(order.reserved_until or now, min(attempt.expires_at, latest))
    order.save(update_fields=["method", "reserved_until"])
    return attempt


@transaction.atomic
def open_attempt(pk: int, *, session_id: str, url: str, expires_at: datetime) -> PaymentAttempt:
    """The payment page exists: keep its id, address and end.

    An attempt that has ended meanwhile stays ended; the caller gives its address to nobody.
    """
    attempt = _locked_attempt(pk)
    attempt.session_id, attempt.url, attempt.expires_at = session_id, url, expires_at
    attempt.save(update_fields=["session_id", "url", "expires_at"])
    if attempt.state == Attempt.CREATED:
        move(attempt, Attempt.OPEN, actor=SYSTEM, cause=session_id)
    return attempt


@transaction.atomic
def close_attempt(pk: int, state: Attempt, *, cause: str, only_unopened: bool = False) -> None:
    """The attempt failed or expired without money; one that has ended already is left alone."""
    attempt = _locked_attempt(pk)
    if attempt.is_live and not (only_unopened and attempt.session_id):
        move(attempt, state, actor=SYSTEM, cause=cause)


@transaction.atomic
def note_disbelief(pk: int, *, actor: str, cause: str, now: datetime) -> bool:
    """Say once in the order's history that a report of money does not fit and was not booked."""
    order = lock(PaymentAttempt.objects.get(pk=pk).order_id)
    said = order.history.filter(machine="payment", new=NOT_BELIEVED, cause=cause)
    if said.exists():
        return False
    order.history.create(machine="payment", new=NOT_BELIEVED, actor=actor, cause=cause, at=now)
    return True


def _locked_attempt(pk: int) -> PaymentAttempt:
    """The attempt as it is once its order's row is locked. Raises Order.DoesNotExist."""
    order = Order.objects.select_for_update(of=("self",)).get(attempts=pk)
    return order.attempts.get(pk=pk)


@transaction.atomic
def record_money(
    *,
    order_pk: int,
    amount: Money,
    reference: str,
    method: str,
    at: datetime,
    actor: str,
    attempt: PaymentAttempt | None = None,
) -> Payment:
    """Book money that has come, once per `reference`, however often and late it is reported.

    A placed order that is now paid is confirmed; a surplus, or money for a cancelled order, becomes a
    refund task. Raises Order.DoesNotExist, and WrongPayment if the reference stands on another order or sum.
    """
    order = lock(order_pk)
    payment, created = Payment.objects.get_or_create(
        reference=reference,
        defaults={
            "order": order,
            "attempt": attempt,
            "amount_ore": amount.ore,
            "method": method,
            "at": at,
            "actor": actor,
        },
    )
    if (payment.order_id, payment.amount_ore) != (order.pk, amount.ore):
        raise WrongPayment(reference)
    if created:
        order.note("payment", "", "booked", actor=actor, cause=reference)
        _act_on_money(order, payment, attempt)
    return payment


def _act_on_money(order: Order, payment: Payment, attempt: PaymentAttempt | None) -> None:
    if attempt:
        attempt.order = order
        attempt.refresh_from_db(fields=["state"])
        move(attempt, Attempt.SUCCEEDED, actor=payment.actor, cause=payment.reference)
    if order.state == Agreement.PLACED and order.is_paid:
        confirm(order, actor=payment.actor, cause=payment.reference)
    elif order.state == Agreement.CONFIRMED:
        _thank(order, payment)
    _plan_refund_of_surplus(order, payment)


def _thank(order: Order, payment: Payment) -> None:
    """Money for an order that was confirmed before: an invoice paid."""
    outbox.put(
        "payment-received",
        key=payment.reference,
        to=order.email,
        context=letters.payment_facts(order, payment),
        language=order.language,
        about=str(order.number),
    )


def _plan_refund_of_surplus(order: Order, payment: Payment) -> None:
    cancelled = order.state == Agreement.CANCELLED
    surplus = min(payment.amount_ore, order.held.ore - (0 if cancelled else order.total.ore))
    if surplus > 0:
        RefundTask.objects.get_or_create(
            key=f"surplus:{payment.reference}",
            defaults={
                "order": order,
                "amount_ore": surplus,
                "reason": "Betalning efter avbeställning" if cancelled else "Betalt för mycket",
                "created_at": payment.at,
            },
        )


# --- Ending -------------------------------------------------------------------------------------
@transaction.atomic
def cancel(pk: int, *, actor: str, cause: str, now: datetime) -> Order:
    """Call the order off and give its stock back. Raises WrongState when a parcel has left.

    Money that was paid becomes a refund task. Cancelling twice is a no-op.
    """
    order = lock(pk)
    if order.state == Agreement.CANCELLED:
        return order
    shipments = list(order.shipments.all())
    if any(row.state not in {Parcel.PLANNED, Parcel.PACKED} for row in shipments):
        raise WrongState(f"agreement {order}", order.state, Agreement.CANCELLED)
    move(order, Agreement.CANCELLED, actor=actor, cause=cause)
    for shipment in shipments:
        move(shipment, Parcel.CANCELLED, actor=actor, cause=cause)
    for invoice in order.invoices.filter(state=InvoiceState.PLANNED):
        move(invoice, InvoiceState.CANCELLED, actor=actor, cause=cause)
    stock.release(order.quantities, cause=str(order.number), actor=actor, at=now)
    if (ours := order.held.ore - _to_send_back(order)) > 0:
        RefundTask.objects.get_or_create(
            key=f"cancelled:{order.number}",
            defaults={"order": order, "amount_ore": ours, "reason": cause, "created_at": now},
        )
    return order


def _to_send_back(order: Order) -> int:
    """Öre that an open task sends back already."""
    return sum(task.amount_ore for task in order.refund_tasks.filter(done_at=None))


@transaction.atomic
def refund_done(task_pk: int, *, actor: str, now: datetime) -> bool:
    """Somebody has sent the money back: book it in the ledger and close the task. False when it was closed before.

    Raises RefundTask.DoesNotExist.
    """
    task = RefundTask.objects.get(pk=task_pk)
    order = lock(task.order_id)
    task.refresh_from_db(fields=["done_at"])
    if task.done_at:
        return False
    Payment.objects.create(
        order=order,
        kind=Payment.Kind.REFUND,
        method=order.method,
        amount_ore=task.amount_ore,
        reference=f"refund-task-{task.pk}",
        at=now,
        actor=actor,
    )
    task.done_at = now
    task.save(update_fields=["done_at"])
    order.note("refund", "", "booked", actor=actor, cause=task.reason)
    return True


@transaction.atomic
def lapse(pk: int, *, now: datetime) -> bool:
    """Give back the goods of an order that was not paid in time. False when it has been paid meanwhile.

    An attempt whose payment page is out stays as it is: only the payment service knows how it ended.
    """
    order = lock(pk)
    if order.state != Agreement.PLACED or order.reserved_until is None or order.reserved_until > now:
        return False
    for attempt in order.attempts.filter(state=Attempt.CREATED, session_id=""):
        attempt.order = order
        move(attempt, Attempt.EXPIRED, actor=SYSTEM, cause="tiden gick ut")
    cancel(pk, actor=SYSTEM, cause="Betalningen kom inte i tid", now=now)
    return True


@transaction.atomic
def abandon(pk: int, *, now: datetime) -> bool:
    """Call off an order whose buyer starts over before paying. False when it stands already."""
    order = lock(pk)
    if order.state != Agreement.PLACED:
        return order.state == Agreement.CANCELLED
    for attempt in order.attempts.filter(state=Attempt.CREATED, session_id=""):
        attempt.order = order
        move(attempt, Attempt.EXPIRED, actor=BUYER, cause="började om")
    cancel(pk, actor=BUYER, cause="Köparen började om", now=now)
    return True


# --- Packing and sending --------------------------------------------------------------------------
@transaction.atomic
def pack(pk: int, *, actor: str, now: datetime) -> Shipment:
    """The parcel is packed. Raises WrongState when the order may not be packed or is packed already."""
    _order, shipment = _order_to_ship(pk, Parcel.PACKED)
    move(shipment, Parcel.PACKED, actor=actor, cause="packning")
    shipment.packed_at = now
    shipment.save(update_fields=["packed_at"])
    return shipment


@transaction.atomic
def send(pk: int, *, tracking_number: str, actor: str, now: datetime) -> Shipment:
    """The parcel has left: the copies leave the stock and the buyer is told. Raises WrongState."""
    order, shipment = _order_to_ship(pk, Parcel.SENT)
    move(shipment, Parcel.SENT, actor=actor, cause=tracking_number or "utan spårning")
    shipment.sent_at, shipment.tracking_number = now, tracking_number
    shipment.save(update_fields=["sent_at", "tracking_number"])
    stock.hand_over(order.quantities, cause=str(order.number), actor=actor, at=now)
    outbox.put(
        "sent",
        key=f"shipment-{shipment.pk}",
        to=order.email,
        context=letters.sent_facts(shipment),
        language=order.language,
        about=str(order.number),
    )
    return shipment


def _order_to_ship(pk: int, new: Parcel) -> tuple[Order, Shipment]:
    order = lock(pk)
    shipment = order.shipments.exclude(state=Parcel.CANCELLED).first()
    if shipment is None or not order.may_be_packed:
        raise WrongState(f"shipment {order}", "none" if shipment is None else shipment.state, new)
    shipment.order = order
    if shipment.state == new:
        raise WrongState(f"shipment {order}", shipment.state, new)
    return order, shipment


@transaction.atomic
def history(order: Order, text: str, *, actor: str, now: datetime) -> HistoryLine:
    """A staff member's own note. The same words twice running by the same person are one note."""
    lock(order.pk)
    last = HistoryLine.objects.filter(order=order).last()
    if last and (last.machine, last.actor, last.cause) == ("note", actor, text):
        return last
    return HistoryLine.objects.create(
        order=order, machine="note", new="note", actor=actor, cause=text, at=now
    )
