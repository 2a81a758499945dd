"""What Stripe sends us, and how we know that it does."""

from __future__ import annotations

import time

import stripe
from django.conf import settings

from orders.payments.kinds import Forged

SIGNATURE_AGE_SECONDS, CLOCK_SKEW_SECONDS = 300, 60


def verified(body: bytes, signature: str) -> str:
    """The body as text, if Stripe has signed it within five minutes. Raises Forged."""
    if not signature.isascii():  # the SDK would raise TypeError
        raise Forged("a signature with foreign characters")
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(
            text, signature, settings.STRIPE_WEBHOOK_SECRET, SIGNATURE_AGE_SECONDS
        )
    except (UnicodeDecodeError, stripe.SignatureVerificationError) as error:
        raise Forged(str(error)[:200]) from error
    _refuse_future(signature)
    return text


def _refuse_future(signature: str) -> None:
    """The SDK accepts any moment to come: a captured message could be used for ever."""
    stamp = next(part for part in signature.split(",") if part.startswith("t="))
    if int(stamp[2:]) > time.time() + CLOCK_SKEW_SECONDS:
        raise Forged("the signature comes from the future")
