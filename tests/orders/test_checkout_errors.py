"""Wrong input: never a 5xx, never lost typing, always a sentence that says what to do."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from tests.factories import CompanyFactory, FreightFactory, ProductFactory
from tests.shopping import KARIN, KOMMUN, Shopper, fields, text, title

pytestmark = pytest.mark.django_db

TYPED = [
    "organisation", "organisation_number", "reference", "purchase_order", "email", "phone", "name",
    "address_line1", "address_line2", "postal_code", "city", "peppol_id", "invoice_name",
    "invoice_address_line1", "invoice_address_line2", "invoice_postal_code", "invoice_city", "greeting",
]  # fmt: skip
EMAIL = "Skriv hela e-postadressen, till exempel karin@bjorkvik.example"
SENTENCES = {
    "email": EMAIL,
    "phone": "Skriv ett mobilnummer, till exempel 070-123 45 67",
    "name": "Skriv ditt namn",
    "address_line1": "Skriv gatuadress eller box",
    "postal_code": "Skriv postnumret med fem siffror, till exempel 531 32",
    "city": "Skriv orten",
    "organisation": "Skriv organisationens namn",
    "organisation_number": "Kontrollera organisationsnumret. Det har tio siffror, till exempel 212000-0000",
    "reference": "Skriv en referens, så att fakturan hittar fram",
}


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
    CompanyFactory()
    FreightFactory()
    ProductFactory(skriften=True)


@pytest.fixture
def shopper() -> Shopper:
    shopper = Shopper()
    shopper.put("SKRIFTEN", 30)
    return shopper


def test_nothing_filled_in_asks_a_private_person_for_six_things_and_the_payment(shopper):
    answer = shopper.send(shopper.form())
    assert answer.status_code == 422
    assert title(answer) == "Fel: Kassa – Värdskapet"
    assert "Sju saker behöver rättas" in text(answer)
    for name in ("email", "phone", "name", "address_line1", "postal_code", "city"):
        assert SENTENCES[name] in text(answer)
    assert "Välj hur du vill betala" in text(answer)
    assert SENTENCES["organisation"] not in text(answer)


def test_nothing_filled_in_asks_an_organisation_for_nine(shopper):
    answer = shopper.send({**shopper.form(), "buyer": "company"})
    assert "Tio saker behöver rättas" in text(answer)
    assert all(sentence in text(answer) for sentence in SENTENCES.values())


def test_a_fault_is_linked_announced_and_described(shopper):
    page = shopper.order(email="karin@").content.decode()
    assert '<div class="errsum mb0" role="alert" tabindex="-1" aria-labelledby="fel-h">' in page
    assert f'<a href="#f-email">{EMAIL}</a>' in page
    assert 'id="f-email_error"' in page
    field = page.split('name="email"')[1].split(">")[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="f-email_helptext f-email_error"' in field
    assert page.count(EMAIL) == 2


def test_every_link_of_the_summary_leads_to_something(shopper):
    page = shopper.send({"checkout_key": shopper.basket.key, "freight": "nix"}).content.decode()
    anchors = re.findall(r'<li><a href="#([^"]+)">', page)
    assert len(anchors) == 9
    assert all(f'id="{anchor}"' in page for anchor in anchors)


@pytest.mark.parametrize(
    ("who", "payment"),
    [(KARIN, "invoice"), (KARIN, ""), (KARIN, "bitcoin"), (KOMMUN, "klarna"), (KARIN, "\x00")],
)
def test_a_payment_that_this_buyer_has_not_is_asked_for_again(shopper, who, payment):
    answer = shopper.order(who, payment=payment)
    assert answer.status_code == 422
    assert "Välj hur du vill betala" in text(answer)


def test_the_payment_choice_is_never_cleared(shopper):
    assert fields(shopper.order(payment="swish", email="fel"))["payment"] == "swish"
    assert fields(shopper.order(KOMMUN, payment="invoice", email="fel"))["payment"] == "invoice"


@pytest.mark.parametrize("buyer", ["", "kung", "\x00", "private\x00"])
def test_who_buys_must_be_chosen(shopper, buyer):
    assert "Välj vem som handlar" in text(shopper.order(buyer=buyer))


@pytest.mark.parametrize("freight", ["nix", "\x00", "hem\x00", "f" * 100_000])
def test_a_way_of_sending_that_is_not_offered_is_asked_for_again(shopper, freight):
    answer = shopper.order(freight=freight)
    assert answer.status_code == 422
    assert "Välj hur vi ska skicka" in text(answer)


@pytest.mark.parametrize(
    "email", ["karin@", "karin", "@x.se", "a b@x.se", "karin@x.se, b@x.se", r'"\a"@x.se', r'"a\ b"@x.se']
)
def test_half_an_address_is_no_address(shopper, email):
    assert EMAIL in text(shopper.order(email=email))
    assert not Order.objects.exists()


def test_a_line_break_does_not_smuggle_a_mail_header_in(shopper):
    assert shopper.order(email="karin@x.se\nBcc: b@x.se").status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize("code", ["5313", "531322", "01122", "abcde", "53132 Björkvik", "٥٣١٣٢", "5 3 1"])
def test_a_postal_code_that_is_none_is_refused(shopper, code):
    assert SENTENCES["postal_code"] in text(shopper.order(postal_code=code))


@pytest.mark.parametrize("number", ["559999-0009", "559999-000", "abc", "212000-0000", "999999999999"])
def test_an_organisation_number_with_a_wrong_check_digit_is_refused(shopper, number):
    assert SENTENCES["organisation_number"] in text(shopper.order(KOMMUN, organisation_number=number))


@pytest.mark.parametrize(
    "peppol", ["0007:5599990009", "0088:7359999000015", "735999900001", "x", "0007:", "::"]
)
def test_an_e_invoice_address_with_a_wrong_check_digit_is_refused(shopper, peppol):
    answer = shopper.order(KOMMUN, peppol_id=peppol)
    assert "Kontrollera adressen. Peppol-id börjar ofta med 0007:" in text(answer)


def test_half_an_invoice_address_is_asked_for_the_rest(shopper):
    answer = shopper.order(KOMMUN, invoice_city="Björkvik")
    assert "Två saker behöver rättas" in text(answer)
    assert '<details class="toc-m" open>' in answer.content.decode()


@pytest.mark.parametrize(
    "value",
    ["\x00", "Karin\x00Ek", "\x07", "x" * 100_000, "\u202eevil", "\u2066x", "\x1b[31m"],
    ids=["null", "null within", "bell", "100 000", "turned", "isolated", "escape"],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_kept_in_the_form(shopper, value):
    form = {**shopper.form(), **KOMMUN}
    for field in TYPED:
        answer = shopper.send({**form, field: value})
        assert answer.status_code == 422, field
        assert 'aria-invalid="true"' in answer.content.decode(), field
        assert fields(answer)[field] == value.replace("\x00", ""), field
    assert not Order.objects.exists()


@pytest.mark.parametrize("field", TYPED)
def test_a_field_that_is_sent_twice_or_as_a_file_upsets_nothing(shopper, field):
    form = {**shopper.form(), **KOMMUN, field: ["ett", "två"]}
    assert shopper.send(form).status_code in {303, 422}
    assert (
        shopper.client.post(
            "/kassa/", b"\xff\xfe&email=%ff", content_type="application/x-www-form-urlencoded"
        ).status_code
        < 500
    )


@pytest.mark.parametrize("key", ["", "x", "\x00" * 20, "k" * 100_000, "<script>", "å" * 20, "' OR 1=1"])
def test_a_key_that_is_none_means_the_baskets_own(shopper, key):
    assert shopper.order(checkout_key=key).status_code == 303
    assert Order.objects.get().checkout_key == shopper.basket.key


@pytest.mark.parametrize("total", ["", "x", "-1", "1e9", "9" * 50, "\x00"])
def test_a_shown_sum_that_is_none_is_as_no_sum(shopper, total):
    assert shopper.order(shown_total=total).status_code == 303


anything = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.fixed_dictionaries(dict.fromkeys(TYPED, anything)),
    who=st.sampled_from(["company", "public"]),
)
def test_whatever_is_typed_is_never_a_5xx_and_never_lost(shopper, typed, who):
    form = {"checkout_key": shopper.basket.key, "freight": "hem", "buyer": who, "payment": "invoice", **typed}
    answer = shopper.send(form)
    assert answer.status_code == 422
    kept = fields(answer)
    for name, value in typed.items():
        # A form sends line breaks as CR LF, and HTML reads both as LF.
        assert same(kept[name], value.replace("\x00", "")), name


def same(shown: str, typed: str) -> bool:
    return _plain(shown) == _plain(typed)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
