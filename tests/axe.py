"""axe-core on a page, at WCAG 2.2 AA and best practice: in the suite on a phone by day, in the slow lane also on a
desk by night.

Size and light have nothing to do with each other in our style sheets, so two looks see all four. What stands around
every page, and every block, is looked at in all four in the suite too, `thoroughly`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.harness.browser import VIEWPORTS

SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"type": "tag", "values": RULES}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# The admin's menu draws itself in when the window becomes narrow: what is beside it is of another width meanwhile.
# What moves is taken to its end, and then nothing may change for some frames.
SETTLED = """async () => {
  if (!document.querySelector("#wagtail-sidebar")) return;
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  for (let still = 0, width = 0; still < 4; still++) {
    await frame();
    const moving = document.getAnimations().filter((one) => one instanceof CSSTransition);
    moving.forEach((one) => one.finish());
    const now = (document.querySelector("main") ?? document.body).clientWidth;
    if (moving.length || now !== width) { still = 0; width = now; }
  }
}"""
LOOK = """only => axe.run(document, {runOnly: only, resultTypes: ["violations"]})"""


@dataclass(slots=True)
class Lane:
    """Whether pages are looked at on a desk by night besides."""

    is_whole: bool = True


LANE = Lane()


@contextmanager
def looking(*, whole: bool) -> Iterator[None]:
    """Meanwhile `violations` looks at a page in both dresses, or on a phone by day alone."""
    before, LANE.is_whole = LANE.is_whole, whole
    try:
        yield
    finally:
        LANE.is_whole = before


def in_both_lanes(test: Callable[..., None]) -> Callable[..., None]:
    """A test that looks on a phone by day in the suite, and once more with both dresses in the slow lane."""
    lanes = [
        pytest.param(False, id="on a phone by day"),
        pytest.param(True, id="in both dresses", marks=pytest.mark.chaos),
    ]
    both = pytest.mark.parametrize("axe_looks", lanes, indirect=True)
    marked: Callable[..., None] = pytest.mark.usefixtures("axe_looks")(both(test))
    return marked


def violations(page: Page, *, thoroughly: bool = False) -> list[str]:
    """What axe finds wrong: rule, size and light, and the first places of each. Ends on the phone, by day.

    The page must have been opened with bypass_csp. A test that is not `in_both_lanes` looks in both dresses.
    """
    faults: list[str] = []
    if LANE.is_whole or thoroughly:
        faults += _dressed(page, "desktop", "dark", ALL)
    if thoroughly:
        faults += _dressed(page, "desktop", "light", COLOURS) + _dressed(page, "mobile", "dark", COLOURS)
    return faults + on_a_phone(page)


def on_a_phone(page: Page) -> list[str]:
    """The same on a phone by day alone, in either lane."""
    return _dressed(page, "mobile", "light", ALL)


def colours_by_night(page: Page) -> list[str]:
    """What axe finds wrong with the colours alone, at the size that the page has. Ends by night."""
    _loaded(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return _look(page, COLOURS, "by night")


def _dressed(page: Page, size: str, light: Literal["dark", "light"], only: dict[str, Any]) -> list[str]:
    _loaded(page)
    page.set_viewport_size(VIEWPORTS[size])
    page.emulate_media(color_scheme=light, reduced_motion="reduce")
    page.evaluate(SETTLED)
    return _look(page, only, f"{size}, {light}")


def _loaded(page: Page) -> None:
    """A click is over when the next page's head has come: its body, and with it all there is to look at, may not."""
    page.wait_for_load_state()


def _look(page: Page, only: dict[str, Any], dress: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found: dict[str, Any] = page.evaluate(LOOK, only)
    return [
        f"{violation['id']} ({dress}): {[node['target'] for node in violation['nodes'][:3]]}"
        for violation in found["violations"]
    ]
