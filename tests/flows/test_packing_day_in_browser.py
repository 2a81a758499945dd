"""A packing day with the keyboard alone: print, pack line by line, scan and send. And axe on its pages."""

from __future__ import annotations

import io
import os
from collections import Counter
from datetime import timedelta
from time import perf_counter
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pypdf import PdfReader

from orders.models import Order, Shipment
from orders.states import Parcel
from tests import axe
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, ProductFactory
from tests.staff import ORDER_DESK, logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE, PACKED = "/admin/bestallningar/att-packa/", "/admin/bestallningar/att-skicka/"


@pytest.fixture(autouse=True)
def shelf(transactional_db: None) -> None:
    CompanyFactory()
    FreightFactory(tracking_url="https://tracking.postnord.com/se/?id={number}")
    ProductFactory(skriften=True, shelf="A1")
    ProductFactory(book=True, shelf="A2")


@pytest.fixture
def page(live_server: Any, open_page: Any) -> Page:
    """Maja at the packing table, logged in."""
    client = logged_in(*ORDER_DESK)
    opened: Page = open_page("desktop", bypass_csp=True)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    opened.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return opened


def place(count: int) -> None:
    """Every third order has two lines, every fifth is a municipality's."""
    with mock.patch("notifications.outbox.send_message"):
        for number in range(count):
            lines = {"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1} if number % 3 == 0 else {"SKRIFTEN": 1}
            OrderFactory(paid=True, on_invoice=number % 5 == 0, lines=lines)


class Keys:
    """The keyboard, with a count of what was pressed. A scanner's number is one press, with its Enter."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, Counter[str]()

    def press(self, key: str) -> None:
        self.pressed[key] += 1
        self.page.keyboard.press(key)

    def wait_for_focus(self) -> None:
        """A busy browser sets the first focus only after it has painted."""
        self.page.locator("input:focus").wait_for()

    def scan(self, number: str) -> None:
        self.pressed["scan"] += 1
        self.wait_for_focus()
        self.page.keyboard.type(number)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def back(self) -> None:
        """Alt and the left arrow, which a browser without a window does not hear."""
        self.pressed["Alt+Left"] += 1
        self.page.go_back()

    def go_to(self, words: str) -> None:
        """Tab until the focus stands on what says so."""
        for _try in range(60):
            if words in self.focused():
                return
            self.press("Tab")
        raise AssertionError(f"never reached {words!r}")

    def focused(self) -> str:
        return str(
            self.page.evaluate(
                "document.activeElement === document.body ? '' : document.activeElement.innerText"
            )
        )


@pytest.mark.parametrize("count", [4, pytest.param(60, marks=(pytest.mark.chaos, pytest.mark.long))])
def test_a_packing_day_needs_no_mouse(page: Page, count: int):
    place(count)
    keys, began = Keys(page), perf_counter()
    page.goto(QUEUE)
    keys.go_to("Välj alla")
    keys.press("Enter")
    keys.go_to("Skriv ut för packning")
    keys.press("Enter")
    page.wait_for_url("**/utskrift.pdf?*")  # till the papers are shown one is not there to go back from
    _check_papers(page.request.get(page.url).body(), count)
    keys.back()
    keys.go_to("Packa en i taget")
    with page.expect_navigation():
        keys.press("Enter")
    for number in range(count):
        _pack_one(keys, number)
    assert page.url.endswith(PACKED)
    for number in range(count):
        keys.scan(f"37350048953{number:07}")
    took = perf_counter() - began
    assert set(Shipment.objects.values_list("state", flat=True)) == {Parcel.SENT}
    assert Shipment.objects.values("tracking_number").distinct().count() == count
    if "SHOW_FIGURES" in os.environ:
        print(f"\n{count} orders: {took:.0f} s, {keys.pressed.total()} presses, {dict(keys.pressed)}")


def _check_papers(pdf: bytes, count: int) -> None:
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    numbers = list(Order.objects.order_by("placed_at", "pk").values_list("number", flat=True))
    assert len(numbers) == count
    assert all(text.count(str(number)) >= 3 for number in numbers)


def _pack_one(keys: Keys, number: int) -> None:
    """By digits, by Enter, or by the space bar and Tab: each must do."""
    lines = 2 if number % 3 == 0 else 1
    keys.wait_for_focus()
    for line in range(lines):
        if number % 2:
            keys.press("Enter")
        else:
            keys.press(str(line + 1))
    assert keys.focused() == "Packad, nästa"
    keys.page.wait_for_timeout(50)  # so quick is no finger: it would be taken for a scanner
    with keys.page.expect_navigation():
        keys.press("Enter")


def test_a_slip_scanned_where_one_packs_ticks_nothing_and_packs_nothing(page: Page):
    place(1)
    parcel = Shipment.objects.get()
    page.clock.install(time=NOON)
    page.goto(f"/admin/bestallningar/packa/{parcel.pk}/")
    page.locator("[data-packing] input[type=checkbox]").first.focus()
    page.clock.pause_at(
        NOON + timedelta(minutes=1)
    )  # a scanner takes no time, however long this keyboard takes
    page.keyboard.type(f"{parcel.order.number}\n")
    page.wait_for_timeout(300)
    assert page.locator("[data-packing] input:checked").count() == 0
    assert page.url.endswith(f"/packa/{parcel.pk}/")
    assert Shipment.objects.get().state == Parcel.PLANNED
    page.clock.run_for(1000)
    page.keyboard.press("1")
    assert page.locator("[data-packing] input:checked").count() == 1


def test_the_space_bar_and_tab_do_without_script(open_page: Any, live_server: Any, page: Page):
    place(1)
    bare: Page = open_page("desktop", javascript=False)
    bare.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    bare.goto(f"/admin/bestallningar/packa/{Shipment.objects.get().pk}/")
    Keys(bare).wait_for_focus()
    for key in ("Space", "Tab", "Tab", "Space", "Enter"):
        bare.keyboard.press(key)
    bare.wait_for_url(f"**{PACKED}")
    assert Shipment.objects.get().state == Parcel.PACKED


@axe.in_both_lanes
def test_axe_finds_nothing_on_the_pages_of_a_packing_day(page: Page):
    place(3)
    first, *_others = Shipment.objects.order_by("pk")
    faults = []
    page.goto(QUEUE)
    faults += axe.violations(page)
    page.goto(f"/admin/bestallningar/packa/{first.pk}/")
    faults += axe.violations(page)
    page.get_by_role("button", name="Packad, nästa").click()
    page.get_by_text("Kryssa i raden när").first.wait_for()
    faults += axe.violations(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    _pack_all()
    page.goto(PACKED)
    faults += axe.violations(page)
    page.goto(f"/admin/bestallningar/skicka/{first.pk}/")
    page.get_by_role("button", name="Skicka, nästa").click()
    page.get_by_text("Skanna eller skriv spårningsnumret").wait_for()
    faults += axe.violations(page)
    page.goto(f"/admin/bestallningar/{first.order.number}/")
    faults += axe.violations(page)
    assert not faults, "\n".join(faults)


def _pack_all() -> None:
    from orders import operations

    for parcel in Shipment.objects.to_pack():
        operations.pack(parcel.pk, actor="test", now=NOON)
