"""Stripe. The only package that imports its SDK; names and fields follow the SDK's own types, version 16.1."""

from orders.payments.gateway.disputes import dispute_page, disputes, fetch_dispute
from orders.payments.gateway.money import fetch_money, fetch_payout, money_taken, payouts
from orders.payments.gateway.refunds import create_refund, fetch_refund, refunds, refunds_of
from orders.payments.gateway.sessions import create_session, expire, fetch
from orders.payments.gateway.signing import verified

NAME = "Stripe"

__all__ = [
    "NAME",
    "create_refund",
    "create_session",
    "dispute_page",
    "disputes",
    "expire",
    "fetch",
    "fetch_dispute",
    "fetch_money",
    "fetch_payout",
    "fetch_refund",
    "money_taken",
    "payouts",
    "refunds",
    "refunds_of",
    "verified",
]
