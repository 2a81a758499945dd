"""What a subscriber's calendar finds in the feed, week after week: read by two independent parsers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.urls import reverse
from django.utils import translation

from cms.kalender import announcing, tasks
from cms.kalender.models import Announcement, EventPage, Kind
from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON, stockholm
from tests.kalender.parsers import BOTH, by_icalendar


@pytest.fixture
def feed(client):
    return lambda address="/kalender.ics", **headers: client.get(address, headers=headers)


@pytest.fixture
def held(feed):
    """What the feed holds now, as one parser reads it."""
    return lambda address="/kalender.ics": by_icalendar(feed(address).content)


# --- One event that follows ------------------------------------------------------------------------
@BOTH
def test_a_moved_cancelled_and_revived_event_is_one_event_that_follows_and_each_second_fetch_304(
    read, event, change, feed
):
    moved = {"starts_at": stockholm("2026-12-11 09:00"), "ends_at": stockholm("2026-12-11 12:00")}
    elsewhere = {"place": "Stora salen"}
    steps: list[dict[str, Any]] = [{}, moved, elsewhere, {"status": "cancelled"}, {"status": "planned"}]
    found = []
    for facts in steps:
        if facts:
            change(event, **facts)
        answer = feed()
        (only,) = read(answer.content)
        found.append(only)
        assert feed(**{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert len({one["uid"] for one in found}) == 1
    assert [one["sequence"] for one in found] == [0, 1, 2, 3, 4]
    assert [one["status"] for one in found] == [*["CONFIRMED"] * 3, "CANCELLED", "CONFIRMED"]
    assert [one["starts"] for one in found] == [
        "2026-12-10T12:00:00+00:00",
        *["2026-12-11T08:00:00+00:00"] * 4,
    ]
    assert found[-1]["location"] == "Stora salen, Göteborg"


@BOTH
def test_a_move_over_the_clock_change_comes_to_the_right_instant(read, event, change, feed):
    summer = {"starts_at": stockholm("2027-03-28 09:00"), "ends_at": stockholm("2027-03-28 12:00")}
    change(event, **summer)
    (only,) = read(feed().content)
    assert (only["starts"], only["ends"]) == ("2027-03-28T07:00:00+00:00", "2027-03-28T10:00:00+00:00")


@BOTH
def test_whole_days_end_the_day_after_the_last(read, publish, feed):
    first, last = stockholm("2026-12-10 00:00"), stockholm("2026-12-12 23:59")
    publish(all_day=True, starts_at=first, ends_at=last)
    (only,) = read(feed().content)
    assert (only["starts"], only["ends"]) == ("2026-12-10", "2026-12-13")
    assert b"DTSTART;VALUE=DATE:20261210\r\n" in feed().content


def test_becoming_a_whole_day_is_a_move(event, change, held):
    change(event, all_day=True)
    assert held()[0]["sequence"] == 1


@BOTH
def test_no_words_of_an_editor_become_another_property(read, publish, feed):
    bad = "Salen\r\nATTENDEE:mailto:x@example.com\r\nEND:VEVENT\u2028BEGIN:VEVENT\x0bX:1 <b>&amp;</b>; , \\n"
    publish(title=bad[:200], place=bad[:120], address=bad, lede=bad)
    (only,) = read(feed().content)
    (plain,) = by_icalendar(feed().content)
    assert only["names"] == plain["names"]
    assert not {"attendee", "x"} & set(only["names"])
    for field in ("summary", "location", "description"):
        assert only[field] == plain[field]
        assert only[field].startswith("Salen\nATTENDEE:mailto:x@example.com\nEND:VEVENT BEGIN:VEVENT X:1")


# --- What is no longer published -------------------------------------------------------------------
@pytest.mark.parametrize("gone", ["unpublish", "delete", "keep for some"])
@BOTH
def test_an_event_that_is_taken_away_is_called_off_for_subscribers(read, event, feed, clock, gone):
    before = read(feed().content)[0]
    clock.move_to(NOON + timedelta(hours=1))
    match gone:
        case "unpublish":
            event.unpublish()
        case "delete":
            event.delete()
        case _:
            event.view_restrictions.create(restriction_type="login")
    (after,) = read(feed().content)
    assert after == {
        **before,
        "sequence": 1,
        "status": "CANCELLED",
        "stamp": "2026-11-23T12:00:00+00:00",
        "description": "http://testserver/",
    }


def test_what_is_taken_away_stays_called_off_for_a_month_after_its_day_and_is_then_forgotten(
    event, held, clock
):
    day = event.ends_at
    event.delete()
    assert held()[0]["status"] == "CANCELLED"
    clock.move_to(day + timedelta(days=30))
    tasks.send_due_reminders()
    assert held()[0]["sequence"] == 1
    clock.move_to(day + timedelta(days=61))
    tasks.send_due_reminders()
    assert held() == []
    assert not Announcement.objects.exists()


def test_a_cancellation_the_day_before_is_told_for_a_month_too(event, change, held, clock):
    clock.move_to(event.starts_at - timedelta(days=1))
    event.unpublish()
    assert held()[0]["status"] == "CANCELLED"
    clock.move_to(event.starts_at + timedelta(days=29))
    assert held()[0]["status"] == "CANCELLED"


def test_an_old_event_that_is_cancelled_late_is_still_told_of_for_a_month(publish, change, held, clock):
    event = publish(starts_at=stockholm("2025-11-25 13:00"))
    change(event, status="cancelled")
    clock.move_to(NOON + timedelta(days=31))
    assert [one["status"] for one in held()] == ["CANCELLED"]


def test_published_anew_it_is_on_again_and_one_step_further(event, held):
    event.unpublish()
    assert (held()[0]["sequence"], held()[0]["status"]) == (1, "CANCELLED")
    fresh(event).get_latest_revision().publish()
    (again,) = held()
    assert (again["sequence"], again["status"]) == (2, "CONFIRMED")


def test_kept_for_some_and_opened_again_it_is_on_again_though_nobody_published(event, held):
    event.view_restrictions.create(restriction_type="login")
    assert held()[0]["status"] == "CANCELLED"
    event.view_restrictions.all().delete()
    assert (held()[0]["sequence"], held()[0]["status"]) == (2, "CONFIRMED")


def test_put_back_before_any_feed_was_asked_for_it_is_two_steps_all_the_same(event, held):
    """Its guests were told at once, with files under those numbers."""
    event.unpublish()
    fresh(event).get_latest_revision().publish()
    (again,) = held()
    assert (again["sequence"], again["status"]) == (2, "CONFIRMED")


def test_one_that_was_cancelled_already_is_not_cancelled_twice(event, change, held):
    change(event, status="cancelled").delete()
    assert (held()[0]["sequence"], held()[0]["status"]) == (1, "CANCELLED")


def test_what_is_over_leaves_no_ghost(event, held, clock):
    clock.move_to(event.ends_at + timedelta(hours=1))
    event.unpublish()
    assert held() == []


def test_the_sweep_tells_of_what_is_gone_also_when_nobody_fetches(event):
    event.delete()
    tasks.send_due_reminders()
    assert Announcement.objects.get().withdrawn_at == NOON


# --- By kind and language --------------------------------------------------------------------------
def test_each_kind_has_a_feed_of_its_own(publish, held):
    course, breakfast = publish(title="Kursen"), publish(title="Frukosten", kind="frukost")
    assert [one["summary"] for one in held("/kalender-kurs.ics")] == ["Kursen"]
    assert [one["summary"] for one in held("/kalender-frukost.ics")] == ["Frukosten"]
    assert held("/kalender-samtal.ics") == []
    course.delete()
    breakfast.delete()
    assert [one["status"] for one in held("/kalender-kurs.ics")] == ["CANCELLED"]


def test_feeds_have_names_and_english_addresses(event, feed):
    assert b"X-WR-CALNAME:V\xc3\xa4rdskapet: Kurs\r\n" in feed("/kalender-kurs.ics").content
    with translation.override("en"):
        assert reverse("kalender:feed_of_kind", args=["kurs"]) == "/en/calendar-kurs.ics"
    assert feed("/en/calendar-kurs.ics").status_code == 200
    assert by_icalendar(feed("/en/calendar-kurs.ics").content) == []


@pytest.mark.parametrize("kind", ["okand", "kurs-", "KURS", ""])
def test_there_is_no_feed_of_an_unknown_kind(kalender, feed, kind):
    assert feed(f"/kalender-{kind}.ics").status_code == 404


# --- Fetched again ---------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/kalender.ics", *(f"/kalender-{kind}.ics" for kind in Kind)])
def test_the_second_fetch_of_every_feed_is_304_also_with_a_ghost_in_it(publish, feed, clock, address):
    publish()
    publish(kind="frukost").delete()
    tag = feed(address).headers["ETag"]
    clock.move_to(NOON + timedelta(hours=12))
    again = feed(address, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_feed_costs_the_same_with_one_event_and_with_twenty(publish, feed, django_assert_max_num_queries):
    counts = []
    for batch in (1, 19):
        for number in range(batch):
            publish(slug=f"traff-{batch}-{number}")
        feed()
        with django_assert_max_num_queries(20) as asked:
            feed()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_first_fetch_after_an_upgrade_moves_nothing(event, held):
    """Facts that are kept from now on were not there when the event was announced."""
    told = Announcement.objects.get()
    told.facts = {
        name: fact for name, fact in told.facts.items() if name not in {"all_day", "kind", "language"}
    }
    told.save()
    assert held()[0]["sequence"] == 0
    assert Announcement.objects.get().facts == announcing.announcement(EventPage.objects.get())


def test_a_process_that_has_just_started_knows_what_another_has_given_out(
    own_demo, live_site, client, settings
):
    settings.SITE_URL = "https://www.vardskapet.example"
    first = client.get("/kalender.ics")
    another = live_site(SITE_URL=settings.SITE_URL)
    again = requests.get(
        f"{another}/kalender.ics", headers={"If-None-Match": first.headers["ETag"]}, timeout=30
    )
    assert (first.status_code, again.status_code) == (200, 304)
