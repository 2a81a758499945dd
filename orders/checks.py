"""Refuses settings by which nobody, or everybody, could pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def payments(**_options: Any) -> Sequence[CheckMessage]:
    """The demo is where DEV_PAGES is on; everywhere else money is real."""
    if settings.PRACTICE_PAYMENTS:
        return [] if settings.DEV_PAGES else [PRACTICE_OUTSIDE_DEMO]
    if not settings.STRIPE_SECRET_KEY:
        return [NO_KEY]
    if not settings.STRIPE_WEBHOOK_SECRET:
        return [NO_WEBHOOK_SECRET_IN_DEMO if settings.DEV_PAGES else NO_WEBHOOK_SECRET]
    return []


PRACTICE_OUTSIDE_DEMO = Error(
    "PRACTICE_PAYMENTS är på utanför demon: varor skulle lämnas ut utan betalning.",
    hint="Ta bort PRACTICE_PAYMENTS och ange STRIPE_SECRET_KEY.",
    id="orders.E001",
)
NO_KEY = Error(
    "STRIPE_SECRET_KEY saknas: ingen kan betala.",
    hint="Hämta nyckeln hos Stripe under Utvecklare → API-nycklar.",
    id="orders.E002",
)
NO_WEBHOOK_SECRET = Error(
    "STRIPE_WEBHOOK_SECRET saknas: Stripes besked om betalningar avvisas.",
    hint="Lägg till SITE_URL/stripe/webhook/ hos Stripe och ange hemligheten som visas där.",
    id="orders.E003",
)
NO_WEBHOOK_SECRET_IN_DEMO = Warning(
    "STRIPE_WEBHOOK_SECRET saknas: betalningar märks först när köparen återvänder eller vid nästa svep.",
    id="orders.W001",
)
