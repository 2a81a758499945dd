"""The proof-reader on texts that its rules were not made from: it finds what is faulty, and nothing else."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from cms.kalender import proof
from cms.kalender.proof import Facts, Level, Remark
from tests.kalender.facts import NOON
from tests.kalender.proof_unseen import DOUBTFUL, SEPTEMBER, STOPPED, TWICE_THEN, Faulty, Said, facts_of, on
from tests.kalender.proof_unseen_hours import (
    HOURS_FAULTY,
    HOURS_MISSED,
    HOURS_RIGHT,
    HOURS_RIGHT_THIRD,
    MORE_HOURS_FAULTY,
    MORE_HOURS_RIGHT,
)
from tests.kalender.proof_unseen_more import ONCE_MORE, ONCE_MORE_FAULTY
from tests.kalender.proof_unseen_right import RIGHT
from tests.kalender.proof_unseen_whole import WHOLE_FAULTY, WHOLE_RIGHT

WARNED = [*DOUBTFUL, *WHOLE_FAULTY, *ONCE_MORE_FAULTY]
LEFT_ALONE = [*RIGHT, *((said, []) for said in WHOLE_RIGHT), *ONCE_MORE]


def told(case: Faulty, *, now: datetime = NOON) -> tuple[list[Remark], list[Remark]]:
    """The remarks that the case is about, and the others."""
    said, others, field, word = case
    found = proof.remarks(facts_of(said), others, now=now)
    right = [one for one in found if one.field == field and word.lower() in one.sentence.lower()]
    return right, [one for one in found if one not in right]


HOURS_WARNED = [*HOURS_FAULTY, *MORE_HOURS_FAULTY]
HOURS_LEFT_ALONE = [*HOURS_RIGHT, *MORE_HOURS_RIGHT, *HOURS_RIGHT_THIRD]


def test_there_are_enough_hours_of_both():
    assert len(HOURS_WARNED) >= 60
    assert len(HOURS_LEFT_ALONE) >= 210


@pytest.mark.parametrize("case", HOURS_WARNED)
def test_an_hour_that_is_told_as_the_events_own_and_is_another_is_warned_of_once(case: Faulty):
    right, rest = told(case)
    assert ([one.level for one in right], rest) == ([Level.WARNING], [])
    said, _others, field, _word = case
    quoted = right[0].sentence.split("”")[1]
    assert quoted in " ".join(str(said[field]).split())


@pytest.mark.parametrize(("said", "others"), HOURS_LEFT_ALONE)
def test_the_events_own_hours_and_those_of_something_else_are_left_alone(said: Said, others: list[Facts]):
    assert proof.remarks(facts_of(said), others, now=NOON) == []


@pytest.mark.parametrize("case", HOURS_MISSED)
def test_what_might_be_one_part_of_the_event_is_left_alone(case: Faulty):
    assert told(case) == ([], [])


def test_a_text_full_of_hours_is_read_in_good_time():
    said = on("2026-12-10", body="Vi börjar kl. 14 och slutar 17.30, eller kl. 9–12. Fika 14.30. " * 400)
    began = time.process_time()
    assert len(proof.remarks(facts_of(said), [], now=NOON)) == 1
    assert time.process_time() - began < 4


@pytest.mark.parametrize("gap", ["\n", "\n "])
def test_a_text_with_a_long_gap_is_read_in_good_time(gap: str):
    said = on("2026-12-10", body=f"Om kvällen{gap * 10_000}Vi börjar{gap * 10_000}kl. 14.")
    began = time.process_time()
    assert len(proof.remarks(facts_of(said), [], now=NOON)) == 1
    assert time.process_time() - began < 2


def test_an_hour_in_old_letters_is_read_like_any_other():
    told = proof.remarks(facts_of(on("2026-12-10", body="Vi börjar kl. ſju.")), [], now=NOON)
    assert [remark.field for remark in told] == ["body"]


def test_there_are_enough_of_both():
    assert len(WARNED) + len(STOPPED) >= 200
    assert len(LEFT_ALONE) >= 400


@pytest.mark.parametrize("case", WARNED)
def test_what_is_probably_wrong_is_warned_of_once(case: Faulty):
    right, _rest = told(case)
    assert [one.level for one in right] == [Level.WARNING]


@pytest.mark.parametrize("case", TWICE_THEN)
def test_an_hour_that_came_twice_in_2026_was_warned_of(case: Faulty):
    right, _rest = told(case, now=SEPTEMBER)
    assert [one.level for one in right] == [Level.WARNING]


@pytest.mark.parametrize("case", STOPPED)
def test_what_cannot_be_is_stopped_once(case: Faulty):
    right, _rest = told(case)
    assert [one.level for one in right] == [Level.ERROR]


@pytest.mark.parametrize(("said", "others"), LEFT_ALONE)
def test_what_is_right_is_left_alone(said: Said, others: list[Facts]):
    assert proof.remarks(facts_of(said), others, now=NOON) == []


def test_a_text_full_of_other_days_is_read_in_good_time():
    """A whole year's programme that is pasted must not hold a save: twice the text takes twice the time."""
    said = on("2026-12-10", body="Fredag 11 december kl. 13. Välkommen på tisdag, 12/12 eller 13/12. " * 300)
    began = time.process_time()
    assert len(proof.remarks(facts_of(said), [], now=NOON)) == 3
    assert time.process_time() - began < 4
