"""Reading by keyboard alone: every link and field is met in the order of the page, seen where it is, and left again."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from cms.models import ArticlePage, EventPage, PartPage
from tests.harness.browser import VIEWPORTS

SCRIPT = (Path(__file__).parent / "keyboard.js").read_text(encoding="utf-8")
READ = [
    *("/", "/filosofin/lyssna-fardigt/", "/bocker/skriften/", "/kalender/", "/referenser/lidkopings-kommun/"),
    *("/kontakt/", "/forfragan/", "/sok/?q=lyssna"),
]


def test_every_page_is_read_through_by_keyboard(live_server: Any, own_demo: None, open_page: Any):
    page = at_keyboard(open_page)
    others = [ArticlePage.objects.first(), EventPage.objects.first()]
    faults = {address: walk(page, address) for address in [*READ, *(one.url for one in others)]}
    faults["/ backwards"] = walk_back(page, "/")
    page.set_viewport_size(VIEWPORTS["mobile"])
    faults["/ on a phone"] = walk(page, "/")
    assert {address: found for address, found in faults.items() if found} == {}


@pytest.mark.chaos
def test_pages_of_the_same_templates_are_read_through_by_keyboard(
    live_server: Any, own_demo: None, open_page: Any
):
    page = at_keyboard(open_page)
    faults = {address: walk(page, address) for address in ["/en/", english(PartPage).url, "/finns-inte/"]}
    page.set_viewport_size(VIEWPORTS["mobile"])
    faults["a part on a phone"] = walk(page, "/filosofin/lyssna-fardigt/")
    assert {address: found for address, found in faults.items() if found} == {}


def at_keyboard(open_page: Any) -> Page:
    page: Page = open_page()
    page.add_init_script(SCRIPT)
    return page


def english(model: Any) -> Any:
    return model.objects.live().filter(locale__language_code="en").first()


def walk(page: Page, address: str) -> list[str]:
    """Over the skip link through what is read, out of the page, and in again as far as what is read."""
    page.goto(address)
    faults = tabbed(page, range(1))
    page.keyboard.press("Enter")
    first = page.evaluate("keyboard.ofMain()")
    faults += tabbed(page, count(first))
    met = tab(page)  # to the browser's own buttons; one without any goes on at the beginning
    if met and met["place"]:
        faults.append(f"the page does not end before {met['name']}")
    return [*faults, *tabbed(page, range(1 if met else 0, first))]


def walk_back(page: Page, address: str) -> list[str]:
    """Out of the page at its beginning, and from its end to there: what is met comes in at the window's top."""
    page.goto(address)
    skip = tab(page)
    last = skip["count"] - 1 if skip else 0
    is_in_again = tab(page, "Shift+Tab")
    return tabbed(page, range(last - bool(is_in_again), -1, -1), "Shift+Tab")


def tabbed(page: Page, places: Iterable[int], key: str = "Tab") -> list[str]:
    """What is wrong on the way from stop to stop, by their places on the page, as far as the last of it."""
    faults: list[str] = []
    for place in places:
        met = tab(page, key)
        if met is None or met["place"] != place:
            return [*faults, f"{met and met['name']} is met in place of number {place}"]
        faults += [f"{met['name']}: {fault}" for fault in met["faults"]]
        if met["isClosed"]:
            met = opened(page)
        if key == "Tab" and place + 1 == met["count"]:
            break
    return faults


def tab(page: Page, key: str = "Tab") -> dict[str, Any] | None:
    page.keyboard.press(key)
    met: dict[str, Any] | None = page.evaluate("keyboard.look()")
    return met


def opened(page: Page) -> dict[str, Any]:
    """Both keys open and close it, and the focus stays where it is."""
    for key, is_closed in (("Enter", False), ("Space", True), ("Enter", False)):
        page.keyboard.press(key)
        met: dict[str, Any] = page.evaluate("keyboard.look()")
        assert met["isClosed"] is is_closed, met["name"]
    return met
