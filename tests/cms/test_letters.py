"""Brev in the admin: every kind that goes out, in both languages, and what one that went out said."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from notifications import frame, letters, outbox
from notifications.models import Message
from tests.factories import OrderFactory
from tests.harness.place import ROOT
from tests.staff import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

BOTH = [(kind.letter, language) for kind in letters.kinds() for language in ("sv", "en")]


def shown(client, letter, language, page="example"):
    answer = client.get(reverse(f"letters_staff:{page}", args=[letter, language]))
    assert answer.status_code == 200
    return answer


def test_every_letter_that_has_a_template_is_among_them():
    folders = {path.parent.name for path in Path(ROOT / "templates/email").glob("*/subject.txt")}
    assert {kind.letter for kind in letters.kinds()} == folders


@pytest.mark.parametrize(("letter", "language"), BOTH)
def test_each_can_be_seen_with_example_facts_and_stores_nothing(letter, language):
    before = Message.objects.count()
    page = shown(in_role("Redaktör"), letter, language).content.decode()
    html = shown(in_role("Packare"), letter, language, "example_html").content.decode()
    assert f'lang="{language}"' in html
    assert "Värdskapet" in html
    for fault in ("None", "{{", "{%", "()", "Traceback"):
        assert fault not in html, fault
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert Message.objects.count() == before


def test_the_example_of_a_confirmation_holds_what_a_real_one_does():
    """Made by the same code: 25 copies at 49 kr and freight, VAT taken out of the sums."""
    html = shown(in_role("Redaktör"), "order-confirmation", "sv", "example_html").content.decode()
    for words in ("Karin", "VS-2026-000123", "1\u00a0225,00\u00a0kr", "1\u00a0324,00\u00a0kr", "14 dagar"):
        assert words in html, words


def test_the_frame_runs_nothing_and_fetches_nothing():
    answer = shown(in_role("Redaktör"), "sent", "sv", "example_html")
    assert answer["Content-Security-Policy"] == frame.POLICY
    assert "default-src 'none'" in frame.POLICY


@pytest.mark.parametrize(("letter", "language"), [("finns-inte", "sv"), ("sent", "de"), ("base", "sv")])
def test_a_letter_or_language_that_is_none_is_not_found(letter, language):
    address = reverse("letters_staff:example", args=[letter, language])
    assert in_role("Redaktör").get(address).status_code == 404


def test_what_was_written_to_a_buyer_can_be_read_again_by_those_who_pack_and_keep_books():
    order = OrderFactory(on_invoice=True)
    letter = Message.objects.get(about=order.number)
    address = reverse("letters_staff:message", args=[letter.pk])
    page = in_role("Packare").get(address).content.decode()
    assert order.number in page
    assert order.email in page
    assert in_role("Redaktör").get(address).status_code == 403


def test_a_letter_that_opens_an_account_is_for_its_receiver_alone(admin_client):
    facts = {"subject": "Nytt", "text": "/reset/hemlig"}
    letter = outbox.put(letters.STAFF_NOTE, key="1", to="elin@vardskapet.example", context=facts)
    for page in ("message", "message_html"):
        assert admin_client.get(reverse(f"letters_staff:{page}", args=[letter.pk])).status_code == 404
