"""What buyers meet after the basket."""

from orders.views.call_off import call_off
from orders.views.checkout import checkout
from orders.views.complain import complain
from orders.views.quoting import accept, again, ask, quote, quote_pdf
from orders.views.status import order_again, receipt, status
from orders.views.waiting import waiting
from orders.views.withdraw import withdraw, withdraw_confirm

__all__ = [
    "accept",
    "again",
    "ask",
    "call_off",
    "checkout",
    "complain",
    "order_again",
    "quote",
    "quote_pdf",
    "receipt",
    "status",
    "waiting",
    "withdraw",
    "withdraw_confirm",
]
