"""The stock's staff pages and the operations behind them."""

from __future__ import annotations

import pytest
from django.test import Client

from shop import stock
from shop.models import Product, StockLevel, StockMovement
from tests.factories import NOON, OrderFactory, ProductFactory
from tests.shopping import Fields
from tests.staff import COUNTS_STOCK, logged_in

pytestmark = pytest.mark.django_db

LEDGER = "/admin/butik/lagerbok/"


@pytest.fixture
def staff() -> Client:
    return logged_in(*COUNTS_STOCK)


@pytest.fixture
def skriften() -> Product:
    """100 on the shelf, 30 of them promised."""
    product = ProductFactory.create(skriften=True, on_hand=100)
    OrderFactory(lines={"SKRIFTEN": 30}, paid=True)
    return product


def address(product: Product) -> str:
    return f"/admin/butik/lager/{product.pk}/"


def filled(client: Client, product: Product, **typed: object) -> dict[str, object]:
    """The form as the browser has it, with what is typed."""
    fields = Fields(client.get(address(product)).content.decode()).values
    return {"movement": "count_in", "reason": "Leverans", "token": fields["token"], **typed}


def book(client: Client, product: Product, **typed: object) -> str:
    answer = client.post(address(product), filled(client, product, **typed), follow=True)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def balance() -> tuple[int, int]:
    level = StockLevel.objects.get()
    return level.on_hand, level.reserved


# --- The operations ---------------------------------------------------------------------------------
def correct(product: Product, counted: int, cause: str = "inventering") -> None:
    stock.correct({product.pk: counted}, cause=cause, actor="maja", at=NOON)


def write_off(product: Product, number: int, cause: str = "vattenskada") -> None:
    stock.write_off({product.pk: number}, cause=cause, actor="maja", at=NOON)


@pytest.mark.parametrize(("counted", "delta"), [(97, -3), (120, 20), (30, -70)])
def test_a_correction_makes_the_shelf_what_was_counted(skriften, counted, delta):
    correct(skriften, counted)
    assert balance() == (counted, 30)
    assert StockMovement.objects.get(kind="correction").on_hand_delta == delta


def test_a_count_that_was_right_writes_nothing(skriften):
    correct(skriften, 100)
    assert not StockMovement.objects.filter(kind="correction").exists()


def test_what_is_promised_is_never_corrected_or_written_off_away(skriften):
    with pytest.raises(stock.StillPromised) as refusal:
        correct(skriften, 29)
    assert refusal.value.promised == 30
    with pytest.raises(stock.StillPromised):
        write_off(skriften, 71)
    assert balance() == (100, 30)
    write_off(skriften, 70)
    assert balance() == (30, 30)


def test_the_same_cause_twice_is_one_movement(skriften):
    for _again in range(2):
        write_off(skriften, 5)
    assert balance() == (95, 30)


def test_all_or_nothing_over_several_products(skriften):
    other = ProductFactory.create(on_hand=10)
    with pytest.raises(stock.StillPromised):
        stock.write_off({other.pk: 1, skriften.pk: 71}, cause="brand", actor="maja", at=NOON)
    assert StockLevel.objects.get(product=other).on_hand == 10


# --- Who --------------------------------------------------------------------------------------------
def test_a_stranger_is_sent_to_the_login_and_staff_without_the_right_get_403(client, skriften):
    for page in (LEDGER, address(skriften)):
        assert client.get(page).url.startswith("/admin/login/")
    other = logged_in(name="other")
    for page in (LEDGER, address(skriften)):
        assert other.get(page).status_code == 403
    assert other.post(address(skriften), {"movement": "count_in", "quantity": 5}).status_code == 403
    assert balance() == (100, 30)


# --- The page ---------------------------------------------------------------------------------------
def test_the_page_tells_the_balance_and_the_latest_movements(staff, skriften):
    page = staff.get(address(skriften)).content.decode()
    for words in ("<dd>100</dd>", "<dd>30</dd>", "<dd>70</dd>", "första inleveransen", "Reserverat"):
        assert words in page


def test_copies_are_counted_in(staff, skriften):
    page = book(staff, skriften, quantity="500", reason="Leverans från tryckeriet")
    assert "På hyllan finns nu 600 exemplar." in page
    movement = StockMovement.objects.get(cause__startswith="Leverans från tryckeriet #")
    assert (movement.kind, movement.on_hand_delta, movement.actor) == ("count_in", 500, "maja")


def test_the_same_words_another_day_count_again(staff, skriften):
    for _day in range(2):
        book(staff, skriften, quantity="500", reason="Leverans")
    assert balance() == (1_100, 30)


def test_a_double_click_counts_once(staff, skriften):
    form = filled(staff, skriften, quantity="500")
    for _click in range(2):
        staff.post(address(skriften), form)
    assert balance() == (600, 30)


def test_going_back_and_mending_the_number_books_the_new_one_too(staff, skriften):
    form = filled(staff, skriften, quantity="5")
    staff.post(address(skriften), form)
    staff.post(address(skriften), {**form, "quantity": "7"})
    assert balance() == (112, 30)


def test_correct_and_write_off_from_the_page(staff, skriften):
    book(staff, skriften, movement="correct", quantity="98", reason="Inventering")
    assert balance() == (98, 30)
    book(staff, skriften, movement="write_off", quantity="8", reason="Vattenskada")
    assert balance() == (90, 30)


def test_more_than_the_shelf_holds_cannot_be_written_off_and_no_promise_is_blamed(staff):
    product = ProductFactory.create(on_hand=40)
    page = book(staff, product, movement="write_off", quantity="100", reason="Vattenskada")
    assert "Så många finns inte på hyllan." in page
    assert "lovade till beställningar, så" not in page


@pytest.mark.parametrize(("movement", "quantity"), [("correct", "29"), ("write_off", "71")])
def test_promised_copies_are_refused_in_words_with_all_that_was_typed(staff, skriften, movement, quantity):
    page = book(staff, skriften, movement=movement, quantity=quantity, reason="Inventering i källaren")
    assert "30 exemplar är lovade till beställningar" in page
    assert f'value="{quantity}"' in page
    assert "Inventering i källaren" in page
    assert balance() == (100, 30)


@pytest.mark.parametrize(
    "typed",
    [
        {"quantity": ""},
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "1.5"},
        {"quantity": "två"},
        {"quantity": "1000000000"},
        {"quantity": "9" * 10_000},
        {"quantity": "5\x00"},
        {"quantity": "5", "reason": ""},
        {"quantity": "5", "reason": "x" * 10_000},
        {"quantity": "5", "reason": "a\x00b"},
        {"quantity": "5", "movement": "steal"},
        {"quantity": "5", "token": "x" * 100},
        {"quantity": "5", "token": ""},
    ],
)
def test_what_cannot_be_booked_comes_back(staff, skriften, typed):
    assert "Bokfört" not in book(staff, skriften, **typed)
    assert balance() == (100, 30)


def test_the_shelf_can_be_corrected_to_nothing(staff):
    product = ProductFactory.create(on_hand=3)
    book(staff, product, movement="correct", quantity="0", reason="Slut")
    assert balance() == (0, 0)


def test_a_product_that_was_never_counted_can_be(staff):
    product = ProductFactory.create(on_hand=0)
    assert "På hyllan finns nu 12 exemplar." in book(staff, product, quantity="12")


def test_what_is_made_to_order_has_no_form(staff):
    product = ProductFactory.create(counted=False)
    page = staff.get(address(product)).content.decode()
    assert "tillverkas på beställning" in page
    assert 'name="quantity"' not in page


def test_an_unknown_product_is_404(staff):
    assert staff.get("/admin/butik/lager/999999/").status_code == 404


# --- The ledger -------------------------------------------------------------------------------------
def test_the_ledger_can_be_narrowed_to_a_product(staff, skriften):
    other = ProductFactory.create(name="Den andra")
    everything = staff.get(LEDGER).context["object_list"]
    assert {row.product for row in everything} == {skriften, other}
    narrowed = staff.get(LEDGER, {"product": skriften.pk}).context["object_list"]
    assert {row.product for row in narrowed} == {skriften}
    assert [row.kind for row in narrowed] == ["reserve", "count_in"]


@pytest.mark.parametrize("query", [{"product": "x"}, {"product": "9" * 30}, {"kind": "\x00"}, {"p": "-1"}])
def test_hostile_filters_are_answered(staff, skriften, query):
    assert staff.get(LEDGER, query).status_code == 200


def test_the_ledger_is_only_read(staff):
    assert staff.post(LEDGER).status_code == 405


def test_the_ledger_costs_the_same_however_long(staff, skriften, django_assert_num_queries):
    staff.get(LEDGER)
    with django_assert_num_queries(12, exact=False) as few:
        staff.get(LEDGER)
    for _more in range(30):
        ProductFactory.create()
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(LEDGER)
