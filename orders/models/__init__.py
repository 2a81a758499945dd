from orders.models.invoice import Invoice
from orders.models.order import Buyer, HistoryLine, Method, Order, OrderLine, VatPart
from orders.models.payment import Payment, PaymentAttempt, PracticeSession, Refund, StripeEvent
from orders.models.shipment import Shipment
from orders.models.withdrawal import Withdrawal

__all__ = [
    "Buyer",
    "HistoryLine",
    "Invoice",
    "Method",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentAttempt",
    "PracticeSession",
    "Refund",
    "Shipment",
    "StripeEvent",
    "VatPart",
    "Withdrawal",
]
