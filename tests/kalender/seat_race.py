"""The event of the race for ten seats, on the database that DATABASE_URL names.

`python -m tests.kalender.seat_race open 10` publishes one with so many seats and prints the address of its form, at a
price in öre with `… open 10 195000`; `… count` says what became of whom, in the order in which they came.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django


def open_event(seats: int, price: int | None = None) -> str:
    from django.utils import timezone
    from wagtail.models import Page, Site

    from cms.kalender.models import CalendarPage, EventPage
    from cms.models import HomePage
    from tests.factories import CompanyFactory, TermsFactory
    from tests.kalender.conftest import HOME

    if price:
        CompanyFactory()
        TermsFactory()

    home = Page.objects.get(depth=1).add_child(instance=HomePage(slug="start", **HOME))
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": home, "hostname": "localhost"})
    calendar = home.add_child(instance=CalendarPage(title="Kalender", slug="kalender"))
    starts_at = timezone.now() + timedelta(days=14)
    event = EventPage(
        title="Trångt", slug="trangt", city="Göteborg", kind="kurs", live=False, signup=True, seats=seats,
        place_price_ore=price,
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip
    calendar.add_child(instance=event)
    event.save_revision().publish()
    return "/kalender/trangt/anmalan/"


def count() -> dict[str, Any]:
    from cms.kalender.models import SignUp, SignUpState
    from notifications.models import Message
    from orders.models import Order, PaymentAttempt

    signups = list(SignUp.objects.order_by("pk"))
    waiting = [signup for signup in signups if signup.state == SignUpState.QUEUED]
    return {
        "states": [signup.state for signup in signups],
        "turns": [SignUp.objects.ahead_of(signup) + 1 for signup in waiting],
        "keys": [signup.key for signup in signups],
        "numbers": sorted(signup.order_number for signup in signups if signup.order_number),
        "orders": dict(Order.objects.values_list("number", "state")),
        "pages": list(PaymentAttempt.objects.exclude(url="").values_list("url", flat=True)),
        "held": SignUp.objects.seats_held(),
        "letters": Counter(Message.objects.values_list("letter", flat=True)),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(open_event(*map(int, sys.argv[2:])) if sys.argv[1] == "open" else count()))
