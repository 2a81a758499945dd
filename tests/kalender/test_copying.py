"""Copies on other days: which, at which hour, with what; previewed, made once."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cms.kalender import clock, copying
from cms.kalender.copying import Rhythm, days_after, read_days
from cms.kalender.models import Announcement, EventPage, SignUp, SignUpState
from tests.kalender.facts import NOON, confirmed, stockholm
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.staff import in_role, logged_in

THURSDAY = date(2026, 12, 10)  # the second of the month
TODAY = date(2026, 11, 23)


# --- Which days ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "rhythm", "days"),
    [
        (THURSDAY, Rhythm.WEEKLY, ["2026-12-17", "2026-12-24", "2026-12-31"]),
        (THURSDAY, Rhythm.FORTNIGHTLY, ["2026-12-24", "2027-01-07", "2027-01-21"]),
        (THURSDAY, Rhythm.MONTHLY, ["2027-01-14", "2027-02-11", "2027-03-11"]),
        (date(2026, 12, 31), Rhythm.MONTHLY, ["2027-01-28", "2027-02-25", "2027-03-25"]),  # a fifth: the last
        (date(2026, 12, 1), Rhythm.MONTHLY, ["2027-01-05", "2027-02-02", "2027-03-02"]),
    ],
)
def test_days_follow_in_a_rhythm(first, rhythm, days):
    assert [day.isoformat() for day in days_after(first, rhythm, 3)] == days


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2027-02-11", "2027-02-11"),
        ("10 december", "2026-12-10"),
        ("tors 10/12", "2026-12-10"),
        ("  • torsdagen den 14 januari ", "2027-01-14"),
        ("14/1", "2027-01-14"),
        ("3/5", "2027-05-03"),
        ("22 november", "2027-11-22"),
        ("23 november", "2026-11-23"),
        ("11.2.2027", "2027-02-11"),
        ("Thu 11 Feb 2027", "2027-02-11"),
        ("February 11, 2027;", "2027-02-11"),
        ("29 februari 2028", "2028-02-29"),
    ],
)
def test_a_line_is_read_as_people_write_days(line, day):
    days, faults = read_days(line, today=TODAY)
    assert ([found.isoformat() for found in days], faults) == ([day], [])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("snart", "Skriv en dag"),
        ("10–12 december", "Skriv en dag"),
        ("31 november", "finns inte i almanackan"),
        ("29 februari 2027", "finns inte i almanackan"),
        ("fredag 10 december", "10 december 2026 är en torsdag."),
        ("10/13", "Skriv en dag"),
    ],
)
def test_a_line_that_is_no_day_is_told_with_its_number(line, sentence):
    days, faults = read_days(f"2027-01-14\n\n{line}\n2027-01-14", today=TODAY)
    assert [day.isoformat() for day in days] == ["2027-01-14"]
    assert [(fault.line, sentence in str(fault)) for fault in faults] == [(3, True)]


# --- What they become ------------------------------------------------------------------------------
def test_a_copy_is_a_draft_on_another_day_that_nobody_has_been_told_of(event, admin_user):
    EventPage.objects.filter(pk=event.pk).update(status="full", seats=9, seats_taken=3, tell_guests=False)
    SignUp.objects.create(event=event, form_key="1", state=SignUpState.GOING, places=1, created_at=NOON)
    (copy,) = copying.copy_to(event.pk, [date(2026, 12, 17)], user=admin_user)
    assert (copy.slug, copy.live, copy.status) == ("2026-12-17-grunderna", False, "planned")
    assert (copy.seats, copy.seats_taken, copy.tell_guests) == (9, 0, True)
    assert (copy.starts_at, copy.ends_at) == (stockholm("2026-12-17 13:00"), stockholm("2026-12-17 16:30"))
    assert (copy.signups.count(), Announcement.objects.filter(event=copy).count()) == (0, 0)
    assert (copy.first_published_at, copy.owner, copy.place) == (None, admin_user, "Ekmanssalen")
    assert copy.get_latest_revision_as_object().starts_at == copy.starts_at


def test_the_hour_stays_when_the_clock_is_set(publish, admin_user):
    event = publish(
        starts_at=stockholm("2027-03-25 09:00"),
        slug="2027-03-25-vecka",
        signup_closes_at=stockholm("2027-03-24 12:00"),
    )
    copies = copying.copy_to(event.pk, [date(2027, 4, 1), date(2027, 11, 4)], user=admin_user)
    assert [clock.local(copy.starts_at).isoformat() for copy in copies] == [
        "2027-04-01T09:00:00+02:00",
        "2027-11-04T09:00:00+01:00",
    ]
    assert copies[0].signup_closes_at == stockholm("2027-03-31 12:00")


def test_an_hour_that_the_clock_skips_becomes_the_one_after_it(publish, admin_user):
    event = publish(starts_at=stockholm("2027-03-21 02:30"), slug="natten")
    (copy,) = copying.copy_to(event.pk, [date(2027, 3, 28)], user=admin_user)
    assert clock.local(copy.starts_at).isoformat() == "2027-03-28T03:30:00+02:00"


def test_a_day_gets_one_copy_however_often_it_is_asked_for(event, admin_user):
    days = [date(2026, 12, 17), date(2026, 12, 18)]
    assert len(copying.copy_to(event.pk, days[:1], user=admin_user)) == 1
    assert [copy.slug for copy in copying.copy_to(event.pk, days, user=admin_user)] == [
        "2026-12-18-grunderna"
    ]
    assert copying.copy_to(event.pk, [THURSDAY], user=admin_user) == []


# --- The page --------------------------------------------------------------------------------------
def read(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def ask(editor: Any, event: EventPage, *, status: int = 200, **facts: Any) -> str:  # noqa: F811
    sent = {"rhythm": "vecka", "count": "3", "days": "", **facts}
    answer = editor.post(reverse("kalender_staff:copy", args=[event.pk]), sent)
    assert answer.status_code == status
    return read(answer)


def offered(page: str) -> list[str]:
    return re.findall(r'name="day" value="([-\d]+)" checked', page)


def test_the_days_are_shown_with_what_is_remarkable_before_anything_is_made(editor, event, publish):  # noqa: F811
    publish(title="Krocken", starts_at=stockholm("2026-12-17 14:00"))
    page = ask(editor, event)
    assert offered(page) == ["2026-12-17", "2026-12-24", "2026-12-31"]
    assert "Samma plats, Ekmanssalen, har ”Krocken” då" in page
    assert "Torsdag 24 december 2026 är en dag då de flesta är lediga: Julafton." in page
    assert EventPage.objects.count() == 2


def test_chosen_days_become_drafts_once_though_the_form_is_sent_twice(editor, event):  # noqa: F811
    address = reverse("kalender_staff:copy", args=[event.pk])
    sent = {"gor": "skapa", "day": ["2026-12-17", "2026-12-31"]}
    assert "2 utkast är skapade. Inget är publicerat än." in read(editor.post(address, sent, follow=True))
    assert "De utkasten fanns redan." in read(editor.post(address, sent, follow=True))
    assert EventPage.objects.filter(live=False).count() == 2
    assert "Finns redan." in ask(editor, event)


def test_written_days_are_read_kindly_and_kept_with_their_faults(editor, event):  # noqa: F811
    typed = "tors 17/12\nfredag 14 januari\nsnart"
    page = ask(editor, event, rhythm="dagar", days=typed, count="", status=422)
    assert "Rad 2, ”fredag 14 januari”: 14 januari 2027 är en torsdag." in page
    assert "Rad 3, ”snart”: Skriv en dag" in page
    assert "fredag 14 januari\nsnart" in page
    assert offered(ask(editor, event, rhythm="dagar", days="tors 17/12\n14 januari")) == [
        "2026-12-17",
        "2027-01-14",
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"count": "0"}, "Skriv ett tal från 1 till 52."),
        ({"count": "53"}, "Skriv ett tal från 1 till 52."),
        ({"count": ""}, "Skriv ett tal från 1 till 52."),
        ({"count": "många"}, "Skriv ett tal från 1 till 52."),
        ({"rhythm": "år"}, "Välj hur ofta."),
        ({"rhythm": "dagar"}, "Skriv minst en dag."),
        ({"rhythm": "dagar", "days": "x" * 6000}, "Det är för mycket text."),
        (
            {
                "rhythm": "dagar",
                "days": "\n".join(f"2027-{month}-{day}" for month in ("01", "03") for day in range(10, 31))
                + "\n"
                + "\n".join(f"2027-05-{day}" for day in range(10, 25)),
            },
            "Högst 52 dagar på en gång. Här står 57.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(editor, event, facts, sentence):  # noqa: F811
    page = ask(editor, event, **facts, status=422)
    assert sentence in page
    assert offered(page) == []


def test_no_day_and_odd_days_make_nothing(editor, event):  # noqa: F811
    address = reverse("kalender_staff:copy", args=[event.pk])
    for days in ([], ["i morgon"], ["0001-01-01"], ["9999-12-31"]):
        assert "Kryssa för minst en dag." in read(
            editor.post(address, {"gor": "skapa", "day": days}, follow=True)
        )
    assert EventPage.objects.count() == 1


def test_reminders_stay_with_the_event_they_were_asked_for(event, admin_user):
    confirmed(event)
    (copy,) = copying.copy_to(event.pk, [date(2026, 12, 17)], user=admin_user)
    assert (event.reminders.count(), copy.reminders.count()) == (1, 0)


def test_a_text_that_names_the_old_day_is_remarked_on(editor, event, change):  # noqa: F811
    change(event, lede="Välkommen torsdag 10 december.")
    assert "Det står ”torsdag 10 december”, men träffen är torsdag 17 december 2026." in ask(
        editor, event, count="1"
    )


def test_only_who_may_add_events_there_copies_them(event, kalender):
    address = reverse("kalender_staff:copy", args=[event.pk])
    assert in_role("Redaktör").get(address).status_code == 200
    assert logged_in().get(address).status_code == 403
    assert in_role("Ägare").get(reverse("kalender_staff:copy", args=[kalender.pk])).status_code == 404


def test_the_way_there_stands_among_the_pages_buttons(editor, event):  # noqa: F811
    page = read(editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])))
    assert reverse("kalender_staff:copy", args=[event.pk]) in page
