"""The page before publishing says how many letters go, row by row: as many as are written then, whoever waits."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from cms.kalender import telling
from cms.kalender.models import EventPage, SignUp, SignUpState
from cms.kalender.tasks import tend_signups
from notifications.models import Message
from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON, confirmed
from tests.kalender.signups import sign_up
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.kalender.test_consequences import form, post, pressed, text_of
from tests.kalender.test_paid_places import buy, course  # noqa: F401  the fixture

ANNA, BEA, CARL = "anna@bjorkvik.example", "bea@bjorkvik.example", "carl@bjorkvik.example"
SAME = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30"}
# Sign-ups as state, places, address; and who has asked for reminders, for which.
MIXES = {
    "guests and the queue": ([("going", 2, ANNA), ("going", 1, BEA), ("queued", 3, CARL)], []),
    "one inbox in several parts": (
        [("going", 2, ANNA), ("queued", 1, BEA)],
        [(ANNA.upper(), "1d"), (ANNA, "1w"), (BEA, "2h"), (CARL, "1d"), (CARL, "2h")],
    ),
    "every state": ([("going", 1, ANNA), ("unpaid", 2, BEA), ("offered", 1, CARL)], [(CARL, "1d")]),
    "some without an inbox": ([("going", 2, ""), ("queued", 1, ""), ("going", 1, ANNA)], [(BEA, "1d")]),
}


@pytest.fixture(params=MIXES.values(), ids=list(MIXES))
def awaited(event: EventPage, request: pytest.FixtureRequest) -> EventPage:
    fill(event, *request.param)
    return event


def fill(event: EventPage, signups: list[tuple[str, int, str]], wishes: list[tuple[str, str]]) -> None:
    for number, (state, places, email) in enumerate(signups):
        SignUp.objects.create(
            event=event, form_key=str(number), state=SignUpState(state), places=places, email=email,
            created_at=NOON,
        )  # fmt: skip
    for email, lead in wishes:
        confirmed(event, email=email, lead=lead)


def said(page: str) -> tuple[int, int]:
    """What the sentence says, and what the rows below it make together."""
    sentence = re.search(r"Om du berättar går (\d+) brev ut", page)
    assert sentence is not None
    return int(sentence[1]), sum(int(number) for number in re.findall(r": (\d+) brev", page))


def written() -> int:
    return Message.objects.filter(letter__in=telling.LETTERS).count()


def told(editor: Any, event: EventPage, **facts: Any) -> str:  # noqa: F811
    """What the page says before; then the editor publishes and tells."""
    answer = post(editor, event, form(event, **facts))
    assert post(editor, event, pressed(answer, "beratta")).status_code == 302
    return text_of(answer)


@pytest.mark.parametrize("facts", [{}, {**SAME, "status": "cancelled"}], ids=["moved", "cancelled"])
def test_so_many_letters_go_as_the_page_said(editor, awaited, facts):  # noqa: F811
    page = told(editor, awaited, **facts)
    assert said(page) == (written(), written())
    assert written()


def test_as_many_hear_that_it_is_on_again_as_the_page_said(editor, awaited):  # noqa: F811
    told(editor, awaited, **SAME, status="cancelled")
    before = written()
    page = told(editor, fresh(awaited), **SAME)
    assert said(page) == (written() - before, written() - before)
    assert written() > before


def test_as_many_hear_that_it_is_taken_away_as_the_page_said(editor, awaited):  # noqa: F811
    address = reverse("wagtailadmin_pages:unpublish", args=[awaited.pk])
    answer = editor.post(address)
    editor.post(address, pressed(answer, "1"))
    rows = re.findall(r": (\d+) brev", text_of(answer))
    assert sum(int(number) for number in rows) == written() > 0


def test_nobody_is_counted_twice_and_the_rows_say_why(editor, event):  # noqa: F811
    fill(event, *MIXES["one inbox in several parts"])
    page = text_of(post(editor, event, form(event)))
    assert "går 3 brev ut. En adress får ett brev, hur många den än har anmält:" in page
    assert (
        "2 anmälda gäster: 1 brev 1 på kö: 1 brev 1 har bett om en påminnelse: 1 brev "
        "2 av dem har också bett om en påminnelse: inget extra brev"
    ) in page


def test_where_letters_reach_nobody_the_page_says_so(editor, event):  # noqa: F811
    fill(event, [("going", 2, "")], [])
    page = text_of(post(editor, event, form(event)))
    assert "Inget brev går ut, för ingen av dem har någon e-postadress: 2 anmälda gäster: inget brev" in page


# --- Paid places -----------------------------------------------------------------------------------
@pytest.mark.parametrize("choice", ["beratta", "tyst"])
def test_letters_that_call_orders_off_are_announced_whatever_the_choice(editor, course, choice):  # noqa: F811
    for people in (1, 2):
        buy(course, people)
    facts = {**SAME, "status": "cancelled", "signup": "on", "seats": "10", "place_price_ore": "1 950"}
    answer = post(editor, course, form(course, **facts))
    announced = re.search(
        r"Om det går (\d+) brev ut, vad du än väljer: ett för varje beställning", text_of(answer)
    )
    post(editor, course, pressed(answer, choice))
    tend_signups()
    assert announced is not None
    assert Message.objects.filter(letter="cancelled").count() == int(announced[1]) == 2


def test_of_orders_that_nobody_has_placed_nothing_is_said(editor, course):  # noqa: F811
    confirmed(course)
    facts = {**SAME, "status": "cancelled", "signup": "on", "place_price_ore": "1 950"}
    assert "avbeställs" not in text_of(post(editor, course, form(course, **facts)))


def test_who_revives_an_event_is_told_that_those_who_had_ordered_hear_nothing(editor, course, change):  # noqa: F811
    ordered, waiting = buy(course), sign_up(course, only_queue=True)
    change(course, status="cancelled")
    tend_signups()
    facts = {**SAME, "signup": "on", "seats": "10", "place_price_ore": "1 950"}
    answer = post(editor, fresh(course), form(course, **facts))
    assert "Den vars beställning är avbeställd får inget brev nu" in text_of(answer)
    post(editor, course, pressed(answer, "beratta"))
    told = set(Message.objects.filter(letter=telling.ON_AGAIN).values_list("to", flat=True))
    assert told & {ordered.email, waiting.email} == {waiting.email}
