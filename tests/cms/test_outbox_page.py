"""Utgående brev: what stands in the list, who sees and sends what, and what it costs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notifications import letters
from notifications.models import Message, State
from notifications.tasks import send_message
from tests.factories import NOON
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db

LIST = "/admin/brev/utgaende/"


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The letters that a worker was asked to send."""
    asked: list[int] = []
    monkeypatch.setattr(send_message, "delay", asked.append)
    return asked


def written(key: str, letter: str = "sent", **facts: Any) -> Message:
    given = {"to": f"{key}@bjorkvik.example", "about": f"VS-2026-{key}", "context": {}, **facts}
    return Message.objects.create(
        letter=letter, key=key, message_id=f"<{key}@prov>", created_at=NOON, next_try_at=NOON, **given
    )


def listed(client: Client, **query: str) -> list[str]:
    """The keys in the list, in its order."""
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return [letter.key for letter in answer.context["object_list"]]


def button(client: Client, letter: Message, page: str = LIST) -> tuple[str, dict[str, str]] | None:
    """Where the letter's button posts to and what goes with it, as the page has it."""
    found = re.search(
        rf'action="([^"]*/utskick/{letter.pk}/igen/[^"]*)".*?name="seen" value="([^"]*)"',
        client.get(page).content.decode(),
        re.DOTALL,
    )
    return (found[1].replace("&amp;", "&"), {"seen": found[2]}) if found else None


# --- What stands in the list ----------------------------------------------------------------------
def test_the_list_is_newest_first_and_says_how_far_each_letter_has_come():
    written("1", state=State.SENT, sent_at=NOON, tries=1)
    written("2", tries=3, error="SMTPServerDisconnected: <b>nej</b>")
    client = in_role("Packare")
    assert listed(client) == ["2", "1"]
    page = client.get(LIST).content.decode()
    for words in (
        "Paketet är skickat",
        "1@bjorkvik.example",
        "VS-2026-2",
        "Väntar",
        "Skickat",
        "Skickat 23 nov 2026, 12.00",
        "Nästa försök 23 nov 2026, 12.00",
    ):
        assert words in page, words
    assert "SMTPServerDisconnected: &lt;b&gt;nej" in page
    assert reverse("letters_staff:message", args=[Message.objects.get(key="1").pk]) in page
    assert LIST in client.get(reverse("letters_staff:list")).content.decode()


def test_the_list_is_narrowed_by_state_receiver_and_order_number():
    for state in State.values:
        written(state, state=state)
    client = in_role("Ekonom")
    for state in State.values:
        assert listed(client, state=state) == [state]
    assert listed(client, q="FAILED@bjorkvik") == ["failed"]
    assert listed(client, q="vs-2026-sent") == ["sent"]
    assert listed(client, q="bjorkvik", state="waiting") == ["waiting"]
    assert listed(client, q="nobody") == []


def test_nonsense_in_the_address_is_answered_with_a_list():
    client = in_role("Ägare")
    written("1")
    for query, found in (
        ({"q": "\x00"}, ["1"]),
        ({"q": "1@\x00bjorkvik"}, ["1"]),
        ({"q": "a" * 10_000}, []),
        ({"q": "a " * 5_000}, ["1"]),
        ({"q": "% _ \\ ' \" <script>"}, []),
        ({"state": "nonsense"}, ["1"]),
        ({"state": "\x00"}, ["1"]),
        ({"p": "-1"}, ["1"]),
        ({"p": "9" * 400}, ["1"]),
        ({"ordering": "context"}, ["1"]),
    ):
        assert listed(client, **query) == found, query
        rows = client.get(LIST + "rader/", query)
        assert rows.status_code == 200
        assert "<script>" not in rows.content.decode()


def test_a_page_holds_fifty_and_costs_the_same_for_ten_and_sixty_letters(django_assert_num_queries):
    client = in_role("Packare")
    for place in range(10):
        written(str(place), state=State.SENT)
    client.get(LIST)  # warm what outlives a request
    with django_assert_num_queries(14, exact=False) as few:
        assert len(listed(client)) == 10
    for place in range(10, 60):
        written(str(place), state=State.FAILED)
    with django_assert_num_queries(len(few.captured_queries)):
        assert len(listed(client)) == 50
    assert len(listed(client, p="2")) == 10


# --- Who sees and sends what ----------------------------------------------------------------------
def test_each_role_sees_the_kinds_that_it_may_read_and_nobody_the_confidential_ones():
    for kind in ("sent", "enquiry", letters.STAFF_NOTE, "forgotten"):
        written(kind, kind)
    seen = {"Redaktör": ["enquiry"], "Packare": ["sent"], "Ekonom": ["sent"], "Ägare": ["enquiry", "sent"]}
    assert {role: listed(in_role(role)) for role in seen} == seen


def test_staff_without_the_right_get_403_and_no_letter_and_strangers_the_login(client):
    letter = written("1", state=State.FAILED)
    address, bare = reverse("letters_staff:send_again", args=[letter.pk]), logged_in()
    for path in (LIST, LIST + "rader/"):
        answer = bare.get(path)
        assert answer.status_code == 403
        assert letter.to not in answer.content.decode()
        assert client.get(path).url.startswith("/admin/login/")
    assert bare.post(address).status_code == 403
    assert client.post(address).url.startswith("/admin/login/")


@pytest.mark.parametrize(
    ("role", "statuses"), [("Redaktör", [403, 403]), ("Packare", [302, 404]), ("Ägare", [302, 302])]
)
def test_only_who_may_send_again_has_the_button_and_only_for_kinds_that_one_reads(role, statuses):
    both, client = (
        [written("1", state=State.FAILED), written("2", "enquiry", state=State.FAILED)],
        in_role(role),
    )
    assert [button(client, letter) is not None for letter in both] == [status == 302 for status in statuses]
    posted = {"seen": NOON.isoformat()}
    addresses = [reverse("letters_staff:send_again", args=[letter.pk]) for letter in both]
    assert [client.post(address, posted).status_code for address in addresses] == statuses
    went = [Message.objects.get(pk=letter.pk).state == State.WAITING for letter in both]
    assert went == [status == 302 for status in statuses]


# --- The button -----------------------------------------------------------------------------------
def test_a_failed_letter_goes_again_with_a_sentence_and_the_same_button_twice_begins_once(
    nudges, django_capture_on_commit_callbacks
):
    letter, client = written("1", state=State.FAILED, tries=60, error="nej"), in_role("Packare")
    back = LIST + "?state=failed&q=bjorkvik"
    found = button(client, letter, back)
    assert found is not None
    address, posted = found
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, posted)
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert "Brevet till 1@bjorkvik.example är på väg igen." in client.get(back).content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.error, nudges) == (State.WAITING, 0, "", [letter.pk])
    for state in (State.WAITING, State.SENDING, State.SENT):  # also when it went out before the second press
        Message.objects.update(state=state)
        with django_capture_on_commit_callbacks(execute=True):
            again = client.post(address, posted, follow=True)
        assert "Inget nytt skickades" in again.content.decode()
        assert (Message.objects.get().state, nudges) == (state, [letter.pk])


def test_a_letter_on_its_way_or_without_an_address_has_no_button_and_is_left_alone(nudges):
    client = in_role("Ägare")
    for letter in (
        written("1", state=State.WAITING),
        written("2", state=State.SENDING, leased_until=NOON),
        written("3", state=State.SENT, to=""),
    ):
        assert button(client, letter) is None
        address = reverse("letters_staff:send_again", args=[letter.pk])
        client.post(address, {"seen": letter.next_try_at.isoformat()})
        assert Message.objects.get(pk=letter.pk).state == letter.state
        assert client.get(address).status_code == 405


@pytest.mark.parametrize("seen", ["", "\x00", "i går", "0001-01-01T00:00:00+14:00", "9" * 10_000])
def test_a_button_that_tells_nonsense_sends_nothing(seen):
    letter = written("1", state=State.SENT)
    in_role("Ägare").post(reverse("letters_staff:send_again", args=[letter.pk]), {"seen": seen})
    assert Message.objects.get().state == State.SENT
