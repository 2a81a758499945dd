"""What a first visit on a phone brings over the line, as Chromium counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests import services
from tests.harness import browser

KINDS = {".css": "css", ".woff2": "fonts", ".js": "script"}
BODIES = """() => performance.getEntries().filter(entry => 'encodedBodySize' in entry)
    .map(entry => [entry.entryType == 'navigation' ? 'html' : entry.name, entry.encodedBodySize])"""


@contextmanager
def phone() -> Iterator[Browser | None]:
    """None on a machine without Chromium."""
    path = services.chromium()
    if path is None:
        yield None
        return
    with browser.launched(path) as launched:
        yield launched


def weigh(opened: Browser, url: str, cookie: str) -> Counter[str]:
    """Bytes of the bodies as they were sent, by kind: html, css, fonts, script, pictures."""
    context = opened.new_context(viewport=browser.VIEWPORTS["mobile"], locale="sv-SE")
    if cookie:
        name, _equals, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    weights: Counter[str] = Counter()
    for name, size in page.evaluate(BODIES):
        weights[kind(name)] += size
    context.close()
    return weights


def kind(name: str) -> str:
    ending = PurePath(urlsplit(name).path).suffix
    return "html" if name == "html" else KINDS.get(ending, "pictures")
