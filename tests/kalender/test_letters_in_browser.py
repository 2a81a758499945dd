"""The calendar's letters in Chromium: axe-core, on a desk by night and on a phone by day."""

from __future__ import annotations

import pytest

from cms.kalender import reminders, signup_letters, telling
from notifications import letters
from notifications.mail import words
from notifications.models import Message
from tests import axe
from tests.factories import CompanyFactory

# A letter is no page: the mail program around it has the landmarks.
OF_PAGES = ("landmark-one-main ", "region ")


@axe.in_both_lanes
@pytest.mark.django_db
def test_axe_finds_nothing_in_the_letters_about_events_and_none_scrolls_sideways(open_page):
    CompanyFactory()
    page = open_page("mobile")
    faults: dict[str, object] = {}
    ours = {*reminders.LETTERS, *signup_letters.LETTERS, *telling.LETTERS}
    for kind in (kind for kind in letters.kinds() if kind.letter in ours):
        page.set_content(words(Message(letter=kind.letter, context=kind.example("sv"))).html)
        found = [fault for fault in axe.violations(page) if not fault.startswith(OF_PAGES)]
        page.set_viewport_size({"width": 320, "height": 640})
        if found or page.evaluate("document.documentElement.scrollWidth") > 320:
            faults[kind.letter] = found
    assert not faults
