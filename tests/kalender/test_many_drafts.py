"""Many copies of an event: told apart by their days, and published together from the calendar."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from cms.kalender import copying
from cms.kalender.models import EventPage
from tests.kalender.test_admin import editor  # noqa: F401  the fixture

DRAFTS = "/admin/kalender/?shown=utkast"


def read(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def copies(event, admin_user) -> list[EventPage]:
    return copying.copy_to(event.pk, [date(2026, 12, 17), date(2027, 1, 14)], user=admin_user)


def button(answer: Any) -> str:
    (found,) = BeautifulSoup(answer.content, "html.parser").select("a[href*='/bulk/']")
    assert found.get_text(strip=True) == "Publicera de 2 utkasten"
    return str(found["href"])


def test_drafts_are_published_together_from_the_calendar(editor, copies):  # noqa: F811
    address = button(editor.get(DRAFTS))
    asked = read(editor.get(address))
    for day in ("17 dec 2026", "14 jan 2027"):
        assert day in asked
    answer = editor.post(address, {"kalender-val": "sett"})
    assert answer.url == "/admin/kalender/"
    assert EventPage.objects.live().count() == 3


def test_the_start_page_tells_drafts_apart_and_leads_to_all(editor, copies):  # noqa: F811
    page = read(editor.get("/admin/"))
    for words in (
        "17 december 2026 · Ändrad",
        "14 januari 2027 · Ändrad",
        'href="/admin/kalender/?shown=utkast"',
    ):
        assert words in page


def test_nothing_is_offered_where_no_draft_is_looked_for(editor, copies):  # noqa: F811
    assert "/bulk/" not in read(editor.get("/admin/kalender/"))
