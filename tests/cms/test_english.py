"""The site in English: every page, and the whole purchase from the book to the letter of withdrawal."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader
from wagtail.models import Page

from cms.kalender import reminders
from cms.models import EventPage, HomePage, ReminderRequest
from cms.views import server_error
from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import Order
from shop.models import Company, FreightMethod, Product, Terms
from tests import as_seeded
from tests.cms.translating import in_english
from tests.factories import NOON
from tests.shopping import KARIN, KOMMUN, fields
from tests.speaking import heard, strangers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

BOOKLET = "Skriften om värdskap (booklet)"
PAGES = [
    "/en/",
    *(
        f"/en/philosophy/{slug}"
        for slug in ("", "open-the-door/", "see-the-one-who-comes/", "listen-to-the-end/")
    ),
    *(f"/en/books/{slug}" for slug in ("", "booklet/", "det-goda-vardskapet/")),
    *(f"/en/{slug}/" for slug in ("about", "contact", "terms", "delivery", "personal-data", "accessibility")),
    "/en/calendar/",
]
BESIDE = [
    "/en/search/",
    "/en/search/?q=door",
    "/en/search/?q=xyzzy",
    "/en/basket/",
    "/en/withdraw/",
    "/en/enquiry/",
]


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# --- Reading ------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", [*PAGES, *BESIDE, "/en/nowhere/"])
def test_no_swedish_word_is_left_on_an_english_page(address):
    assert strangers(heard(as_seeded.html(address)), "en") == set()


@pytest.mark.parametrize(
    "address", ["/", "/filosofin/lyssna-fardigt/", "/bocker/skriften/", "/kontakt/", "/varukorg/"]
)
def test_no_english_word_is_on_a_swedish_page(address):
    assert strangers(heard(as_seeded.html(address)), "sv") == set()


def test_the_english_tree_is_the_swedish_pages_sisters(client):
    english = Page.objects.live().filter(locale__language_code="en")
    assert sorted(page.url for page in english.not_type(EventPage)) == sorted(PAGES)
    for page in english:
        assert page.get_translations().filter(locale__language_code="sv").count() == 1


def test_every_link_on_an_english_page_leads_somewhere():
    """And stays in English, but for the language link."""
    html = {page: as_seeded.html(page) for page in PAGES}
    links = {link for page in PAGES for link in re.findall(r'<a [^>]*href="(/[^"#?]*)', html[page])}
    statuses = {link: as_seeded.answer(link).status_code for link in links}
    # With an empty basket the checkout leads back to it.
    assert {link: code for link, code in statuses.items() if code != 200} == {"/en/checkout/": 303}
    swedish = {link for link in links if not link.startswith("/en/")}
    ways_back = {link for page in PAGES for link in re.findall(r'href="([^"]+)" lang="sv"', html[page])}
    assert swedish - ways_back == set()


def test_a_database_that_was_seeded_before_gets_the_english_tree(client):
    english = HomePage.objects.get(locale__language_code="en")
    english.get_descendants(inclusive=True).delete()
    Product.objects.update(name_en="")
    FreightMethod.objects.update(name_en="", hint_en="")
    Company.objects.update(phone_hours_en="")
    Terms.objects.filter(language="en").delete()
    Page.fix_tree()
    for _run in range(2):
        call_command("seed", verbosity=0)
    built = Page.objects.live().filter(locale__language_code="en")
    assert sorted(page.url for page in built.not_type(EventPage)) == sorted(PAGES)
    assert Product.objects.get(sku="SKRIFTEN").name_en == BOOKLET
    assert strangers(heard(html(client, "/en/contact/")), "en") == set()


def test_what_editors_have_changed_in_english_stays(client):
    Page.objects.get(slug="about", locale__language_code="en").delete()
    call_command("seed", verbosity=0)
    assert client.get("/en/about/").status_code == 404


def test_a_product_without_an_english_page_is_found_on_its_swedish_one(client):
    client.post("/en/basket/add/", {"sku": "VARDSKAP-I-PRAKTIKEN", "quantity": "1"})
    basket = html(client, "/en/basket/")
    assert 'href="/utbildningsmaterial/vardskap-i-praktiken/"' in basket
    assert "Värdskap i praktiken (training material)" in basket


def test_a_name_without_english_is_the_swedish_one(client):
    Product.objects.filter(sku="SKRIFTEN").update(name_en="")
    client.post("/en/basket/add/", {"sku": "SKRIFTEN", "quantity": "1"})
    assert ">Skriften om värdskap</a>" in html(client, "/en/basket/")


def test_a_translated_event_has_a_file_a_feed_and_a_reminder_of_its_own(client):
    event = EventPage.objects.upcoming(timezone.now()).first()
    english = in_english(event)
    english.title, english.access = "A course in English", ""
    english.save_revision().publish()
    assert f'action="/en/calendar/{english.slug}/remind/"' in html(client, english.url)
    assert "A course in English" in html(client, f"/en/calendar/{english.slug}.ics")
    assert "A course in English" in html(client, "/en/calendar.ics")
    assert "A course in English" not in html(client, "/kalender.ics")
    answer = client.post(f"/en/calendar/{english.slug}/remind/", {"email": "k@example.com", "lead": "2h"})
    assert answer.headers["Location"] == f"/en/calendar/{english.slug}/remind/"
    wish = ReminderRequest.objects.get()
    assert (wish.event_id, wish.language) == (event.pk, "en")
    client.post(f"/en/reminder/{wish.key}/")
    reminders.send_due(now=english.starts_at - timedelta(minutes=10))
    asked, reminded = (build(letter) for letter in Message.objects.order_by("pk"))
    assert f"http://testserver/en/reminder/{wish.key}/" in str(asked.body)
    assert "http://testserver/en/unsubscribe/" in str(reminded.body)
    for mail in (asked, reminded):
        said = f"{mail.subject} {mail.body} {heard(str(mail.alternatives[0][0]))}".replace(
            english.location, ""
        )
        assert strangers(said, "en") == set()


# --- Buying -------------------------------------------------------------------------------------
class Visitor:
    """Buys in English, and listens for Swedish on every page on the way."""

    def __init__(self) -> None:
        self.client = Client()
        self.swedish: dict[str, set[str]] = {}

    def get(self, address: str) -> str:
        return self.listen(self.client.get(address))

    def post(self, address: str, **facts: Any) -> str:
        return self.listen(self.client.post(address, facts))

    def listen(self, answer: Any) -> str:
        while answer.status_code in {302, 303}:
            assert answer.headers["Location"].startswith("/en/"), answer.headers["Location"]
            answer = self.client.get(answer.headers["Location"])
        page: str = answer.content.decode()
        if found := strangers(heard(page), "en"):
            self.swedish[answer.wsgi_request.path] = found
        return page

    def order(self, who: dict[str, str], quantity: str = "30") -> Order:
        self.post("/en/basket/add/", sku="SKRIFTEN", quantity=quantity)
        form = fields(self.client.get("/en/checkout/"))
        self.post("/en/checkout/", **{**form, **who})
        return Order.objects.latest("pk")


@pytest.fixture
def visitor() -> Any:
    someone = Visitor()
    yield someone
    assert someone.swedish == {}


def test_the_basket_speaks_english_also_when_something_is_wrong(visitor):
    assert "Now in your basket: 1,000" in visitor.post("/en/basket/add/", sku="SKRIFTEN", quantity="1,000")
    visitor.client.cookies.clear()
    assert "Now in your basket: 30" in visitor.post("/en/basket/add/", sku="SKRIFTEN", quantity="30")
    visitor.post("/en/basket/", **{"quantity-SKRIFTEN": "99999"})
    visitor.post("/en/basket/add/", sku="SKRIFTEN", quantity="x")
    visitor.post("/en/basket/add/", sku="NO-SUCH", quantity="1")
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=61_00, min_quantity=40)
    visitor.get("/en/basket/")
    visitor.get("/en/checkout/")
    Product.objects.update(active=False)
    visitor.get("/en/basket/")


def test_the_checkout_speaks_english_also_when_everything_is_wrong(visitor):
    visitor.post("/en/basket/add/", sku="SKRIFTEN", quantity="1")
    page = visitor.post("/en/checkout/", buyer="private", email="karin", phone="1", postal_code="5")
    assert "Enter the whole e-mail address" in page
    assert "+47 412 34 567" in page
    assert "We deliver within Sweden" in page
    visitor.post("/en/checkout/", buyer="public", organisation_number="1", peppol_id="x", payment="klarna")
    visitor.post("/en/checkout/", **{**KARIN, "shown_total": "1"})


def test_a_purchase_by_card_is_english_from_the_book_to_the_receipt(visitor):
    order = visitor.order(KARIN)
    assert (order.language, order.terms.language) == ("en", "en")
    assert [line.name for line in order.lines.all()] == [BOOKLET]
    payment = order.attempts.get().url
    assert payment.startswith("/en/practice-payment/")
    visitor.get(payment)
    visitor.post(payment, action="cancel")
    page = visitor.post(payment, action="pay")
    assert "Thank you, Karin" in plain(page)
    assert "Being packed" in page
    assert "of which 6% VAT" in page
    assert "We are packing your order" in str(build(Message.objects.get(letter="order-confirmation")).subject)
    assert "SEK 1,470" in page.replace("\xa0", " ")
    receipt = visitor.client.get(f"/en/order/{order.key}/receipt.pdf")
    assert receipt.headers["Content-Disposition"] == f'inline; filename="receipt-{order.number}.pdf"'.lower()
    text = document(receipt.content)
    assert strangers(text, "en") == set()
    assert "SEK 1,470.00" in text


def test_letters_speak_the_language_of_their_order(visitor):
    order = visitor.order(KARIN)
    visitor.post(order.attempts.get().url, action="pay")
    operations.pack(order.shipments.get().pk, actor="packare", now=NOON)
    operations.send(order.shipments.get().pk, tracking_number="UU1SE", actor="packare", now=NOON)
    invoiced = visitor.order(KOMMUN)
    visitor.get(f"/en/order/{invoiced.key}/")
    visitor.post(
        "/en/withdraw/confirm/", name="Karin Ek", order_number=str(order.number), email="k@example.com"
    )
    letters = {message.letter: build(message) for message in Message.objects.all()}
    assert set(letters) == {"order-confirmation", "sent", "withdrawal-receipt"}
    for letter, mail in letters.items():
        said = " ".join(
            [str(mail.subject), str(mail.body), heard(str(mail.alternatives[0][0])), *attached(mail)]
        )
        assert strangers(said, "en") == set(), letter
    assert f"http://testserver/en/order/{order.key}/" in str(letters["sent"].body)


def test_the_order_page_speaks_the_language_of_its_address(client, visitor):
    order = visitor.order(KOMMUN)
    assert strangers(heard(html(client, f"/order/{order.key}/")), "sv") == set()
    assert 'hreflang="sv"' in visitor.get(f"/en/order/{order.key}/")


def test_a_withdrawal_speaks_english_step_by_step(visitor):
    visitor.post("/en/withdraw/", name="", order_number="", email="x")
    stated = {"name": "Karin Ek", "order_number": "VS-2026-000001", "email": "karin@bjorkvik.example"}
    assert "Confirm withdrawal" in visitor.post("/en/withdraw/", **stated)
    visitor.post("/en/withdraw/confirm/", **stated)


def test_an_enquiry_speaks_english_with_errors_and_with_thanks(visitor):
    visitor.post("/en/enquiry/", kind="lecture", email="x")
    visitor.post("/en/enquiry/contact/", email="x")
    visitor.get("/en/enquiry/thanks/")


def document(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return plain(" ".join(page.extract_text() for page in pages))


def attached(mail: Any) -> list[str]:
    return [item.filename + document(item.content) for item in mail.attachments]


# --- Faults -------------------------------------------------------------------------------------
def test_a_fault_is_told_in_the_language_of_the_address(client):
    for answer, said in [
        (client.get("/en/", headers={"Host": "evil.example"}), "We could not read that."),
        (
            client.post("/en/basket/add/", headers={"Sec-Fetch-Site": "cross-site"}),
            "The form came from somewhere else",
        ),
    ]:
        page = answer.content.decode()
        assert answer.status_code in {400, 403}
        assert '<html lang="en">' in page
        assert strangers(heard(page), "en") == set()
        assert said in page


def test_a_broken_page_is_told_in_english_under_en(rf):
    with override("en"):
        page = server_error(rf.get("/en/")).content.decode()
        for_staff = server_error(rf.get("/admin/")).content.decode()
    assert strangers(heard(page), "en") | strangers(heard(for_staff), "en") == set()
    assert 'href="/en/"' in page
