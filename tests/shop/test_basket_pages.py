"""The basket in whole requests."""

from __future__ import annotations

import pytest

from shop.models import PriceStep, Product
from shop.money import Money
from tests.factories import CompanyFactory, FreightFactory, ProductFactory
from tests.shopping import Shopper, fields, sums, text, title

pytestmark = pytest.mark.django_db

EVIL = [
    "0",
    "-1",
    "1.5",
    "1000000000",
    "två",
    "",
    "\x00",
    "9" * 100_000,
    "<script>",
    "🙂",
    "\u202e25",
    "1e3",
    "1" + " " * 39 + "00",
]


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
    CompanyFactory()
    FreightFactory()
    ProductFactory(skriften=True)
    ProductFactory(book=True)


@pytest.fixture
def shopper() -> Shopper:
    return Shopper()


def test_copies_are_added_to_what_lies_there_and_the_page_says_so(shopper):
    shopper.put("SKRIFTEN", 5)
    answer = shopper.put("SKRIFTEN", 20)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/varukorg/?tillagd=SKRIFTEN")
    page = shopper.follow(answer)
    assert "25 Skriften om värdskap ligger i varukorgen." in text(page)
    assert sums(page) == {
        "Varor": "1 225,00 kr",
        "Frakt": "Fri",
        "Att betala": "1 225,00 kr",
        "varav moms 6 %": "69,34 kr",
    }


def test_the_basket_is_the_only_cookie_and_is_set_by_the_first_copy(shopper):
    shopper.basket_page()
    assert not shopper.client.cookies
    shopper.put()
    shopper.basket_page()
    assert list(shopper.client.cookies) == ["varukorg"]


def test_no_cache_keeps_a_basket(shopper):
    shopper.put()
    for answer in (shopper.basket_page(), shopper.put(), shopper.put(quantity="x")):
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("quantity", EVIL)
def test_a_number_that_is_none_comes_back_with_a_sentence(shopper, quantity):
    answer = shopper.put("SKRIFTEN", quantity)
    assert answer.status_code == 422
    assert title(answer).startswith("Fel: ")
    assert "Skriv ett antal mellan 1 och 5 000. Behöver du fler? Ring oss" in text(answer)
    assert fields(answer)["quantity"] == quantity.replace("\x00", "")
    assert not shopper.basket


@pytest.mark.parametrize("sku", ["NIX", "", "\x00", "skriften", "S" * 100_000, "<b>", "' OR 1=1 --"])
def test_a_product_that_is_none_is_answered_400_with_a_sentence(shopper, sku):
    answer = shopper.put(sku)
    assert answer.status_code == 400
    assert "Den varan finns inte hos oss längre." in text(answer)


def test_more_than_fits_is_told_with_what_lies_there(shopper):
    shopper.put(quantity=4990)
    answer = shopper.put(quantity=11)
    assert answer.status_code == 422
    assert "I korgen ligger redan 4 990, och högst 5 000 får plats." in text(answer)
    assert shopper.basket.rows["SKRIFTEN"].quantity == 4990


def test_smallest_largest_and_pack_are_kept_to(shopper):
    ProductFactory(sku="KARTA", min_quantity=10, max_quantity=100, pack_size=10)
    assert "Skriv ett antal mellan 10 och 100." in text(shopper.put("KARTA", 9))
    assert "Säljs i förpackningar om 10. Närmast är 20" in text(shopper.put("KARTA", 15))
    assert "Säljs i förpackningar om 10. Närmast är 100" in text(shopper.put("KARTA", 99))
    assert shopper.put("KARTA", 20).status_code == 303


def test_the_basket_holds_forty_products_and_says_so(shopper):
    skus = [ProductFactory().sku for _row in range(41)]
    answers = [shopper.put(sku) for sku in skus]
    assert {answer.status_code for answer in answers[:40]} == {303}
    assert answers[40].status_code == 422
    assert "Korgen rymmer högst 40 olika varor." in text(answers[40])
    assert len(shopper.basket.rows) == 40


def test_all_quantities_are_changed_at_once(shopper):
    shopper.put("SKRIFTEN", 1)
    shopper.put("DET-GODA-VARDSKAPET", 1)
    answer = shopper.client.post(
        "/varukorg/", {"quantity-SKRIFTEN": "100", "quantity-DET-GODA-VARDSKAPET": "2"}
    )
    assert answer.status_code == 303
    page = shopper.follow(answer)
    assert sums(page)["Varor"] == "4 998,00 kr"
    assert "har ändrats från" not in text(page)  # a step that the visitor has reached is no changed price


def test_a_wrong_quantity_keeps_what_was_typed_and_takes_the_others(shopper):
    shopper.put("SKRIFTEN", 1)
    shopper.put("DET-GODA-VARDSKAPET", 1)
    answer = shopper.client.post(
        "/varukorg/", {"quantity-SKRIFTEN": "två", "quantity-DET-GODA-VARDSKAPET": "3"}
    )
    assert answer.status_code == 422
    assert title(answer) == "Fel: Varukorg – Värdskapet"
    assert "En sak behöver rättas" in text(answer)
    assert fields(answer)["quantity-SKRIFTEN"] == "två"
    assert {sku: row.quantity for sku, row in shopper.basket.rows.items()} == {
        "SKRIFTEN": 1,
        "DET-GODA-VARDSKAPET": 3,
    }


@pytest.mark.parametrize("quantity", EVIL)
def test_no_quantity_upsets_the_basket(shopper, quantity):
    shopper.put("SKRIFTEN", 3)
    answer = shopper.client.post("/varukorg/", {"quantity-SKRIFTEN": quantity})
    assert answer.status_code == 422
    assert shopper.basket.rows["SKRIFTEN"].quantity == 3


def test_a_row_is_taken_out_with_its_button(shopper):
    shopper.put("SKRIFTEN", 1)
    answer = shopper.client.post("/varukorg/", {"quantity-SKRIFTEN": "1", "remove": "SKRIFTEN"})
    assert "Korgen är tom än. Skriften är ett bra ställe att börja." in text(shopper.follow(answer))
    assert not shopper.basket


def test_the_note_tells_which_step_applies_and_where_the_next_begins(shopper):
    shopper.put("SKRIFTEN", 25)
    assert (
        "Skriften om värdskap kostar 49 kr styck i din korg. Rabatten för 25 exemplar är redan avdragen."
        " Vid 100 exemplar blir priset 45 kr."
    ) in text(shopper.basket_page())


def test_a_changed_price_is_told_once_and_then_known(shopper):
    shopper.put("SKRIFTEN", 1)
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=57_00)
    told = "Priset på Skriften om värdskap har ändrats från 55 till 57 kr sedan du lade den i korgen. Stämmer det ändå?"
    key = shopper.basket.key
    assert told in text(shopper.basket_page())
    assert told not in text(shopper.basket_page())
    assert shopper.basket.key == key


def test_a_changed_price_is_told_even_when_the_number_is_changed_first(shopper):
    shopper.put("SKRIFTEN", 1)
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=57_00)
    answer = shopper.client.post("/varukorg/", {"quantity-SKRIFTEN": "2"})
    assert "har ändrats från 55 till 57 kr" in text(shopper.follow(answer))


def test_a_product_that_is_gone_is_told_by_name_and_taken_out(shopper):
    shopper.put("SKRIFTEN", 1)
    shopper.put("DET-GODA-VARDSKAPET", 1)
    Product.objects.filter(sku="SKRIFTEN").update(active=False)
    assert "Skriften om värdskap säljs inte längre. Vi har tagit bort den ur korgen." in text(
        shopper.basket_page()
    )
    assert list(shopper.basket.rows) == ["DET-GODA-VARDSKAPET"]


def test_short_stock_is_told_with_what_is_left(shopper):
    ProductFactory(sku="FA", name="Den sällsynta", on_hand=7)
    ProductFactory(
        sku="SLUT", name="Den slutsålda", on_hand=0, restock_note="Nästa tryckning kommer vecka 50."
    )
    shopper.put("FA", 8)
    shopper.put("SLUT", 1)
    page = text(shopper.basket_page())
    assert "Det finns 7 kvar av Den sällsynta. Du vill ha 8." in page
    assert "Den slutsålda är slut just nu. Nästa tryckning kommer vecka 50." in page


def test_free_freight_is_told_while_it_is_not_reached(shopper):
    shopper.put("SKRIFTEN", 1)
    page = shopper.basket_page()
    assert sums(page)["Frakt"] == "49,00 kr"
    assert "Frakten är fri från 500 kr." in text(page)
    shopper.put("SKRIFTEN", 9)
    assert "Frakten är fri från" not in text(shopper.basket_page())


def test_another_site_cannot_fill_the_basket(shopper):
    for header in ({"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://elak.example"}):
        answer = shopper.client.post("/varukorg/lagg-till/", {"sku": "SKRIFTEN", "quantity": "1"}, **header)
        assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["null", "http://[", "http://[::1", "://", "http://a:b", "åäö"])
def test_an_origin_that_is_no_address_is_another_site(shopper, origin):
    put = {"sku": "SKRIFTEN", "quantity": "1"}
    assert shopper.client.post("/varukorg/lagg-till/", put, HTTP_ORIGIN=origin).status_code == 403


def test_a_marker_made_up_in_the_address_says_nothing(shopper):
    shopper.put("SKRIFTEN", 1)
    for made_up in ("?tillagd=NIX", "?tillagd=%00", "?tillagd=<script>alert(1)</script>"):
        page = shopper.basket_page(made_up)
        assert page.status_code == 200
        assert "ligger i varukorgen" not in text(page)
        assert b"<script>alert" not in page.content


def test_the_basket_page_costs_the_same_however_much_lies_in_it(shopper, django_assert_max_num_queries):
    shopper.put("SKRIFTEN", 1)
    shopper.basket_page()  # warms what outlives a request
    for _row in range(19):
        shopper.put(ProductFactory(steps={2: 1}).sku)
    shopper.basket_page()
    with django_assert_max_num_queries(11):
        shopper.basket_page()


def test_a_step_added_by_staff_is_used_at_once(shopper):
    shopper.put("DET-GODA-VARDSKAPET", 10)
    book = Product.objects.get(sku="DET-GODA-VARDSKAPET")
    PriceStep.objects.create(product=book, from_quantity=10, price_ore=200_00)
    assert sums(shopper.basket_page())["Varor"] == Money.kronor(2000).exact().replace("\xa0", " ")
