"""axe-core finds nothing on any page and state of the shop, on a phone and on a desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from orders import operations
from orders.handed_over import with_buyer
from orders.models import Order
from orders.payments.begin import begin
from orders.states import Attempt
from tests import axe
from tests.factories import CompanyFactory, FreightFactory, OrderFactory, ProductFactory
from tests.flows.test_purchase_in_browser import write_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def shelf(transactional_db: None) -> None:
    CompanyFactory()
    FreightFactory(hint="Levereras inom 2–4 vardagar")
    FreightFactory(code="ombud", name="Till ombud", sort_order=1)
    for trait in ("skriften", "book", "material"):
        ProductFactory(**{trait: True})


@pytest.fixture
def page(live_server: Any, open_page: Any) -> Page:
    opened: Page = open_page("mobile", bypass_csp=True)
    return opened


def put(page: Page, sku: str, quantity: str) -> None:
    page.request.post(
        "/varukorg/lagg-till/",
        form={"sku": sku, "quantity": quantity},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


@axe.in_both_lanes
def test_the_basket_in_every_state(page: Page):
    page.goto("/varukorg/")
    faults = axe.violations(page)
    for sku in ("SKRIFTEN", "DET-GODA-VARDSKAPET", "VARDSKAP-I-PRAKTIKEN"):
        put(page, sku, "25")
    page.goto("/varukorg/?tillagd=SKRIFTEN")
    faults += axe.violations(page)
    page.fill("#antal-SKRIFTEN", "två")
    page.get_by_role("button", name="Uppdatera antal").click()
    faults += axe.violations(page)
    assert not faults, "\n".join(faults)


@axe.in_both_lanes
def test_the_checkout_in_every_state(page: Page):
    put(page, "SKRIFTEN", "30")
    page.goto("/kassa/")
    faults = axe.violations(page)
    page.get_by_role("button", name="Beställ och betala").click()
    faults += axe.violations(page)
    page.get_by_label("Företag").check()
    page.get_by_label("Faktura, 30 dagar").check()
    page.get_by_role("button", name="Beställ mot faktura").click()
    faults += axe.violations(page)
    page.get_by_text("Annan fakturaadress").click()
    page.fill("#f-invoice_city", "Björkvik")
    page.get_by_role("button", name="Beställ mot faktura").click()
    faults += axe.violations(page)
    put(page, "DET-GODA-VARDSKAPET", "5000")
    page.goto("/kassa/")
    write_address(page)
    page.get_by_label("Privatperson").check()
    page.get_by_label("Swish").check()
    page.get_by_role("button", name="Beställ och betala").click()
    assert "Det räckte inte till alla" in page.content()
    faults += axe.violations(page)
    assert not faults, "\n".join(faults)


@axe.in_both_lanes
def test_the_waiting_page_in_every_state(page: Page):
    order = OrderFactory(method="swish")
    begin_now(order, timezone.now())
    faults = []
    for query in ("", "?avbruten=1", "?fel=1", "?fanns=1", "?mejlat=1"):
        page.goto(f"/kassa/vantar/{order.key}/{query}")
        faults += axe.violations(page)
    operations.close_attempt(
        order.attempts.latest("pk").pk, Attempt.FAILED, cause="nekat", now=timezone.now()
    )
    page.goto(f"/kassa/vantar/{order.key}/")
    faults += axe.violations(page)
    operations.cancel(order.pk, actor="systemet", cause="för sent", now=timezone.now())
    page.goto(f"/kassa/vantar/{order.key}/")
    faults += axe.violations(page)
    assert not faults, "\n".join(faults)


def begin_now(order: Order, now: Any) -> None:
    """An attempt of this moment: the page asks by itself only while it is fresh."""
    Order.objects.filter(pk=order.pk).update(placed_at=now, reserved_until=now + operations.reservation())
    order.attempts.update(created_at=now, expires_at=now + operations.reservation())
    begin(order, now=now)


@axe.in_both_lanes
def test_the_order_page_in_every_state(page: Page):
    cancelled = OrderFactory(paid=True)
    operations.cancel(cancelled.pk, actor="test", cause="ångrat sig", now=cancelled.placed_at)
    orders = [
        OrderFactory(),
        OrderFactory(paid=True),
        OrderFactory(packed=True),
        OrderFactory(sent=True),
        cancelled,
    ]
    faults = []
    for order in orders:
        page.goto(f"/order/{order.key}/?utskrift=1&redan=1")
        faults += axe.violations(page)
    assert not faults, "\n".join(faults)


@axe.in_both_lanes
def test_the_withdrawal_in_every_step(page: Page):
    page.goto("/angra/")
    faults = axe.violations(page)
    page.get_by_role("button", name="Fortsätt").click()
    faults += axe.violations(page)
    page.get_by_label("Namn").fill("Karin Ek")
    page.get_by_label("Ordernummer").fill("VS-2026-000001")
    page.get_by_label("E-post").fill("karin@bjorkvik.example")
    page.get_by_role("button", name="Fortsätt").click()
    faults += axe.violations(page)
    page.get_by_role("button", name="Bekräfta frånträde").click()
    faults += axe.violations(page)
    assert "Vi har tagit emot din ånger" in page.content()
    assert not faults, "\n".join(faults)


@axe.in_both_lanes
def test_what_a_buyer_may_do_after_the_order(page: Page):
    packed, sent, waiting = OrderFactory(packed=True), OrderFactory(sent=True), OrderFactory(paid=True)
    faults = []
    for address in (
        f"/order/{waiting.key}/avbestall/",
        f"/order/{packed.key}/avbestall/",
        f"/angra/?order={sent.key}",
        f"/order/{sent.key}/reklamera/",
    ):
        page.goto(address)
        faults += axe.violations(page)
    page.get_by_role("button", name="Skicka reklamationen").click()
    faults += axe.violations(page)
    page.get_by_label("Skriften om värdskap").fill("1")
    page.get_by_label("Vad är fel?").fill("Sidorna 9 till 12 saknas.")
    page.get_by_label("En ny vara").check()
    page.get_by_role("button", name="Skicka reklamationen").click()
    faults += axe.violations(page)
    assert "Vi har tagit emot din reklamation" in page.content()
    assert not faults, "\n".join(faults)


@axe.in_both_lanes
def test_the_staff_page_of_a_notice_and_of_a_complaint(page: Page, admin_client: Any):
    order = OrderFactory(lines={"SKRIFTEN": 3}, sent=True)
    stated = operations.Statement(order.name, str(order.number), order.email)
    notice = operations.withdraw(stated, now=timezone.now())
    told = {"fault": "Trasig.", "wish": "new", "written_by": "maja", "language": "sv"}
    complaint = operations.complain(order.pk, with_buyer(order), **told, now=timezone.now())
    cookie = admin_client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    faults = []
    for address in (f"angrade/{notice.pk}/", "angrade/", f"reklamationer/{complaint.pk}/", "reklamationer/"):
        page.goto(f"/admin/bestallningar/{address}")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        faults += axe.violations(page)
    assert not faults, "\n".join(faults)


@axe.in_both_lanes
def test_products_that_are_refused(page: Page, live_server: Any):
    page.goto("/varukorg/")
    faults = []
    for sku, quantity in (("NIX", "1"), ("SKRIFTEN", "två")):
        page.set_content(
            f'<form method="post" action="{live_server.url}/varukorg/lagg-till/"><input name="sku" value="{sku}">'
            f'<input name="quantity" value="{quantity}"><button>Lägg till</button></form>'
        )
        page.get_by_role("button").click()
        page.wait_for_selector("main")
        faults += axe.violations(page)
    assert not faults, "\n".join(faults)


def test_the_staff_page_of_an_order_fits_a_phone_by_night(page, admin_client):
    order = OrderFactory(on_invoice=True)
    cookie = admin_client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    page.goto(f"/admin/bestallningar/{order.number}/")
    page.locator("summary", has_text="Registrera betalning").click()
    boxes = [box.bounding_box() for box in page.locator("details[open] input:visible").all()]
    assert len(boxes) == 3
    assert all(box["x"] + box["width"] <= page.viewport_size["width"] for box in boxes)
    assert axe.colours_by_night(page) == []
