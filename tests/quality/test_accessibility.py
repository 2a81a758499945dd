"""Every kind of page in Chromium, in both languages: axe-core, and no sideways scroll, light and dark."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, ViewportSize

from cms.models import EventPage
from tests import axe
from tests.harness.browser import VIEWPORTS
from tests.quality import addresses

NARROW: ViewportSize = {"width": 320, "height": 640}
# Where an empty form leads to its faults.
FORMS = ["/kontakt/", "/forfragan/", "/en/contact/", "/en/enquiry/"]


@pytest.mark.parametrize(("size", "scheme"), [("mobile", "light"), ("desktop", "dark")])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(size, scheme, live_server, open_page):
    call_command("seed", verbosity=0)
    event = EventPage.objects.live().order_by("starts_at").first()
    page = open_page(size, color_scheme=scheme, bypass_csp=True)
    faults: dict[str, object] = {}
    for address in [*addresses.everything(), f"/kalender/{event.starts_at:%Y/%m}/", "/artiklar/2026/"]:
        page.goto(address)
        faults |= found(page, address, narrow=size == "mobile")
    for address in FORMS:
        page.goto(address)
        page.locator("main form .btn").click()
        page.locator(".errsum").wait_for()
        assert page.evaluate("document.activeElement.className").startswith("errsum"), address
        faults |= found(page, f"{address} with faults", narrow=size == "mobile")
    assert not faults


def found(page: Page, name: str, *, narrow: bool) -> dict[str, object]:
    faults: dict[str, object] = {name: axe.violations(page)}
    if narrow:
        page.set_viewport_size(NARROW)
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults[f"{name} at 320 px"] = wide if wide > NARROW["width"] else None
        page.set_viewport_size(VIEWPORTS["mobile"])
    return {name: fault for name, fault in faults.items() if fault}


def test_axe_would_see_a_field_without_a_label(open_page):
    page = open_page(bypass_csp=True)
    page.set_content("<html lang=sv><title>x</title><main><h1>x</h1><input></main></html>")
    assert any(found.startswith("label:") for found in axe.violations(page))
