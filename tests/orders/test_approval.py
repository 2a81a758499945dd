"""Invoice customers who must be approved: new ones, and those who owe more than the limit."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import CreditLimit, Order, Shipment
from orders.states import WrongState
from shop.models import Company, StockLevel
from shop.money import Money
from tests.factories import (
    NOON,
    CompanyFactory,
    FreightFactory,
    OrderFactory,
    ProductFactory,
    TermsFactory,
    pay,
)
from tests.shopping import KOMMUN, Shopper, fields, text
from tests.staff import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
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
    assert not Shipment.objects.to_pack().exists()


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
        operations.approve(order.pk, actor="maja", now=NOON)
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
        operations.approve(order.pk, actor="maja", now=NOON)


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


def test_the_settings_cost_one_statement_together():
    OrderFactory(on_invoice=True)
    without = statements()
    settings(approve=True)
    assert statements() == without + 1
    settings(approve=True, limit=100_000)
    assert statements() == without + 1


# --- A limit of its own -----------------------------------------------------------------------------
KOMMUNS = KOMMUN["organisation_number"].replace("-", "")


def own_limit(kronor: int | None, cause: str = "prövad") -> CreditLimit:
    limit = None if kronor is None else Money.kronor(kronor)
    return operations.set_credit_limit(KOMMUNS, limit, actor="eva", cause=cause, now=NOON)


@pytest.mark.parametrize(
    ("everybodys", "own", "state"),
    [(100, 1_470, "confirmed"), (100_000, 1_469, "placed"), (None, 0, "placed"), (None, 2_000, "confirmed")],
)
def test_an_organisations_own_limit_goes_before_everybodys(everybodys, own, state):
    settings(limit=everybodys)
    own_limit(own)
    order, _page = ordered()
    assert order.state == state
    if state == "placed":
        assert "över sin egen kreditgräns" in order.history.get(machine="approval").cause


def test_a_limit_that_is_taken_away_leaves_the_organisation_with_everybodys():
    settings(limit=100)
    own_limit(5_000)
    own_limit(None, "slut på avtalet")
    assert ordered()[0].state == "placed"


def test_who_has_a_limit_of_its_own_is_no_new_customer_and_another_still_is():
    settings(approve=True)
    own_limit(5_000)
    assert ordered()[0].state == "confirmed"
    assert ordered(organisation_number="556000-0001")[0].state == "placed"


def test_each_change_of_a_limit_is_kept_with_who_and_why_and_the_same_again_is_none():
    for kronor, cause in ((5_000, "prövad"), (5_000, "igen"), (0, "obetalt"), (None, "åter")):
        credit = own_limit(kronor, cause)
    assert [(step.old_ore, step.new_ore, step.actor, step.cause) for step in credit.steps.all()] == [
        (None, 5_000_00, "eva", "prövad"),
        (5_000_00, 0, "eva", "obetalt"),
        (0, None, "eva", "åter"),
    ]


def test_staff_with_the_right_set_it_from_an_order_and_see_its_history():
    order = OrderFactory(on_invoice=True)
    eva = logged_in("orders.view_order", "orders.set_credit")
    link = f"/admin/bestallningar/kreditgranser/ny/?order={order.number}"
    assert link in eva.get(f"/admin/bestallningar/{order.number}/").content.decode()
    opened = fields(eva.get(link))
    assert opened["organisation_number"] == KOMMUNS
    page = eva.post(link, {**opened, "limit": "50 000", "reason": "Bra betalare"}, follow=True)
    assert "Ingen egen → 50 000 kr" in text(page)
    assert "Bra betalare" in text(page)
    assert "Björkviks kommun" in text(eva.get("/admin/bestallningar/kreditgranser/"))
    assert eva.get(link).status_code == 302
    assert "Kreditgräns" not in text(
        logged_in("orders.view_order", name="per").get(f"/admin/bestallningar/{order.number}/")
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"limit": "massor"}, "Skriv ett belopp i kronor"),
        ({"limit": ""}, "Skriv gränsen, eller 0"),
        ({"reason": ""}, "Skriv varför gränsen ändras."),
        ({"organisation_number": "123"}, "Kontrollera organisationsnumret"),
        ({"organisation_number": "\x00"}, ""),
    ],
)
def test_what_is_wrong_with_a_limit_is_told_and_nothing_is_set(typed, sentence):
    eva = logged_in("orders.set_credit")
    told = {"organisation_number": KOMMUNS, "limit": "500", "reason": "x"}
    answer = eva.post("/admin/bestallningar/kreditgranser/ny/", {**told, **typed})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not CreditLimit.objects.exists()


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
