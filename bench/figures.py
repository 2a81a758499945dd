"""All that is measured of each page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

from playwright.sync_api import Browser

from bench import pages, servers, speed, weight
from bench.pages import Page
from bench.servers import Server, Visit
from bench.speed import Pace

# A number that is new each time makes an address that is never kept: the page is made for each request.
NEVER_KEPT = "?x=#"
ACCEPTS = "Accept-Encoding: br, gzip"


@dataclass(frozen=True, slots=True)
class Figures:
    """`queries` is (cold, warm); `html` the bytes of the page by encoding; `weights` those of a first visit."""

    page: Page
    cold: Pace
    warm: Pace
    queries: tuple[int, int]
    html: dict[str, int]
    weights: Counter[str] | None

    @property
    def total_kb(self) -> float | None:
        return sum(self.weights.values()) / 1000 if self.weights else None


def of_empty_view(server: Server, seconds: float) -> Pace:
    return speed.measure(server, "/", seconds)


def of_pages(site: Server, seconds: float, phone: Browser | None) -> list[Figures]:
    visit = servers.visit(site.url)
    found = pages.measured(visit.event, visit.order)
    counts = queries(site, found, visit)
    return [
        of_page(site, page, seconds, visit, count, phone) for page, count in zip(found, counts, strict=True)
    ]


def of_page(
    site: Server, page: Page, seconds: float, visit: Visit, count: tuple[int, int], phone: Browser | None
) -> Figures:
    """A personal page is asked for with a basket, a reading page as by a reader: without a cookie."""
    cookie = visit.cookie if page.personal else ""
    headers = [ACCEPTS, *([f"Cookie: {cookie}"] if cookie else [])]
    sizes = {
        name: speed.size(site, page.path, f"Accept-Encoding: {name}", *headers[1:]) for name in ("gzip", "br")
    }
    return Figures(
        page=page,
        cold=speed.measure(site, page.path + NEVER_KEPT, seconds, *headers),
        warm=speed.measure(site, page.path, seconds, *headers),
        queries=count,
        html=sizes,
        weights=weight.weigh(phone, site.url + page.path, cookie) if phone else None,
    )


def queries(site: Server, found: list[Page], visit: Visit) -> list[tuple[int, int]]:
    """Counted in a process of its own on the site's database."""
    words = [f"{page.path} {visit.cookie if page.personal else ''}" for page in found]
    done = subprocess.run(
        [sys.executable, "-m", "bench.queries", *words],
        env={**os.environ, **site.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return [(cold, warm) for cold, warm in json.loads(done.stdout)]
