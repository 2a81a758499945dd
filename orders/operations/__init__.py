"""What can be done with an order: one transaction each, the order's row locked first."""

from orders.operations.approving import approve, refuse
from orders.operations.calling_off import call_off, cancel_for_buyer, may_be_called_off
from orders.operations.closing import close, event_ends
from orders.operations.complaining import (
    NotHandedOver,
    complain,
    refuse_complaint,
    reopen_complaint,
    settle_complaint,
)
from orders.operations.confirming import confirm
from orders.operations.crediting import set_credit_limit
from orders.operations.differing import Found, close_mended, note_differences, settle_difference
from orders.operations.disputing import record_dispute, record_payout
from orders.operations.ending import abandon, cancel, lapse, may_be_cancelled
from orders.operations.giving_back import ask_anew, give_back
from orders.operations.keeping_lists import drop_list, keep_list
from orders.operations.locking import BUYER, SYSTEM, lock
from orders.operations.noting import write_note
from orders.operations.paying import (
    NOT_BELIEVED,
    SAME_KEY_FOR,
    WrongPayment,
    attempt_to_pay,
    close_attempt,
    invite_to_pay,
    mail_way_to_pay,
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
from orders.operations.refunding import cancel_refund, plan_again, plan_refund, refund_done, send_back
from orders.operations.returning import settle_return
from orders.operations.sending_back import (
    Answer,
    adopt_refund,
    answer_refund,
    note_refund_disbelief,
    refuse_refund,
    renew_refund_key,
    request_refund,
)
from orders.operations.shipping import StillPacked, deliver, pack, send, take_back, unpack
from orders.operations.stating import Statement, withdraw
from orders.operations.tracking import correct_tracking
from orders.operations.withdrawing import (
    NoOrder,
    NothingLeft,
    NothingSent,
    NotWhole,
    TooMuchOff,
    await_goods,
    goods_back,
    goods_proven,
    judge_anew,
    let_rest_go,
    refund_withdrawal,
    refuse_withdrawal,
    set_aside,
    tie,
)

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
    "NoOrder",
    "NotHandedOver",
    "NotOpen",
    "NotWhole",
    "NothingLeft",
    "NothingSent",
    "Placement",
    "Statement",
    "StillPacked",
    "TooMuchOff",
    "WrongCopies",
    "WrongPayment",
    "abandon",
    "accept_quote",
    "adopt_refund",
    "answer_refund",
    "approve",
    "ask_anew",
    "attempt_to_pay",
    "await_goods",
    "call_off",
    "cancel",
    "cancel_for_buyer",
    "cancel_refund",
    "close",
    "close_attempt",
    "close_mended",
    "complain",
    "confirm",
    "correct_tracking",
    "deliver",
    "drop_list",
    "event_ends",
    "give_back",
    "goods_back",
    "goods_proven",
    "invite_to_pay",
    "judge_anew",
    "keep_list",
    "lapse",
    "let_rest_go",
    "lock",
    "mail_way_to_pay",
    "make_quote",
    "may_be_called_off",
    "may_be_cancelled",
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
    "refund_withdrawal",
    "refuse",
    "refuse_complaint",
    "refuse_refund",
    "refuse_withdrawal",
    "renew_refund_key",
    "reopen_complaint",
    "request_refund",
    "reservation",
    "send",
    "send_back",
    "set_aside",
    "set_credit_limit",
    "settle_complaint",
    "settle_difference",
    "settle_return",
    "stock_cause",
    "take_back",
    "tie",
    "unpack",
    "withdraw",
    "withdraw_quote",
    "write_note",
]
