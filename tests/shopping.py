"""A visitor who buys: whole requests, forms read out of the pages as a browser would."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from orders.models import Order
from shop import basket
from shop.basket import Basket

KARIN = {
    "buyer": "private",
    "email": "karin@bjorkvik.example",
    "phone": "070-123 45 67",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
    "payment": "card",
}
KOMMUN = {
    **KARIN,
    "buyer": "public",
    "organisation": "Björkviks kommun",
    "organisation_number": "212999-0004",
    "reference": "Karin Ek, 4410",
    "payment": "invoice",
}


class Fields(HTMLParser):
    """What a browser would send for the inputs of a page, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "input" and (found.get("type") != "radio" or "checked" in found):
            self.values[name] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The first line break after <textarea> belongs to the markup (HTML 13.1.2.5).
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


class Shopper:
    """One browser: its cookies, and what it sees."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def put(self, sku: str = "SKRIFTEN", quantity: str | int = 1) -> Any:
        return self.client.post("/varukorg/lagg-till/", {"sku": sku, "quantity": str(quantity)})

    def basket_page(self, query: str = "") -> Any:
        return self.client.get(f"/varukorg/{query}")

    @property
    def basket(self) -> Basket:
        cookie = self.client.cookies.get(basket.COOKIE)
        return basket.decode(cookie.value if cookie else "")

    def form(self) -> dict[str, str]:
        """The checkout as it lies open: every field with its value."""
        return fields(self.client.get("/kassa/"))

    def order(self, who: dict[str, str] = KARIN, **changes: str) -> Any:
        """Open the checkout, write and send."""
        return self.send({**self.form(), **who, **changes})

    def send(self, form: dict[str, Any]) -> Any:
        return self.client.post("/kassa/", form)

    def pay(self) -> Any:
        """Pay the latest order on the practice page and follow back to the order's page."""
        page = Order.objects.latest("pk").attempts.latest("pk").url
        answer = self.client.post(page, {"action": "pay"})
        return self.follow(answer)

    def follow(self, answer: Any) -> Any:
        while answer.status_code in {301, 302, 303}:
            answer = self.client.get(answer.headers["Location"])
        return answer


def fields(page: Any) -> dict[str, str]:
    return Fields(page.content.decode()).values


def text(page: Any) -> str:
    """What is written on the page, with plain spaces."""
    main = page.content.decode().split("<main", 1)[-1].split("</main>")[0]
    words = unescape(re.sub(r"<[^>]*>", " ", main.partition(">")[2])).replace("\xa0", " ")
    return re.sub(r"\s+", " ", words)


def title(page: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", page.content.decode(), re.S)
    return unescape(found[1]) if found else ""


def sums(page: Any) -> dict[str, str]:
    """The rows of the first sum on the page: {"Varor": "1 719,00 kr", …}."""
    html = page.content.decode().split('<dl class="sum">', 1)[1].split("</dl>")[0]
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)
    return {re.sub(r"<[^>]*>", "", name): value.replace("\xa0", " ") for name, value in rows}
