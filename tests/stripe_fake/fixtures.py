"""For tests/conftest.py: `from tests.stripe_fake.fixtures import stripe_server`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stripe_fake.server import StripeServer


@pytest.fixture
def stripe_server(settings: Any) -> Iterator[StripeServer]:
    """A Stripe of the test's own; the settings point at it, practice payments are off."""
    server = StripeServer().start()
    settings.PRACTICE_PAYMENTS = False
    settings.STRIPE_SECRET_KEY = server.api_key
    settings.STRIPE_WEBHOOK_SECRET = server.webhook_secret
    settings.STRIPE_API_BASE = server.url
    yield server
    server.stop()
