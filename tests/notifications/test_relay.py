"""Libraries' mail goes the outbox's way: stored first, sent by the worker, forgotten when it opens something."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation

from cms.tasks import send_new_password
from notifications import outbox, sending
from notifications.models import Message, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_the_product(settings):
    """The suite's own backend stands in for it elsewhere."""
    settings.EMAIL_BACKEND = "notifications.relay.Backend"


def test_a_librarys_mail_is_stored_one_letter_a_receiver_and_not_sent_in_the_request(mailoutbox):
    with translation.override("en"):
        send_mail("Ämne\n", "Text & mer", None, ["a@vardskapet.example", "b@vardskapet.example"])
    letters = Message.objects.order_by("to")
    assert [letter.to for letter in letters] == ["a@vardskapet.example", "b@vardskapet.example"]
    assert {letter.language for letter in letters} == {"en"}
    assert letters[0].context == {"subject": "Ämne", "text": "Text & mer"}
    assert mailoutbox == []


def test_the_letter_goes_out_with_the_same_words_and_is_then_forgotten(mailoutbox):
    send_mail("Ett <ämne>", "Läs https://vardskapet.example/?a=1&b=2", None, ["a@vardskapet.example"])
    letter = Message.objects.get()
    assert sending.send(letter.pk, now=timezone.now())
    [mail] = mailoutbox
    assert (mail.subject, mail.to) == ("Ett <ämne>", ["a@vardskapet.example"])
    assert "https://vardskapet.example/?a=1&b=2" in mail.body
    letter.refresh_from_db()
    assert (letter.state, letter.to, letter.context) == (State.SENT, "", {})
    assert not outbox.send_again(letter.pk, now=timezone.now())


def test_a_new_password_is_asked_for_through_the_outbox(client, mailoutbox, monkeypatch):
    monkeypatch.setattr(send_new_password, "delay", send_new_password)
    get_user_model()._default_manager.create_user(
        "elin", "elin@vardskapet.example", "gammalt-ord", is_superuser=True
    )
    answer = client.post(reverse("wagtailadmin_password_reset"), {"email": "elin@vardskapet.example"})
    assert answer.status_code == 302
    letter = Message.objects.get()
    assert (letter.to, mailoutbox) == ("elin@vardskapet.example", [])
    assert "/admin/password_reset/confirm/" in letter.context["text"]
