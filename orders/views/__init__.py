"""What buyers meet after the basket."""

from orders.views.checkout import checkout
from orders.views.status import receipt, status
from orders.views.waiting import waiting
from orders.views.withdraw import withdraw, withdraw_confirm

__all__ = ["checkout", "receipt", "status", "waiting", "withdraw", "withdraw_confirm"]
