"""An editor changes how many seats there are: more are offered to those who wait, fewer throw nobody out."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest

from cms.kalender.models import EventPage, SignUp
from cms.kalender.tasks import tend_signups
from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import GOING, LAPSED, OFFERED, QUEUED, party, sign_up, state
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.kalender.test_consequences import form, post

DAY = timedelta(days=1)


@pytest.fixture
def full(publish) -> list[SignUp]:
    """Two are going; three, one of them a couple, wait."""
    event = publish(signup=True, seats=2, slug="2026-12-10-grunderna")
    return [sign_up(event), sign_up(event), sign_up(event), sign_up(event, party(2)), sign_up(event)]


def publish_with(editor: Any, event: EventPage, seats: str) -> str:  # noqa: F811
    """The page that follows an editor's new number, hours as they were."""
    hours = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30"}
    answer = post(editor, event, form(event, seats=seats, signup="on", **hours))
    assert answer.status_code == 302
    return html.unescape(editor.get(f"/admin/pages/{event.pk}/edit/").content.decode())


def now_are(full: list[SignUp]) -> list[str]:
    return [state(one) for one in full]


def test_more_seats_are_offered_in_order_as_soon_as_they_are_published(editor, full):  # noqa: F811
    publish_with(editor, full[0].event, "4")
    assert now_are(full) == [GOING, GOING, OFFERED, QUEUED, OFFERED], "the couple keeps its turn"
    assert [letter.to for letter in letters("signup-offered")] == [full[2].email, full[4].email]
    assert "platser är redan lovade" not in publish_with(editor, full[0].event, "4")


def test_what_was_published_by_a_process_that_died_is_offered_by_the_beat_once(full):
    EventPage.objects.filter(pk=full[0].event.pk).update(seats=3)
    for _beat in range(2):
        tend_signups()
    assert now_are(full) == [GOING, GOING, OFFERED, QUEUED, QUEUED]
    assert len(letters("signup-offered")) == 1


@pytest.mark.parametrize(
    "off", [{"live": False}, {"status": "cancelled"}, {"status": "full"}, {"signup": False}]
)
def test_the_beat_offers_nothing_at_an_event_that_takes_nobody(full, off):
    EventPage.objects.filter(pk=full[0].event.pk).update(seats=9, **off)
    tend_signups()
    assert not letters("signup-offered")


def test_seats_that_nobody_answers_about_go_on_in_the_order_of_the_queue(editor, full, clock):  # noqa: F811
    publish_with(editor, full[0].event, "3")
    clock.move_to(NOON + DAY)
    tend_signups()
    assert now_are(full) == [GOING, GOING, LAPSED, QUEUED, OFFERED]


def test_fewer_seats_than_people_are_told_of_and_nobody_loses_a_seat(editor, full):  # noqa: F811
    page = publish_with(editor, full[0].event, "1")
    assert (
        "2 platser är redan lovade, men träffen rymmer 1. Ingen blir avanmäld, och kön väntar tills det finns plats."
        in page
    )
    assert fresh(full[0].event).seats == 1
    assert now_are(full) == [GOING, GOING, QUEUED, QUEUED, QUEUED]
    tend_signups()
    assert not letters("signup-offered")
    assert not letters("signup-cancelled")


def test_those_who_are_asked_and_those_promised_elsewhere_count(editor, full):  # noqa: F811
    publish_with(editor, full[0].event, "3")
    EventPage.objects.filter(pk=full[0].event.pk).update(seats_taken=1)
    hours = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30", "seats_taken": "1"}
    post(editor, full[0].event, form(full[0].event, seats="3", signup="on", **hours))
    page = editor.get(f"/admin/pages/{full[0].event.pk}/edit/").content.decode()
    assert "4 platser är redan lovade, men träffen rymmer 3." in page
