"""The admin in Swedish: through every door of the menu and every kind of form, listening for English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.translation.trans_real import DjangoTranslation
from wagtail.models import Page

from tests.test_translations import ours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# What the menu does not lead to: dialogs, forms for something new, what an editor does with a page.
MORE = [
    "choose-page",
    "choose-external-link",
    "choose-email-link",
    "choose-phone-link",
    "images/add",
    "images/chooser",
    "documents/add",
    "documents/chooser",
    "workflows/add",
    "workflows/list",
    "workflows/tasks/index",
    "users/new",
    "groups/new",
    "sites/new",
    "redirects/add",
    "collections/add",
    "account",
]
OF_A_PAGE = [
    "add_subpage",
    "copy",
    "delete",
    "move",
    "unpublish",
    "history",
    "usage",
    "privacy",
    "workflow_history",
]
DOOR = re.compile(r'"url": "(/admin/[^"#? ]*)"')  # in the menu, which is drawn by script
# A filter's way to compare, looked up by its name in code; its label is empty.
NOT_SHOWN = {"exact"}
# Django keeps these in the database as it made them; Wagtail reads them out for the boxes of a group's form.
KEPT_NAME = re.compile(r"Can (add|change|delete) |Wagtails kärna \| sida \| ")
ENGLISH = re.compile(
    r"\b(the|and|this|your|you|with|please|of|add|edit|select|search|choose|view|true|false|actions|settings)\b",
    re.IGNORECASE,
)


class Visible(HTMLParser):
    """What a page says: its text, and the attributes that are read out or shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in {"script", "style"}
        self.lines += [
            said for name, said in attrs if said and name in {"title", "aria-label", "placeholder", "alt"}
        ]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.lines.append(" ".join(data.split()))


@pytest.fixture
def unanswered(monkeypatch) -> set[str]:
    """The texts that were looked up in Swedish and found nowhere, ours apart: those are Swedish already."""
    texts = [text for text in ours() if text.id]
    own = {f"{text.context}\x04{word}" if text.context else word for text in texts for word in words(text.id)}
    missed: set[str] = set()
    for name in ("gettext", "ngettext"):
        monkeypatch.setattr(DjangoTranslation, name, listening(getattr(DjangoTranslation, name), own, missed))
    return missed


def words(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def listening(answer: Any, own: set[str], missed: set[str]) -> Any:
    def listen(self: Any, text: str, *rest: Any) -> str:
        known = text in self._catalog or (text, 0) in self._catalog or text in own
        if self.language() == "sv" and not known:
            missed.add(text)
        return str(answer(self, text, *rest))

    return listen


def html_of(client: Client, address: str) -> str:
    """A page's HTML, or that of a dialog, which comes inside JSON."""
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return str(response.json()["html"]) if "json" in response["Content-Type"] else response.content.decode()


def english_in(html: str, titles: Iterable[str] = ()) -> list[str]:
    """What is said in English, but for the titles of the English pages."""
    for title in titles:
        html = html.replace(escape(title), "…")
    return [line for line in Visible(html).lines if ENGLISH.search(line) and not KEPT_NAME.match(line)]


def of_each_type() -> Iterator[Page]:
    seen: set[int] = set()
    for page in Page.objects.filter(depth__gt=1).order_by("path"):
        if page.content_type_id not in seen:
            seen.add(page.content_type_id)
            yield page


def rooms(client: Client) -> list[str]:
    menu = set(DOOR.findall(html_of(client, "/admin/")))
    pages = list(of_each_type())
    forms = [f"/admin/pages/{page.pk}/edit/" for page in pages]
    return [
        *sorted(menu),
        *forms,
        *(f"/admin/pages/{pages[1].pk}/{name}/" for name in OF_A_PAGE),
        *(f"/admin/{name}/" for name in MORE),
    ]


def test_no_room_of_the_admin_speaks_english(admin_client, unanswered):
    titles = Page.objects.filter(locale__language_code="en").values_list("title", flat=True)
    heard = {address: english_in(html_of(admin_client, address), titles) for address in rooms(admin_client)}
    assert {address: lines for address, lines in heard.items() if lines} == {}
    assert unanswered - NOT_SHOWN == set()


def test_whoever_is_not_logged_in_is_met_in_swedish(client):
    for address in ("/admin/login/", "/admin/password_reset/"):
        assert english_in(html_of(client, address)) == []
    assert "Password" not in html_of(client, "/admin/login/")
