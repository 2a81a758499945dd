"""Everything that a reader can reach from the first page, in both languages, by links alone."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.pages.reading import Answer, Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

HERE = "http://testserver"
# Staff's, the demo's mail, and what is gathered from files before the web starts.
NOT_READ = ("/admin/", "/dev/", "/static/")
MOST = 400


def links(page: Answer, address: str) -> set[str]:
    """Addresses on this site, without what follows #."""
    found = re.findall(r'<(?:a|link)\b[^>]*\bhref="([^"]*)"', page.text)
    whole = {urldefrag(urljoin(HERE + address, unescape(link))).url for link in found}
    own = {link.removeprefix(HERE) for link in whole if link.startswith(HERE + "/")}
    return {link for link in own if not link.startswith(NOT_READ)}


def crawl(reader: Reader) -> dict[str, Answer]:
    seen: dict[str, Answer] = {}
    ahead = ["/", "/en/"]
    while ahead and len(seen) < MOST:
        address = ahead.pop()
        if address not in seen:
            seen[address] = answer = reader.get(address)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                ahead += sorted(links(answer, address) - set(seen))
    return seen


def test_no_page_that_a_reader_reaches_sets_a_cookie(reader):
    seen = crawl(reader)
    assert len(seen) < MOST, "the site has grown, or an address leads on without end"
    assert {
        address: answer.headers["Set-Cookie"]
        for address, answer in seen.items()
        if "Set-Cookie" in answer.headers
    } == {}
    assert {address for address, answer in seen.items() if answer.status >= 400} == set()
    pages = [urlsplit(address).path for address in seen]
    assert {"/kalender/", "/bocker/skriften/", "/varukorg/", "/en/", "/sok/"} <= set(pages)


def test_every_reading_page_is_warm_the_second_time(reader, django_assert_num_queries):
    seen = crawl(reader)
    reading = [
        path for path, answer in seen.items() if answer.headers.get("Cache-Control") == "public, no-cache"
    ]
    kept = [path for path in reading if urlsplit(path).query in {"", "utskrift=1"}]
    assert len(kept) > 40
    with django_assert_num_queries(0):
        for path in kept:
            assert reader.get(path) == seen[path]
