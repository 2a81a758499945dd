"""Every kind of page in Chromium, in both languages: axe-core and no sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize

from tests import axe
from tests.harness import head_first
from tests.quality import addresses

NARROW: ViewportSize = {"width": 320, "height": 640}
# Of the English pages, which have the templates of the Swedish ones, those the suite looks at.
ENGLISH = ["/en/", "/en/contact/"]
# Where an empty form leads to its faults.
FORMS = {"sv": ["/kontakt/", "/forfragan/"], "en": ["/en/contact/", "/en/enquiry/"]}


@axe.in_both_lanes
def test_axe_finds_nothing_and_no_page_scrolls_sideways(live_server, own_demo, open_page):
    page = open_page("mobile", bypass_csp=True)
    assert not faults_of(page, [*addresses.everything("sv"), "/artiklar/2026/", *ENGLISH], FORMS["sv"])


@pytest.mark.chaos
def test_axe_finds_nothing_on_any_english_page_and_none_scrolls_sideways(live_server, own_demo, open_page):
    page = open_page("mobile", bypass_csp=True)
    assert not faults_of(page, addresses.everything("en"), FORMS["en"])


def faults_of(page: Page, pages: list[str], forms: list[str]) -> dict[str, object]:
    """What is wrong with each page, and with each form when it has been sent empty."""
    faults: dict[str, object] = {}
    for address in pages:
        page.goto(address)
        faults |= found(page, address, axe.violations(page, thoroughly=address == "/"))
    for address in forms:
        page.goto(address)
        page.locator("main form .btn").click()
        page.locator(".errsum").wait_for()
        assert page.evaluate("document.activeElement.className").startswith("errsum"), address
        name = f"{address} with faults"
        faults |= found(page, name, axe.violations(page))
    return faults


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
NIGHT, DAY = "(prefers-color-scheme: dark)", "(prefers-color-scheme: light)"
PHONE, DESK = "(width < 600px)", "(width > 1000px)"


@pytest.mark.parametrize(
    ("whole", "thoroughly", "expected"),
    [
        pytest.param(False, False, [DAY, PHONE], id="in the suite"),
        pytest.param(False, True, [NIGHT, DAY, PHONE, DESK], id="in the suite, thoroughly"),
        pytest.param(True, False, [NIGHT, DAY, PHONE, DESK], id="in the slow lane"),
    ],
)
def test_axe_sees_pale_words_by_night_or_day_on_a_phone_or_a_desk(whole, thoroughly, expected, open_page):
    page = open_page(bypass_csp=True)
    seen = []
    for dress in (NIGHT, DAY, PHONE, DESK):
        page.set_content(PALE.format(dress))
        with axe.looking(whole=whole):
            if is_pale(axe.violations(page, thoroughly=thoroughly)):
                seen.append(dress)
    assert seen == expected


@axe.in_both_lanes
def test_a_test_in_both_lanes_looks_at_a_desk_by_night_in_the_slow_one(open_page, request):
    page = open_page(bypass_csp=True)
    page.set_content(PALE.format(f"{NIGHT} and {DESK}"))
    assert is_pale(axe.violations(page)) == bool(request.node.get_closest_marker("chaos"))


def is_pale(faults: list[str]) -> bool:
    return any(fault.startswith("color-contrast ") for fault in faults)


@pytest.mark.parametrize("look", [axe.violations, axe.on_a_phone, axe.colours_by_night])
def test_axe_waits_for_a_page_whose_head_alone_has_come(look, open_page):
    page = open_page(bypass_csp=True)
    with head_first.standing(PALE.format("all")) as site:
        page.goto(site)
        page.focus("button")
        with page.expect_event("framenavigated"):
            page.keyboard.press("Enter")
        assert is_pale(look(page))
