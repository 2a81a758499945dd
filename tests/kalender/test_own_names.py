"""A guest corrects the names of the own sign-up, behind its key, until the event begins."""

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
from tests.factories import pay
from tests.kalender.facts import KARIN, NOON
from tests.kalender.signups import GOING, UNPAID, sign_up, state
from tests.kalender.test_guest_list import workbook
from tests.kalender.test_paid_places import buy, course, order_of
from tests.kalender.test_renaming import HEARD, names_of, typed
from tests.kalender.test_signing_up_pages import own, words
from tests.staff import in_role

__all__ = ["course"]  # a fixture

STORED = "Namnen är ändrade."


@pytest.fixture
def made(publish) -> SignUp:
    """Two people in one sign-up; the seats are taken with them."""
    event: EventPage = publish(signup=True, seats=2, slug="2026-12-10-grunderna")
    return sign_up(event, names=HEARD, email=KARIN)


def sent(client: Client, signup: SignUp, *names: str, **more: str) -> Any:
    return client.post(own(signup), {"rename": "1", **typed(signup, *names), **more})


def test_the_corrected_name_has_the_place_and_no_letter_goes(made, client):
    letters = Message.objects.count()
    answer = sent(client, made, " Bodil  Öst ", "Anders\tÖst")
    assert answer.status_code == 303
    assert names_of(made) == ["Bodil Öst", "Anders Öst"]
    assert (state(made), made.places, Message.objects.count()) == (GOING, 2, letters)
    assert not answer.cookies


def test_the_page_that_follows_says_so_and_shows_the_names_as_they_are_now(made, client):
    before = client.get(own(made)).content.decode()
    assert all(f'value="{name}"' in before for name in HEARD)
    assert STORED not in before
    page = client.get(sent(client, made, "Bodil Öst", "Anders Öst").headers["Location"])
    assert STORED in words(page)
    assert "Vem Bodil Öst Anders Öst" in words(page)
    assert 'value="Bodil Öst"' in page.content.decode()
    assert HEARD[0] not in page.content.decode()


def test_the_guest_list_the_workbook_and_the_door_have_the_new_name(made, client):
    editor = in_role("Redaktör")
    sent(client, made, "Bodil Öst", "Anders Öst")
    for name in ("list", "check_in", "check_in_print"):
        page = editor.get(reverse(f"guest_staff:{name}", args=[made.event.pk])).content.decode()
        assert "Bodil Öst" in page
        assert HEARD[0] not in page
    assert [row["Namn"] for row in workbook(editor, made.event)] == ["Bodil Öst", "Anders Öst"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("  ", "Skriv namnet på den som kommer"),
        ("E" * 121, "Skriv högst 120 tecken"),
        ("\u202eEk", "Texten innehåller tecken som inte syns"),
        ("karin@bjorkvik.example", "Skriv ett namn, inte en e-postadress"),
        ("Karin Ek\r\nOlle Kö", "Skriv ett namn i varje ruta"),
        ("a" * 100_000, "Skriv högst 120 tecken"),
    ],
)
def test_a_wrong_name_is_told_in_one_sentence_and_the_other_one_stays_typed(made, client, name, sentence):
    answer = sent(client, made, "Bodil Öst", name)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fel: Din anmälan" in text.replace("\n", "")
    assert f'<a href="#f-name-{made.guests.last().pk}">{sentence}' in text
    assert '<details class="toc-m" open>' in text
    assert 'value="Bodil Öst"' in text
    assert "Vem Karin Ek Anders Öst" in words(answer), "what is stored"
    assert names_of(made) == HEARD


def test_markup_in_a_name_is_text(made, client):
    page = client.get(sent(client, made, '"><script>alert(1)</script>', "Anders Öst").headers["Location"])
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("other", ["queued", "offered"])
def test_who_waits_corrects_names_too(made, client, other):
    SignUp.objects.filter(pk=made.pk).update(state=other, offered_until=NOON + timedelta(hours=1))
    assert "Rätta ett namn" in words(client.get(own(made)))
    sent(client, made, "Bodil Öst", "Anders Öst")
    assert (names_of(made)[0], state(made)) == ("Bodil Öst", other)


def test_who_is_to_pay_or_has_paid_corrects_names_too(course, client):
    bought = buy(course, 2, method="card")
    for paid, name in enumerate(("Bodil Öst", "Olle Kö")):
        if paid:
            pay(order_of(bought))
        sent(client, bought, name, "Gäst 1")
        assert (names_of(bought)[0], state(bought)) == (name, GOING if paid else UNPAID)
    assert order_of(bought).lines.get().quantity == 2


def test_one_person_alone_is_told_of_one_name(publish, client):
    alone = sign_up(publish(signup=True))
    assert "Rätta namnet" in words(client.get(own(alone)))
    assert "Namnet är ändrat." in words(client.get(sent(client, alone, "Bodil Öst").headers["Location"]))


def test_a_guest_of_another_sign_up_keeps_the_name(made, client):
    other = sign_up(made.event, names=["Olle Kö"])
    sent(client, made, "Bodil Öst", "Anders Öst", **typed(other, "Någon Annan"))
    assert names_of(other) == ["Olle Kö"]


def begun(signup: SignUp, clock: Any) -> None:
    clock.move_to(signup.event.starts_at)


def cancelled(signup: SignUp, clock: Any) -> None:
    signing_up.cancel(signup.pk, actor=Actor.GUEST, now=NOON)


@pytest.mark.parametrize("too_late", [begun, cancelled])
def test_once_it_has_begun_or_is_cancelled_names_stay(made, client, clock, too_late):
    too_late(made, clock)
    assert "Rätta ett namn" not in words(client.get(own(made)))
    for names in (("Bodil Öst", "Anders Öst"), ("", "")):
        answer = sent(client, made, *names)
        assert (answer.status_code, answer.headers["Location"]) == (303, own(made))
    assert names_of(made) == HEARD


def test_the_operation_decides_by_itself_and_at_the_door_only_staff_rename(made):
    names, begins = {made.guests.first().pk: "Bodil Öst"}, made.event.starts_at
    assert not signing_up.rename(made.pk, names, actor=Actor.GUEST, now=begins)
    assert signing_up.rename(made.pk, names, actor=Actor.STAFF, now=begins)
    cancelled(made, None)
    assert not signing_up.rename(made.pk, dict.fromkeys(names, "Olle Kö"), actor=Actor.GUEST, now=NOON)
    assert names_of(made)[0] == "Bodil Öst"


def test_who_has_been_forgotten_has_no_page_and_stays_so(made, client):
    facts = typed(made, "Bodil Öst", "Anders Öst")
    signing_up.forget(now=made.event.ends_at + GUEST_MEMORY + timedelta(days=1))
    assert client.post(own(made), {"rename": "1", **facts}).status_code == 404
    assert names_of(made) == ["", ""]


def test_links_and_other_sites_rename_nobody(made, client):
    client.get(own(made), {"rename": "1", **typed(made, "Bodil Öst", "Anders Öst")})
    facts = {"rename": "1", **typed(made, "Bodil Öst", "Anders Öst")}
    answer = client.post(own(made), facts, headers={"Origin": "https://elak.example"})
    assert answer.status_code == 403
    assert names_of(made) == HEARD


def test_in_english_the_words_are_english(publish, client):
    made = sign_up(publish(signup=True), names=HEARD, language="en")
    page = words(client.get(f"/en/sign-up/{made.key}/"))
    assert "Correct a name" in page
    answer = client.post(f"/en/sign-up/{made.key}/", {"rename": "1", **typed(made, "", "karin@x.example")})
    assert "Write the name of the person who comes" in words(answer)
    assert "Write a name, not an e-mail address" in words(answer)
