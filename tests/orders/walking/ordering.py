"""Steps of agreement and money."""

from __future__ import annotations

from datetime import timedelta

from orders import operations
from orders.models import (
    Complaint,
    Delivery,
    DeliveryLine,
    Dispute,
    Method,
    Order,
    Payment,
    PaymentAttempt,
    Refund,
    WhyCancelled,
)
from orders.operations import Placement
from orders.states import Attempt, RefundState, WrongState
from shop import pricing, stock
from shop.basket import Basket, Row
from shop.money import Money
from tests.orders.walking.books import Box, Known
from tests.orders.walking.walk import Walk

PRIVATE = {
    "buyer": "private",
    "name": "Karin Ek",
    "email": "karin@bjorkvik.example",
    "phone": "+46701234567",
    "address_line1": "Storgatan 12",
    "postal_code": "53132",
    "city": "Björkvik",
}


def place(walk: Walk) -> None:
    chosen = walk.die.sample(sorted(walk.skus), walk.die.randint(1, 2))
    wanted = {sku: walk.die.randint(1, 5) for sku in chosen}
    on_invoice = walk.chance(0.3)
    key = f"walk-{walk.number}"
    placement = Placement(key, Method.INVOICE if on_invoice else Method.CARD, somebody(walk))
    priced = pricing.price(Basket({sku: Row(n, 0) for sku, n in wanted.items()}, key), today=walk.now.date())
    enough = walk.books.enough({walk.skus[sku]: number for sku, number in wanted.items()})
    if walk.does(
        f"place {wanted} {placement.method}",
        lambda: operations.place(placement, priced, now=walk.now),
        None if enough else stock.SoldOut,
    ):
        know(walk, Order.objects.get(checkout_key=key), on_invoice=on_invoice)


def somebody(walk: Walk) -> dict[str, str]:
    """A buyer with an address of their own."""
    return {**PRIVATE, "email": f"karin{walk.number}@bjorkvik.example"}


def know(walk: Walk, made: Order, *, on_invoice: bool, quote: int = 0) -> None:
    lines = list(made.lines.all())
    order = Known(
        pk=made.pk,
        total=made.total.ore,
        on_invoice=on_invoice,
        lines={line.pk: line.quantity for line in lines},
        products={line.pk: line.product_id for line in lines},
        key=made.checkout_key,
        held_until=made.reserved_until,
        gross={line.pk: line.gross_ore for line in lines},
        quote=quote,
    )
    walk.books.orders[made.pk] = order
    walk.books.reserve(order)
    if on_invoice:
        if not walk.approves:
            confirmed(walk, order)
    elif walk.chance(0.25):
        _send_to_several(walk, order)


def _send_to_several(walk: Walk, order: Known) -> None:
    """Two addresses for some of the copies."""
    left = dict(order.lines)
    for position in range(2):
        if not (copies := {line: n for line, n in left.items() if n}):
            return
        copies = walk.some_of(copies)
        facts = {"name": "Ali", "address_line1": "Torget 1", "postal_code": "53133", "city": "Björkvik"}
        to = Delivery.objects.create(order_id=order.pk, position=position, **facts)
        DeliveryLine.objects.bulk_create(
            DeliveryLine(delivery=to, line_id=line, quantity=number) for line, number in copies.items()
        )
        order.addresses[to.pk] = copies
        left = {line: number - copies.get(line, 0) for line, number in left.items()}


def confirmed(walk: Walk, order: Known) -> None:
    order.state, order.was_confirmed = "confirmed", True
    walk.adopt_boxes(order, [Box("planned", copies, to) for to, copies in order.planned()])


# --- Money that comes -------------------------------------------------------------------------------
def pay(walk: Walk) -> None:
    if not (order := walk.an_order()):
        return
    due = max(order.total - order.held, 0)
    ore = walk.die.choice(
        [due or 100, due or order.total, walk.die.randint(1, order.total), order.total + 700]
    )
    attempt = _opened_attempt(walk, order) if walk.chance(0.6) else None
    reference = f"walk:{walk.number}"
    on_its_way = walk.open_refunds(order)
    walk.does(
        f"pay {ore} of {order.total} on {order.pk} {order.state}{' by its attempt' if attempt else ''}",
        lambda: operations.record_money(
            order_pk=order.pk,
            amount=Money(ore),
            reference=reference,
            method="card",
            at=walk.now,
            actor="Stripe",
            attempt=attempt,
            now=walk.now,
        ),
    )
    order.paid += ore
    _act_on_money(walk, order, on_its_way)


def _opened_attempt(walk: Walk, order: Known) -> PaymentAttempt | None:
    attempt = PaymentAttempt.objects.filter(order=order.pk).last()
    if attempt and attempt.state == Attempt.CREATED:
        operations.open_attempt(
            attempt.pk,
            session_id=f"cs_{attempt.pk}",
            url="",
            expires_at=walk.now + timedelta(minutes=30),
            now=walk.now,
        )
    return attempt


def _act_on_money(walk: Walk, order: Known, on_its_way: int) -> None:
    """Late money revives what the clock has ended, if the goods are there and it is all that it costs."""
    lapsed = order.state == "cancelled" and order.by_the_clock
    theirs = [
        other.state for other in walk.books.orders.values() if order.quote and other.quote == order.quote
    ]
    replaced = any(state != "cancelled" for state in theirs)
    paid_whole = order.held - on_its_way >= order.total and not walk.books.is_withdrawn_from(order)
    if lapsed and paid_whole and not replaced and walk.books.enough(order.wanted):
        order.state = "placed"
        walk.books.reserve(order)
    if order.state == "placed" and order.held >= order.total:
        confirmed(walk, order)


def pay_again_under_a_known_reference(walk: Walk) -> None:
    """The same report is nothing new; another sum or order under its reference is not believed."""
    booked = Payment.objects.filter(kind="payment").order_by("-pk").first()
    if booked is None:
        return
    ore = booked.amount_ore + walk.die.choice([0, 1])

    def act() -> None:
        operations.record_money(
            order_pk=booked.order_id,
            amount=Money(ore),
            reference=booked.reference,
            method="card",
            at=walk.now,
            actor="Stripe",
            now=walk.now,
        )

    if ore == booked.amount_ore:
        walk.nothing_comes_of("the same money again", act)
    else:
        walk.does("other money under a known reference", act, operations.WrongPayment)


def try_to_pay(walk: Walk) -> None:
    if order := walk.an_order():
        walk.say(f"try to pay {order.pk} {order.state}")
        attempt = operations.attempt_to_pay(order.pk, now=walk.now)
        in_time = order.held_until is None or order.held_until > walk.now
        takes = order.state == "placed" and not order.on_invoice
        assert (attempt is not None) == (takes and in_time and order.held < order.total)
        order.held_until = Order.objects.values_list("reserved_until", flat=True).get(pk=order.pk)


# --- Orders that end --------------------------------------------------------------------------------
def given_back(order: Known, *, by_the_clock: bool) -> None:
    order.state, order.by_the_clock = "cancelled", by_the_clock
    order.promised.clear()
    for box in order.live:
        box.state = "cancelled"


def lapse(walk: Walk) -> None:
    if not (order := walk.an_order("placed") or walk.an_order()):
        return
    act = lambda: operations.lapse(order.pk, now=walk.now)  # noqa: E731
    if order.state == "placed" and order.held_until and order.held_until <= walk.now:
        walk.does(f"lapse {order.pk}", act)
        given_back(order, by_the_clock=True)
    else:
        walk.nothing_comes_of(f"lapse {order.pk} {order.state}", act)


def abandon(walk: Walk) -> None:
    if not (order := walk.an_order()):
        return
    act = lambda: operations.abandon(order.pk, now=walk.now)  # noqa: E731
    if order.state == "placed":
        walk.does(f"abandon {order.pk}", act)
        given_back(order, by_the_clock=False)
    else:
        walk.nothing_comes_of(f"abandon {order.pk} {order.state}", act)


def cancel(walk: Walk) -> None:
    if not (order := walk.an_order()):
        return
    why = walk.die.choice(list(WhyCancelled))
    act = lambda: operations.cancel_for_buyer(  # noqa: E731
        order.pk, why=why, reason="ringde", actor="maja", now=walk.now
    )
    words = f"cancel {order.pk} {order.state}"
    if order.state == "cancelled":
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if order.may_be_cancelled else WrongState):
        given_back(order, by_the_clock=False)
        walk.books.told_of_cancelling += 1


def close(walk: Walk) -> None:
    arrived = [
        order
        for order in walk.books.orders.values()
        if order.state == "confirmed" and order.fulfilment_word in {"delivered", "returned"}
    ]
    order = walk.die.choice(arrived) if arrived and walk.chance(0.7) else walk.an_order("confirmed", "closed")
    if order is None:
        return
    act = lambda: operations.close(order.pk, now=walk.now + timedelta(days=60))  # noqa: E731
    failed = Refund.objects.filter(order=order.pk, state=RefundState.FAILED, tried_again=None).count()
    mine = [said.state for said in walk.books.notices if said.order == order.pk]
    waiting = sum(state in {"received", "awaited"} for state in mine)
    waiting += Complaint.objects.filter(order=order.pk, state="open").count()
    waiting += Dispute.objects.open().filter(order=order.pk).count()
    judged = bool({"refunded", "refused"} & set(mine))
    if order.has_ended(walk.open_refunds(order) + failed + waiting, judged=judged):
        walk.does(f"close {order.pk}", act)
        order.state = "closed"
    else:
        walk.nothing_comes_of(f"close {order.pk} {order.state}", act)


def note(walk: Walk) -> None:
    if order := walk.an_order():
        known, text = Order.objects.get(pk=order.pk), f"ringde {walk.number}"
        walk.does(
            f"note on {order.pk}", lambda: operations.write_note(known, text, actor="maja", now=walk.now)
        )


# --- Money that goes --------------------------------------------------------------------------------
def plan_refund(walk: Walk) -> None:
    """Never more than is held less what is on its way."""
    if not (order := walk.an_order()):
        return
    wanted, left = walk.die.randint(1, order.total), order.held - walk.open_refunds(order)
    before = set(Refund.objects.filter(order=order.pk).values_list("pk", flat=True))
    walk.does(
        f"plan to send {wanted} of {left} back on {order.pk}",
        lambda: operations.plan_refund(
            operations.lock(order.pk),
            key=f"walk:{walk.number}",
            amount=Money(wanted),
            reason="rabatt",
            actor="ekonomen",
            now=walk.now,
        ),
    )
    made = Refund.objects.filter(order=order.pk).exclude(pk__in=before)
    assert sum(row.amount_ore for row in made) == min(wanted, max(left, 0))


def a_refund(walk: Walk, *states: RefundState) -> Refund | None:
    latest = list(Refund.objects.filter(state__in=states).order_by("-pk").select_related("source")[:20])
    return walk.die.choice(latest) if latest else None


def refund_by_hand(walk: Walk) -> None:
    if not (refund := a_refund(walk, RefundState.PLANNED, RefundState.SUCCEEDED, RefundState.CANCELLED)):
        return
    act = lambda: operations.refund_done(refund.pk, actor="ekonomen", now=walk.now)  # noqa: E731
    words = f"refund {refund.pk} {refund.state} of {refund.order_id} by hand"
    if refund.state == RefundState.SUCCEEDED:
        walk.nothing_comes_of(words, act)
    else:
        by_hand = refund.state == RefundState.PLANNED and refund.is_by_hand
        if walk.does(words, act, None if by_hand else WrongState):
            walk.books.orders[refund.order_id].back += refund.amount_ore


def ask_the_gateway(walk: Walk) -> None:
    """Only for money that came through it, only until it has ended, only if a bank has not taken it since, and only
    while no earlier ask may be at work."""
    if not (refund := a_refund(walk, *RefundState)):
        return
    walk.say(f"ask the gateway to refund {refund.pk} {refund.state}, source {refund.source_id}")
    order = walk.books.orders[refund.order_id]
    is_there = refund.state != RefundState.PLANNED or walk.open_refunds(order) <= order.held
    asked = operations.request_refund(refund.pk, now=walk.now)
    is_free = not refund.is_being_asked_about(walk.now)
    assert (asked is not None) == (refund.is_open and not refund.is_by_hand and is_there and is_free)


# What the gateway may say of a refund, and the states in which that is news.
NEWS = {
    RefundState.PENDING: {RefundState.REQUESTED},
    RefundState.SUCCEEDED: {RefundState.REQUESTED, RefundState.PENDING},
    RefundState.FAILED: {RefundState.REQUESTED, RefundState.PENDING, RefundState.SUCCEEDED},
}


def hear_from_the_gateway(walk: Walk) -> None:
    """Late, twice, out of order; what has gone may fail weeks later."""
    states = (RefundState.REQUESTED, RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED)
    if not (refund := a_refund(walk, *states)) or refund.is_by_hand:
        return
    [says] = walk.die.choices(list(NEWS), [1, 2, 1])
    answer = operations.Answer(refund.gateway_id or f"re_{refund.pk}", says)
    act = lambda: operations.answer_refund(refund.pk, answer, actor="Stripe", now=walk.now)  # noqa: E731
    words = f"the gateway says {says} of refund {refund.pk} {refund.state} of {refund.order_id}"
    if refund.state not in NEWS[says]:
        walk.nothing_comes_of(words, act)
        return
    walk.does(words, act)
    order = walk.books.orders[refund.order_id]
    if says == RefundState.SUCCEEDED:
        order.back += refund.amount_ore
    elif says == RefundState.FAILED and refund.state == RefundState.SUCCEEDED:
        order.back -= refund.amount_ore


def try_a_refund_again(walk: Walk) -> None:
    if not (refund := a_refund(walk, *RefundState)):
        return
    walk.does(
        f"plan refund {refund.pk} {refund.state} again",
        lambda: operations.plan_again(refund.pk, actor="ekonomen", now=walk.now),
        None if refund.state == RefundState.FAILED else WrongState,
    )


def cancel_a_refund(walk: Walk) -> None:
    if not (refund := a_refund(walk, *RefundState)):
        return
    act = lambda: operations.cancel_refund(refund.pk, actor="ekonomen", now=walk.now)  # noqa: E731
    words = f"cancel refund {refund.pk} {refund.state}"
    if refund.state == RefundState.CANCELLED:
        walk.nothing_comes_of(words, act)
    else:
        walk.does(
            words, act, None if refund.state in {RefundState.PLANNED, RefundState.FAILED} else WrongState
        )


STEPS = {
    place: 14,
    pay: 14,
    pay_again_under_a_known_reference: 2,
    try_to_pay: 3,
    lapse: 5,
    abandon: 1,
    cancel: 2,
    close: 4,
    note: 1,
    plan_refund: 2,
    refund_by_hand: 4,
    ask_the_gateway: 4,
    hear_from_the_gateway: 5,
    try_a_refund_again: 1,
    cancel_a_refund: 1,
}
