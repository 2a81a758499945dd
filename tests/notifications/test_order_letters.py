"""What the buyer keeps: all that the law wants, the same figures in text and HTML, to the öre."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils.html import strip_tags
from pypdf import PdfReader

from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.operations import Statement
from tests.factories import NOON, OrderFactory, pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]

LIMIT = 25_000
BASKET = {"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1}
HOSTILE = "<script>alert(1)</script> 👩‍👩‍👧 ‮gnirts‬ {{ seller }} {% now %} #eval(1) " + "å" * 20


def mail_of(letter: str) -> EmailMultiAlternatives:
    return build(Message.objects.get(letter=letter))


def html_of(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0][0])


def words(text: str) -> str:
    return " ".join(text.split())


def seen(html: str) -> str:
    """What a reader of the HTML sees."""
    return words(unescape(strip_tags(re.sub(r"(?s)<(style|title)>.*?</\1>", "", html).replace("<", " <"))))


def both(mail: EmailMultiAlternatives) -> list[str]:
    return [words(str(mail.body)), seen(html_of(mail))]


def figures(text: str) -> list[str]:
    """Every sum to the öre, in its order."""
    return re.findall(r"\d{1,3}(?:\xa0\d{3})*,\d\d\xa0kr", text)


def files(mail: EmailMultiAlternatives) -> dict[str, str]:
    return {
        item.filename: "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(item.content)).pages)
        for item in mail.attachments
    }


# --- The confirmation ---------------------------------------------------------------------------


def test_a_private_buyer_s_confirmation_holds_the_whole_agreement():
    order = OrderFactory(lines=BASKET, paid=True)
    mail = mail_of("order-confirmation")
    assert mail.subject == f"Tack, Karin! Vi packar din beställning {order.number}"
    for text in both(mail):
        for fact in (
            "30", "Skriften om värdskap", "49 kr per styck", "1 470,00 kr", "249,00 kr", "Fri frakt", "1 719,00 kr",
            "moms 6 % 97,30 kr", "netto 1 621,70 kr",
            f"Ordernummer {order.number}, beställt 23 november 2026",
            "Betalat med kort 23 november 2026: 1 719,00 kr",
            "Storgatan 12", "531 32 Björkvik", "Hem eller till arbetsplatsen", "Levereras inom 2–4 vardagar",
            "Värdskapet Exempel AB, Exempelgatan 1, 111 22 Stockholm", "559999-0008", "SE559999000801",
            "Godkänd för F-skatt", "08-555 000 00", "hej@vardskapet.example",
            "Ångra avtalet här", "Du har rätt att frånträda avtalet inom 14 dagar", "Ångerblankett",
            "Jag/Vi* meddelar att jag/vi* frånträder", "reklamera i tre år", "Allmänna reklamationsnämnden",
            "Köpvillkoren (version 2026-11)", "Kvittot följer med som PDF",
        ):  # fmt: skip
            assert fact.lower() in text.lower(), fact
        assert "{{" not in text
    assert f"/order/{order.key}/" in str(mail.body)
    assert f"/order/{order.key}/" in html_of(mail)


def test_the_terms_the_form_and_the_receipt_come_as_files_to_keep():
    order = OrderFactory(lines=BASKET, paid=True)
    found = files(mail_of("order-confirmation"))
    assert list(found) == [f"Kvitto-{order.number}.pdf", "Köpvillkor och ångerrätt.pdf"]
    terms = words(found["Köpvillkor och ångerrätt.pdf"])
    for fact in (
        "4. Priser och moms",
        "8. Ångerrätt i 14 dagar",
        "Om ångerrätten",
        "Värdskapet Exempel AB",
        order.number,
    ):
        assert fact in terms
    assert "{{" not in terms


def test_text_and_html_carry_the_same_figures():
    OrderFactory(lines={**BASKET, "VARDSKAP-I-PRAKTIKEN": 2}, paid=True)
    mail = mail_of("order-confirmation")
    shown = re.sub(r"(?s)^.*?<h1", "", html_of(mail))  # without what the inbox shows beside the subject
    assert figures(str(mail.body)) == figures(shown)
    assert len(figures(str(mail.body))) == 9


def test_an_organisation_is_told_when_its_invoice_comes_and_gets_no_right_of_withdrawal():
    OrderFactory(
        lines=BASKET, on_invoice=True, paid=False, purchase_order="PO-4711", peppol_id="0007:2129990004"
    )
    mail = mail_of("order-confirmation")
    assert mail.subject.startswith("Tack, Karin! Vi packar er beställning VS-2026-")
    for text in both(mail):
        assert (
            "e-faktura via Peppol till 0007:2129990004 när paketet går i väg. Den ska betalas inom 30 dagar"
            in text
        )
        assert "Er referens: Karin Ek, 4410" in text
        assert "Ert ordernummer: PO-4711" in text
        assert "Björkviks kommun" in text
        assert "Att betala" in text
        assert "köplagen" in text
        assert "frånträder" not in text
    assert list(files(mail)) == ["Köpvillkor.pdf"]


def test_an_invoice_without_peppol_goes_to_the_organisation_number_of_a_public_body_and_to_a_companys_e_mail():
    public = OrderFactory(on_invoice=True, paid=False)
    for text in both(mail_of("order-confirmation")):
        assert f"e-faktura via Peppol till 0007:{public.organisation_number} när" in text
    Message.objects.all().delete()
    order = OrderFactory(on_invoice=True, paid=False, buyer="company")
    for text in both(mail_of("order-confirmation")):
        assert f"Vi skickar fakturan till {order.email} när paketet går i väg" in text


def test_the_letter_keeps_what_was_agreed_when_staff_change_the_texts():
    from shop.models import Company, Terms

    OrderFactory(paid=True)
    Terms.objects.update(withdrawal_info="Nytt", model_form="Nytt", body="<p>Nytt</p>")
    Company.objects.update(legal_name="Annan AB")
    mail = mail_of("order-confirmation")
    assert "Du har rätt att frånträda" in mail.body
    assert "Annan AB" not in mail.body
    assert "Priser och moms" in files(mail)["Köpvillkor och ångerrätt.pdf"]


# --- The others -----------------------------------------------------------------------------------


def test_money_for_an_invoice_is_thanked_for_with_a_receipt():
    order = OrderFactory(lines=BASKET, on_invoice=True, paid=False)
    pay(order, ore=1_000_00, reference="bg-1")
    part = mail_of("payment-received")
    for text in both(part):
        assert "Vi har fått 1 000,00 kr" in text
        assert "Kvar att betala: 719,00 kr" in text
    pay(order, reference="bg-2")
    rest = build(Message.objects.get(letter="payment-received", key="bg-2"))
    assert rest.subject == f"Betalningen har kommit: {order.number}"
    for text in both(rest):
        assert "Vi har fått 719,00 kr för beställning" in text
        assert "Nu är allt betalt" in text
    assert list(files(rest)) == [f"Kvitto-{order.number}.pdf"]


def test_a_sent_parcel_is_told_with_its_tracking_number():
    order = OrderFactory(lines=BASKET, sent=True)
    mail = mail_of("sent")
    assert mail.subject == f"Paketet är på väg: {order.number}"
    for text in both(mail):
        assert "Spårningsnummer: 373500489530470000" in text
        assert "Det goda värdskapet" in text
        assert "531 32 Björkvik" in text


def test_a_notice_of_withdrawal_is_acknowledged_with_its_content_and_time():
    operations.withdraw(
        Statement("Karin Ek", "VS-2026-000123", "karin@bjorkvik.example", "1 × Skriften"), now=NOON
    )
    mail = mail_of("withdrawal-receipt")
    for text in both(mail):
        for fact in (
            "23 november 2026 kl. 12.00.00",
            "Namn: Karin Ek",
            "Ordernummer: VS-2026-000123",
            "E-post: karin@bjorkvik.example",
            "Gäller: 1 × Skriften",
            "kvitto på att meddelandet har kommit fram",
        ):
            assert fact in text, fact
        assert "återbetal" not in text.lower()


# --- All of them ----------------------------------------------------------------------------------


def every_letter() -> list[EmailMultiAlternatives]:
    OrderFactory(
        lines={**BASKET, "VARDSKAP-I-PRAKTIKEN": 1}, sent=True, name=HOSTILE[:100], address_line1="x" * 200
    )
    invoiced = OrderFactory(on_invoice=True, paid=False, organisation=HOSTILE[:120])
    pay(invoiced)
    operations.withdraw(
        Statement(HOSTILE[:100], HOSTILE[:40], "karin@bjorkvik.example", HOSTILE * 5), now=NOON
    )
    return [build(message) for message in Message.objects.order_by("pk")]


def test_every_letter_is_light_and_safe_whatever_the_names():
    mails = every_letter()
    assert len(mails) == 5
    for mail in mails:
        assert len(mail.body.encode()) + len(html_of(mail).encode()) < LIMIT, mail.subject
        assert "<script" not in html_of(mail)
        assert "<img" not in html_of(mail)
        assert "\n" not in mail.subject
        mail.message().as_bytes()


def test_an_order_of_twenty_titles_still_fits():
    OrderFactory(lines={f"VARA-{number}": number + 1 for number in range(20)}, paid=True)
    mail = mail_of("order-confirmation")
    assert len(html_of(mail).encode()) < LIMIT
