"""Everything that has happened to an order, in one list: moves, money, notes, withdrawals and letters; newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications import letters, outbox
from notifications.models import Message
from orders.models import HistoryLine, Order
from orders.operations import SYSTEM
from orders.staff import words

ICONS = {
    "agreement": "form",
    "attempt": "order",
    "payment": "order",
    "refund": "rotate",
    "dispute": "warning",
    "shipment": "redirect",
    "invoice": "doc-full",
    "withdrawal": "rotate",
    "places": "rotate",
    "complaint": "warning",
    "note": "edit",
}


@dataclass(frozen=True, slots=True)
class LetterShown:
    """`readable`: whether the one who looks may open it; `again`: whether it can be sent anew."""

    message: Message
    readable: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, why, who did it and when; a letter has its state with it, money its sum."""

    at: datetime
    icon: str
    what: str
    why: str
    who: str
    amount: str = ""
    letter: LetterShown | None = None


def of(order: Order, user: Any) -> list[Entry]:
    """Two queries beyond those of OrderQuerySet.whole() at most, however long the story."""
    sums = _sums(order) if user.has_perm("orders.view_payment") else {}
    happened = [_happened(line, sums) for line in order.history.all()]
    written = [_written(message, user) for message in _messages(order)]
    # Of what stands at the same moment, the latest written is the latest that happened.
    return sorted([*happened, *written], key=lambda entry: entry.at)[::-1]


def _messages(order: Order) -> list[Message]:
    found = Message.objects.filter(about=order.number).defer("context", "headers")
    return list(found.order_by("created_at", "pk"))


def _sums(order: Order) -> dict[str, str]:
    """What each line of the ledger came to, by its reference."""
    return {row.reference: row.amount.exact() for row in order.payments.all()}


def _happened(line: HistoryLine, sums: dict[str, str]) -> Entry:
    amount = sums.get(line.cause, "") if line.machine in {"payment", "refund"} else ""
    icon = ICONS.get(line.machine, "history")
    return Entry(line.at, icon, words.happening(line), line.cause, line.actor, amount)


def _written(message: Message, user: Any) -> Entry:
    readable = message.letter in letters.readable(user) and user.has_perm("notifications.view_message")
    ended = message.state in outbox.AGAIN and message.to != ""
    shown = LetterShown(
        message, readable, readable and ended and user.has_perm("notifications.resend_message")
    )
    return Entry(message.created_at, "mail", words.letter(message.letter), message.to, SYSTEM, letter=shown)
