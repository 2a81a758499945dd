"""What can be done with an order: one transaction each, the order's row locked first."""

from orders.operations.closing import close
from orders.operations.confirming import confirm
from orders.operations.ending import abandon, cancel, lapse
from orders.operations.locking import BUYER, SYSTEM, lock
from orders.operations.noting import history
from orders.operations.paying import (
    NOT_BELIEVED,
    SAME_KEY_FOR,
    WrongPayment,
    attempt_to_pay,
    close_attempt,
    new_attempt,
    note_disbelief,
    open_attempt,
    record_money,
    reservation,
)
from orders.operations.placing import Placement, place
from orders.operations.planning import WrongCopies, stock_cause
from orders.operations.quoting import (
    Accepter,
    AlreadyAccepted,
    Asked,
    NotOpen,
    accept_quote,
    make_quote,
    prolong_quote,
    withdraw_quote,
)
from orders.operations.refunding import plan_refund, refund_done
from orders.operations.shipping import deliver, pack, send, take_back, unpack

__all__ = [
    "BUYER",
    "NOT_BELIEVED",
    "SAME_KEY_FOR",
    "SYSTEM",
    "Accepter",
    "AlreadyAccepted",
    "Asked",
    "NotOpen",
    "Placement",
    "WrongCopies",
    "WrongPayment",
    "abandon",
    "accept_quote",
    "attempt_to_pay",
    "cancel",
    "close",
    "close_attempt",
    "confirm",
    "deliver",
    "history",
    "lapse",
    "lock",
    "make_quote",
    "new_attempt",
    "note_disbelief",
    "open_attempt",
    "pack",
    "place",
    "plan_refund",
    "prolong_quote",
    "record_money",
    "refund_done",
    "reservation",
    "send",
    "stock_cause",
    "take_back",
    "unpack",
    "withdraw_quote",
]
