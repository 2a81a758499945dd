"""The proof-reader: fifty faulty events are each remarked on, two hundred right ones and more are left in peace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cms.kalender import proof
from cms.kalender.proof import Level
from tests.kalender.facts import NOON, stockholm
from tests.kalender.proof_cases import FAULTY, ORDINARY, RIGHT, event, other


def test_there_are_fifty_faulty_events_and_two_hundred_right_ones():
    assert len(FAULTY) == 50
    assert len(RIGHT) >= 200


@pytest.mark.parametrize("number", range(len(FAULTY)))
def test_a_faulty_event_is_remarked_on_once_at_the_right_field(number):
    """On a Sunday, as the clock's nights are, the red day is remarked on too."""
    facts, others, (level, field, words) = FAULTY[number]
    found = proof.remarks(event(**facts), others, now=NOON)
    right = [
        remark
        for remark in found
        if (remark.level, remark.field) == (level, field) and words in remark.sentence
    ]
    assert len(right) == 1, found
    assert len(found) == 1 or "röd dag" in found[-1].sentence, found


@pytest.mark.parametrize("number", range(len(RIGHT)))
def test_a_right_event_is_left_in_peace(number):
    facts, others = RIGHT[number]
    assert proof.remarks(event(**facts), others, now=NOON) == []


LINK = "https://moten.example/a"


@pytest.mark.parametrize(
    ("there", "shared"),
    [
        ({"place": "Ekmanssalen"}, "Ekmanssalen"),
        ({"place": "Ekmanssalen", "online": True}, "Ekmanssalen"),
        ({"online": True, "city": "", "online_link": f"{LINK}/"}, LINK),
        ({"online": True, "city": "", "place": "Ekmanssalen"}, ""),
    ],
)
def test_what_is_in_a_room_and_online_clashes_in_either(there, shared):
    found = proof.remarks(event(online_link=LINK), [other(**there)], now=NOON)
    assert [remark.field for remark in found] == (["place"] if shared else [])
    assert all(f"Samma plats, {shared}, har" in remark.sentence for remark in found)


def test_an_event_that_is_published_and_over_is_left_in_peace():
    was = {
        "starts_at": "2026-11-01 02:30",
        "ends_at": "2026-11-01 05:00",
        "slug": "x",
        "known_start": "2026-11-01 02:30",
    }
    assert proof.remarks(event(**was), [], now=NOON) == []


def test_an_event_that_is_published_and_under_way_may_have_begun():
    facts = {"starts_at": NOON - timedelta(hours=1), "ends_at": NOON + timedelta(hours=1), "slug": "x"}
    assert proof.remarks(event(**facts, known_start=facts["starts_at"]), [], now=NOON) == []
    assert len(proof.remarks(event(**facts), [], now=NOON)) == 1


def test_a_cancelled_event_clashes_with_nothing():
    same = other(leader="Katarina Bergström", is_cancelled=True)
    assert proof.remarks(event(), [same], now=NOON) == []
    assert proof.remarks(event(is_cancelled=True), [other(leader="Katarina Bergström")], now=NOON) == []


def test_a_year_is_long_ten_are_too_long_and_two_weeks_are_neither():
    assert proof.faults(event(ends_at="2036-12-10 13:00"))[0].level == Level.ERROR
    assert proof.remarks(event(ends_at="2027-12-10 13:00"), [], now=NOON)[0].level == Level.WARNING
    fortnight = event(ends_at=ORDINARY["starts_at"] + timedelta(days=14))
    assert not [remark for remark in proof.remarks(fortnight, [], now=NOON) if remark.field == "ends_at"]


def test_both_hours_of_the_night_when_the_clock_is_set_back_are_told():
    night = event(starts_at="2027-10-31 02:00", ends_at="2027-10-31 02:45", slug="x")
    fields = [
        remark.field for remark in proof.remarks(night, [], now=NOON) if "två gånger" in remark.sentence
    ]
    assert fields == ["starts_at", "ends_at"]


def test_a_long_text_is_read_in_good_time():
    text = "torsdag 10 december kl. 13 och 10/12, " * 300
    assert proof.remarks(event(title=text[:10_000], body=text), [], now=NOON) == []
    assert proof.remarks(event(title="1" * 10_000, body="den " * 10_000), [], now=NOON) == []


def test_several_red_days_are_each_named():
    easter = event(starts_at=stockholm("2027-03-26 10:00"), ends_at=stockholm("2027-03-29 12:00"), slug="x")
    named = [remark.sentence for remark in proof.remarks(easter, [], now=NOON)]
    assert len(named) == 3
    assert "Påskdagen" in named[1]
