"""The door: what a request claims about its own bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

FORM = "application/x-www-form-urlencoded"
CHARSETS = ["hex", "rot13", "idna", "undefined", "utf-16", "nix", "iso-8859-1", '"hex"', " HEX "]


@pytest.fixture
def enter(monkeypatch) -> Callable[..., WSGIRequest]:
    """The request as Django sees it behind the door."""
    # The module names its settings when it is first loaded: what it leaves behind must not reach other tests.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE)
    from config import wsgi  # loads the middleware, which wants the folders of conftest.py

    def enter(kind: str, body: bytes = b"", query: str = "", **claims: str) -> WSGIRequest:
        seen: list[WSGIRequest] = []

        def django(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
            seen.append(WSGIRequest(environ))
            return []

        monkeypatch.setattr(wsgi, "_django", django)
        environ = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "QUERY_STRING": query,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            **claims,
        }
        wsgi.application(environ, None)
        return seen[0]

    return enter


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_charset_that_a_reader_claims_upsets_no_page(enter, charset):
    assert enter(f"text/html; Charset={charset}", query="q=%C3%A5").GET["q"] == "å"


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_form_is_read_as_utf8_whatever_it_claims(enter, charset):
    assert enter(f"{FORM}; charset={charset}", b"namn=%C3%A5").POST["namn"] == "å"


@pytest.mark.parametrize("charset", CHARSETS)
def test_so_is_a_form_in_parts(enter, charset):
    part = b'--x\r\nContent-Disposition: form-data; name="namn"\r\n\r\n\xc3\xa5\r\n--x--\r\n'
    assert enter(f"multipart/form-data; charset={charset}; boundary=x", part).POST["namn"] == "å"


def test_a_request_without_a_content_type_passes(enter):
    assert enter("", query="q=1").GET["q"] == "1"


def test_no_request_can_say_that_the_site_lies_somewhere_else(enter):
    """ "SCRIPT_NAME: /evil" once led every reader of the kept pages to /evil/bocker/."""
    request = enter("", SCRIPT_NAME="/evil", PATH_INFO="/bocker/")
    assert (request.path, request.META["SCRIPT_NAME"]) == ("/bocker/", "")
