"""Seats, the queue and its offers, and what is forgotten: the operations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cms.kalender import guest_letters, signing_up
from cms.kalender.models import Actor, EventPage, Guest, GuestLetter, SignUp
from cms.kalender.tasks import tend_signups
from notifications.models import Message
from notifications.models import State as LetterState
from shop import limits
from tests.kalender.conftest import fresh
from tests.kalender.facts import KARIN, NOON, letters, stockholm
from tests.kalender.signups import (
    CANCELLED,
    GOING,
    LAPSED,
    OFFERED,
    QUEUED,
    party,
    sign_up,
    state,
    states,
    wish,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def open_event(publish):
    """open_event(seats=3): one with sign-up on its page, on 10 December at 13.00."""
    return lambda **facts: publish(**{"signup": True, "slug": "2026-12-10-grunderna", **facts})


@pytest.fixture
def two_seats(open_event):
    return open_event(seats=2)


# --- In ------------------------------------------------------------------------------------------
def test_seats_go_to_those_who_come_first_and_the_others_queue_in_their_order(two_seats):
    made = [sign_up(two_seats) for _number in range(4)]
    assert [one.state for one in made] == [GOING, GOING, QUEUED, QUEUED]
    assert [SignUp.objects.ahead_of(one) for one in made[2:]] == [0, 1]


def test_each_name_of_a_sign_up_is_a_guest_with_a_seat(open_event):
    event = open_event(seats=3)
    together = sign_up(event, names=["Karin Ek", "Anders Ek"])
    assert (together.places, [guest.name for guest in together.guests.all()]) == (
        2,
        ["Karin Ek", "Anders Ek"],
    )
    assert sign_up(event, party(2)).state == QUEUED, "one seat is left"
    assert sign_up(event).state == GOING, "whom the one seat is enough for"


def test_seats_that_an_editor_has_promised_elsewhere_are_taken(open_event):
    event = open_event(seats=5, seats_taken=4)
    assert [sign_up(event).state for _number in range(2)] == [GOING, QUEUED]


def test_without_a_number_of_seats_everybody_comes(open_event):
    event = open_event(seats=None)
    assert [sign_up(event, party(20)).state for _number in range(3)] == [GOING] * 3


def test_an_event_that_the_editor_calls_full_queues_everybody_until_it_is_not(open_event, change):
    event = open_event(seats=None, status="full")
    first, second = sign_up(event), sign_up(event)
    assert states(event) == {QUEUED: 2}
    change(event, status="planned")
    assert (state(first), state(second)) == (OFFERED, OFFERED)


def test_the_same_form_twice_is_one_sign_up_and_one_letter(two_seats):
    form = wish(form_key="en")
    first, again = (signing_up.sign_up(two_seats.pk, form, now=NOON) for _time in range(2))
    assert (first[0], first[1], again[1]) == (again[0], True, False)
    assert len(letters("signup-going")) == 1


def test_the_same_inbox_again_has_its_letter_again_and_no_second_seat(two_seats):
    first = sign_up(two_seats, email=KARIN)
    assert sign_up(two_seats, email=KARIN.upper()) == first
    assert [letter.to for letter in letters("signup-going")] == [KARIN, KARIN]
    assert [guest.name for guest in Guest.objects.all()] == ["Karin Ek"]


def test_one_form_key_at_two_events_is_two_sign_ups(open_event):
    here, there = open_event(slug="har"), open_event(slug="dar")
    assert sign_up(here, wish(form_key="en")) != sign_up(there, wish(form_key="en"))


def test_a_form_whose_sign_up_was_cancelled_signs_up_no_more(two_seats):
    form = wish(form_key="en")
    signing_up.cancel(sign_up(two_seats, form).pk, actor=Actor.GUEST, now=NOON)
    with pytest.raises(signing_up.FormUsed):
        sign_up(two_seats, form)


def test_an_inbox_has_six_letters_an_hour_whatever_the_events(open_event):
    events = [open_event(slug=f"traff-{number}") for number in range(7)]
    for event in events[:6]:
        sign_up(event, email=KARIN)
    for event in (events[6], events[0]):
        with pytest.raises(limits.TooMany):
            sign_up(event, email=f"{KARIN.replace('@', '+sommar@')}")
    assert SignUp.objects.count() == 6
    sign_up(events[6], email=KARIN, now=NOON + HOUR)


def test_an_inbox_has_eighteen_letters_a_day_and_is_told_how_long_to_wait(two_seats):
    for number in range(18):
        sign_up(two_seats, email=KARIN, now=NOON + number // 6 * HOUR)
    with pytest.raises(limits.TooMany) as refused:
        sign_up(two_seats, email=KARIN, now=NOON + 4 * HOUR)
    assert refused.value.retry_after == 20 * 3600
    sign_up(two_seats, email=KARIN, now=NOON + 24 * HOUR)


@pytest.mark.parametrize(
    "facts",
    [
        {"signup": False},
        {"status": "cancelled"},
        {"starts_at": NOON - HOUR},
        {"starts_at": NOON},
        {"signup_closes_at": NOON},
    ],
)
def test_nobody_signs_up_to_an_event_that_takes_none(open_event, facts):
    event = open_event(**facts)
    with pytest.raises(signing_up.Closed):
        sign_up(event)


def test_an_event_that_is_no_longer_published_takes_none(two_seats):
    two_seats.unpublish()
    with pytest.raises(signing_up.Closed):
        sign_up(two_seats)


@pytest.mark.parametrize("agreed", [True, False])
def test_needs_are_kept_only_by_an_own_consent(two_seats, agreed):
    signup = sign_up(two_seats, needs="Vegansk mat", needs_agreed=agreed)
    assert (signup.needs, signup.needs_agreed_at) == (("Vegansk mat", NOON) if agreed else ("", None))


def test_a_consent_without_needs_is_none(two_seats):
    assert sign_up(two_seats, needs_agreed=True).needs_agreed_at is None


# --- Offers --------------------------------------------------------------------------------------
@pytest.fixture
def full(two_seats):
    """Two are going, two wait."""
    return [sign_up(two_seats) for _number in range(4)]


def cancel(signup: SignUp, *, now=NOON) -> bool:
    return signing_up.cancel(signup.pk, actor=Actor.GUEST, now=now)


def test_a_cancelled_seat_is_offered_to_the_first_in_the_queue_for_a_day(full):
    cancel(full[0])
    assert [state(one) for one in full] == [CANCELLED, GOING, OFFERED, QUEUED]
    assert SignUp.objects.get(pk=full[2].pk).offered_until == NOON + DAY
    (letter,) = letters("signup-offered")
    assert (letter.to, letter.context["until"]) == (full[2].email, "tisdag 24 november klockan 12.00")


def test_cancelling_twice_gives_one_seat_back(full):
    assert (cancel(full[0]), cancel(full[0])) == (True, False)
    assert [state(one) for one in full[1:]] == [GOING, OFFERED, QUEUED]
    assert len(letters("signup-cancelled")) == 1


def test_an_offered_seat_is_taken_by_its_key_once(full):
    cancel(full[0])
    for _click in range(2):
        assert signing_up.accept(full[2].key, now=NOON + HOUR).state == GOING
    assert len(letters("signup-going")) == 3
    assert SignUp.objects.get(pk=full[2].pk).offered_until is None


def test_who_waits_or_has_left_can_take_no_seat(full):
    cancel(full[0])
    for one in (full[0], full[3]):
        with pytest.raises(signing_up.OfferLapsed):
            signing_up.accept(one.key, now=NOON)
    with pytest.raises(SignUp.DoesNotExist):
        signing_up.accept("a" * 32, now=NOON)


def test_an_offer_that_nobody_answers_goes_on_to_the_next(full, clock):
    cancel(full[0])
    signing_up.lapse_offers(now=NOON + DAY - timedelta(seconds=1))
    assert state(full[2]) == OFFERED
    with pytest.raises(signing_up.OfferLapsed):
        signing_up.accept(full[2].key, now=NOON + DAY)
    clock.move_to(NOON + DAY)
    tend_signups()
    assert [state(one) for one in full[2:]] == [LAPSED, OFFERED]
    clock.move_to(NOON + 2 * DAY)
    tend_signups()
    assert [state(one) for one in full[2:]] == [LAPSED, LAPSED]
    assert [letter.to for letter in letters("signup-lapsed")] == [one.email for one in full[2:]]


def test_an_offer_that_stands_is_not_taken_back_by_a_beat_that_saw_an_older_one(full):
    cancel(full[0])
    assert not signing_up.lapse(full[2].pk, now=NOON + DAY - timedelta(seconds=1))
    assert state(full[2]) == OFFERED
    assert signing_up.lapse(full[2].pk, now=NOON + DAY)


@pytest.mark.parametrize(
    "facts",
    [{"starts_at": NOON + HOUR}, {"live": False}, {"status": "cancelled"}],
    ids=["begun", "gone", "off"],
)
def test_there_is_no_seat_to_take_at_an_event_that_is_out_of_reach_however_it_became_so(full, facts):
    cancel(full[0])
    EventPage.objects.filter(pk=full[0].event_id).update(**facts)
    with pytest.raises(signing_up.OfferLapsed):
        signing_up.accept(full[2].key, now=NOON + HOUR)
    assert state(full[2]) == OFFERED


def test_saying_no_to_an_offer_asks_the_next_at_once(full):
    cancel(full[0])
    cancel(full[2])
    assert [state(one) for one in full[2:]] == [CANCELLED, OFFERED]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-12-07 13:00", "2026-12-08 13:00"),
        ("2026-12-10 09:00", "2026-12-10 11:00"),
        ("2026-12-10 12:58", "2026-12-10 12:59"),
    ],
)
def test_an_offer_lasts_a_day_and_never_more_than_half_of_the_time_left(full, now, until):
    cancel(full[0], now=stockholm(now))
    assert SignUp.objects.get(pk=full[2].pk).offered_until == stockholm(until)


def test_an_offer_ends_before_sign_up_closes_and_after_that_there_is_none(open_event):
    event = open_event(seats=1, signup_closes_at=NOON + 4 * HOUR)
    first, second = sign_up(event), sign_up(event)
    cancel(first)
    assert SignUp.objects.get(pk=second.pk).offered_until == NOON + 2 * HOUR
    signing_up.accept(second.key, now=NOON)
    third = sign_up(event)
    cancel(second, now=NOON + 4 * HOUR)
    assert state(third) == QUEUED


def test_a_party_that_needs_more_than_is_free_keeps_its_turn(open_event):
    event = open_event(seats=3)
    held = [sign_up(event) for _number in range(3)]
    three, one = sign_up(event, party(3)), sign_up(event)
    cancel(held[0])
    assert (state(three), state(one)) == (QUEUED, OFFERED)
    cancel(one)
    assert (state(three), sign_up(event).state) == (QUEUED, GOING)


def test_whoever_comes_when_a_seat_is_free_does_not_pass_those_who_wait(open_event):
    event = open_event(seats=1)
    first, waiting = sign_up(event), sign_up(event)
    SignUp.objects.filter(pk=first.pk).update(state=CANCELLED)  # as if nobody had offered the seat
    assert sign_up(event).state == QUEUED
    assert state(waiting) == OFFERED


def test_seats_that_an_editor_adds_are_offered_as_soon_as_it_is_published(full, change):
    event = full[0].event
    change(event, seats=3)
    assert [state(one) for one in full] == [GOING, GOING, OFFERED, QUEUED]
    change(event, seats=3, lede="Nya ord.")
    assert state(full[3]) == QUEUED
    change(event, seats=None)
    assert state(full[3]) == OFFERED


def test_fewer_seats_take_none_back_and_offer_none(full, change):
    change(full[0].event, seats=1)
    assert [state(one) for one in full] == [GOING, GOING, QUEUED, QUEUED]
    cancel(full[0])
    assert state(full[2]) == QUEUED


def test_what_is_given_back_is_offered_also_when_the_editor_calls_it_full(open_event, change):
    event = open_event(seats=3)
    first = sign_up(event)
    change(event, status="full")
    waiting = [sign_up(event) for _number in range(2)]
    cancel(first)
    assert [state(one) for one in waiting] == [OFFERED, QUEUED], "though the figures say that three are free"


@pytest.mark.parametrize("how", ["cancelled", "unpublished"])
def test_of_an_event_that_is_off_no_offer_runs_out_and_once_it_is_on_again_it_is_made_anew(
    full, change, clock, how
):
    event = full[0].event
    cancel(full[0])
    if how == "cancelled":
        change(event, status="cancelled")
    else:
        fresh(event).unpublish()
    with pytest.raises(signing_up.OfferLapsed):
        signing_up.accept(full[2].key, now=NOON)
    clock.move_to(NOON + 2 * DAY)
    tend_signups()
    assert [state(one) for one in full[2:]] == [QUEUED, QUEUED]
    assert not letters("signup-lapsed")
    change(event, status="planned")
    assert [state(one) for one in full[2:]] == [OFFERED, QUEUED]
    assert len(letters("signup-offered")) == 2
    signing_up.accept(full[2].key, now=NOON + 3 * DAY - HOUR)


def test_who_gives_back_a_seat_at_a_cancelled_event_hears_of_it_in_no_second_letter(full, change):
    change(full[0].event, status="cancelled")
    cancel(full[0])
    assert state(full[0]) == CANCELLED
    assert not letters("signup-cancelled")


def test_an_alias_has_the_seats_of_its_original(two_seats, kalender):
    alias = two_seats.create_alias(parent=kalender, update_slug="samma-traff")
    sign_up(two_seats)
    assert fresh(alias).seats_left == 1
    (listed,) = EventPage.objects.filter(pk=alias.pk).with_seats()
    assert (listed.seats_held, listed.original.pk) == (1, two_seats.pk)


def test_a_list_asks_no_event_for_its_seats(open_event, django_assert_num_queries):
    events = [open_event(slug=f"traff-{number}", seats=number + 2) for number in range(3)]
    sign_up(events[0], party(2))
    sign_up(events[1])
    listed = list(EventPage.objects.upcoming(NOON))
    with django_assert_num_queries(0):
        found = [(one.seats_left, one.is_full) for one in listed]
    assert found == [(0, True), (2, False), (4, False)]


# --- Forgotten -----------------------------------------------------------------------------------
@pytest.fixture
def remembered(two_seats) -> SignUp:
    needs = {"needs": "Vegansk mat", "needs_agreed": True}
    asked = wish(email=KARIN, phone="+46701234567", organisation="Björkviks kommun", **needs)
    return sign_up(two_seats, asked)


def test_needs_are_erased_with_a_cancellation(remembered):
    cancel(remembered)
    after = SignUp.objects.get()
    assert (after.needs, after.needs_agreed_at) == ("", None)


def test_needs_are_erased_14_days_after_the_event_and_the_rest_after_90(remembered, clock):
    ends = remembered.event.ends_at
    Message.objects.update(state=LetterState.SENT)
    clock.move_to(ends + 14 * DAY - HOUR)
    tend_signups()
    assert SignUp.objects.get().needs == "Vegansk mat"
    clock.move_to(ends + 14 * DAY)
    tend_signups()
    kept = SignUp.objects.get()
    assert (kept.needs, kept.needs_agreed_at, kept.email) == ("", None, KARIN)
    clock.move_to(ends + 90 * DAY - HOUR)
    tend_signups()
    assert SignUp.objects.get().email == KARIN
    clock.move_to(ends + 90 * DAY)
    tend_signups()
    gone = SignUp.objects.get()
    assert (gone.email, gone.phone, gone.organisation, Guest.objects.get().name) == ("", "", "", "")
    (letter,) = letters("signup-going")
    assert (letter.to, letter.context) == ("", {})


def test_what_staff_wrote_to_the_guests_is_forgotten_with_them(remembered, clock):
    draft = guest_letters.Draft("k" * 20, "Till Karin", "Karin tar med kaffe.", "all")
    guest_letters.write(remembered.event.pk, draft, author="maja", now=NOON)
    clock.move_to(remembered.event.ends_at + 90 * DAY - HOUR)
    tend_signups()
    assert GuestLetter.objects.get().text == "Karin tar med kaffe."
    clock.move_to(remembered.event.ends_at + 90 * DAY)
    tend_signups()
    assert not GuestLetter.objects.exists()


def test_a_moved_event_is_remembered_from_its_new_end(remembered, change, clock):
    change(remembered.event, ends_at=remembered.event.ends_at + 7 * DAY)
    clock.move_to(remembered.event.ends_at + 14 * DAY)
    tend_signups()
    assert SignUp.objects.get().needs == "Vegansk mat"
