"""The calendar in the admin: a list with the coming first, and a month with drafts, red days and week numbers."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.kalender.models import EventPage, SignUp, SignUpState
from tests.kalender.facts import NOON, stockholm
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.staff import in_role

LIST = "/admin/kalender/"


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def titles(answer: Any) -> list[str]:
    return [event.title for event in answer.context["object_list"]]


@pytest.fixture
def season(publish, kalender):
    """Two to come, one that goes on, two that are over, one draft; each called what it is."""
    publish(title="Över", starts_at=stockholm("2026-11-02 13:00"))
    publish(title="Längesedan", starts_at=stockholm("2025-11-05 13:00"), kind="frukost")
    publish(title="Nästa", starts_at=stockholm("2026-12-10 13:00"), seats=24, seats_taken=3)
    publish(title="Sedan", starts_at=stockholm("2027-01-14 13:00"), status="full")
    publish(title="Pågår", starts_at=stockholm("2026-11-22 13:00"), ends_at=stockholm("2026-11-25 16:00"))
    draft = EventPage(
        title="Utkastet", slug="utkastet", city="Borås", live=False,
        starts_at=stockholm("2026-12-11 09:00"), ends_at=stockholm("2026-12-11 12:00"),
    )  # fmt: skip
    kalender.add_child(instance=draft)
    return EventPage.objects.get(title="Nästa")


def sign_up(event: EventPage, state: SignUpState, places: int) -> None:
    SignUp.objects.create(
        event=event, form_key=f"{state}{event.pk}", state=state, places=places, created_at=NOON,
        email=f"{state}@bjorkvik.example",
    )  # fmt: skip


def test_the_coming_stand_first_and_what_is_over_last(editor, season):  # noqa: F811
    assert titles(editor.get(LIST)) == ["Pågår", "Nästa", "Utkastet", "Sedan", "Över", "Längesedan"]


NARROWED = {
    "status=full": ["Sedan"],
    "kind=frukost": ["Längesedan"],
    "year=2025": ["Längesedan"],
    "year=2027": ["Sedan"],
    "shown=utkast": ["Utkastet"],
    "q=borås": ["Utkastet"],
    "q=%00%27": [],
    "status=xyzzy&year=1": ["Pågår", "Nästa", "Utkastet", "Sedan", "Över", "Längesedan"],
}


def test_the_list_is_narrowed_by_status_kind_year_and_words(editor, season):  # noqa: F811
    assert {query: titles(editor.get(f"{LIST}?{query}")) for query in NARROWED} == NARROWED


def test_seats_sign_ups_and_drafts_show(editor, season):  # noqa: F811
    sign_up(season, SignUpState.GOING, 4)
    sign_up(season, SignUpState.OFFERED, 1)
    sign_up(season, SignUpState.QUEUED, 2)
    sign_up(season, SignUpState.CANCELLED, 9)
    draft = season.get_latest_revision_as_object()
    draft.title = "Nästa"
    draft.lede = "Nytt"
    draft.save_revision()
    page = text_of(editor.get(LIST))
    assert "8 av 24" in page
    assert "På kö: 2" in page
    assert "Ändringar väntar" in page
    assert page.count("Utkast ") >= 1


def test_an_alias_stands_once(editor, season, kalender):  # noqa: F811
    season.create_alias(parent=kalender, update_slug="alias")
    assert titles(editor.get(LIST)).count("Nästa") == 1


@pytest.mark.parametrize("address", [LIST, "/admin/kalender/manad/2026/12/"])
def test_a_page_costs_the_same_however_many_events_there_are(editor, publish, address):  # noqa: F811
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.get(address)
        return len(asked)

    publish(starts_at=stockholm("2026-12-01 13:00"))
    cost()
    few = cost()
    for day in range(2, 10):
        sign_up(publish(starts_at=stockholm(f"2026-12-{day:02} 13:00")), SignUpState.GOING, 2)
    assert cost() == few


# --- The month -------------------------------------------------------------------------------------
def test_a_month_shows_drafts_red_days_and_week_numbers(editor, season):  # noqa: F811
    answer = editor.get("/admin/kalender/manad/2026/12/")
    page = text_of(answer)
    assert [week.number for week in answer.context["weeks"]] == [49, 50, 51, 52, 53]
    days = {day.date.isoformat(): day for week in answer.context["weeks"] for day in week.days}
    assert (days["2026-12-25"].red, days["2026-12-25"].name) == (True, "Juldagen")
    assert (days["2026-12-24"].red, days["2026-12-24"].name) == (False, "Julafton")
    assert (days["2026-12-06"].red, days["2026-12-06"].name) == (True, "")
    assert [(event.title, event.mark) for event in days["2026-12-11"].events] == [("Utkastet", "Utkast")]
    assert "13.00 Nästa 3 av 24" in page


def test_an_event_over_several_days_stands_on_each(editor, season):  # noqa: F811
    weeks = editor.get("/admin/kalender/manad/2026/11/").context["weeks"]
    days = [
        day.date.day for week in weeks for day in week.days if any(e.title == "Pågår" for e in day.events)
    ]
    assert days == [22, 23, 24, 25]


def test_a_month_leads_to_its_neighbours_and_the_list_to_this_month(editor, kalender):  # noqa: F811
    page = editor.get("/admin/kalender/manad/2026/12/").content.decode()
    assert "/admin/kalender/manad/2026/11/" in page
    assert "/admin/kalender/manad/2027/1/" in page
    assert editor.get("/admin/kalender/manad/").url == "/admin/kalender/manad/2026/11/"


@pytest.mark.parametrize("month", ["2026/13", "2026/0", "1899/12", "2200/1", "99999/1"])
def test_a_month_that_is_none_is_not_found(editor, kalender, month):  # noqa: F811
    assert editor.get(f"/admin/kalender/manad/{month}/").status_code == 404


@pytest.mark.parametrize("month", ["1900/1", "2199/12"])
def test_the_first_and_the_last_month_stand(editor, kalender, month):  # noqa: F811
    assert editor.get(f"/admin/kalender/manad/{month}/").status_code == 200


def test_a_day_leads_to_an_empty_form_on_that_day(editor, kalender):  # noqa: F811
    assert (
        f"{reverse('kalender_staff:new')}?dag=2026-12-10"
        in editor.get("/admin/kalender/manad/2026/12/").content.decode()
    )
    form = editor.get("/admin/kalender/ny/?dag=2026-12-10").content.decode()
    assert 'value="2026-12-10 13:00"' in form
    assert 'value="2026-12-10 16:00"' in form
    assert reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk]) in form


@pytest.mark.parametrize("day", ["", "i morgon", "2026-13-01", "0001-01-01", "%00"])
def test_a_day_that_is_none_leads_to_an_empty_form(editor, kalender, day):  # noqa: F811
    answer = editor.get(f"/admin/kalender/ny/?dag={day}")
    assert answer.status_code == 200
    assert 'name="starts_at" value="' not in answer.content.decode()


def test_without_a_calendar_the_way_to_a_new_event_leads_back_with_a_sentence(editor, home):  # noqa: F811
    assert "Det finns ingen kalender" in html.unescape(
        editor.get("/admin/kalender/ny/", follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("role", "may"), [("Redaktör", True), ("Ägare", True), ("Packare", False), ("Ekonom", False)]
)
def test_editors_and_owners_see_the_calendar_and_its_menu_item(season, role, may):
    client = in_role(role)
    assert (client.get(LIST).status_code == 200) == may
    assert (client.get("/admin/kalender/manad/2026/12/").status_code == 200) == may
    assert ('"/admin/kalender/"' in client.get("/admin/").content.decode()) == may


def test_what_has_just_ended_is_over(season, clock):
    clock.move_to(season.ends_at + timedelta(minutes=1))
    assert titles(in_role("Redaktör").get(LIST))[:3] == ["Utkastet", "Sedan", "Nästa"]
