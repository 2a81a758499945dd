"""How one kept page answers: encodings, 304, the cart count."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.http import HttpResponse

from config.pages.kept import Kept, chosen
from shop.responses import READING

BODY = "<p>Välkommen in <!--cart-count--></p>".encode() * 20


@pytest.fixture
def page() -> Kept:
    return Kept.of(
        HttpResponse(BODY, headers={"Cache-Control": READING, "X-Content-Type-Options": "nosniff"})
    )


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=1.0", "br"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("", ""),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("br;q=nonsense", ""),
        (";;;,,;q=", ""),
    ],
)
def test_the_reader_gets_an_encoding_that_it_takes(accepted, encoding):
    assert chosen(accepted) == encoding


def test_each_encoding_holds_the_same_page_and_tells_its_own_length(page):
    for accepted, plain in (("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)):
        status, lines, body = page.answer(accepted, "")
        headers = dict(lines)
        assert (status, plain(body)) == ("200 OK", BODY)
        assert headers["Content-Length"] == str(len(body))
        assert headers.get("Content-Encoding", "") == accepted
        assert headers["Vary"] == "Accept-Encoding, Cookie"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_etag_is_one_for_all_encodings_and_of_the_content(page):
    again = Kept.of(HttpResponse(BODY, headers={"Cache-Control": READING}))
    other = Kept.of(HttpResponse(BODY + b"!", headers={"Cache-Control": READING}))
    assert page.etag == again.etag != other.etag
    assert {dict(page.answer(accepted, "").headers)["ETag"] for accepted in ("br", "gzip", "")} == {page.etag}


@pytest.mark.parametrize("known", ["{weak}", "{strong}", '"old", {weak}', 'W/"old",{strong}', "*"])
def test_a_reader_who_has_the_page_is_told_so(page, known):
    known = known.format(weak=page.etag, strong=page.etag.removeprefix("W/"))
    status, headers, body = page.answer("br", known)
    assert (status, body) == ("304 Not Modified", b"")
    assert dict(headers) == {
        "ETag": page.etag,
        "Cache-Control": "public, no-cache",
        "Vary": "Accept-Encoding, Cookie",
    }


@pytest.mark.parametrize("known", ['"old"', "old", 'W/""', "*, *", "\xff", '"' * 50])
def test_a_reader_who_has_another_gets_it_whole(page, known):
    assert page.answer("br", known).status == "200 OK"


def test_a_counted_page_is_one_visitors_own(page):
    status, lines, body = page.counted(3).answer("", page.etag)
    headers = dict(lines)
    assert status == "200 OK"
    assert b'<span class="vh">, antal titlar: </span>3</span>' in body
    assert headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in headers
    assert b"antal titlar" not in page.body
