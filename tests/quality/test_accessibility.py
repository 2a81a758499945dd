"""Every kind of page in Chromium, in both languages: axe-core on a phone and a desk, by day and by night, and no
sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize

from tests import axe
from tests.harness import head_first
from tests.quality import addresses

NARROW: ViewportSize = {"width": 320, "height": 640}
# Where an empty form leads to its faults.
FORMS = {"sv": ["/kontakt/", "/forfragan/"], "en": ["/en/contact/", "/en/enquiry/"]}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(language, live_server, own_demo, open_page):
    page = open_page("mobile", bypass_csp=True)
    faults: dict[str, object] = {}
    further = ["/artiklar/2026/"] if language == "sv" else []
    for address in [*addresses.everything(language), *further]:
        page.goto(address)
        faults |= found(page, address, looked_at(page, address))
    for address in FORMS[language]:
        page.goto(address)
        page.locator("main form .btn").click()
        page.locator(".errsum").wait_for()
        assert page.evaluate("document.activeElement.className").startswith("errsum"), address
        name = f"{address} with faults"
        faults |= found(page, name, looked_at(page, name))
    assert not faults


def looked_at(page: Page, name: str) -> list[str]:
    """The first page in every size and light, the others in two of them; in English the words alone are others."""
    if name.startswith("/en/"):
        return axe.on_a_phone(page)
    return axe.violations(page, thoroughly=name == "/")


def found(page: Page, name: str, by_axe: list[str]) -> dict[str, object]:
    faults: dict[str, object] = {name: by_axe}
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth")
    faults[f"{name} at 320 px"] = wide if wide > NARROW["width"] else None
    return {name: fault for name, fault in faults.items() if fault}


def test_axe_would_see_a_field_without_a_label(open_page):
    page = open_page(bypass_csp=True)
    page.set_content("<html lang=sv><title>x</title><main><h1>x</h1><input></main></html>")
    assert any(found.startswith("label ") for found in axe.violations(page))


PALE = "<html lang=sv><title>x</title><style>@media {} {{ p {{ color: #ccc; background: #fff }} }}</style><p>Blekt"
SEEN = [
    "(prefers-color-scheme: dark)",
    "(prefers-color-scheme: light)",
    "(width < 600px)",
    "(width > 1000px)",
]


@pytest.mark.parametrize("dress", SEEN)
def test_axe_would_see_pale_words_by_night_or_day_on_a_phone_or_a_desk(dress, open_page):
    page = open_page(bypass_csp=True)
    page.set_content(PALE.format(dress))
    assert any(found.startswith("color-contrast ") for found in axe.violations(page))


@pytest.mark.parametrize("look", [axe.violations, axe.on_a_phone, axe.colours_by_night])
def test_axe_waits_for_a_page_whose_head_alone_has_come(look, open_page):
    page = open_page(bypass_csp=True)
    with head_first.standing(PALE.format("all")) as site:
        page.goto(site)
        page.focus("button")
        with page.expect_event("framenavigated"):
            page.keyboard.press("Enter")
        assert any(found.startswith("color-contrast ") for found in look(page))
