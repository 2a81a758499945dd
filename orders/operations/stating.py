"""The notice of withdrawal: recorded and acknowledged at once, whatever the right may be (DAL 2 kap. 10 a §)."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from orders import letters
from orders.models import Order, Withdrawal
from orders.operations.locking import BUYER, lock, lock_inbox
from orders.operations.writing import write_of_notice
from shop import limits

PER_HOUR = 10
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the buyer states, and nothing else may be asked for."""

    name: str
    order_number: str
    email: str
    rows: str = ""

    def key(self, judged: int) -> str:
        """The same for the same statement, and unguessable: stating it twice is stating it once.

        `judged` such notices have been answered: who states it again after that states something new.
        """
        parts = "\x00".join([*asdict(self).values(), *([str(judged)] if judged else [])])
        return salted_hmac("orders.withdrawal", parts, algorithm="sha256").hexdigest()


@transaction.atomic
def withdraw(statement: Statement, *, now: datetime, language: str = "sv") -> Withdrawal:
    """Record the notice and write its receipt in `language`, once per identical statement that waits. Raises TooMany.

    Known and unknown order numbers get the same answer: the page must tell nobody which orders exist,
    and the site cannot judge the right. Staff do.
    """
    same = list(Withdrawal.objects.withdrawals().filter(**asdict(statement)))
    if waiting := next((notice for notice in same if notice.is_open), None):
        return waiting
    _refuse_floods(statement.email, now=now)
    withdrawal, created = Withdrawal.objects.get_or_create(
        key=statement.key(len(same)),
        defaults={
            **asdict(statement),
            "received_at": now,
            "order": _order(statement),
            "language": language,
        },
    )
    if created:
        _note(withdrawal, now=now)
        acknowledge(withdrawal)
    return withdrawal


def _refuse_floods(email: str, *, now: datetime) -> None:
    """Each notice is a letter to that inbox, whoever wrote it: counted where the letters are, one at a time."""
    inbox = limits.inbox(email)
    lock_inbox(inbox)
    recent = Withdrawal.objects.filter(received_at__gt=now - HOUR, email__iendswith=inbox.rpartition("@")[2])
    times = [at for at, to in recent.values_list("received_at", "email") if limits.inbox(to) == inbox]
    if len(times) >= PER_HOUR:
        earlier = sorted(times)[-PER_HOUR]
        raise limits.TooMany(math.ceil((earlier + HOUR - now).total_seconds()))


def _order(statement: Statement) -> Order | None:
    return Order.objects.filter(number=statement.order_number.upper().replace(" ", "")).first()


def _note(withdrawal: Withdrawal, *, now: datetime) -> None:
    """Show staff who open the order that it has been withdrawn from."""
    if withdrawal.order_id is None:
        return
    order = lock(withdrawal.order_id)
    order.note(
        "withdrawal",
        "",
        "received",
        actor=BUYER,
        cause=withdrawal.rows[:200] or "hela beställningen",
        now=now,
    )


def acknowledge(withdrawal: Withdrawal, *, by_word: bool = False) -> None:
    """Write the receipt that the law wants at once; `by_word` when the buyer has said it to us."""
    facts = letters.withdrawal_facts(withdrawal, by_word=by_word)
    write_of_notice("withdrawal-receipt", withdrawal, facts, key=withdrawal.key)
