"""Guests, and what the tests of sign-ups do again and again."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from cms.kalender import signing_up
from cms.kalender.models import EventPage, SignUp, SignUpState
from cms.kalender.signing_up import Wish
from tests.kalender.facts import KARIN, NOON

GOING, QUEUED, OFFERED = SignUpState.GOING, SignUpState.QUEUED, SignUpState.OFFERED
UNPAID = SignUpState.UNPAID
CANCELLED, LAPSED = SignUpState.CANCELLED, SignUpState.LAPSED
FORM = {
    "names": "Karin Ek",
    "email": KARIN,
    "phone": "",
    "organisation": "",
    "needs": "",
    "signup_key": "k" * 32,
}
_numbers = count(1)


def guest(number: int) -> str:
    return f"gast{number}@bjorkvik.example"


def wish(**facts: Any) -> Wish:
    """A form of its own for one person of an inbox of its own, unless told."""
    number = next(_numbers)
    return Wish(**{"form_key": f"form{number}", "email": guest(number), "names": ["Karin Ek"], **facts})


def party(people: int, **facts: Any) -> Wish:
    return wish(names=[f"Gäst {number}" for number in range(people)], **facts)


def sign_up(event: EventPage, asked: Wish | None = None, *, now: datetime = NOON, **facts: Any) -> SignUp:
    signup, _new = signing_up.sign_up(event.pk, asked or wish(**facts), now=now)
    return signup


def state(signup: SignUp) -> str:
    return str(SignUp.objects.get(pk=signup.pk).state)


def states(event: EventPage) -> dict[str, int]:
    return dict(Counter(event.signups.values_list("state", flat=True)))


def widen_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between deciding and writing there is time for all to have decided. No broker is asked."""
    save = SignUp.save

    def slowly(row: SignUp, *how: Any, **more: Any) -> None:
        time.sleep(0.03)
        save(row, *how, **more)

    monkeypatch.setattr(SignUp, "save", slowly)
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)
