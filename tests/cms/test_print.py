"""?utskrift=1 on paper: Chromium prints A4, and the pages are counted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Route
from pypdf import PdfReader

from cms.models import PartPage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

A4 = (595, 842)  # points


@pytest.fixture
def printed(open_page) -> Callable[[str], PdfReader]:
    """printed("/om-oss/"): the page on paper. The browser is handed what this process makes; no server is needed."""
    page = open_page(javascript=False)
    pages: dict[str, bytes] = {}
    # One route for all pages: taking it away while a font is on its way has the browser answer that by itself as well.
    page.route("**/*", lambda route: answer(route, pages))

    def printed(address: str) -> PdfReader:
        # Before the browser asks: its questions are answered in a thread of thought with a database of its own.
        pages[address] = Client().get(address, {"utskrift": "1"}).content
        page.goto(f"http://testserver{address}?utskrift=1")
        page.evaluate("document.fonts.ready.then(() => null)")  # a text is as long as its letters are wide
        return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    return printed


def answer(route: Route, pages: dict[str, bytes]) -> None:
    path = urlsplit(route.request.url).path
    if not path.startswith("/static/"):
        route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
        return
    found = finders.find(path.removeprefix("/static/"))
    assert isinstance(found, str)
    route.fulfill(path=Path(found))


def length(part: PartPage) -> int:
    """Of a part's text with its marks: the longest come nearest to a third page."""
    return len(json.dumps(list(part.body.raw_data))) + len(part.exercise) + len(part.lede)


def words(paper: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


@pytest.mark.parametrize("how_many", [3, pytest.param(10, marks=pytest.mark.chaos)])
def test_each_of_the_ten_parts_prints_on_two_pages_of_a4(printed, how_many):
    parts = sorted(PartPage.objects.live().filter(locale__language_code="sv"), key=length)
    assert len(parts) == 10
    for part in parts[-how_many:]:
        paper = printed(part.url)
        assert len(paper.pages) == 2, part.title
        assert tuple(round(float(side)) for side in paper.pages[0].mediabox[2:]) == A4
        read = words(paper)
        for kept in (part.title, "Prova i veckan", part.lede.split()[-1]):
            assert kept in read, part.title


def test_a_case_prints_on_two_pages_and_an_article_on_one(printed):
    assert len(printed("/referenser/lidkopings-kommun/").pages) == 2
    assert len(printed("/artiklar/skylten-vid-hissen/").pages) == 1


def test_paper_has_no_menus_and_spells_out_where_links_lead(printed):
    page = StandardPage.objects.get(slug="om-oss")
    page.body = [("text", '<p>Läs hos <a href="https://www.arn.se/">ARN</a>.</p>')]
    page.save_revision().publish()
    paper = words(printed("/om-oss/"))
    assert "ARN (https://www.arn.se/)" in paper
    for screen in ("Varukorg", "Skriv ut", "Lampan är tänd", "Tryck Ctrl+P", "Start"):
        assert screen not in paper


def test_text_on_a_dark_band_is_dark_on_paper_which_has_no_band(open_page):
    page = open_page(javascript=False)
    address = "/artiklar/skylten-vid-hissen/"
    pages = {address: Client().get(address).content}
    page.route("**/*", lambda route: answer(route, pages))
    page.goto(f"http://testserver{address}")
    colour = "getComputedStyle(document.querySelector('.band h1')).color"
    assert page.evaluate(colour) == "rgb(252, 253, 250)"
    page.emulate_media(media="print")
    assert page.evaluate(colour) == "rgb(0, 0, 0)"
