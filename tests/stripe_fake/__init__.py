"""A Stripe of our own over HTTP: sessions, refunds, disputes, payouts. As strict as the SDK's own types, and as
unreliable as a test wants.

In a test take the fixture `stripe_server`; by hand run `python -m tests.stripe_fake --port 12111`.
"""

from tests.stripe_fake.faults import Fault
from tests.stripe_fake.ledger import Money
from tests.stripe_fake.server import StripeServer
from tests.stripe_fake.service import Service

__all__ = ["Fault", "Money", "Service", "StripeServer"]
