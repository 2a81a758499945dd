"""One event with a page in each language: one hall, one queue, one guest list, one identity in calendars."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from cms.kalender import reminders
from cms.kalender.models import Announcement, EventPage, ReminderRequest, SignUp
from notifications.models import Message
from tests.cms.translating import in_english
from tests.flows.test_last_copies import all_at_once
from tests.kalender.conftest import fresh
from tests.kalender.facts import KARIN, NOON, confirmed, letters, stockholm
from tests.kalender.parsers import BOTH, by_icalendar
from tests.kalender.signups import FORM, GOING, QUEUED, sign_up, states, widen_gaps
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.kalender.test_consequences import form, post, text_of

SLUG = "2026-12-10-grunderna"
SWEDISH, ENGLISH = f"/kalender/{SLUG}/anmalan/", f"/en/calendar/{SLUG}/sign-up/"


@pytest.fixture
def swedish(publish) -> EventPage:
    """One seat on 10 December; published in Swedish."""
    event: EventPage = publish(slug=SLUG, signup=True, seats=1, title="Grunderna i värdskap")
    return event


@pytest.fixture
def english(swedish) -> EventPage:
    """The same event's English page."""
    page: EventPage = in_english(swedish)
    page.title, page.slug = "The basics of hospitality", SLUG
    page.save_revision().publish()
    return fresh(page)


def asked(number: int) -> dict[str, str]:
    return {**FORM, "email": f"gast{number}@bjorkvik.example", "signup_key": f"{number:032}"}


# --- Signing up ------------------------------------------------------------------------------------
def test_both_pages_fill_the_same_hall_and_each_guest_is_told_in_the_own_language(swedish, english, client):
    assert client.post(SWEDISH, asked(1)).status_code == 303
    assert "Join the waiting list" in client.get(english.url).content.decode()
    assert client.post(ENGLISH, asked(2)).status_code == 303
    first, second = SignUp.objects.order_by("pk")
    assert (first.event, first.state, first.language) == (swedish, GOING, "sv")
    assert (second.event, second.state, second.language) == (swedish, QUEUED, "en")
    (letter,) = letters("signup-queued")
    assert letter.context["title"] == "The basics of hospitality"
    assert letter.context["event_url"] == f"http://testserver{english.url}"
    own = client.get(letter.context["page_url"].removeprefix("http://testserver")).content.decode()
    assert "The basics of hospitality" in own
    assert "You are first on the waiting list" in own
    listed = {page.pk: page.is_full for page in EventPage.objects.upcoming(NOON)}
    assert listed == {swedish.pk: True, english.pk: True}


def test_the_same_inbox_on_both_pages_has_one_sign_up(swedish, english, client):
    client.post(SWEDISH, asked(1))
    client.post(ENGLISH, {**asked(1), "signup_key": "m" * 32})
    assert SignUp.objects.count() == 1


def test_staff_find_one_guest_list_from_either_page(swedish, english, editor):  # noqa: F811
    sign_up(swedish, names=["Karin Ek"])
    for page in (swedish, english):
        shown = editor.get(reverse("guest_staff:list", args=[page.pk])).content.decode()
        assert "Karin Ek" in shown
        assert "1 av 1 platser" in shown
    assert text_of(editor.get(reverse("kalender_staff:list"))).count("Anmälda: 1 av 1") == 1


def test_a_translation_that_is_only_an_alias_signs_up_to_the_event(swedish, client):
    calendar = swedish.get_parent()
    in_english(calendar)
    alias = swedish.copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
    assert client.post(f"/en/calendar/{alias.slug}/sign-up/", asked(1)).status_code == 303
    assert SignUp.objects.get().event == swedish
    (held,) = by_icalendar(client.get("/en/calendar.ics").content)
    assert held["uid"] == f"{Announcement.objects.get().uid}@vardskapet"


def test_an_event_that_was_written_in_english_first_has_its_guests_there(swedish, english, client):
    """The page written first is the event, whatever its language."""
    first = english.copy(update_attrs={"slug": "first"}, keep_live=True)
    first.save_revision().publish()
    later = first.copy_for_translation(Locale.objects.get(language_code="sv"))
    later.save_revision().publish()
    assert later.original == first
    assert client.post(f"/kalender/{later.slug}/anmalan/", asked(1)).status_code == 303
    assert SignUp.objects.get().event == first


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_seats_on_two_pages_are_never_oversold(publish, monkeypatch, settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS)
    widen_gaps(monkeypatch)
    event = publish(slug=SLUG, signup=True, seats=2)
    Locale.objects.get_or_create(language_code="en")
    in_english(event)
    wanted: list[Callable[[], Any]] = [
        partial(_send, ENGLISH if number % 2 else SWEDISH, asked(number)) for number in range(6)
    ]
    assert all_at_once(wanted) == [303] * 6
    assert states(event) == {GOING: 2, QUEUED: 4}
    assert len(letters("signup-going")) == 2


def _send(address: str, sent: dict[str, str]) -> int:
    return int(Client().post(address, sent).status_code)


# --- What an editor changes ------------------------------------------------------------------------
def test_a_translation_s_form_asks_for_words_alone_and_says_where_the_rest_stands(swedish, english, editor):  # noqa: F811
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[english.pk])).content.decode()
    assert "Det här är samma träff på ett annat språk." in page
    assert reverse("wagtailadmin_pages:edit", args=[swedish.pk]) in page
    for name in ("starts_at", "seats", "status", "city", "place_price_ore"):
        assert f'name="{name}"' not in page, name
    assert 'name="title"' in page
    assert (
        "Det här är samma träff"
        not in editor.get(reverse("wagtailadmin_pages:edit", args=[swedish.pk])).content.decode()
    )


def test_what_a_translation_s_form_is_sent_beside_its_words_changes_nothing(swedish, english, editor):  # noqa: F811
    sent = form(english, title="New words", seats="99", status="cancelled", city="Oslo")
    assert post(editor, english, sent).status_code == 302
    after = fresh(english)
    assert (after.title, after.seats, after.status, after.city) == ("New words", 1, "planned", "Göteborg")
    assert after.starts_at == swedish.starts_at


def test_a_moved_event_moves_in_every_language_and_its_drafts_follow(swedish, english, change):
    draft = english.get_latest_revision_as_object()
    draft.title = "New words"
    old = draft.save_revision()
    change(swedish, starts_at=stockholm("2026-12-11 09:00"), ends_at=stockholm("2026-12-11 12:00"), seats=5)
    moved = fresh(english)
    assert (moved.starts_at, moved.seats) == (stockholm("2026-12-11 09:00"), 5)
    old.publish()  # as the schedule does, with the hours of yesterday
    again = fresh(english)
    assert (again.title, again.starts_at, again.seats) == ("New words", stockholm("2026-12-11 09:00"), 5)
    assert Announcement.objects.get().sequence == 1


def test_a_guest_is_told_of_the_move_in_the_own_language(swedish, english, change):
    sign_up(swedish, language="en")
    change(swedish, starts_at=stockholm("2026-12-10 14:00"))
    (letter,) = letters("event-moved")
    assert (letter.language, letter.context["title"]) == ("en", "The basics of hospitality")
    assert letter.context["event_url"] == f"http://testserver{english.url}"


# --- Calendars -------------------------------------------------------------------------------------
@BOTH
def test_the_event_has_one_uid_and_sequence_in_every_feed_and_file(read, swedish, english, client, change):
    change(swedish, place="Stora salen")
    found = [
        read(client.get(address).content)
        for address in (
            "/kalender.ics",
            "/en/calendar.ics",
            f"/kalender/{SLUG}.ics",
            f"/en/calendar/{SLUG}.ics",
        )
    ]
    assert [len(events) for events in found] == [1] * 4
    told = [events[0] for events in found]
    assert {(one["uid"], one["sequence"], one["starts"]) for one in told} == {
        (f"{Announcement.objects.get().uid}@vardskapet", 1, "2026-12-10T12:00:00+00:00")
    }
    assert [one["summary"] for one in told] == ["Grunderna i värdskap", "The basics of hospitality"] * 2


def test_new_english_words_are_new_to_english_calendars(swedish, english, change, client, clock):
    before = by_icalendar(client.get("/en/calendar.ics").content)[0]
    clock.shift(3600)
    change(english, title="Other words")
    (after,) = by_icalendar(client.get("/en/calendar.ics").content)
    assert (after["summary"], after["sequence"]) == ("Other words", before["sequence"])
    assert after["stamp"] > before["stamp"]


def test_an_english_page_that_goes_takes_no_event_away(swedish, english, client):
    sign_up(swedish, language="en")
    Message.objects.all().delete()
    fresh(english).unpublish()
    assert by_icalendar(client.get("/en/calendar.ics").content) == []
    (held,) = by_icalendar(client.get("/kalender.ics").content)
    assert held["status"] == "CONFIRMED"
    assert not Message.objects.exists()
    assert fresh(swedish).live


def test_an_event_that_goes_takes_its_translations_along_and_both_feeds_call_it_off(swedish, english, client):
    sign_up(swedish, language="en")
    fresh(swedish).unpublish()
    assert not fresh(english).live
    (letter,) = letters("event-cancelled")
    assert letter.context["title"] == "The basics of hospitality"
    both = [by_icalendar(client.get(feed).content) for feed in ("/kalender.ics", "/en/calendar.ics")]
    assert [(one["status"], one["sequence"]) for (one,) in both] == [("CANCELLED", 1)] * 2
    assert len({one["uid"] for (one,) in both}) == 1
    assert both[1][0]["summary"] == "The basics of hospitality"


# --- Reminders -------------------------------------------------------------------------------------
def test_a_reminder_asked_for_on_both_pages_comes_once_in_the_language_asked_for_last(
    swedish, english, client
):
    for address in (f"/kalender/{SLUG}/paminn/", f"/en/calendar/{SLUG}/remind/"):
        assert client.post(address, {"email": KARIN, "lead": "1d"}).status_code == 303
    wish = ReminderRequest.objects.get()
    assert (wish.event, wish.language) == (swedish, "en")
    assert [letter.language for letter in letters("reminder-confirm")] == ["sv", "en"]
    reminders.confirm(key=wish.key, now=NOON)
    assert "The basics of hospitality" in client.get(f"/en/reminder/{wish.key}/").content.decode()
    reminders.send_due(now=stockholm("2026-12-09 13:00"))
    (letter,) = letters("reminder")
    assert (letter.language, letter.context["title"]) == ("en", "The basics of hospitality")


def test_who_wants_a_reminder_is_told_of_a_move_and_reminded_of_the_new_hour(swedish, english, change):
    confirmed(swedish, language="en")
    change(swedish, starts_at=stockholm("2026-12-12 13:00"), ends_at=stockholm("2026-12-12 16:00"))
    assert [letter.language for letter in letters("event-moved")] == ["en"]
    assert ReminderRequest.objects.get().due_at == stockholm("2026-12-11 13:00")


# --- What stood on two pages before ----------------------------------------------------------------
def test_what_hung_on_a_translation_is_gathered_at_the_event(swedish, english):
    sign_up(swedish, email=KARIN)
    for number, email in enumerate([KARIN.upper(), "annan@bjorkvik.example"]):
        SignUp.objects.create(
            event=english, form_key=f"en{number}", state=GOING, places=1, email=email, created_at=NOON
        )
    confirmed(swedish)
    for lead in ("1d", "2h"):
        ReminderRequest.objects.create(event=english, email=KARIN, lead=lead, asked_at=NOON, due_at=NOON)
    import_module("cms.migrations.0026_one_event_in_every_language").gather(apps, None)
    assert list(swedish.signups.order_by("pk").values_list("email", flat=True)) == [
        KARIN,
        "",
        "annan@bjorkvik.example",
    ]
    wishes = swedish.reminders.order_by("pk").values_list("lead", "email", "language")
    assert list(wishes) == [("1d", KARIN, "sv"), ("1d", "", "en"), ("2h", KARIN, "en")]
    assert not english.signups.exists()
    assert not english.reminders.exists()
