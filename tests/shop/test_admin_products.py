"""Products, freight and terms in the admin: what staff may save, and what is kept from harm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from shop.models import FreightMethod, Product, Terms
from tests.factories import FreightFactory, OrderFactory, ProductFactory, TermsFactory
from tests.staff import logged_in

pytestmark = pytest.mark.django_db

PRODUCTS = "/admin/snippets/shop/product/"
FREIGHT = "/admin/snippets/shop/freightmethod/"
TERMS = "/admin/snippets/shop/terms/"
MODELS = ("product", "freightmethod", "terms")
RIGHTS = [f"shop.{verb}_{model}" for verb in ("add", "change", "delete") for model in MODELS]
RIGHTS += ["shop.view_stockmovement"]


@pytest.fixture
def staff() -> Client:
    return logged_in(*RIGHTS)


def product(
    *, steps: dict[int, str] | None = None, vat: list[tuple[str, int, int]] | None = None, **facts: Any
) -> dict[str, Any]:
    """The form of a product as a browser sends it; `vat` rows are date, per cent, weight."""
    rows = [("2026-01-01", 6, 1)] if vat is None else vat
    form: dict[str, Any] = nested_form_data(
        {
            "name": "Nya skriften",
            "sku": "NYA",
            "kind": "print",
            "price_ore": "55",
            "min_quantity": 1,
            "max_quantity": 5000,
            "pack_size": 1,
            "weight_g": 85,
            "thickness_mm": 3,
            "sort_order": 0,
            "cover": "skriften",
            "cover_image": "",
            "active": "on",
            "counted": "on",
            "price_steps": inline_formset(
                [{"from_quantity": number, "price_ore": price} for number, price in (steps or {}).items()]
            ),
            "vat_shares": inline_formset(
                [{"valid_from": day, "percent": percent, "weight": weight} for day, percent, weight in rows]
            ),
            **facts,
        }
    )
    return form


def add(client: Client, **facts: Any) -> str:
    answer = client.post(PRODUCTS + "add/", product(**facts), follow=True)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


# --- The list ---------------------------------------------------------------------------------------
def test_the_list_tells_price_stock_and_vat(staff):
    ProductFactory.create(skriften=True)
    ProductFactory.create(material=True)
    ProductFactory.create(name="Slutsåld", on_hand=0)
    ProductFactory.create(name="Tryckt på begäran", counted=False)
    page = staff.get(PRODUCTS).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for words in ("55 kr", "12 000", "6 %", "6 + 25 %", "slut", "på beställning"):
        assert words in page


def test_the_list_costs_the_same_for_one_and_forty_products(staff, django_assert_num_queries):
    ProductFactory.create()
    staff.get(PRODUCTS)
    with django_assert_num_queries(16, exact=False) as few:
        staff.get(PRODUCTS)
    for _more in range(39):
        ProductFactory.create(material=_more % 2 == 0, sku=f"MER-{_more}")
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(PRODUCTS)


@pytest.mark.parametrize("query", ["\x00", "a" * 10_000, "skriften", "% _ '", "🙂"])
def test_the_list_can_be_searched_with_anything(staff, query):
    ProductFactory.create(skriften=True)
    assert staff.get(PRODUCTS, {"q": query}).status_code == 200


def test_staff_without_the_right_see_no_products_and_no_shop_in_the_menu():
    client = logged_in(name="other")
    assert client.get(PRODUCTS).status_code == 302
    assert "lagerbok" not in client.get("/admin/").content.decode()


def test_the_shop_stands_in_the_menu(staff):
    page = staff.get("/admin/").content.decode()
    for name in ("butik", "Varor", "Lagerbok", "Leverans"):
        assert name in page


# --- Saving a product -------------------------------------------------------------------------------
def test_a_product_is_saved_with_prices_in_kronor(staff):
    add(staff, price_ore="1 250,50", steps={25: "1 000", 100: "900,25"})
    saved = Product.objects.get(sku="NYA")
    assert saved.price_ore == 125_050
    assert {step.from_quantity: step.price_ore for step in saved.steps} == {25: 100_000, 100: 90_025}


def test_the_form_shows_kronor(staff):
    saved = ProductFactory.create(skriften=True)
    page = staff.get(f"{PRODUCTS}edit/{saved.pk}/").content.decode()
    assert 'value="55"' in page
    assert 'value="49"' in page


def test_mixed_goods_have_a_row_per_rate(staff):
    add(staff, vat=[("2026-01-01", 25, 1000), ("2026-01-01", 6, 490)])
    assert Product.objects.get().vat_weights(date(2026, 11, 23)) == {25: 1000, 6: 490}


TOMORROW = f"{timezone.now() + timedelta(days=2):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"steps": {25: "55"}}, "Pristrappa: steget från 25 kostar 55 kr. Det ska vara lägre"),
        ({"steps": {25: "49", 100: "50"}}, "Pristrappa: steget från 100 kostar 50 kr."),
        ({"steps": {100: "45", 25: "40"}}, "Pristrappa: steget från 100 kostar 45 kr."),
        ({"vat": []}, "error-message"),
        ({"vat": [(TOMORROW, 6, 1)]}, "minst en momssats ska gälla redan i dag"),
        ({"vat": [("2026-01-01", 6, 1), ("2026-01-01", 6, 2)]}, "error-message"),
        ({"min_quantity": 10, "max_quantity": 5}, "Högst antal ska vara minst 10 och högst 5000."),
        ({"max_quantity": 5001}, "Högst antal ska vara minst 1 och högst 5000."),
        ({"pack_size": 10}, "Minst antal ska gå jämnt ut i förpackningar om 10."),
        ({"pack_size": 0}, "error-message"),
        ({"price_ore": "gratis"}, "Skriv ett belopp i kronor"),
        ({"price_ore": "-5"}, "Skriv ett belopp i kronor"),
        ({"price_ore": ""}, "error-message"),
        ({"price_ore": "999999999"}, "högst 1 000 000 kronor"),
        ({"weight_g": "9" * 30}, "error-message"),
        ({"steps": {10**9: "49"}}, "ingen kan köpa 1000000000, högst antal är 5000"),
        ({"sku": "små bokstäver"}, "Bara A–Z, siffror och bindestreck."),
        ({"name": "a\x00b"}, "error-message"),
    ],
)
def test_what_does_not_add_up_is_said_and_not_saved(staff, facts, sentence):
    assert sentence in add(staff, **facts)
    assert not Product.objects.exists()


def test_two_steps_from_the_same_number_are_refused(staff):
    form = product()
    rows = inline_formset(
        [{"from_quantity": 25, "price_ore": "49"}, {"from_quantity": 25, "price_ore": "48"}]
    )
    form.update(nested_form_data({"price_steps": rows}))
    assert staff.post(PRODUCTS + "add/", form).status_code == 200
    assert not Product.objects.exists()


@pytest.mark.parametrize("again", [{}, {"steps": {}}, {"vat": [("2026-03-01", 6, 1)]}])
def test_a_new_row_that_is_sent_twice_from_one_open_page_is_told_and_kept_once(staff, again):
    known = ProductFactory.create()
    address = f"{PRODUCTS}edit/{known.pk}/"
    rows: dict[str, Any] = {"vat": [("2026-02-01", 6, 1)], "steps": {25: "49"}}
    assert staff.post(address, product(**rows)).status_code == 302
    answer = staff.post(address, product(**{**rows, **again}, name="Bricka"))
    assert answer.status_code == 200
    told = answer.content.decode()
    assert "Raden finns redan: någon har sparat den sedan du öppnade sidan." in told
    assert 'value="Bricka"' in told
    assert (known.vat_shares.count(), known.price_steps.count()) == (2, 1)


# --- What is kept -----------------------------------------------------------------------------------
def test_a_sold_product_is_not_deleted(staff):
    OrderFactory()
    sold = Product.objects.get()
    for method in (staff.get, staff.post):
        answer = method(f"{PRODUCTS}delete/{sold.pk}/", follow=True)
        assert "finns i beställningar eller i lagerboken" in answer.content.decode()
    assert Product.objects.exists()


def test_nor_in_a_bulk_with_others(staff):
    OrderFactory()
    free = ProductFactory.create(on_hand=0)
    ids = "&".join(f"id={one.pk}" for one in Product.objects.all())
    answer = staff.post(f"/admin/bulk/shop/product/delete/?{ids}", follow=True)
    assert "finns i beställningar eller i lagerboken" in answer.content.decode()
    assert Product.objects.filter(pk=free.pk).exists()


def test_a_product_that_was_never_used_can_be_deleted(staff):
    free = ProductFactory.create(on_hand=0)
    staff.post(f"{PRODUCTS}delete/{free.pk}/")
    assert not Product.objects.exists()


# --- Freight and terms ------------------------------------------------------------------------------
def freight(day: str) -> dict[str, Any]:
    prices = [{"valid_from": day, "max_weight_g": 2000, "price_ore": "49"}] if day else []
    form: dict[str, Any] = nested_form_data(
        {
            "name": "Till ombud",
            "code": "ombud",
            "hint": "",
            "free_from_ore": "500",
            "active": "on",
            "sort_order": 0,
            "prices": inline_formset(prices),
        }
    )
    return form


def test_a_freight_method_is_saved_with_its_table(staff):
    staff.post(FREIGHT + "add/", freight("2026-01-01"))
    saved = FreightMethod.objects.get()
    assert (saved.free_from_ore, [row.price_ore for row in saved.prices.all()]) == (500_00, [49_00])


@pytest.mark.parametrize("day", ["", TOMORROW])
def test_freight_without_a_price_for_today_is_not_offered(staff, day):
    page = staff.post(FREIGHT + "add/", freight(day)).content.decode()
    assert "minst ett pris ska gälla redan i dag" in page
    assert not FreightMethod.objects.exists()


def terms(valid_from: str, version: str = "2027-01", info: str = "Fjorton dagar.") -> dict[str, Any]:
    return {
        "version": version,
        "language": "sv",
        "valid_from": valid_from,
        "body": rich_text("<p>Villkor.</p>"),
        "withdrawal_info": info,
        "model_form": "Blankett.",
    }


def test_terms_to_come_can_be_mended_and_those_in_force_cannot(staff):
    to_come = TermsFactory.create(version="2027-01", valid_from=timezone.now().date() + timedelta(days=30))
    staff.post(f"{TERMS}edit/{to_come.pk}/", terms(TOMORROW, info="Nytt."))
    assert Terms.objects.get().withdrawal_info == "Nytt."
    in_force = TermsFactory.create(version="2026-01")
    page = staff.post(f"{TERMS}edit/{in_force.pk}/", terms("2026-01-01", "2026-01", "Nytt.")).content.decode()
    assert "De här villkoren gäller redan" in page
    assert Terms.objects.get(pk=in_force.pk).withdrawal_info == in_force.withdrawal_info


def test_terms_that_an_order_rests_on_are_not_deleted(staff):
    TermsFactory.create()
    OrderFactory()
    staff.post(f"{TERMS}delete/{Terms.objects.get().pk}/")
    assert Terms.objects.exists()


def test_an_unused_freight_method_can_be_deleted(staff):
    method = FreightFactory.create()
    staff.post(f"{FREIGHT}delete/{method.pk}/")
    assert not FreightMethod.objects.exists()


# --- The numbers of events' places -------------------------------------------------------------------
RESERVED = "PLATS- är träffarnas. Välj ett annat artikelnummer."


def test_no_product_is_given_a_number_of_the_events(staff):
    answer = staff.post(f"{PRODUCTS}add/", product(sku="PLATS-7"))
    assert RESERVED in answer.content.decode()
    assert not Product.objects.filter(sku="PLATS-7").exists()
    known = ProductFactory.create()
    answer = staff.post(f"{PRODUCTS}edit/{known.pk}/", product(sku="PLATS-7"))
    assert RESERVED in answer.content.decode()


def test_one_that_has_such_a_number_already_can_be_changed_and_keeps_it(staff):
    known = ProductFactory.create(sku="PLATS-7")
    typed = product(sku="PLATS-7", name="Bricka", vat=[("2026-02-01", 6, 1)])
    assert staff.post(f"{PRODUCTS}edit/{known.pk}/", typed).status_code == 302
    known.refresh_from_db()
    assert (known.sku, known.name) == ("PLATS-7", "Bricka")


@pytest.mark.parametrize("change", [{"sku": "BRICKA"}, {"kind": "print"}, {"active": "on"}])
def test_an_event_s_places_keep_their_number_and_kind_and_come_on_no_shelf(staff, change):
    places = ProductFactory.create(sku="PLATS-7", kind="event", active=False)
    form = product(sku="PLATS-7", name="Plats: Kurs", vat=[("2026-02-01", 25, 1)], kind="event")
    del form["active"]
    answer = staff.post(f"{PRODUCTS}edit/{places.pk}/", {**form, **change})
    assert "Det här är en träffs platser. De säljs på träffens egen sida." in answer.content.decode()
    places.refresh_from_db()
    assert (places.sku, places.kind, places.active) == ("PLATS-7", "event", False)


def test_an_event_s_places_that_came_on_a_shelf_can_be_taken_off_it(staff):
    places = ProductFactory.create(sku="PLATS-7", kind="event", active=True)
    form = product(sku="PLATS-7", vat=[("2026-02-01", 25, 1)], kind="event")
    del form["active"]
    assert staff.post(f"{PRODUCTS}edit/{places.pk}/", form).status_code == 302
    places.refresh_from_db()
    assert not places.active
