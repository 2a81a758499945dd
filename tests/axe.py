"""axe-core on a page, at WCAG 2.2 AA and best practice, on a phone and on a desk, by day and by night."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from tests.harness.browser import VIEWPORTS

SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"type": "tag", "values": RULES}
# Night changes nothing but colours.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
LOOK = """only => axe.run(document, {runOnly: only, resultTypes: ["violations"]})"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong: rule, size and light, and the first places of each. Ends on the phone, by day.

    The page must have been opened with bypass_csp.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return [fault for size in ("desktop", "mobile") for fault in _by_night_and_day(page, size)]


def colours_by_night(page: Page) -> list[str]:
    """What axe finds wrong with the colours alone, at the size that the page has. Ends by night."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(SCRIPT)
    return _look(page, COLOURS, "by night")


def _by_night_and_day(page: Page, size: str) -> list[str]:
    page.set_viewport_size(VIEWPORTS[size])
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    by_night = _look(page, COLOURS, f"{size} by night")
    page.emulate_media(color_scheme="light")
    return [*by_night, *_look(page, ALL, size)]


def _look(page: Page, only: dict[str, Any], dress: str) -> list[str]:
    found: dict[str, Any] = page.evaluate(LOOK, only)
    return [
        f"{violation['id']} ({dress}): {[node['target'] for node in violation['nodes'][:3]]}"
        for violation in found["violations"]
    ]
