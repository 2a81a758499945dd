from orders.models.choices import Buyer, Method, WhyCancelled
from orders.models.complaint import Complaint, ComplaintLine, Wish
from orders.models.credit import CreditLimit, CreditStep
from orders.models.invoice import Invoice
from orders.models.order import HistoryLine, Order, OrderLine, VatPart
from orders.models.payment import Payment, PaymentAttempt, PracticeSession, Refund, StripeEvent
from orders.models.quote import (
    Quote,
    QuoteDelivery,
    QuoteDeliveryLine,
    QuoteLine,
    QuoteStep,
    QuoteVat,
    Standing,
)
from orders.models.reconciling import Difference, Dispute, Payout
from orders.models.saved_list import SavedList
from orders.models.shipment import Delivery, DeliveryLine, Shipment, ShipmentLine
from orders.models.withdrawal import MoneyBack, NoticeKind, Withdrawal, WithdrawnLine

__all__ = [
    "Buyer",
    "Complaint",
    "ComplaintLine",
    "CreditLimit",
    "CreditStep",
    "Delivery",
    "DeliveryLine",
    "Difference",
    "Dispute",
    "HistoryLine",
    "Invoice",
    "Method",
    "MoneyBack",
    "NoticeKind",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentAttempt",
    "Payout",
    "PracticeSession",
    "Quote",
    "QuoteDelivery",
    "QuoteDeliveryLine",
    "QuoteLine",
    "QuoteStep",
    "QuoteVat",
    "Refund",
    "SavedList",
    "Shipment",
    "ShipmentLine",
    "Standing",
    "StripeEvent",
    "VatPart",
    "WhyCancelled",
    "Wish",
    "Withdrawal",
    "WithdrawnLine",
]
