"""Letters to all guests from the event's admin page: looked at first, sent once to each inbox."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender import guest_letters, signing_up
from cms.kalender.models import Actor, EventPage, GuestLetter
from cms.kalender.models.signup import GUEST_MEMORY
from notifications import sending
from notifications.models import Message
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import sign_up
from tests.kalender.test_guest_list import MARKUP, crowd
from tests.staff import in_role

WRITTEN = {
    "letter_key": "b" * 32,
    "audience": "going",
    "subject": "Ta med inneskor",
    "text": "Hej!\n\nGolvet är nyslipat.",
}
KIND = guest_letters.LETTER


@pytest.fixture
def party(publish) -> EventPage:
    event: EventPage = publish(signup=True, seats=1, slug="2026-12-10-grunderna", contact="moa@vard.example")
    return event


@pytest.fixture
def editor(party) -> Client:
    return in_role("Redaktör")


def post(client: Client, event: EventPage, gor: str, **facts: str) -> Any:
    return client.post(reverse("guest_staff:letter", args=[event.pk]), {**WRITTEN, "gor": gor, **facts})


def receivers() -> list[str]:
    return [letter.to for letter in letters(KIND)]


def test_a_letter_is_shown_before_it_is_sent(party, editor):
    sign_up(party)
    page = post(editor, party, "granska")
    assert page.status_code == 200
    assert "<p>Golvet är nyslipat.</p>" in page.content.decode()
    assert "Skicka till en mottagare" in page.content.decode()
    assert "moa@vard.example" in page.content.decode()
    assert not GuestLetter.objects.exists()
    assert not receivers()
    again = post(editor, party, "")
    assert 'value="Ta med inneskor"' in again.content.decode(), "to be changed, with what was typed"


def test_three_hundred_guests_get_one_letter_each_however_often_the_button_is_pressed(
    party, editor, mailoutbox
):
    crowd(party, 300)
    for _time in range(3):
        answer = post(editor, party, "skicka")
        assert answer.status_code == 302
    assert GuestLetter.objects.get().receivers == 300
    while sending.send_to_many():
        pass
    assert len(mailoutbox) == 300
    assert len({mail.to[0] for mail in mailoutbox}) == 300
    mail = mailoutbox[0]
    assert (mail.subject, mail.reply_to or mail.extra_headers.get("Reply-To")) in [
        ("Ta med inneskor", "moa@vard.example"),
        ("Ta med inneskor", ["moa@vard.example"]),
    ]
    assert "Golvet är nyslipat." in mail.body
    assert "/anmalan/" in mail.body


def test_it_goes_to_those_who_were_chosen(party, editor):
    going, offered, queued = sign_up(party), sign_up(party), sign_up(party)
    signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON)
    signing_up.accept(offered.key, now=NOON)
    wanted = {"going": [offered], "queue": [queued], "all": [offered, queued]}
    for audience, those in wanted.items():
        Message.objects.filter(letter=KIND).delete()
        post(editor, party, "skicka", audience=audience, letter_key=audience * 10)
        assert receivers() == [one.email for one in those], audience


def test_each_reads_the_frame_in_the_language_of_the_sign_up(party, editor, mailoutbox):
    sign_up(party, language="en")
    post(editor, party, "skicka")
    sending.send_to_many()
    assert "See your sign-up" in mailoutbox[-1].body
    assert "/en/" in mailoutbox[-1].body


def test_a_contact_that_is_no_address_leaves_answers_to_the_company(party, editor, change):
    change(party, contact="Kansliet, 08-555 000 00")
    sign_up(party)
    post(editor, party, "skicka")
    assert letters(KIND)[0].headers == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"subject": "x" * 10_000},
        {"subject": ""},
        {"text": ""},
        {"text": "x" * 100_000},
        {"audience": "grannar"},
        {"audience": "queue"},
    ],
)
def test_a_fault_is_told_and_what_was_typed_stays(party, editor, fault):
    sign_up(party)
    for gor in ("granska", "skicka"):
        answer = post(editor, party, gor, **fault)
        page = answer.content.decode()
        assert "nyslipat" in page or "Ta med inneskor" in page
        assert "staff-faults" in page
    assert not GuestLetter.objects.exists()


def test_a_subject_of_two_lines_grows_no_header(party, editor):
    sign_up(party)
    answer = post(editor, party, "skicka", subject="Hej\r\nBcc: alla@x.example")
    assert answer.status_code == 422
    assert not receivers()


def test_markup_is_text_in_preview_and_mail(party, editor, mailoutbox):
    sign_up(party)
    preview = post(editor, party, "granska", text=MARKUP, subject=MARKUP).content.decode()
    assert "<img src=x" not in preview
    post(editor, party, "skicka", text=MARKUP, subject=MARKUP)
    sending.send_to_many()
    html = mailoutbox[-1].alternatives[0][0]
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html
    assert MARKUP in mailoutbox[-1].body


def test_staff_see_what_has_been_written(party, editor):
    sign_up(party)
    post(editor, party, "skicka")
    page = editor.get(reverse("guest_staff:letter", args=[party.pk])).content.decode()
    assert "Ta med inneskor" in page
    assert "1 mottagare" in page
    assert (
        "redan skickat"
        in editor.post(
            reverse("guest_staff:letter", args=[party.pk]), {**WRITTEN, "gor": "skicka"}, follow=True
        ).content.decode()
    )


def test_the_letters_are_forgotten_with_the_guests(party, editor):
    sign_up(party)
    post(editor, party, "skicka")
    sending.send_to_many()
    signing_up.forget(now=party.ends_at + GUEST_MEMORY)
    (kept,) = letters(KIND)
    assert (kept.to, kept.context) == ("", {})


def test_guests_who_have_been_forgotten_are_nobody_to_write_to_or_to_ring(party):
    sign_up(party)
    signing_up.forget(now=party.ends_at + GUEST_MEMORY)
    assert not guest_letters.chosen(party, "all").exists()
