"""Quotes: made, changed, withdrawn, accepted. The quote's row is locked first, then what an order locks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from notifications import outbox
from orders.deliveries import Address
from orders.models import Order, Quote, QuoteLine, QuoteStep, QuoteVat, Standing
from orders.models.choices import new_key
from orders.operations import freezing
from orders.operations.addressing import address_quote, stored
from orders.operations.locking import BUYER, SYSTEM, lock_quote
from orders.operations.placing import Placement, place
from orders.quotes.facts import accepted_facts, quote_facts
from orders.states import Quotation, WrongState, move
from shop.pricing import Priced


@dataclass(frozen=True, slots=True)
class Asked:
    """What a quote is made of beside the goods. `details` are the Quote's own fields for who asks."""

    form_key: str
    details: dict[str, Any] = field(default_factory=dict)
    language: str = "sv"
    actor: str = BUYER
    deliveries: Sequence[Address] = ()  # several addresses, whose copies together are the quote's


@dataclass(frozen=True, slots=True)
class Accepter:
    name: str
    email: str
    role: str


class NotOpen(Exception):
    """The quote cannot be accepted: it has run out or was withdrawn."""

    def __init__(self, quote: Quote, standing: Standing) -> None:
        super().__init__(f"{quote}: {standing}")
        self.quote, self.standing = quote, standing


class AlreadyAccepted(Exception):
    """Somebody was first. Carries the order that stands."""

    def __init__(self, quote: Quote, order: Order) -> None:
        super().__init__(f"{quote}: {order}")
        self.quote, self.order = quote, order


# --- Made -----------------------------------------------------------------------------------------
def make_quote(asked: Asked, priced: Priced, *, days: int, now: datetime) -> Quote:
    """Freeze a priced basket as a quote that is good for so many days, once per form key; send it."""
    try:
        with translation.override(asked.language):  # the rows are frozen in the reader's words
            return _make(asked, priced, days=days, now=now)
    except IntegrityError:
        # The same form was sent before, perhaps this very moment; anything else is a real fault.
        if existing := Quote.objects.filter(form_key=asked.form_key).first():
            return existing
        raise


@transaction.atomic
def _make(asked: Asked, priced: Priced, *, days: int, now: datetime) -> Quote:
    quote = _create(asked, priced, days=days, now=now)
    quote.number = f"OF-{now.astimezone(settings.STOCKHOLM):%Y}-{quote.pk:06}"
    quote.save(update_fields=["number"])
    address_quote(quote, _freeze_lines(quote, priced), asked.deliveries)
    move(quote, Quotation.OPEN, actor=asked.actor, cause=f"gäller till {quote.valid_until}", now=now)
    _send(quote)
    return quote


def _create(asked: Asked, priced: Priced, *, days: int, now: datetime) -> Quote:
    return Quote.objects.create(
        form_key=asked.form_key,
        language=asked.language,
        made_at=now,
        valid_until=now.astimezone(settings.STOCKHOLM).date() + timedelta(days=days),
        **freezing.sums(priced),
        **asked.details,
    )


def _freeze_lines(quote: Quote, priced: Priced) -> list[QuoteLine]:
    lines = QuoteLine.objects.bulk_create(QuoteLine(quote=quote, **row) for row in freezing.rows(priced))
    QuoteVat.objects.bulk_create(QuoteVat(quote=quote, **share) for share in freezing.shares(priced, lines))
    return lines


def _send(quote: Quote) -> None:
    """One letter for each step that gave it a last day: one that it has had before is news again."""
    steps = QuoteStep.objects.filter(quote=quote).count()
    _write("quote", quote, key=f"{quote.number}:{quote.valid_until}:{steps}")


def _write(letter: str, quote: Quote, *, key: str) -> None:
    """To who asked for the quote."""
    outbox.put(
        letter,
        key=key,
        to=quote.email,
        context=quote_facts(quote),
        language=quote.language,
        about=str(quote.number),
    )


# --- Changed by staff -----------------------------------------------------------------------------
@transaction.atomic
def withdraw_quote(pk: int, *, actor: str, cause: str, now: datetime) -> Quote:
    """Nobody can accept it any more, and the asker is told; `cause` stays with us.

    Twice is a no-op; raises WrongState when an order of it stands.
    """
    quote = _open_again(lock_quote(pk), now=now)
    if move(quote, Quotation.WITHDRAWN, actor=actor, cause=cause, now=now):
        _write("quote-withdrawn", quote, key=str(quote.number))
    return quote


@transaction.atomic
def prolong_quote(pk: int, *, valid_until: date, actor: str, now: datetime) -> Quote:
    """Give an open quote, run out or not, another last day and tell the asker. Raises WrongState."""
    quote = _open_again(lock_quote(pk), now=now)
    if quote.state != Quotation.OPEN:
        raise WrongState(f"quote {quote}", quote.state, Quotation.OPEN)
    if valid_until == quote.valid_until:
        return quote
    quote.note("quote", str(quote.valid_until), str(valid_until), actor=actor, cause="ny giltighet", now=now)
    quote.valid_until = valid_until
    quote.save(update_fields=["valid_until"])
    _send(quote)
    return quote


def _open_again(quote: Quote, *, now: datetime) -> Quote:
    """As it was before an order that has been called off. Caller holds the lock."""
    if quote.is_left:
        move(quote, Quotation.OPEN, actor=SYSTEM, cause="beställningen avbeställd", now=now)
    return quote


# --- Accepted -------------------------------------------------------------------------------------
@transaction.atomic
def accept_quote(pk: int, placement: Placement, accepter: Accepter, *, now: datetime) -> Order:
    """Place the order at the quoted prices, whatever the catalogue says by now, to the quoted addresses if it has any.
    Stock is taken here.

    Once only, also when two press at the same moment: the second raises AlreadyAccepted. Raises NotOpen
    when the quote has run out or was withdrawn, stock.SoldOut when a copy is missing; nothing is kept then.
    """
    quote = _open_again(lock_quote(pk), now=now)
    if order := quote.live_order:
        raise AlreadyAccepted(quote, order)
    if (standing := quote.standing(now)) != Standing.OPEN:
        raise NotOpen(quote, standing)
    # A key of its own: one that came with a form could be another order's.
    placement = replace(
        placement,
        checkout_key=new_key(),
        details={**placement.details, "quote": quote},
        deliveries=stored(quote.deliveries.all(), quote.lines.all()),
    )
    order, _new = place(placement, quote.priced(), now=now)
    move(quote, Quotation.ACCEPTED, actor=accepter.name, cause=str(order.number), now=now)
    _note_accepter(quote, accepter, now)
    _tell_both(quote, order)
    return order


def _note_accepter(quote: Quote, accepter: Accepter, now: datetime) -> None:
    quote.accepted_at = now
    quote.accepter_name, quote.accepter_email = accepter.name, accepter.email
    quote.accepter_role = accepter.role
    quote.save(update_fields=["accepted_at", "accepter_name", "accepter_email", "accepter_role"])


def _tell_both(quote: Quote, order: Order) -> None:
    """The order's own letters go to the order's address; who asked and who said yes want to know too."""
    number, told = str(order.number), {order.email.lower()}
    for to, key, by in ((quote.email, number, False), (quote.accepter_email, f"{number}/accepter", True)):
        if to.lower() in told:
            continue
        told.add(to.lower())
        outbox.put(
            "quote-accepted",
            key=key,
            to=to,
            context=accepted_facts(quote, number, to_accepter=by),
            language=quote.language,
            about=str(quote.number),
        )
