"""Invoice customers who must be approved: new ones, and those who owe more than the limit."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import Order
from orders.states import WrongState
from shop.models import Company, StockLevel
from tests.factories import (
    NOON,
    CompanyFactory,
    FreightFactory,
    OrderFactory,
    ProductFactory,
    TermsFactory,
    pay,
)
from tests.shopping import KOMMUN, Shopper, text
from tests.staff import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory()
    ProductFactory(skriften=True)


def settings(*, approve: bool = False, limit: int | None = None) -> None:
    """The limit is in kronor."""
    company = Company.load()
    company.approve_new_invoice_buyers = approve
    company.credit_limit_ore = None if limit is None else limit * 100
    company.save()


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("letter", flat=True))


def reserved() -> int:
    return StockLevel.objects.get(product__sku="SKRIFTEN").reserved


def ordered(**changes: str) -> tuple[Order, str]:
    """An order on invoice over HTTP, and the page that the buyer comes to."""
    someone = Shopper()
    someone.put("SKRIFTEN", 30)
    page = someone.follow(someone.order({**KOMMUN, **changes}))
    assert not someone.basket.rows
    return Order.objects.latest("pk"), text(page)


def test_without_the_settings_an_order_on_invoice_stands_at_once():
    order, _page = ordered()
    assert (order.state, letters()) == ("confirmed", ["order-confirmation"])


def test_a_new_customers_first_order_takes_its_goods_says_the_truth_and_waits():
    settings(approve=True)
    order, page = ordered()
    assert (order.state, order.may_be_packed, order.awaits_approval, reserved()) == (
        "placed",
        False,
        True,
        30,
    )
    assert "Vi hör av oss inom en arbetsdag" in page
    assert "Till betalningen" not in page
    assert letters() == ["order-waiting"]
    assert not order.shipments.exists()
    assert list(Order.objects.to_pack()) == []


def test_a_known_customer_does_not_wait():
    OrderFactory(on_invoice=True, organisation_number=KOMMUN["organisation_number"].replace("-", ""))
    settings(approve=True)
    order, _page = ordered()
    assert order.state == "confirmed"


@pytest.mark.parametrize(("limit", "state"), [(1_469, "placed"), (1_470, "confirmed")])
def test_the_limit_is_what_a_customer_may_owe_with_this_order(limit, state):
    settings(limit=limit)
    order, _page = ordered()
    assert order.total.ore == 1_470_00
    assert order.state == state


def test_what_has_been_paid_is_owed_no_more_and_another_number_owes_its_own():
    number = KOMMUN["organisation_number"].replace("-", "")
    earlier = OrderFactory(on_invoice=True, organisation_number=number, lines={"SKRIFTEN": 30})
    OrderFactory(on_invoice=True, organisation_number="5599990008", lines={"SKRIFTEN": 250})
    settings(limit=2_000)
    assert ordered()[0].state == "placed"
    pay(earlier)
    operations.refuse(Order.objects.latest("pk").pk, actor="maja", cause="väntar", now=NOON)
    assert ordered()[0].state == "confirmed"


def test_a_cancelled_order_is_neither_owed_nor_makes_anybody_known():
    number = KOMMUN["organisation_number"].replace("-", "")
    gone = OrderFactory(on_invoice=True, organisation_number=number, lines={"SKRIFTEN": 30})
    operations.cancel(gone.pk, actor="maja", cause="ångrade sig", now=NOON)
    settings(approve=True, limit=1_500)
    assert ordered()[0].state == "placed"


def test_approval_confirms_as_any_order_once():
    settings(approve=True)
    order, _page = ordered()
    for _click in range(2):
        operations.approve(order.pk, actor="maja")
    order.refresh_from_db()
    assert (order.state, order.may_be_packed, order.shipments.count()) == ("confirmed", True, 1)
    assert sorted(letters()) == ["order-confirmation", "order-waiting"]
    assert order.history.filter(machine="approval", new="given", actor="maja").count() == 1
    with pytest.raises(WrongState):
        operations.refuse(order.pk, actor="maja", cause="för sent", now=NOON)


def test_refusal_gives_the_goods_back_and_tells_the_buyer_without_our_reason():
    settings(approve=True)
    order, _page = ordered()
    for _click in range(2):
        operations.refuse(order.pk, actor="maja", cause="Betalar aldrig", now=NOON)
    order.refresh_from_db()
    assert (order.state, reserved()) == ("cancelled", 0)
    assert sorted(letters()) == ["order-refused", "order-waiting"]
    refused = Message.objects.get(letter="order-refused")
    assert "Betalar aldrig" not in str(refused.context)
    assert "Att betala" not in str(build(refused).body)
    with pytest.raises(WrongState):
        operations.approve(order.pk, actor="maja")


def test_an_order_that_waits_does_not_lapse_and_takes_no_payment():
    settings(approve=True)
    order, _page = ordered()
    assert list(Order.objects.lapsed(NOON.replace(year=2030))) == []
    assert operations.attempt_to_pay(order.pk, now=NOON) is None
    assert operations.lapse(order.pk, now=NOON.replace(year=2030)) is False


def test_a_double_click_on_a_waiting_order_goes_to_its_page():
    settings(approve=True)
    someone = Shopper()
    someone.put("SKRIFTEN", 30)
    form = {**someone.form(), **KOMMUN}
    first, second = someone.send(form), someone.send(form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Order.objects.count() == 1


def statements() -> int:
    with CaptureQueriesContext(connection) as seen:
        OrderFactory(on_invoice=True, lines={"SKRIFTEN": 1})
    return len(seen)


def test_a_known_customer_costs_one_statement_and_a_limit_one_more():
    OrderFactory(on_invoice=True)
    without = statements()
    settings(approve=True)
    assert statements() == without + 1
    settings(limit=100_000)
    assert statements() == without + 2


# --- Staff ----------------------------------------------------------------------------------------
def test_staff_see_who_waits_and_why_and_say_yes():
    settings(approve=True)
    order, _page = ordered()
    maja = logged_in("orders.view_order", "orders.approve_order")
    assert str(order.number) in text(maja.get("/admin/bestallningar/att-godkanna/"))
    page = text(maja.get(f"/admin/bestallningar/{order.number}/"))
    assert "Godkänn mot faktura" in page
    assert "ny fakturakund" in page
    assert "1 fakturakund att godkänna" in text(maja.get("/admin/"))
    answer = maja.post(f"/admin/bestallningar/{order.number}/godkann/", follow=True)
    assert "Godkänn mot faktura" not in text(answer)
    order.refresh_from_db()
    assert order.state == "confirmed"


def test_no_needs_a_reason_and_one_without_the_right_may_not():
    settings(approve=True)
    order, _page = ordered()
    address = f"/admin/bestallningar/{order.number}/neka/"
    assert logged_in("orders.view_order", name="per").post(address, {"reason": "x"}).status_code == 403
    maja = logged_in("orders.view_order", "orders.approve_order")
    assert "Skriv varför beställningen nekas." in text(maja.post(address, {"reason": " "}))
    maja.post(address, {"reason": "Okänd"})
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_an_order_that_its_buyer_has_called_off_is_not_said_to_be_refused():
    settings(approve=True)
    order, _page = ordered()
    operations.call_off(order.pk, now=NOON)
    maja = logged_in("orders.view_order", "orders.approve_order")
    for step, data in (("neka", {"reason": "Okänd"}), ("godkann", {})):
        page = text(maja.post(f"/admin/bestallningar/{order.number}/{step}/", data, follow=True))
        assert f"{order.number} är " in page
        assert "avbeställd" in page
        assert "Köparen får" not in page
    assert sorted(letters()) == ["cancelled", "order-waiting"]
