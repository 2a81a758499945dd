"""An event in two languages is one event to the staff, with its languages marked."""

from __future__ import annotations

from typing import Any

import pytest

from cms.kalender.models import EventPage
from tests.cms.translating import in_english
from tests.kalender.conftest import fresh
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.kalender.test_staff_calendar import LIST, text_of, titles

TITLE, ENGLISH = "Grunderna i värdskap", "The basics of hospitality"
MONTH, START = "/admin/kalender/manad/2026/12/", "/admin/"


@pytest.fixture
def swedish(publish) -> EventPage:
    """On 10 December."""
    event: EventPage = publish(title=TITLE)
    return event


@pytest.fixture
def english(swedish) -> EventPage:
    """Its draft in English."""
    page: EventPage = in_english(swedish)
    page.title = ENGLISH
    page.save_revision().publish()
    fresh(page).unpublish()
    return fresh(page)


def words_in(editor: Any, address: str) -> str:  # noqa: F811
    """Of the start page what is coming alone; its drafts are pages, each to be seen to."""
    return text_of(editor.get(address)).partition("Utkast som väntar")[0]


@pytest.mark.parametrize("address", [LIST, MONTH, START])
def test_an_event_stands_once_with_its_languages(editor, swedish, english, address):  # noqa: F811
    assert "Svenska, English (utkast)" in words_in(editor, address)
    english.save_revision().publish()
    words = words_in(editor, address)
    assert (words.count(TITLE), words.count(ENGLISH)) == (1, 0)
    assert "Svenska, English" in words
    assert "(utkast)" not in words


@pytest.mark.parametrize("address", [LIST, MONTH, START])
def test_an_event_in_swedish_alone_names_no_language(editor, swedish, address):  # noqa: F811
    assert "· Svenska" not in words_in(editor, address)


def test_it_is_found_by_its_english_title_and_as_a_draft(editor, swedish, english):  # noqa: F811
    for query in ("q=hospitality", "shown=utkast", "shown=publicerad", "locale=en", "locale=sv"):
        assert titles(editor.get(f"{LIST}?{query}")) == [TITLE]
    english.save_revision().publish()
    assert titles(editor.get(f"{LIST}?shown=utkast")) == []


def test_once_its_swedish_page_is_taken_away_the_start_page_has_neither(editor, swedish, english):  # noqa: F811
    english.save_revision().publish()
    swedish.unpublish()
    assert TITLE not in words_in(editor, START)
