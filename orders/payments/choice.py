"""Which payment service is used."""

from __future__ import annotations

from django.conf import settings

from orders.payments import gateway, practice_gateway
from orders.payments.kinds import Gateway


def current() -> Gateway:
    return practice_gateway if settings.PRACTICE_PAYMENTS else gateway
