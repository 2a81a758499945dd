"""A half-written event is kept as a draft; readers get it when it is whole."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from cms.kalender.models import EventPage
from tests.cms.translating import in_english
from tests.kalender.conftest import fresh
from tests.kalender.test_admin import create, draft, editor, typed  # noqa: F401  the fixture
from tests.kalender.test_first_look import bulk

NO_PLACE = "Skriv orten, eller kryssa för att träffen är digital."


def read(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def homeless(editor, kalender) -> EventPage:  # noqa: F811
    """A draft that nobody has written a town into."""
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])
    assert editor.post(address, draft(city="")).status_code == 302
    found: EventPage = EventPage.objects.get()
    return found


def test_a_draft_without_a_town_is_kept_and_shown_to_the_staff(editor, homeless):  # noqa: F811
    assert (homeless.live, homeless.city) == (False, "")
    assert homeless.title in read(editor.get("/admin/kalender/"))
    address = reverse("wagtailadmin_pages:edit", args=[homeless.pk])
    assert editor.post(address, draft(city="", lede="Mer", slug=homeless.slug)).status_code == 302
    assert fresh(homeless).lede == "Mer"


def test_a_draft_that_says_two_things_at_once_is_still_refused(editor, homeless):  # noqa: F811
    address = reverse("wagtailadmin_pages:edit", args=[homeless.pk])
    assert "slutar innan den börjar" in read(editor.post(address, draft(city="", ends_at="2027-03-28 08:00")))


def test_publishing_asks_for_the_town(editor, homeless):  # noqa: F811
    answer = editor.post(
        reverse("wagtailadmin_pages:edit", args=[homeless.pk]), typed(city="", slug=homeless.slug)
    )
    assert NO_PLACE in read(answer)
    assert not fresh(homeless).live


@pytest.mark.parametrize("with_the_calendar", [False, True])
def test_publishing_several_stops_at_the_one_without_a_town(editor, kalender, homeless, with_the_calendar):  # noqa: F811
    create(editor, kalender, title="Hel", slug="")
    whole = EventPage.objects.get(title="Hel")
    whole.unpublish()
    chosen, sent = (
        ([kalender], {"include_descendants": "on"}) if with_the_calendar else ([homeless, whole], {})
    )
    page = read(editor.post(bulk(*chosen), {**sent, "kalender-val": "sett"}, follow=True))
    assert f"Inget är publicerat. ”{homeless.title}” 28 mars 2027: {NO_PLACE}" in page
    assert not EventPage.objects.live().exists()


def test_a_translation_of_it_says_what_its_event_lacks(editor, kalender):  # noqa: F811
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])
    editor.post(address, draft())
    event = EventPage.objects.get()
    english = in_english(event)
    editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), draft(city="", slug=event.slug))
    address = reverse("wagtailadmin_pages:edit", args=[english.pk])
    assert NO_PLACE in read(editor.post(address, typed(title="Night", slug=english.slug)))


def test_a_draft_without_a_day_says_what_to_write(editor, kalender):  # noqa: F811
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])
    assert "Skriv dag och klockslag" in read(editor.post(address, draft(starts_at="")))


def test_while_it_is_reviewed_its_town_may_not_be_taken_out_and_what_is_approved_is_whole(editor, kalender):  # noqa: F811
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])
    editor.post(address, draft())
    event = EventPage.objects.get()
    change = reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert editor.post(change, {**draft(slug=event.slug), "action-submit": "sett"}).status_code == 302
    refused = read(editor.post(change, draft(city="", lede="Nya ord", slug=event.slug)))
    assert NO_PLACE in refused
    assert "Nya ord" in refused
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    editor.post(reverse("wagtailadmin_pages:workflow_action", args=[event.pk, "approve", state.pk]))
    assert (fresh(event).live, fresh(event).city) == (True, event.city)
