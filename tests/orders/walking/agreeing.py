"""Steps of organisations and banks: approval, quotes, disputes."""

from __future__ import annotations

from django.conf import settings

from orders import operations
from orders.models import Dispute, Method, Payment
from orders.operations import Accepter, Asked, Placement
from orders.states import WrongState
from shop import pricing, stock
from shop.basket import Basket, Row
from shop.models import Company
from tests.orders.walking.books import Offer
from tests.orders.walking.ordering import confirmed, given_back, know, somebody
from tests.orders.walking.walk import Refusal, Walk


# --- Approval -------------------------------------------------------------------------------------------
def change_what_must_be_approved(walk: Walk) -> None:
    walk.approves = not walk.approves
    walk.say(f"new invoice customers are approved: {walk.approves}")
    company = Company.load()
    company.approve_new_invoice_buyers = walk.approves
    company.save()


def approve(walk: Walk) -> None:
    if not (order := walk.an_order("placed") or walk.an_order()):
        return
    act = lambda: operations.approve(order.pk, actor="eva", now=walk.now)  # noqa: E731
    words = f"approve {order.pk} {order.state}"
    if order.state in {"confirmed", "closed"}:
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if order.awaits_approval else WrongState):
        confirmed(walk, order)


def refuse(walk: Walk) -> None:
    if not (order := walk.an_order("placed") or walk.an_order()):
        return
    act = lambda: operations.refuse(order.pk, actor="eva", cause="okänd", now=walk.now)  # noqa: E731
    words = f"refuse {order.pk} {order.state}"
    if order.state == "cancelled":
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if order.awaits_approval else WrongState):
        given_back(order, by_the_clock=False)


# --- Quotes ---------------------------------------------------------------------------------------------
def make_quote(walk: Walk) -> None:
    wanted = {sku: walk.die.randint(1, 4) for sku in walk.die.sample(sorted(walk.skus), 2)}
    priced = pricing.price(Basket({sku: Row(n, 0) for sku, n in wanted.items()}, "q"), today=walk.now.date())
    asked = Asked(f"quote-{walk.number}", {"name": "Karin Ek", "email": "karin@bjorkvik.example"})
    walk.say(f"make a quote of {wanted}")
    made = operations.make_quote(asked, priced, days=1, now=walk.now)
    walk.again(lambda: operations.make_quote(asked, priced, days=1, now=walk.now))
    by_product = {walk.skus[sku]: number for sku, number in wanted.items()}
    walk.books.offers.append(Offer(made.pk, by_product, walk.chance(0.5), made.valid_until))


def accept_quote(walk: Walk) -> None:
    if not walk.books.offers:
        return
    offer = walk.die.choice(walk.books.offers[-4:])
    placement = Placement("", Method.INVOICE if offer.on_invoice else Method.CARD, somebody(walk))
    accepter = Accepter("Ulla", "ulla@bjorkvik.example", "chef")
    refused = _not_to_be_had(walk, offer)
    words = f"accept quote {offer.pk}"
    if refused:
        walk.does(
            words, lambda: operations.accept_quote(offer.pk, placement, accepter, now=walk.now), refused
        )
        return
    walk.say(words)
    made = operations.accept_quote(offer.pk, placement, accepter, now=walk.now)
    know(walk, made, on_invoice=offer.on_invoice, quote=offer.pk)


def _stands(walk: Walk, offer: Offer) -> bool:
    """Whether an order of it stands, or still holds money."""
    made = [order for order in walk.books.orders.values() if order.quote == offer.pk]
    return any(order.state != "cancelled" or order.held for order in made)


def _not_to_be_had(walk: Walk, offer: Offer) -> Refusal:
    if _stands(walk, offer):
        return operations.AlreadyAccepted
    if offer.withdrawn or walk.now.astimezone(settings.STOCKHOLM).date() > offer.last_day:
        return operations.NotOpen
    return None if walk.books.enough(offer.wanted) else stock.SoldOut


def withdraw_quote(walk: Walk) -> None:
    if not walk.books.offers:
        return
    offer = walk.die.choice(walk.books.offers[-4:])
    act = lambda: operations.withdraw_quote(offer.pk, actor="eva", cause="fel pris", now=walk.now)  # noqa: E731
    words = f"withdraw quote {offer.pk}"
    if offer.withdrawn:
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, WrongState if _stands(walk, offer) else None):
        offer.withdrawn = True


# --- Disputes -------------------------------------------------------------------------------------------
def dispute(walk: Walk) -> None:
    """A bank asks, and later decides, now and then twice."""
    payment = Payment.objects.filter(kind="payment").order_by("-pk").first()
    latest = Dispute.objects.order_by("-pk").first()
    if latest and walk.chance(0.7):
        payment = latest.payment
    if payment is None:
        return
    order = walk.books.orders[payment.order_id]
    name, status = f"dp_{payment.pk}", walk.die.choice(["needs_response", "under_review", "won", "lost"])
    facts = {
        "amount_ore": payment.amount_ore,
        "reason": "fraudulent",
        "status": status,
        "opened_at": walk.now,
    }
    lines = Payment.objects.filter(reference__startswith=f"{name}:")
    taken, seen = -sum(row.signed.ore for row in lines), Dispute.objects.revision(name)
    act = lambda: operations.record_dispute(  # noqa: E731
        payment.pk, name, facts, seen=seen, actor="Stripe", now=walk.now
    )
    walk.does(f"dispute {name} is {status}, {order.pk}", act)
    if status == "lost" and not taken:
        order.back += payment.amount_ore
        order.taken += payment.amount_ore
        order.disputed = True
    if status == "won" and taken:
        order.back -= payment.amount_ore
        order.taken -= payment.amount_ore


STEPS = {
    change_what_must_be_approved: 1,
    approve: 2,
    refuse: 1,
    make_quote: 2,
    accept_quote: 3,
    withdraw_quote: 1,
    dispute: 1,
}
