"""manage.py letters."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from notifications.models import State
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("letters", *words, stdout=out)
    return out.getvalue()


def test_with_json_every_letter_is_an_object_oldest_first(letter):
    newest = letter(key="2")
    oldest = letter(key="1", at=NOON.replace(year=2025), state=State.SENT, tries=1)
    assert json.loads(said("--json")) == [
        {
            "letter": "plain",
            "key": row.key,
            "to": "karin@bjorkvik.example",
            "state": state,
            "tries": tries,
            "message_id": row.message_id,
        }
        for row, state, tries in [(oldest, "sent", 1), (newest, "waiting", 0)]
    ]


def test_programs_are_told_of_the_four_states_that_they_know(letter):
    for number, state in enumerate(State):
        letter(key=str(number), state=state)
    assert {row["state"] for row in json.loads(said("--json"))} == {"waiting", "sending", "sent", "failed"}


def test_without_json_it_is_a_table_to_read(letter):
    letter(state=State.FAILED, tries=60, error="SMTPException: nej\noch åter nej")
    lines = said().splitlines()
    assert lines[0].split() == ["Brev", "Nyckel", "Till", "Läge", "Försök", "Fel"]
    assert "Misslyckat" in lines[1]
    assert "SMTPException: nej och åter nej" in lines[1]
    assert lines[-1] == "väntar: 0, skickas: 0, skickat: 0, misslyckat: 1, sändes inte: 0"


def test_an_empty_outbox_is_an_empty_list():
    assert json.loads(said("--json")) == []
