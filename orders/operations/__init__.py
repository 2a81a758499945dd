"""What can be done with an order: one transaction each, the order's row locked first."""

from orders.operations.closing import close
from orders.operations.confirming import confirm
from orders.operations.differing import Found, close_mended, note_differences, settle_difference
from orders.operations.disputing import record_dispute, record_payout
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
from orders.operations.refunding import cancel_refund, plan_again, plan_refund, refund_done
from orders.operations.sending_back import (
    Answer,
    adopt_refund,
    answer_refund,
    note_refund_disbelief,
    refuse_refund,
    renew_refund_key,
    request_refund,
)
from orders.operations.shipping import deliver, pack, send, take_back, unpack

__all__ = [
    "BUYER",
    "NOT_BELIEVED",
    "SAME_KEY_FOR",
    "SYSTEM",
    "Accepter",
    "AlreadyAccepted",
    "Answer",
    "Asked",
    "Found",
    "NotOpen",
    "Placement",
    "WrongCopies",
    "WrongPayment",
    "abandon",
    "accept_quote",
    "adopt_refund",
    "answer_refund",
    "attempt_to_pay",
    "cancel",
    "cancel_refund",
    "close",
    "close_attempt",
    "close_mended",
    "confirm",
    "deliver",
    "history",
    "lapse",
    "lock",
    "make_quote",
    "new_attempt",
    "note_differences",
    "note_disbelief",
    "note_refund_disbelief",
    "open_attempt",
    "pack",
    "place",
    "plan_again",
    "plan_refund",
    "prolong_quote",
    "record_dispute",
    "record_money",
    "record_payout",
    "refund_done",
    "refuse_refund",
    "renew_refund_key",
    "request_refund",
    "reservation",
    "send",
    "settle_difference",
    "stock_cause",
    "take_back",
    "unpack",
    "withdraw_quote",
]
