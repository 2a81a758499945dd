"""One whole order on invoice, as a browser without JavaScript sends it: six requests, the redirects followed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests import stack

PUT = "/varukorg/lagg-till/"
BASKET, CHECKOUT = "/varukorg/", "/kassa/"
BOOK = "/bocker/skriften/"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def text(self) -> str:
        packed = self.header("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    @property
    def path(self) -> str:
        """Where a redirect leads, on this site."""
        return urlsplit(self.header("Location"))._replace(scheme="", netloc="").geturl()


# Method, path, headers, body.
Send = Callable[[str, str, dict[str, str], bytes], Answer]


@dataclass(slots=True)
class Shopper:
    """A browser's cookies on one way to the site. Raises RuntimeError for an answer that is not the expected."""

    send: Send
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, status: int = 200) -> Answer:
        return self._ask("GET", path, b"", status)

    def post(self, path: str, fields: dict[str, str], *, status: int = 303) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode(), status)

    def _ask(self, method: str, path: str, body: bytes, status: int) -> Answer:
        headers = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
        if body:
            headers |= {"Content-Type": FORM, "Content-Length": str(len(body))}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.send(method, path, headers, body)
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{answer.text[:500]}")
        self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                for cookie in SimpleCookie(value).values():
                    self.cookies[cookie.key] = cookie.value
        self.cookies = {name: value for name, value in self.cookies.items() if value}


def steps(shopper: Shopper, order: dict[str, str] = stack.INVOICE) -> Iterator[str]:
    """Take the steps one by one, each when the next is asked for; answers its name when it is done."""
    shopper.get(BOOK)
    yield "the book's page"
    basket = shopper.post(PUT, {"sku": "SKRIFTEN", "quantity": "1"}).path
    yield "put in the basket (POST)"
    shopper.get(basket)
    yield "basket"
    page = shopper.get(CHECKOUT)
    yield "checkout"
    placed = shopper.post(CHECKOUT, {**stack.hidden_fields(page.text), **order})
    yield "ordered (POST)"
    if order["payment"] == "invoice":
        shopper.get(placed.path)
        yield "the order's page"


def over_http(port: int) -> Send:
    """One connection that is kept open, as a browser keeps it."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())

    return send


def in_this_process(application: Any) -> Send:
    """The same questions to a WSGI application of this process."""

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        answer = application(environ(method, path, headers, body), lambda *start: started.append(start[:2]))
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        status, sent = started[0]
        return Answer(int(status.split(" ", 1)[0]), sent, content)

    return send


def environ(method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    address = urlsplit(path)
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        **sent,
        "REQUEST_METHOD": method,
        "PATH_INFO": address.path,
        "QUERY_STRING": address.query,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": headers.get("Content-Length", ""),
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    }
