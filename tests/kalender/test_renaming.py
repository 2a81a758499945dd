"""Another name on a place: staff or guests write it, the seat and the inbox stay, and nobody is written to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.models.signup import GUEST_MEMORY
from notifications.models import Message
from tests.kalender.facts import NOON
from tests.kalender.signups import sign_up, state
from tests.staff import in_role, logged_in

HEARD = ["Karin Ek", "Anders Öst"]


@pytest.fixture
def made(publish) -> SignUp:
    """Two people in one sign-up."""
    event: EventPage = publish(signup=True, seats=2, slug="2026-12-10-grunderna")
    return sign_up(event, names=HEARD)


@pytest.fixture
def staff(made) -> Client:
    return in_role("Redaktör")


def typed(signup: SignUp, *names: str) -> dict[str, str]:
    keys = signup.guests.values_list("pk", flat=True)
    return {f"name-{key}": name for key, name in zip(keys, names, strict=True)}


def sent(client: Client, signup: SignUp, facts: dict[str, str]) -> Any:
    return client.post(reverse("guest_staff:rename", args=[signup.pk]), facts, follow=True)


def names_of(signup: SignUp) -> list[str]:
    return list(signup.guests.values_list("name", flat=True))


def test_the_new_name_has_the_place_and_no_letter_goes(made, staff):
    letters = Message.objects.count()
    answer = sent(staff, made, typed(made, "Bodil Öst", "Anders Öst"))
    assert "Klart, så står det på gästlistan." in answer.content.decode()
    assert names_of(made) == ["Bodil Öst", "Anders Öst"]
    assert (state(made), Message.objects.count()) == ("going", letters)


def test_the_page_shows_the_names_as_they_are(made, staff):
    page = staff.get(reverse("guest_staff:signup", args=[made.pk])).content.decode()
    assert all(f'value="{name}"' in page for name in HEARD)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("  ", "Skriv namnet på den som kommer"),
        ("E" * 121, "Skriv högst 120 tecken"),
        ("\u202eEk", "inte syns"),
        ("karin@bjorkvik.example", "Skriv ett namn, inte en e-postadress"),
        ("Karin Ek\r\nOlle Kö", "Skriv ett namn i varje ruta"),
    ],
)
def test_a_wrong_name_is_told_and_the_other_one_stays_typed(made, staff, name, sentence):
    answer = sent(staff, made, typed(made, "Bodil Öst", name))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="Bodil Öst"' in answer.content.decode()
    assert names_of(made) == HEARD


def test_a_guest_of_another_sign_up_keeps_the_name(made, staff):
    other = sign_up(made.event, names=["Olle Kö"])
    sent(staff, made, {**typed(made, "Bodil Öst", "Anders Öst"), **typed(other, "Någon Annan")})
    assert names_of(other) == ["Olle Kö"]


def test_who_has_cancelled_gets_no_other_name(made, staff):
    signing_up.cancel(made.pk, actor=Actor.GUEST, now=NOON)
    answer = sent(staff, made, typed(made, "Bodil Öst", "Anders Öst"))
    assert "Anmälan är borttagen. Inget är ändrat." in answer.content.decode()
    assert names_of(made) == HEARD


def test_who_has_been_forgotten_stays_so(made, staff):
    facts = typed(made, "Bodil Öst", "Anders Öst")
    signing_up.forget(now=made.event.ends_at + GUEST_MEMORY + timedelta(days=1))
    sent(staff, made, facts)
    assert names_of(made) == ["", ""]


def test_only_those_who_may_change_write_another_name_and_never_by_a_link(made, staff):
    watcher = logged_in("cms.view_signup")
    assert "Byt namn" not in watcher.get(reverse("guest_staff:signup", args=[made.pk])).content.decode()
    assert sent(watcher, made, typed(made, "Bodil Öst", "Anders Öst")).status_code == 403
    assert staff.get(reverse("guest_staff:rename", args=[made.pk])).status_code == 405
    assert names_of(made) == HEARD


def test_at_the_door_staff_write_who_came_instead(made, clock):
    clock.move_to(made.event.starts_at + timedelta(minutes=5))
    sent(in_role("Redaktör"), made, typed(made, "Bodil Öst", "Anders Öst"))
    assert names_of(made) == ["Bodil Öst", "Anders Öst"]


def test_what_is_not_there_is_not_found(staff):
    assert staff.post(reverse("guest_staff:rename", args=[999_999])).status_code == 404
