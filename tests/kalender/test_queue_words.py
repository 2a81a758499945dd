"""What those who wait, and staff about them, are told: nothing of a place that nobody has, and of a turn as it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.staff.guests import seats_words
from notifications.mail import build
from notifications.models import Message
from tests.kalender.facts import NOON, stockholm
from tests.kalender.signups import OFFERED, QUEUED, party, sign_up, state
from tests.kalender.test_guest_list import address
from tests.kalender.test_signing_up_pages import own
from tests.kalender.test_signing_up_pages import words as seen
from tests.staff import in_role

MOVED = {"starts_at": stockholm("2026-12-11 14:00"), "ends_at": stockholm("2026-12-11 16:00")}


@pytest.fixture
def full(publish) -> EventPage:
    """Two seats, both taken."""
    event: EventPage = publish(signup=True, seats=2, slug="2026-12-10-grunderna")
    sign_up(event, party(2, email="tva@bjorkvik.example"))
    return event


@pytest.fixture
def editor(full: EventPage) -> Client:
    return in_role("Redaktör")


def going(event: EventPage) -> SignUp:
    first: SignUp = event.signups.order_by("pk")[0]
    return first


def letter_to(signup: SignUp, kind: str) -> str:
    """The text, as one line."""
    mail = build(Message.objects.get(letter=kind, to=signup.email))
    return " ".join(str(mail.body).split())


# --- A move ----------------------------------------------------------------------------------------
def test_who_waits_is_told_of_a_move_without_a_word_of_a_place_to_give_back(full, change):
    alone, pair = sign_up(full), sign_up(full, party(2))
    change(full, **MOVED)
    for waiting, words in ((alone, "Du har kvar din tur i kön."), (pair, "Ni har kvar er tur i kön.")):
        text = letter_to(waiting, "event-moved")
        assert f"{words} Passar det inte längre kan" in text
        assert "så får någon annan platsen" not in text
        assert "Se din plats i kön:" in text
    assert "Avanmäl dig på anmälans sida, så får någon annan platsen." in letter_to(
        going(full), "event-moved"
    )


def test_who_is_offered_a_place_is_told_of_a_move_and_to_answer_in_time(full, change):
    waiting = sign_up(full)
    signing_up.cancel(going(full).pk, actor=Actor.GUEST, now=NOON)
    assert state(waiting) == OFFERED
    change(full, **MOVED)
    assert "Platsen som vi har erbjudit dig är kvar. Svara i tid" in letter_to(waiting, "event-moved")


# --- Taken off by staff ----------------------------------------------------------------------------
def before_cancelling(editor: Client, signup: SignUp) -> str:
    answer: Any = editor.get(address("signup", signup))
    return seen(answer)


def test_taking_somebody_out_of_the_queue_offers_nobody_a_place(full, editor):
    pair, _behind = sign_up(full, party(2)), sign_up(full)
    page = before_cancelling(editor, pair)
    assert "Gästerna får ett brev. Anmälan försvinner ur kön. Det går inte att ta tillbaka." in page
    assert "erbjuds" not in page
    answer = editor.post(address("cancel", pair), follow=True)
    assert "Avanmält." in answer.content.decode()
    assert "Platsen erbjuds" not in answer.content.decode()


def test_a_place_is_said_to_be_offered_when_somebody_waits_who_has_room_in_it(publish, editor, full):
    event = publish(signup=True, seats=2, slug="2026-12-17-grunderna")
    one, _other = sign_up(event), sign_up(event)
    assert "Gästen får ett brev. Platsen blir ledig." in before_cancelling(editor, one)
    pair = sign_up(event, party(2))
    assert "Platsen blir ledig." in before_cancelling(editor, one), "one place is none to two people"
    waiting = sign_up(event)
    assert "Platsen erbjuds den som står på tur i kön." in before_cancelling(editor, one)
    answer = editor.post(address("cancel", one), follow=True)
    assert "Avanmält. Platsen erbjuds den som står på tur." in answer.content.decode()
    assert [state(pair), state(waiting)] == [QUEUED, OFFERED]


def test_of_a_cancelled_event_no_letter_goes_and_nobody_is_asked(full, editor, change):
    sign_up(full)
    change(full, status="cancelled")
    page = before_cancelling(editor, going(full))
    assert "Inget brev går ut. De 2 platserna blir lediga." in page


# --- A party's turn --------------------------------------------------------------------------------
def test_a_party_reads_that_it_waits_for_places_at_once_and_is_passed_by_one(publish, client):
    event = publish(signup=True, seats=2, slug="2026-12-17-grunderna")
    first, _second = sign_up(event), sign_up(event)
    pair, alone = sign_up(event, party(2)), sign_up(event)
    page = seen(client.get(own(pair)))
    assert "Ni står först i kön" in page
    assert "Vi mejlar er när 2 platser är lediga på en gång." in page
    assert "Blir färre lediga kan de gå till någon längre bak i kön." in page
    assert "Blir en plats ledig" not in page
    text = letter_to(pair, "signup-queued")
    assert "Vi mejlar er när de finns på en gång" in text
    assert "Blir färre lediga kan de gå till någon längre bak i kön." in text
    assert "Blir en plats ledig mejlar vi dig." in seen(client.get(own(alone)))
    signing_up.cancel(first.pk, actor=Actor.GUEST, now=NOON)
    assert [state(pair), state(alone)] == [QUEUED, OFFERED], "as both were told"


# --- Fewer seats than guests -----------------------------------------------------------------------
def test_fewer_seats_than_guests_are_no_fraction(full, editor):
    assert seats_words(2, 2) == "2 av 2 platser"
    EventPage.objects.filter(pk=full.pk).update(seats=1)
    assert "2 har plats, fast 1 ryms" in seen(editor.get(address("list", full)))
    assert "2, fast 1 ryms" in seen(editor.get("/admin/kalender/"))
