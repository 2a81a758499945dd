"""Brev in the admin: every kind that goes out, in both languages, and what one that went out said."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Template
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
    owner = in_role("Ägare")
    page = shown(owner, letter, language).content.decode()
    html = shown(owner, letter, language, "example_html").content.decode()
    assert f'lang="{language}"' in html
    assert "Värdskapet" in html
    for fault in ("None", "{{", "{%", "()", "Traceback"):
        assert fault not in html, fault
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert Message.objects.count() == before


def test_the_example_of_a_confirmation_holds_what_a_real_one_does():
    """Made by the same code: 25 copies at 49 kr and freight, VAT taken out of the sums."""
    html = shown(in_role("Packare"), "order-confirmation", "sv", "example_html").content.decode()
    for words in ("Karin", "VS-2026-000123", "1\u00a0225,00\u00a0kr", "1\u00a0324,00\u00a0kr", "14 dagar"):
        assert words in html, words


def test_the_frame_runs_nothing_and_fetches_nothing():
    answer = shown(in_role("Packare"), "sent", "sv", "example_html")
    assert answer["Content-Security-Policy"] == frame.POLICY
    assert "default-src 'none'" in frame.POLICY


@pytest.mark.parametrize(("letter", "language"), [("finns-inte", "sv"), ("sent", "de"), ("base", "sv")])
def test_a_letter_or_language_that_is_none_is_not_found(letter, language):
    address = reverse("letters_staff:example", args=[letter, language])
    assert in_role("Ägare").get(address).status_code == 404


def test_what_was_written_to_a_buyer_can_be_read_again_by_those_who_pack_and_keep_books():
    order = OrderFactory(on_invoice=True)
    letter = Message.objects.get(about=order.number)
    address = reverse("letters_staff:message", args=[letter.pk])
    page = in_role("Packare").get(address).content.decode()
    assert order.number in page
    assert order.email in page
    assert in_role("Redaktör").get(address).status_code == 404


# Who may read a kind of letter: its examples, and those that went out.
ROLES = {"R": "Redaktör", "P": "Packare", "E": "Ekonom", "Ä": "Ägare"}
READERS = {
    "order-confirmation": "PEÄ",
    "payment-received": "PEÄ",
    "pay-again": "PEÄ",
    "late-money": "PEÄ",
    "refund": "PEÄ",
    "refund-failed": "PEÄ",
    "sent": "PEÄ",
    "withdrawal-receipt": "PEÄ",
    "order-waiting": "PEÄ",
    "order-refused": "PEÄ",
    "pay-link": "PEÄ",
    "quote": "PEÄ",
    "quote-accepted": "PEÄ",
    "quote-withdrawn": "PEÄ",
    "withdrawal-goods-awaited": "PEÄ",
    "withdrawal-refunded": "PEÄ",
    "withdrawal-refused": "PEÄ",
    "cancelled": "PEÄ",
    "complaint-receipt": "PEÄ",
    "complaint-refused": "PEÄ",
    "low-stock": "PEÄ",
    "reminder-confirm": "RÄ",
    "reminder": "RÄ",
    "signup-going": "RÄ",
    "signup-queued": "RÄ",
    "signup-offered": "RÄ",
    "signup-lapsed": "RÄ",
    "signup-unpaid": "RÄ",
    "signup-cancelled": "RÄ",
    "signup-fewer": "RÄ",
    "signup-refused": "RÄ",
    "event-moved": "RÄ",
    "event-cancelled": "RÄ",
    "event-on-again": "RÄ",
    "guest-letter": "RÄ",
    "enquiry": "RÄ",
    "enquiry-receipt": "RÄ",
    "staff-note": "RÄ",
}


def stored(kind: letters.Kind) -> Message:
    return outbox.put(
        kind.letter, key="prov", to="karin@bjorkvik.example", context=kind.example("sv"), about="prov"
    )


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_the_kinds_of_letters_whose_matters_it_may_see(role, monkeypatch):
    client, went_out = in_role(ROLES[role]), {kind.letter: stored(kind) for kind in letters.kinds()}
    page = client.get(reverse("letters_staff:list")).content.decode()
    assert set(went_out) == set(READERS)
    if role != "Ä":  # who reads them all has them drawn; of the others is asked who is let in
        monkeypatch.setattr(Template, "render", lambda *_of: "")
    for letter, who in READERS.items():
        example = [letter, "sv"]
        is_open = 200 if role in who else 404
        sent = is_open if letter not in letters.CONFIDENTIAL else 404
        assert (reverse("letters_staff:example", args=example) in page) == (role in who), letter
        address = reverse("letters_staff:message", args=[went_out[letter].pk])
        assert (f'href="{address}"' in page) == (sent == 200), letter
        for name, args, status in (
            ("example", example, is_open),
            ("example_html", example, is_open),
            ("message", [went_out[letter].pk], sent),
            ("message_html", [went_out[letter].pk], sent),
        ):
            assert client.get(reverse(f"letters_staff:{name}", args=args)).status_code == status, (
                letter,
                name,
            )


def test_a_letter_of_a_kind_that_nobody_has_introduced_is_read_by_none(admin_client):
    letter = outbox.put("forgotten", key="1", to="karin@bjorkvik.example", context={})
    for page in ("message", "message_html"):
        assert admin_client.get(reverse(f"letters_staff:{page}", args=[letter.pk])).status_code == 404


@pytest.mark.parametrize("role", ["Packare", "Ekonom", "Ägare"])
def test_an_orders_page_leads_to_its_letters(role):
    order, client = OrderFactory(on_invoice=True), in_role(role)
    address = reverse("letters_staff:message", args=[Message.objects.get(about=order.number).pk])
    page = client.get(reverse("order_staff:order", args=[order.number])).content.decode()
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200


def test_a_letter_that_opens_an_account_is_for_its_receiver_alone(admin_client):
    facts = {"subject": "Nytt", "text": "/reset/hemlig"}
    letter = outbox.put(letters.STAFF_NOTE, key="1", to="elin@vardskapet.example", context=facts)
    for page in ("message", "message_html"):
        assert admin_client.get(reverse(f"letters_staff:{page}", args=[letter.pk])).status_code == 404
