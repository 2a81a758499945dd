"""The staff's lists, charts and start page in Chromium, by day and by night, on a phone and a desk."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from cms.enquiries.models import Enquiry
from notifications.models import Message
from orders.models import SavedList
from shop.models import Product
from tests import axe
from tests.factories import OrderFactory
from tests.harness.browser import VIEWPORTS

pytestmark = [pytest.mark.django_db(transaction=True)]
# `PICTURES=/tmp/x pytest …` leaves what was seen there.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def owner(live_server: Any) -> dict[str, str]:
    """The cookie of an owner, on a site where something of each kind waits."""
    now = timezone.now()
    for week in range(30):
        kind = {"on_invoice": week % 3 == 0, "paid": week % 3 == 1}
        OrderFactory(lines={"SKRIFTEN": 1 + week * 7 % 40}, at=now - timedelta(weeks=week), **kind)
    OrderFactory(sent=True, lines={"DET-GODA-VARDSKAPET": 3}, name="Åsa Öberg", at=now)
    Message.objects.filter(letter="sent").update(state="failed", tries=3, error="SMTPServerDisconnected: nej")
    Enquiry.objects.create(key="prov", name="Karin", created_at=now)
    Product.objects.filter(sku="SKRIFTEN").update(low_stock_at=20_000)
    user = get_user_model()._default_manager.create(username="maja", is_staff=True)
    user.groups.add(Group.objects.get(name="Ägare"))
    SavedList.objects.create(owner=user, name="Obetalda fakturor", query="method=invoice&payment=unpaid")
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


def keep(page: Any, name: str) -> None:
    for size in ("mobile", "desktop") if PICTURES else ():
        page.set_viewport_size(VIEWPORTS[size])
        page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png")
        for part in page.locator("section[id]").all():
            part.screenshot(path=Path(PICTURES) / f"{name}-{size}-{part.get_attribute('id')}.png")


@axe.in_both_lanes
def test_axe_finds_nothing_on_the_pages_that_staff_see_the_day_by(open_page, owner):
    page = open_page(bypass_csp=True)
    page.context.add_cookies([owner])
    orders = "/admin/bestallningar/"
    number = Message.objects.get(letter="sent").about
    pages = {
        "start": "/admin/",
        "orders": f"{orders}?payment=unpaid",
        "order": f"{orders}{number}/",
        "saved": f"{orders}listor/?payment=unpaid",
        "sales": f"{orders}siffror/",
    }
    found = {}
    for name, address in pages.items():
        page.goto(address)
        for details in page.query_selector_all("main details"):
            details.evaluate("box => { box.open = true }")
        found[name] = axe.violations(page, thoroughly=name == "start")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep(page, name)
    assert found == {name: [] for name in pages}


def test_many_orders_are_ticked_and_packed_without_a_mouse(open_page, owner):
    page = open_page()
    page.context.add_cookies([owner])
    page.goto("/admin/bestallningar/?fulfilment=none&method=invoice")
    page.locator("[data-tick-all]").focus()
    page.keyboard.press("Enter")
    boxes = page.locator("input[name=order]")
    assert boxes.count() == page.locator("input[name=order]:checked").count() > 3
    page.get_by_role("button", name="Packade").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("beställningar är packade.").wait_for()
    assert page.locator("input[name=order]").count() == 0
