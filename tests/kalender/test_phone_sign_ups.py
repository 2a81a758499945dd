"""Who rings and has no e-mail: a seat all the same, no letter, and a mark that tells staff to ring."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.models.signup import GUEST_MEMORY
from cms.kalender.tasks import tend_signups
from notifications.models import Message
from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON
from tests.kalender.signups import CANCELLED, GOING, LAPSED, OFFERED, QUEUED, sign_up, state
from tests.kalender.test_admin import editor as superuser  # noqa: F401  the fixture
from tests.kalender.test_consequences import form, post, pressed, text_of
from tests.staff import in_role, logged_in

PHONED = {"names": "Greta Lund", "email": "", "phone": "070-123 45 67", "signup_key": "k" * 32}
RING = "Ingen e-post – ring"


@pytest.fixture
def party(publish) -> EventPage:
    """One seat on 10 December."""
    event: EventPage = publish(signup=True, seats=1, slug="2026-12-10-grunderna")
    return event


@pytest.fixture
def staff(party) -> Client:
    return in_role("Redaktör")


def address(name: str, where: EventPage | SignUp) -> str:
    return reverse(f"guest_staff:{name}", args=[where.pk])


def phoned(client: Client, event: EventPage, **facts: str) -> Any:
    return client.post(address("sign_up", event), {**PHONED, **facts}, follow=True)


def by_phone(event: EventPage, **facts: Any) -> SignUp:
    return sign_up(event, email="", phone="+46701234567", **facts)


def test_a_telephone_is_enough_and_no_letter_goes(party, staff):
    answer = phoned(staff, party)
    made = SignUp.objects.get()
    assert (made.state, made.email, made.phone) == (GOING, "", "+46701234567")
    assert "Inget brev går ut: säg det till gästen." in answer.content.decode()
    assert RING in answer.content.decode()
    assert not Message.objects.exists()


def test_sent_twice_it_signs_up_once_and_two_without_an_address_are_two(party, staff):
    for _time in range(2):
        phoned(staff, party)
    phoned(staff, party, signup_key="m" * 32, names="Olle Ros")
    assert list(SignUp.objects.order_by("pk").values_list("state", flat=True)) == [GOING, QUEUED]


def test_somebody_must_be_within_reach(party, staff):
    answer = phoned(staff, party, phone="")
    assert answer.status_code == 422
    assert "Skriv ett telefonnummer, eller en e-postadress." in answer.content.decode()
    assert "Greta Lund" in answer.content.decode()
    assert not SignUp.objects.exists()


def test_on_the_web_the_address_is_needed(party, client):
    answer = client.post(f"/kalender/{party.slug}/anmalan/", PHONED)
    assert answer.status_code == 422
    assert not SignUp.objects.exists()


def test_the_list_says_whom_to_ring_and_a_forgotten_guest_is_nobody_to_ring(party, staff):
    by_phone(party)
    page = staff.get(address("list", party)).content.decode()
    assert RING in page
    assert "+46701234567" in page
    signing_up.forget(now=party.ends_at + GUEST_MEMORY)
    assert RING not in staff.get(address("list", party)).content.decode()
    assert SignUp.objects.get().forgotten_at == party.ends_at + GUEST_MEMORY


# --- The queue ------------------------------------------------------------------------------------
@pytest.fixture
def offered(party) -> SignUp:
    """Greta, without e-mail, is asked for a day whether she wants the seat; another one waits behind her."""
    leaving, waiting = sign_up(party), by_phone(party, names=["Greta Lund"])
    sign_up(party)
    signing_up.cancel(leaving.pk, actor=Actor.GUEST, now=NOON)
    return SignUp.objects.get(pk=waiting.pk)


def test_the_start_page_tells_to_ring_and_until_when(offered, staff):
    page = text_of(staff.get(reverse("wagtailadmin_home")))
    assert "Ring Greta Lund: en plats är ledig" in page
    assert "Platsen hålls till 24 nov 2026, 12.00." in page
    assert not Message.objects.filter(letter="signup-offered").exists()


def test_the_start_page_tells_nothing_of_offers_that_a_letter_has_told_of(offered, staff):
    SignUp.objects.filter(pk=offered.pk).update(email="greta@bjorkvik.example")
    assert "Ring Greta" not in text_of(staff.get(reverse("wagtailadmin_home")))


def test_staff_take_the_seat_for_who_says_yes_once(offered, staff):
    assert "Gästen har ingen e-post, så ring och fråga." in text_of(staff.get(address("signup", offered)))
    for _click in range(2):
        answer = staff.post(address("accept", offered), follow=True)
        assert "Klart, platsen är tagen." in text_of(answer)
    assert state(offered) == GOING
    assert "Ring Greta" not in text_of(staff.get(reverse("wagtailadmin_home")))
    assert "Gästen tar platsen" not in text_of(staff.get(address("signup", offered)))


def test_an_offer_that_nobody_rang_about_goes_on_to_the_next(offered, staff, clock):
    clock.move_to(NOON + timedelta(days=1))
    answer = staff.post(address("accept", offered), follow=True)
    assert "Erbjudandet gäller inte längre." in text_of(answer)
    tend_signups()
    assert [one.state for one in SignUp.objects.order_by("pk")] == [CANCELLED, LAPSED, OFFERED]


def test_only_those_who_may_change_take_a_seat_for_somebody(offered):
    watcher = logged_in("cms.view_signup")
    assert "Gästen tar platsen" not in text_of(watcher.get(address("signup", offered)))
    assert watcher.post(address("accept", offered)).status_code == 403
    assert state(offered) == OFFERED


def test_a_get_takes_no_seat(offered, staff):
    assert staff.get(address("accept", offered)).status_code == 405
    assert staff.post(reverse("guest_staff:accept", args=[999_999])).status_code == 404


# --- What all are told ----------------------------------------------------------------------------
def test_who_moves_an_event_is_told_to_ring_also_when_no_letter_goes(party, superuser):  # noqa: F811
    by_phone(party)
    sent = form(party, seats="1", signup="on")
    answer = post(superuser, party, sent)
    assert "1 anmälan utan e-post: dit går inget brev, så ring" in text_of(answer)
    post(superuser, party, pressed(answer, "beratta"))
    assert fresh(party).starts_at != party.starts_at
    assert not Message.objects.exists()


def test_a_letter_to_all_says_whom_it_does_not_reach(party, staff):
    sign_up(party)
    EventPage.objects.filter(pk=party.pk).update(seats=2)
    by_phone(party)
    written = {"letter_key": "b" * 32, "audience": "going", "subject": "Hej", "text": "Ta med inneskor."}
    page = text_of(staff.post(address("letter", party), {**written, "gor": "granska"}))
    assert "1 anmälan har ingen e-post och får inget brev." in page
    assert "Skicka till en mottagare" in page
    staff.post(address("letter", party), {**written, "gor": "skicka"})
    assert Message.objects.filter(letter="guest-letter").count() == 1
