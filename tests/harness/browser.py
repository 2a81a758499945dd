"""Chromium as the suite drives it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest import mock

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

# The sizes of design/screens.
VIEWPORTS: dict[str, ViewportSize] = {
    "mobile": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser is a process of its own: the guard on Python's sockets does not reach it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

ACTS = ("click", "press")
# Of a step, and of what is expected after it: a busy machine is given time, who waits for a fact gets it when it comes.
PATIENCE = 60_000  # ms


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; Django would then refuse the ORM, wrongly: nothing is concurrent.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright, ExitStack() as patches:
        for kind in (Page, Locator):
            for act in ACTS:
                patches.enter_context(mock.patch.object(kind, act, _arriving(getattr(kind, act))))
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=3 * PATIENCE)
        yield browser
        browser.close()


def _arriving(act: Callable[..., None]) -> Callable[..., None]:
    """A click that leads to another page ends when that page has loaded.

    By itself it ends when the page's head has come: what a test then counts, or looks at, may not be there yet.
    """

    @wraps(act)
    def acted(self: Page | Locator, *args: Any, **options: Any) -> None:
        act(self, *args, **options)
        page = self if isinstance(self, Page) else self.page
        page.wait_for_load_state()

    return acted


@dataclass(slots=True)
class Opener:
    """Opens pages for one test and remembers what their scripts threw."""

    browser: Browser
    base_url: str | None
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __call__(self, viewport: str = "desktop", *, javascript: bool = True, **options: Any) -> Page:
        """A page in a context of its own: `mobile` or `desktop`; further options go to new_context."""
        settings: dict[str, Any] = {
            "viewport": VIEWPORTS[viewport],
            "java_script_enabled": javascript,
            "locale": "sv-SE",
            "timezone_id": "Europe/Stockholm",
            "base_url": self.base_url,
            **options,
        }
        context = self.browser.new_context(**settings)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
