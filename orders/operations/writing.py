"""Letters about an order and about a notice of withdrawal: to whom, in which language, and where staff find them."""

from __future__ import annotations

from notifications import outbox
from orders.letters import Facts
from orders.models import Order, Withdrawal


def write(letter: str, order: Order, facts: Facts, *, key: str = "", language: str = "") -> None:
    """To the buyer, in the order's language unless another is named; once per `key`, or once per order without."""
    outbox.put(
        letter,
        key=key or str(order.number),
        to=order.email,
        context=facts,
        language=language or order.language,
        about=str(order.number),
    )


def write_of_notice(letter: str, notice: Withdrawal, facts: Facts, *, key: str, to: str = "") -> None:
    """To whoever wrote the notice, who need not be the buyer, or to `to`; once per `key`."""
    outbox.put(
        letter,
        key=key,
        to=to or notice.email,
        context=facts,
        language=notice.language,
        about=str(notice.order.number) if notice.order else "",
    )
