"""Påminn mig over HTTP: the form, the link in the letter, the way out, and what hostile hands send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cms.kalender import letters as facts
from cms.kalender import reminders
from cms.kalender.models import ReminderRequest, State
from tests.kalender.facts import KARIN, NOON, ask, confirmed, letters

ASK = "/kalender/2026-12-10-grunderna/paminn/"
WRONG_EMAIL = "Skriv hela e-postadressen, till exempel karin@bjorkvik.example"


def test_asking_leads_to_a_page_that_a_reload_does_not_repeat(event, client):
    response = client.post(ASK, {"email": f"  {KARIN} ", "lead": "1d"})
    assert (response.status_code, response.headers["Location"]) == (303, ASK)
    assert "Titta i inkorgen" in client.get(ASK).content.decode()
    assert [letter.to for letter in letters("reminder-confirm")] == [KARIN]
    assert not response.cookies


HOSTILE = [
    "",
    "karin",
    "karin@",
    "@bjorkvik.example",
    "karin@bjorkvik.example, anders@bjorkvik.example",
    "karin@bjorkvik.example;anders@bjorkvik.example",
    "karin@bjorkvik.example\nBcc: anders@bjorkvik.example",
    "kar\x00in@bjorkvik.example",
    "a" * 100_000,
    "a" * 100_000 + "@bjorkvik.example",
    "🙂@bjorkvik.example",
    '"\x0b\x0bEget brev"@bjorkvik.example',
    '"\x0b\x0bEgetbrev"@bjorkvik.example',
    '"\x1cBcc:x"@bjorkvik.example',
    '"karin"@bjorkvik.example',
    '"k\\arin"@bjorkvik.example',
    "\u202ekarin@bjorkvik.example",
    "<script>alert(1)</script>@bjorkvik.example",
    "\n".join(f"elev{number}@skolan.example" for number in range(200)),
    " ".join(f"Elev <elev{number}@skolan.example>" for number in range(200)),
]


@pytest.mark.parametrize("email", HOSTILE, ids=range(len(HOSTILE)))
def test_a_wrong_address_gets_the_form_again_with_the_typing_kept(event, client, email):
    response = client.post(ASK, {"email": email, "lead": "2h"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Fel: " in text.replace("\n", "")
    assert 'role="alert"' in text
    assert f'<a href="#email">{WRONG_EMAIL}</a>' in text
    assert 'aria-invalid="true" aria-describedby="email-fel"' in text
    assert 'value="2h" checked' in text
    assert "<script>alert" not in text
    assert not ReminderRequest.objects.exists()


def test_what_was_typed_stands_in_the_field(event, client):
    assert 'value="karin@"' in client.post(ASK, {"email": "karin@", "lead": "1d"}).content.decode()


def test_many_who_ask_for_one_inbox_write_it_three_letters_an_hour(event, client):
    """Each from an address of its own, by plus names, in capitals, in wide letters; all are answered alike."""
    names = [f"{name}@BJORKVIK.example" for name in ("karin", "karin+a", "karin+b", "Karin")]
    names += ["karin@ｂjorkvik.example", "karin@ｂｊorkvik.example", "karin@BJORKVIK.ｅxample"]
    answers = [
        client.post(ASK, {"email": email, "lead": "1d"}, REMOTE_ADDR=f"203.0.113.{number}")
        for number, email in enumerate(names)
    ]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, ASK)}
    assert len(letters("reminder-confirm")) == 3


@pytest.mark.parametrize("lead", ["", "3w", "1w\x00", "🙂", "a" * 100_000, ["1w", "zz"]])
def test_a_wrong_lead_time_asks_for_one(event, client, lead):
    response = client.post(ASK, {"email": KARIN, "lead": lead})
    text = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#lead">Välj när du vill bli påmind</a>' in text
    assert f'value="{KARIN}"' in text


def test_two_faults_are_both_told(event, client):
    text = client.post(ASK).content.decode()
    assert "Två saker behöver rättas" in text


def test_asking_about_a_cancelled_event_is_refused_politely(event, change, client):
    change(event, status="cancelled")
    response = client.post(ASK, {"email": KARIN, "lead": "1d"})
    assert response.status_code == 422
    assert "går inte att bli påmind om" in response.content.decode()


def test_the_answer_does_not_tell_whether_an_address_has_asked_before(event, client):
    first = client.post(ASK, {"email": KARIN, "lead": "1d"})
    for _again in range(5):
        again = client.post(ASK, {"email": KARIN, "lead": "1d"})
    assert (again.status_code, again.headers["Location"]) == (first.status_code, first.headers["Location"])


def test_another_site_s_page_cannot_ask(event, client):
    for headers in ({"Origin": "https://elak.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(ASK, {"email": KARIN, "lead": "1d"}, headers=headers).status_code == 403


def test_the_form_works_without_token_and_cookie(event):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ASK, {"email": KARIN, "lead": "1d"}).status_code == 303


@pytest.mark.parametrize("address", ["/kalender/finns-inte/paminn/", "/kalender/a%00b/paminn/"])
def test_no_reminder_of_an_event_that_is_not_there(kalender, client, address):
    assert client.post(address, {"email": KARIN, "lead": "1d"}).status_code == 404


# --- The link in the letter --------------------------------------------------------------------
@pytest.fixture
def link(event):
    ask(event)
    return f"/paminnelse/{ReminderRequest.objects.get().key}/"


def state() -> str:
    return ReminderRequest.objects.get().state


def test_opening_the_link_confirms_nothing_the_button_does(link, client):
    text = client.get(link).content.decode()
    client.head(link)
    assert "Ja, påminn mig" in text
    assert state() == State.ASKED
    assert client.post(link).status_code == 303
    assert state() == State.CONFIRMED
    text = client.get(link).content.decode()
    assert "Vi mejlar karin@… onsdag 9 december klockan 13.00." in text
    assert KARIN not in text


def test_the_same_page_removes_the_reminder(link, client):
    client.post(link)
    client.post(link, {"remove": "1"})
    assert state() == State.STOPPED
    assert "Påminnelsen är borttagen" in client.get(link).content.decode()
    client.post(link)
    assert state() == State.STOPPED


def test_a_link_that_is_too_old_says_so(link, client, clock):
    clock.move_to(NOON + timedelta(hours=48))
    client.post(link)
    assert state() == State.ASKED
    assert "Länken gäller inte längre" in client.get(link).content.decode()


def test_the_page_behind_the_key_is_kept_from_caches_and_searches(link, client):
    response = client.get(link)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert not response.cookies


@pytest.mark.parametrize("key", ["a" * 32, "kort", "a%00" * 8, "å" * 20, "a" * 5000])
def test_a_guessed_key_finds_nothing(kalender, client, key):
    assert client.get(f"/paminnelse/{key}/").status_code == 404


# --- The way out -------------------------------------------------------------------------------
@pytest.fixture
def way_out(event):
    return f"/avregistrera/{facts.token(confirmed(event))}/"


def test_one_click_stops_at_once_twice_without_cookie_origin_or_token(way_out):
    provider = Client(enforce_csrf_checks=True)
    for _click in range(2):
        response = provider.post(
            way_out, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
        )
        assert response.status_code == 200
        assert not response.cookies
    wish = ReminderRequest.objects.get()
    assert (wish.state, wish.email) == (State.STOPPED, "")


def test_opening_the_way_out_stops_nothing_its_button_does(way_out, client):
    text = client.get(way_out).content.decode()
    assert 'name="List-Unsubscribe" value="One-Click"' in text
    assert state() == State.CONFIRMED


def test_one_click_answers_200_also_when_the_row_is_gone(way_out, client):
    ReminderRequest.objects.all().delete()
    assert client.post(way_out).status_code == 200


def test_a_tampered_token_stops_nobody(way_out, client):
    other = way_out.replace("paminnelse-", "paminnelse-9")
    for address in (other, f"{way_out[:-3]}xx/", "/avregistrera/å%00aaaaaaaaaaaaaaaaaaaa/"):
        assert client.post(address).status_code == 404
    assert state() == State.CONFIRMED


def test_the_letter_s_own_headers_lead_to_the_way_out(way_out, client):
    header = facts.stop_headers(ReminderRequest.objects.get())["List-Unsubscribe"]
    assert header.startswith(f"<http://testserver{way_out}>, <mailto:hej@vardskapet.example")


# --- Used again ------------------------------------------------------------------------------------
def test_a_link_that_has_served_brings_no_second_letter(event, link, client):
    client.post(link)
    assert reminders.send_due(now=event.starts_at - timedelta(hours=24)) == 1
    client.post(link)
    assert (state(), reminders.send_due(now=event.starts_at - timedelta(hours=23))) == (State.SENT, 0)


def test_a_link_whose_event_is_deleted_in_the_same_moment_leads_to_nothing_and_breaks_nothing(
    event, client, monkeypatch
):
    ask(event)
    address, confirm = f"/paminnelse/{ReminderRequest.objects.get().key}/", reminders.confirm

    def after_the_event_has_gone(**facts):
        event.delete()
        confirm(**facts)

    monkeypatch.setattr(reminders, "confirm", after_the_event_has_gone)
    assert client.post(address).status_code == 303
    assert client.get(address).status_code == 404


def test_a_link_whose_reminder_was_stopped_does_not_bring_it_back(link, client):
    client.post(link)
    client.post(link, {"remove": "1"})
    client.post(link)
    assert state() == State.STOPPED


def test_an_old_way_out_does_not_stop_what_was_asked_for_since(event, client):
    old = confirmed(event)
    way_out = f"/avregistrera/{facts.token(old)}/"
    client.post(way_out)
    new = confirmed(event)
    client.post(way_out)
    new.refresh_from_db()
    assert (old.pk != new.pk, new.state) == (True, State.CONFIRMED)
