"""Many at the same seats at once: whole requests to a real server on both databases, and operations on threads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import requests
from django.test import Client

from cms.kalender import guest_letters, signing_up
from cms.kalender.guest_letters import Draft
from cms.kalender.models import Actor, EventPage, Guest, SignUp
from tests.flows.test_last_copies import HEADERS, all_at_once
from tests.harness import place
from tests.harness.processes import Sites
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import (
    CANCELLED,
    FORM,
    GOING,
    LAPSED,
    OFFERED,
    QUEUED,
    guest,
    party,
    sign_up,
    state,
    states,
    widen_gaps,
    wish,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


# --- A hundred people on the web -----------------------------------------------------------------
def seats(database: str, *words: str) -> Any:
    """Run seat_race on a database in a process of its own."""
    command = [sys.executable, "-m", "tests.kalender.seat_race", *words]
    env = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(command, cwd=place.ROOT, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def fill_in(address: str, number: int) -> dict[str, str]:
    page = requests.get(address, headers=HEADERS, timeout=60)
    key = re.search(r'name="signup_key" value="([-\w]+)"', page.text)
    assert key
    return {"signup_key": key[1], "names": f"Gäst {number}", "email": f"gast{number}@bjorkvik.example"}


def send(address: str, form: dict[str, str]) -> int:
    return requests.post(address, form, headers=HEADERS, allow_redirects=False, timeout=110).status_code


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["here", "sqlite"])
def test_of_a_hundred_people_at_ten_seats_ten_are_in_and_ninety_queue_in_their_order(
    kind: str, live_site: Sites, fresh_database: Callable[[str], str]
):
    database = fresh_database(kind)
    address = seats(database, "open", "10")
    url = live_site(DATABASE_URL=database, PAGE_CACHE_MB="8", LIMITS="off")
    with ThreadPoolExecutor(8) as pool:
        forms = list(pool.map(lambda number: fill_in(f"{url}{address}", number), range(100)))
    answers = all_at_once([partial(send, f"{url}{address}", form) for form in forms])
    assert answers == [303] * 100
    found = seats(database, "count")
    assert found["states"] == [GOING] * 10 + [QUEUED] * 90
    assert found["turns"] == list(range(1, 91))
    assert found["letters"] == {"signup-going": 10, "signup-queued": 90}
    # The same ten, and each of the hundred, once more: nothing is added.
    assert all_at_once([partial(send, f"{url}{address}", form) for form in forms[:10]]) == [303] * 10
    first = f"{url}/anmalan/{found['keys'][0]}/"
    assert all_at_once([partial(send, first, {"cancel": "1"})] * 8) == [303] * 8
    found = seats(database, "count")
    assert found["states"] == [CANCELLED] + [GOING] * 9 + [OFFERED] + [QUEUED] * 89
    assert found["letters"] == {
        "signup-going": 10,
        "signup-queued": 90,
        "signup-cancelled": 1,
        "signup-offered": 1,
    }


# --- Threads -------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _wide_gaps(request, monkeypatch):
    if "full" in request.fixturenames:
        request.getfixturevalue("full")  # before it takes time
    widen_gaps(monkeypatch)


@pytest.fixture
def open_event(publish):
    return lambda seats: publish(signup=True, seats=seats, slug="trangt")


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    return all_at_once(list(jobs))


def press(address: str, form: dict[str, Any]) -> int:
    return int(Client().post(address, form).status_code)


def test_of_six_forms_sent_at_once_for_two_seats_two_are_in_and_four_queue_in_their_order(
    open_event, settings
):
    """The hundred at ten seats, of the chaos lane, in small."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS)
    event = open_event(2)
    forms = [{**FORM, "signup_key": f"{number:032}", "email": guest(number)} for number in range(6)]
    sent = [partial(press, f"{event.url}anmalan/", form) for form in forms]
    assert at_once(*sent) == [303] * 6
    # The same again: nothing is added.
    assert at_once(*sent) == [303] * 6
    made = list(SignUp.objects.order_by("pk"))
    assert [signup.state for signup in made] == [GOING] * 2 + [QUEUED] * 4
    assert [SignUp.objects.ahead_of(signup) for signup in made[2:]] == [0, 1, 2, 3]
    assert (len(letters("signup-going")), len(letters("signup-queued"))) == (2, 4)
    assert at_once(*[partial(press, f"/anmalan/{made[0].key}/", {"cancel": "1"})] * 4) == [303] * 4
    assert [state(signup) for signup in made] == [CANCELLED, GOING, OFFERED, *[QUEUED] * 3]
    assert len(letters("signup-offered")) == 1


def test_the_same_form_sent_eight_times_at_once_is_one_sign_up(open_event):
    event, form = open_event(10), wish()
    made = at_once(*[lambda: sign_up(event, form).pk] * 8)
    assert (len(set(made)), SignUp.objects.count(), len(letters("signup-going"))) == (1, 1, 1)


def test_one_inbox_with_four_forms_at_once_has_one_sign_up(open_event):
    event = open_event(10)
    forms = [wish(email="karin@bjorkvik.example") for _number in range(4)]
    made = at_once(*[partial(sign_up, event, form) for form in forms])
    assert len({signup.pk for signup in made}) == SignUp.objects.count() == 1
    assert len(letters("signup-going")) == 4


def test_two_colleagues_at_once_and_each_twice_are_two_sign_ups_of_one_inbox(open_event):
    """Each form has a key of its own, as when two windows are open."""
    address = f"{open_event(10).url}anmalan/"
    forms = [
        {**FORM, "signup_key": f"{number:032}", "names": name}
        for number, name in enumerate(["Anna Ek", "Calle Ek"] * 2)
    ]
    assert at_once(*[partial(press, address, form) for form in forms]) == [303] * 4
    assert sorted(Guest.objects.values_list("name", flat=True)) == ["Anna Ek", "Calle Ek"]
    assert (SignUp.objects.count(), len(letters("signup-going"))) == (2, 4)


def test_the_last_seat_goes_to_the_one_it_is_enough_for_and_the_party_of_three_waits(open_event):
    event = open_event(3)
    sign_up(event, party(2))
    one, three = at_once(lambda: sign_up(event), lambda: sign_up(event, party(3)))
    assert (state(one), state(three)) == (GOING, QUEUED)


def test_a_letter_to_all_that_is_sent_four_times_at_once_reaches_each_inbox_once(open_event):
    event = open_event(3)
    for _number in range(3):
        sign_up(event)
    draft = Draft(form_key="b" * 32, subject="Inneskor", text="Golvet är nyslipat.", audience="going")
    made = at_once(*[partial(guest_letters.write, event.pk, draft, author="moa", now=NOON)] * 4)
    assert sorted(is_new for _letter, is_new in made) == [False, False, False, True]
    assert len(letters(guest_letters.LETTER)) == 3


@pytest.fixture
def full(open_event) -> list[SignUp]:
    """Two are going, three wait."""
    event = open_event(2)
    return [sign_up(event) for _number in range(5)]


def cancel(signup: SignUp) -> bool:
    return signing_up.cancel(signup.pk, actor=Actor.GUEST, now=NOON)


def test_two_clicks_on_cancel_at_once_offer_one_seat(full):
    assert sorted(at_once(*[partial(cancel, full[0])] * 4)) == [False, False, False, True]
    assert [state(one) for one in full] == [CANCELLED, GOING, OFFERED, QUEUED, QUEUED]


def test_two_who_cancel_at_once_offer_two_seats_to_the_first_two(full):
    at_once(*[partial(cancel, signup) for signup in full[:2]])
    assert [state(one) for one in full] == [CANCELLED, CANCELLED, OFFERED, OFFERED, QUEUED]
    assert len(letters("signup-offered")) == 2


def accept(signup: SignUp, now: Any) -> bool:
    try:
        signing_up.accept(signup.key, now=now)
    except signing_up.OfferLapsed:
        return False
    return True


def test_a_yes_that_meets_the_end_of_the_offer_is_a_seat_or_none_and_never_two(full):
    cancel(full[0])
    just_in_time, just_too_late = NOON + DAY - timedelta(seconds=1), NOON + DAY
    taken, lapsed = at_once(
        lambda: accept(full[2], just_in_time), lambda: signing_up.lapse(full[2].pk, now=just_too_late)
    )
    assert taken != lapsed
    after = [GOING, QUEUED, QUEUED] if taken else [LAPSED, OFFERED, QUEUED]
    assert [state(one) for one in full[2:]] == after
    assert EventPage.objects.get().seats_left == 0


def called_full(event: EventPage) -> None:
    """Though there are seats: then what is given back is counted, and each seat given back twice is seen."""
    EventPage.objects.filter(pk=event.pk).update(status="full", seats=20)


def test_four_windows_that_give_the_same_place_back_at_once_offer_one_seat(open_event):
    event = open_event(3)
    party_of_three = sign_up(event, party(3))
    waiting = [sign_up(event) for _number in range(4)]
    called_full(event)
    press_leave = {"leave": "1", "out": [str(party_of_three.guests.earliest("pk").pk)]}
    assert at_once(*[partial(press, f"/anmalan/{party_of_three.key}/", press_leave)] * 4) == [303] * 4
    assert (state(party_of_three), SignUp.objects.get(pk=party_of_three.pk).places) == (GOING, 2)
    assert [state(one) for one in waiting] == [OFFERED, *[QUEUED] * 3]
    assert (len(letters("signup-fewer")), len(letters("signup-offered"))) == (1, 1)


def leave(signup: SignUp, guests: list[int], now: Any = NOON) -> bool:
    try:
        return signing_up.leave(signup.pk, guests, actor=Actor.GUEST, now=now)
    except signing_up.OfferLapsed:
        return False


def test_two_windows_that_take_one_each_off_at_once_leave_nobody(open_event):
    event = open_event(2)
    both = sign_up(event, party(2))
    waiting = [sign_up(event) for _number in range(3)]
    keys = list(both.guests.values_list("pk", flat=True))
    assert at_once(*[partial(leave, both, [key]) for key in keys]) == [True, True]
    assert [state(one) for one in (both, *waiting)] == [CANCELLED, OFFERED, OFFERED, QUEUED]
    assert (len(letters("signup-fewer")), len(letters("signup-cancelled"))) == (1, 1)


def test_a_place_given_back_that_meets_the_end_of_its_offer_goes_on_once(open_event):
    event = open_event(2)
    first, asked = sign_up(event, party(2)), sign_up(event, party(2))
    waiting = [sign_up(event) for _number in range(3)]
    called_full(event)
    cancel(first)
    just_in_time, just_too_late = NOON + DAY - timedelta(seconds=1), NOON + DAY
    guests = [asked.guests.earliest("pk").pk]
    left, lapsed = at_once(
        lambda: leave(asked, guests, just_in_time), lambda: signing_up.lapse(asked.pk, now=just_too_late)
    )
    assert lapsed
    assert SignUp.objects.get(pk=asked.pk).places == (1 if left else 2)
    assert [state(one) for one in (asked, *waiting)] == [LAPSED, OFFERED, OFFERED, QUEUED]
    assert len(letters("signup-fewer")) == left
    assert (event.signups.seats_held(), len(letters("signup-offered"))) == (2, 3)


def test_two_beats_at_once_pass_an_offer_on_once(full):
    cancel(full[0])
    at_once(*[lambda: signing_up.lapse_offers(now=NOON + DAY)] * 3)
    assert [state(one) for one in full[2:]] == [LAPSED, OFFERED, QUEUED]
    assert len(letters("signup-lapsed")) == 1


def test_while_guests_come_and_go_and_the_editor_adds_seats_no_seat_is_held_twice(full, change):
    event = full[0].event
    jobs: list[Callable[[], Any]] = [partial(cancel, signup) for signup in full[:2]]
    jobs += [lambda: sign_up(event) for _number in range(6)]
    jobs += [
        lambda: EventPage.objects.filter(pk=event.pk).update(seats=4),
        lambda: signing_up.offer_seats(event.pk, now=NOON),
    ]
    at_once(*jobs)
    signing_up.offer_seats(event.pk, now=NOON)
    found = states(event)
    assert event.signups.seats_held() == 4
    assert found[QUEUED] == 3 + 6 - 4
    assert len(letters("signup-offered")) + len(letters("signup-going")) == 2 + 4


def test_whoever_signs_up_while_the_event_is_cancelled_is_refused_or_told(open_event, change):
    event = open_event(3)

    def come() -> str:
        try:
            return sign_up(event).email
        except signing_up.Closed:
            return ""

    came = at_once(*[come] * 6, lambda: change(event, status="cancelled"))[:6]
    inside = sorted(event.signups.values_list("email", flat=True))
    assert sorted(email for email in came if email) == inside
    assert sorted(letter.to for letter in letters("event-cancelled")) == inside


def test_a_yes_that_meets_the_cancelling_is_told_with_the_file_that_fits(full, change):
    cancel(full[0])
    taken, _event = at_once(lambda: accept(full[2], NOON), lambda: change(full[0].event, status="cancelled"))
    (told,) = [letter for letter in letters("event-cancelled") if letter.to == full[2].email]
    assert told.context["method"] == ("CANCEL" if taken else "")
    assert state(full[2]) == (GOING if taken else QUEUED)
