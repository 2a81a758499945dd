"""The checkout in whole requests: from a basket to an order that stands."""

from __future__ import annotations

import re

import pytest
import time_machine

from notifications.models import Message
from orders import operations
from orders.models import Order
from orders.payments.kinds import Unavailable
from orders.views import paying
from shop.models import FreightMethod, FreightPrice, Product, StockLevel
from shop.money import Money
from tests.factories import LONG_AGO, CompanyFactory, FreightFactory, ProductFactory, TermsFactory
from tests.shopping import KARIN, KOMMUN, Shopper, fields, sums, text, title

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory(name="Hem", prices={2_000: 49_00, 20_000: 99_00})
    FreightFactory(code="ombud", name="Till ombud", prices={2_000: 39_00, 20_000: 79_00}, sort_order=1)
    ProductFactory(skriften=True)
    ProductFactory(book=True)


@pytest.fixture
def shopper() -> Shopper:
    shopper = Shopper()
    shopper.put("SKRIFTEN", 30)
    shopper.put("DET-GODA-VARDSKAPET", 1)
    return shopper


def the_order() -> Order:
    return Order.objects.get()


# --- Looking --------------------------------------------------------------------------------------
def test_an_empty_basket_has_no_checkout():
    for answer in (Shopper().client.get("/kassa/"), Shopper().send(KARIN)):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/varukorg/")


def test_the_sum_duty_and_seller_are_told_before_the_button(shopper):
    page = shopper.client.get("/kassa/")
    assert sums(page) == {
        "Varor": "1 719,00 kr",
        "Frakt": "Fri",
        "Att betala": "1 719,00 kr",
        "varav moms 6 %": "97,30 kr",
    }
    words = text(page)
    for told in (
        "Beställ och betala 1 719 kr",
        "Beställ mot faktura – medför betalningsskyldighet, 1 719 kr",
        "Att betala, med moms och frakt 1 719,00 kr",
        "30 × Skriften om värdskap, 1 470 kr",
        "Värdskapet Exempel AB, org.nr 559999-0008, moms SE559999000801, Exempelgatan 1, 111 22 Stockholm",
        "Du har 14 dagars ångerrätt",
    ):
        assert told in words
    for link in ("/kopvillkor/", "/personuppgifter/", "/leverans/", "/angra/"):
        assert f'href="{link}"' in page.content.decode()


def test_looking_makes_no_order_and_no_other_cookie(shopper):
    for _look in range(3):
        shopper.client.get("/kassa/")
    shopper.client.head("/kassa/")
    assert not Order.objects.exists()
    assert list(shopper.client.cookies) == ["varukorg"]


def test_no_cache_and_no_search_engine_keeps_the_checkout(shopper):
    answer = shopper.client.get("/kassa/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"


# --- Ordering -------------------------------------------------------------------------------------
def test_a_card_order_is_placed_paid_on_the_practice_page_and_thanked(shopper):
    answer = shopper.order()
    order = the_order()
    assert answer.status_code == 303
    assert answer.headers["Location"] == order.attempts.get().url
    assert (order.state, order.total, order.phone, order.postal_code) == (
        "placed", Money.kronor(1719), "+46701234567", "53132",
    )  # fmt: skip
    assert shopper.basket.rows, "the basket is kept until the order is paid"
    page = shopper.pay()
    assert "Tack, Karin!" in text(page)
    assert the_order().is_paid
    assert not shopper.basket.rows
    assert Message.objects.filter(letter="order-confirmation", key=order.number).count() == 1


def test_an_invoice_order_stands_at_once(shopper):
    answer = shopper.order(KOMMUN, purchase_order="INK-77", peppol_id="0007:212999-0004")
    order = the_order()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/order/{order.key}/")
    assert (order.state, order.organisation_number, order.purchase_order, order.peppol_id) == (
        "confirmed", "2129990004", "INK-77", "0007:2129990004",
    )  # fmt: skip
    assert "Tack, Karin!" in text(shopper.follow(answer))
    assert not shopper.basket.rows


def test_the_vat_of_the_order_is_that_of_the_page(shopper):
    shopper.order()
    assert the_order().vat_totals == [(6, Money.kronor("1621.70"), Money.kronor("97.30"))]


def test_an_invoice_may_go_elsewhere(shopper):
    shopper.order(
        KOMMUN,
        invoice_name="Björkviks kommun, FE 123",
        invoice_address_line1="Box 1",
        invoice_postal_code="531 02",
        invoice_city="Björkvik",
    )
    order = the_order()
    assert (order.invoice_name, order.invoice_postal_code) == ("Björkviks kommun, FE 123", "53102")


def test_hidden_groups_of_a_private_person_are_ignored(shopper):
    answer = shopper.order(
        organisation="x" * 5000,
        organisation_number="fel",
        reference="\x00",
        peppol_id="fel",
        invoice_city="\x00",
    )
    assert answer.status_code == 303
    order = the_order()
    assert (order.organisation, order.organisation_number, order.reference, order.peppol_id) == (
        "",
        "",
        "",
        "",
    )


def test_an_organisation_that_pays_by_card_is_not_asked_about_the_invoice(shopper):
    assert shopper.order(KOMMUN, payment="card", peppol_id="fel", invoice_city="bara ort").status_code == 303


@pytest.mark.parametrize(
    "code", ["53132", "531 32", " 531 32 ", "SE-531 32", "se53132", "S-531 32", "531-32", "531\xa032"]
)
def test_a_postal_code_is_read_in_every_reasonable_form(shopper, code):
    assert shopper.order(postal_code=code).status_code == 303
    assert the_order().postal_code == "53132"


@pytest.mark.parametrize(
    "phone", ["0701234567", "070-123 45 67", "+46 (0)70 123 45 67", "0046701234567", "+46701234567"]
)
def test_a_phone_number_is_read_in_every_reasonable_form(shopper, phone):
    assert shopper.order(phone=phone).status_code == 303
    assert the_order().phone == "+46701234567"


@pytest.mark.parametrize(
    "number", ["559999-0008", "5599990008", "16559999-0008", "559999 0008", "SE559999000801"]
)
def test_an_organisation_number_is_read_in_every_reasonable_form(shopper, number):
    assert shopper.order(KOMMUN, buyer="company", organisation_number=number).status_code == 303
    assert the_order().organisation_number == "5599990008"


def test_a_sole_trader_may_buy_as_a_company_but_is_no_public_body(shopper):
    form = {**shopper.form(), **KOMMUN, "organisation_number": "19121212-1212"}
    assert shopper.send({**form, "buyer": "public"}).status_code == 422
    assert shopper.send({**form, "buyer": "company"}).status_code == 303


@pytest.mark.parametrize(
    "name", ["Łukasz Özgür", "O'Neill-Åström", "محمد العلي", "李小龍", "Zoë 🙂", "Karin <b>Ek</b>"]
)
def test_any_script_is_a_name_and_markup_is_text(shopper, name):
    page = shopper.follow(shopper.order(KOMMUN, name=name))
    assert the_order().name == name
    assert b"<b>Ek</b>" not in page.content


def test_the_chosen_way_of_sending_is_kept_and_none_means_the_first(shopper):
    lone = Shopper()
    lone.put("SKRIFTEN", 1)
    form = {**lone.form(), **KARIN}
    del form["freight"]
    lone.send(form)
    assert the_order().freight_code == "hem"
    assert the_order().freight == Money.kronor(49)


def test_what_needs_no_parcel_has_no_way_of_sending():
    ProductFactory(sku="FIL", weight_g=0)
    shopper = Shopper()
    shopper.put("FIL", 1)
    assert "freight" not in shopper.form()
    assert shopper.order().status_code == 303
    assert (the_order().freight_code, the_order().freight_ore) == ("", 0)


# --- What has changed meanwhile -------------------------------------------------------------------
def test_another_way_of_sending_with_another_price_is_shown_before_it_binds():
    shopper = Shopper()
    shopper.put("SKRIFTEN", 1)
    answer = shopper.order(freight="ombud")
    assert answer.status_code == 422
    assert "Summan har ändrats till 94 kr" in text(answer)
    assert "Med Till ombud kostar frakten 39 kr." in text(answer)
    assert fields(answer)["name"] == "Karin Ek"
    assert shopper.send(fields(answer)).status_code == 303
    assert the_order().total == Money.kronor(94)


def test_a_price_that_changes_in_the_last_step_is_told_and_not_charged(shopper):
    form = {**shopper.form(), **KARIN}
    Product.objects.filter(sku="DET-GODA-VARDSKAPET").update(price_ore=259_00)
    answer = shopper.send(form)
    assert answer.status_code == 422
    assert title(answer) == "Fel: Kassa – Värdskapet"
    assert "Priset på Det goda värdskapet har ändrats från 249 till 259 kr" in text(answer)
    assert not Order.objects.exists()
    assert shopper.send(fields(answer)).status_code == 303
    assert the_order().total == Money.kronor(1729)


def test_freight_that_changes_in_the_last_step_is_told():
    shopper = Shopper()
    shopper.put("SKRIFTEN", 1)
    form = {**shopper.form(), **KARIN}
    FreightPrice.objects.filter(valid_from=LONG_AGO, price_ore=49_00).update(price_ore=55_00)
    assert "Med Hem kostar frakten 55 kr." in text(shopper.send(form))


def test_a_basket_changed_in_another_window_is_shown_before_it_binds(shopper):
    form = {**shopper.form(), **KARIN}
    shopper.client.post("/varukorg/", {"quantity-SKRIFTEN": "31"})
    answer = shopper.send(form)
    assert answer.status_code == 422
    assert "Varukorgen har ändrats" in text(answer)
    assert shopper.send(fields(answer)).status_code == 303
    assert Order.objects.count() == 1


def test_sold_out_is_told_politely_and_nothing_is_lost(shopper):
    ProductFactory(sku="FA", name="Den sällsynta", on_hand=7)
    shopper.put("FA", 8)
    answer = shopper.order(greeting="Hej\nalla")
    assert answer.status_code == 409
    assert "Det finns 7 kvar av Den sällsynta. Du vill ha 8." in text(answer)
    assert fields(answer)["name"] == "Karin Ek"
    assert len(shopper.basket.rows) == 3
    assert not Order.objects.exists()
    assert StockLevel.objects.get(product__sku="SKRIFTEN").reserved == 0


# --- Once -----------------------------------------------------------------------------------------
def test_a_double_click_leads_to_the_same_payment_page(shopper):
    form = {**shopper.form(), **KARIN}
    answers = [shopper.send(form) for _click in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert the_order().attempts.count() == 1


def test_the_back_button_after_an_invoice_order_shows_that_order(shopper):
    form = {**shopper.form(), **KOMMUN}
    first = shopper.send(form)
    assert shopper.send(form).headers["Location"] == first.headers["Location"]
    assert Order.objects.count() == 1


def test_the_back_button_after_paying_says_that_it_is_paid(shopper):
    form = {**shopper.form(), **KARIN}
    shopper.send(form)
    shopper.pay()
    page = shopper.follow(shopper.send(form))
    assert "Den här beställningen är redan betald. Du behöver inte göra något mer." in text(page)
    assert Order.objects.count() == 1


def test_other_answers_under_the_same_key_change_nothing_and_that_is_told(shopper):
    form = {**shopper.form(), **KARIN}
    shopper.send(form)
    page = shopper.follow(shopper.send({**form, "address_line1": "Kungsgatan 1"}))
    assert "Det du skrev den här gången är inte med." in text(page)
    assert the_order().address_line1 == "Storgatan 12"


def test_the_checkout_of_an_unpaid_order_points_to_its_payment(shopper):
    shopper.order()
    page = shopper.client.get("/kassa/")
    assert "Du har redan en beställning med de här varorna som väntar på betalning." in text(page)
    assert f'href="/kassa/vantar/{the_order().key}/"' in page.content.decode()


def test_starting_over_gives_back_the_goods_and_keeps_the_basket(shopper):
    shopper.order()
    first = the_order()
    answer = shopper.client.post(f"/kassa/vantar/{first.key}/", {"do": "cancel"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kassa/")
    assert Order.objects.get(pk=first.pk).state == "cancelled"
    assert StockLevel.objects.get(product__sku="SKRIFTEN").reserved == 0
    shopper.order(payment="swish")
    assert Order.objects.latest("pk").state == "placed"
    assert Order.objects.count() == 2


def test_a_basket_whose_order_has_lapsed_can_be_ordered_again(shopper):
    shopper.order()
    order = the_order()
    operations.cancel(order.pk, actor="systemet", cause="för sent", now=order.placed_at)
    assert shopper.order().status_code == 303
    assert Order.objects.count() == 2


def test_only_the_contracts_fields_are_needed(shopper):
    """A form without the sum it showed, as a simple program would send it."""
    assert shopper.send({**KARIN, "checkout_key": "en-egen-nyckel-1"}).status_code == 303
    assert shopper.send({**KARIN, "checkout_key": "en-egen-nyckel-1"}).status_code == 303
    assert the_order().checkout_key == "en-egen-nyckel-1"


def test_a_form_left_open_while_its_order_lapsed_comes_back_with_its_typing(shopper):
    form = {**shopper.form(), **KARIN, "greeting": "Ring på"}
    shopper.send(form)
    lapsed = the_order()
    operations.cancel(lapsed.pk, actor="systemet", cause="Betalningen kom inte i tid", now=lapsed.placed_at)
    answer = shopper.send(form)
    assert answer.status_code == 409
    assert "Den förra beställningen gäller inte längre" in text(answer)
    again = fields(answer)
    assert again["greeting"] == "Ring på"
    assert again["checkout_key"] == shopper.basket.key != lapsed.checkout_key
    assert shopper.send({**again, **KARIN}).status_code == 303
    assert Order.objects.filter(state="placed").count() == 1


def test_another_way_of_sending_under_the_same_key_does_not_lead_to_the_payment_of_the_first(shopper):
    FreightMethod.objects.update(free_from_ore=None)
    form = {**shopper.form(), **KARIN}
    shopper.send(form)
    for other in ({"freight": "ombud"}, {"shown_total": "1"}):
        assert "?fanns=1" in shopper.send({**form, **other}).headers["Location"]
    assert "/ovningsbetalning/" in shopper.send(form).headers["Location"]
    assert the_order().freight_code == "hem"


def test_a_smallest_order_that_staff_have_raised_holds_for_what_lies_in_the_basket_too(shopper):
    form = {**shopper.form(), **KARIN}
    Product.objects.filter(sku="SKRIFTEN").update(min_quantity=40)
    answer = shopper.send(form)
    assert answer.status_code == 422
    assert "30 Skriften om värdskap går inte att beställa. Skriv ett antal mellan 40 och 5 000." in text(
        answer
    )
    assert not Order.objects.exists()


def test_what_is_no_longer_sold_is_taken_out_as_the_page_says(shopper):
    form = {**shopper.form(), **KARIN}
    Product.objects.filter(sku="DET-GODA-VARDSKAPET").update(active=False)
    answer = shopper.send(form)
    assert "Det goda värdskapet säljs inte längre. Vi har tagit bort den ur korgen." in text(answer)
    assert list(shopper.basket.rows) == ["SKRIFTEN"]
    assert fields(answer)["checkout_key"] == shopper.basket.key
    assert shopper.send({**fields(answer), **KARIN}).status_code == 303
    assert the_order().checkout_key == shopper.basket.key


def test_what_is_no_longer_sold_is_told_though_freight_makes_the_sum_the_same():
    """9 × 55 kr and 49 kr: free freight from 500 kr with the last one, 49 kr of freight without."""
    FreightMethod.objects.update(free_from_ore=500_00)
    ProductFactory(sku="LAPP", name="Lapp", price_ore=49_00)
    shopper = Shopper()
    shopper.put("SKRIFTEN", 9)
    shopper.put("LAPP", 1)
    form = {**shopper.form(), **KOMMUN}
    Product.objects.filter(sku="LAPP").update(active=False)
    answer = shopper.send(form)
    assert answer.status_code == 422
    assert form["shown_total"] == fields(answer)["shown_total"] == "54400"
    assert "Varukorgen har ändrats Lapp säljs inte längre." in text(answer)
    assert shopper.send({**fields(answer), **KOMMUN}).status_code == 303


def test_an_order_that_costs_nothing_is_confirmed_at_once():
    shopper = Shopper()
    shopper.put(str(ProductFactory(price_ore=0, weight_g=0).sku))
    assert shopper.order().headers["Location"].startswith(f"/order/{the_order().key}/")
    order = the_order()
    assert (order.state, order.payment_word, order.attempts.count()) == ("confirmed", "unpaid", 0)
    assert order.may_be_packed
    assert Message.objects.get().letter == "order-confirmation"


# --- When the payment service is away -------------------------------------------------------------
def test_an_outage_keeps_order_and_basket_and_offers_another_try(shopper, monkeypatch):
    with monkeypatch.context() as outage:
        outage.setattr(paying, "begin", _unavailable)
        answer = shopper.order()
    order = the_order()
    assert answer.headers["Location"] == f"/kassa/vantar/{order.key}/?fel=1"
    page = shopper.follow(answer)
    assert "Betalningen gick inte att öppna" in text(page)
    assert "Försök igen" in text(page)
    assert shopper.basket.rows
    again = shopper.client.post(f"/kassa/vantar/{order.key}/", {"do": "pay"})
    assert re.match(r"/ovningsbetalning/", again.headers["Location"])
    assert Order.objects.count() == 1


def _unavailable(*_args: object, **_options: object) -> str:
    raise Unavailable("inget svar")


# --- Figures --------------------------------------------------------------------------------------
@time_machine.travel("2026-11-23T11:00:00Z", tick=False)
@pytest.mark.parametrize("who", [KARIN, KOMMUN], ids=["card", "invoice"])
def test_an_order_costs_the_same_queries_for_one_line_and_for_twenty(who, django_assert_max_num_queries):
    counts = []
    for lines in (1, 20):
        shopper = Shopper()
        for _line in range(lines):
            shopper.put(str(ProductFactory(steps={2: 50_00}, vat={25: 1, 6: 1}).sku))
        form = {**shopper.form(), **who}
        with django_assert_max_num_queries(40) as counted:
            assert shopper.send(form).status_code == 303
        counts.append(len(counted))
    assert counts[0] == counts[1], counts
