"""Signs events with the SDK and brings them to the shop."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from stripe import WebhookSignature

from tests.stripe_fake.objects import Json

PATH = "/stripe/webhook/"


def signed(event: Json, secret: str, *, timestamp: int | None = None) -> tuple[str, str]:
    body = json.dumps(event, indent=2)
    return body, WebhookSignature.generate_signature_header(body, secret, timestamp)


def deliver(client: Any, server: Any, event: Json) -> int:
    """By Django's test client; the status it answers."""
    body, signature = server.signed(event)
    answer = client.post(PATH, body, content_type="application/json", headers={"Stripe-Signature": signature})
    return int(answer.status_code)


def post(url: str, event: Json, secret: str) -> int:
    """Over HTTP; 0 when nobody answers."""
    body, signature = signed(event, secret)
    headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
    request = urllib.request.Request(url, body.encode(), headers)  # noqa: S310 our own address
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0
