"""An organisation with many addresses asks for a quote, has it accepted, and axe-core finds nothing on the way."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page

from orders.models import Order, Quote
from tests import axe
from tests.factories import CompanyFactory, FreightFactory, ProductFactory
from tests.flows.test_purchase_in_browser import write_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = "Skolan\tEva Ek\tSkolgatan 1\t53132\tBjörkvik\t10\nBiblioteket\tBo Al\tTorget 2\t{code}\tStockholm\t20"
ORGANISATION = {
    "Organisation": "Björkviks kommun",
    "Organisationsnummer": "212999-0004",
    "Er referens": "Karin Ek, 4410",
}


@pytest.fixture(autouse=True)
def shelf(transactional_db: None) -> None:
    CompanyFactory()
    FreightFactory()
    ProductFactory(skriften=True)


def look(page: Page, name: str) -> list[str]:
    """axe's faults; with SHOTS set to a folder the page is also kept as a picture there."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return [f"{name}: {fault}" for fault in axe.violations(page)]


@axe.in_both_lanes
def test_many_addresses_and_a_quote_by_keyboard_and_screen_reader(live_server: Any, open_page: Any):
    page: Page = open_page("mobile", bypass_csp=True)
    same = {"Sec-Fetch-Site": "same-origin"}
    page.request.post("/varukorg/lagg-till/", form={"sku": "SKRIFTEN", "quantity": "30"}, headers=same)
    page.goto("/kassa/")
    page.get_by_label("Offentlig verksamhet").check()
    for label, text in ORGANISATION.items():
        page.get_by_label(label, exact=True).fill(text)
    write_address(page)
    page.get_by_text("Skicka till flera adresser").click()
    page.get_by_label("Flera leveransadresser").fill(ROWS.format(code="1112"))
    page.get_by_role("button", name="Granska adresserna").click()
    faults = look(page, "fel-rad")
    assert page.get_by_label("Organisation", exact=True).input_value() == "Björkviks kommun"
    page.get_by_label("Flera leveransadresser").fill(ROWS.format(code="11122"))
    page.get_by_role("button", name="Granska adresserna").click()
    faults += look(page, "granskat")
    page.get_by_label("Faktura, 30 dagar").check()
    page.get_by_label("Er referens", exact=True).press("Enter")  # orders, though another button stands before
    page.wait_for_url("**/order/**")
    faults += look(page, "bestalld")
    assert Order.objects.get().shipments.count() == 2
    page.get_by_role("button", name="Beställ samma igen").click()
    page.get_by_role("button", name="Visa priser exkl. moms").click()
    faults += look(page, "korgen-exkl")
    page.get_by_role("link", name="Begär offert").click()
    page.get_by_role("button", name="Skicka offerten till mig").click()
    faults += look(page, "begar-fel")
    page.get_by_label("Organisation", exact=True).fill("Björkviks kommun")
    page.get_by_label("Ditt namn").fill("Karin Ek")
    page.get_by_label("E-post").fill("karin@bjorkvik.example")
    page.get_by_role("button", name="Skicka offerten till mig").click()
    faults += look(page, "offert")
    page.get_by_role("link", name="Acceptera offerten").click()
    page.locator(".pay-later").click()
    faults += look(page, "acceptera-fel")
    assert Quote.objects.get().state == "open"
    assert not faults, "\n".join(faults)
