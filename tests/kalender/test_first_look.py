"""Before an event is published for the first time what is worth a look stands once in the way; nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.kalender.models import EventPage
from tests.kalender.conftest import fresh
from tests.kalender.facts import confirmed, stockholm
from tests.kalender.test_admin import draft, editor, typed  # noqa: F401  the fixture
from tests.kalender.test_consequences import headings, post, pressed, text_of, way_to_mend

HEADING = "Värt att titta på innan du publicerar"
RIGHT = {
    "starts_at": "2026-12-10 13:00",
    "ends_at": "2026-12-10 16:30",
    "title": "Kvällsfika",
    "slug": "",
    **nested_form_data({"programme": streamfield([("item", {"time": "13.00", "text": "Kaffe"})])}),
}
WRONG = {**RIGHT, "lede": "Välkommen fredag 10 december."}
REMARK = "Ingress: Det står ”fredag 10 december”, men 10 december 2026 är en torsdag."


def publishing(**facts: Any) -> dict[str, Any]:
    return {**typed(), **facts, "action-publish": "action-publish"}


@pytest.fixture
def add(kalender) -> str:
    return reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])


@pytest.fixture
def saved(editor, add) -> EventPage:  # noqa: F811
    """A draft with a remark."""
    editor.post(add, {**draft(), **WRONG})
    found: EventPage = EventPage.objects.get()
    return found


def test_a_new_event_with_a_wrong_weekday_is_not_published_before_somebody_has_read_so(editor, add):  # noqa: F811
    answer = editor.post(add, publishing(**WRONG))
    assert headings(answer) == [HEADING] * 2
    assert REMARK in text_of(answer)
    assert "Torsdag 10 december 2026, 13.00–16.30".lower() in text_of(answer).lower()
    assert not EventPage.objects.exists()
    told = editor.post(add, pressed(answer, "sett"), follow=True)
    event = EventPage.objects.get()
    assert (event.live, event.lede) == (True, WRONG["lede"])
    assert "Värt att titta på i" not in told.content.decode()


def test_the_way_back_keeps_a_new_event_as_a_draft(editor, add):  # noqa: F811
    editor.post(add, pressed(editor.post(add, publishing(**WRONG)), ""))
    event = EventPage.objects.get()
    assert (event.live, event.lede, len(event.programme)) == (False, WRONG["lede"], 1)


def test_a_new_event_without_remarks_goes_straight_out(editor, add):  # noqa: F811
    assert editor.post(add, publishing(**RIGHT)).status_code == 302
    assert EventPage.objects.get().live


def test_a_draft_is_looked_at_too_and_its_remark_leads_to_its_field(editor, saved):  # noqa: F811
    answer = post(editor, saved, publishing(**WRONG, go_live_at=""))
    assert REMARK in text_of(answer)
    assert way_to_mend(answer).endswith("#:w:contentpath=lede")
    assert not fresh(saved).live
    assert post(editor, saved, pressed(answer, "sett")).status_code == 302
    assert fresh(saved).live


def test_the_second_time_and_after_it_has_been_mended_nothing_stops(editor, saved):  # noqa: F811
    assert post(editor, saved, publishing(**RIGHT)).status_code == 302
    assert post(editor, saved, publishing(**WRONG)).status_code == 302
    assert fresh(saved).lede == WRONG["lede"]


def test_an_hour_that_comes_twice_is_told_before_it_is_published(editor, add):  # noqa: F811
    night = {**RIGHT, "starts_at": "31 oktober 2027 kl 2.30", "ends_at": "2027-10-31 05:00"}
    answer = editor.post(add, publishing(**night))
    assert "Klockan 2.30 kommer två gånger natten till" in text_of(answer)
    editor.post(add, pressed(answer, "sett"))
    assert EventPage.objects.get().starts_at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_a_form_that_wagtail_refuses_is_shown_with_its_faults(editor, add):  # noqa: F811
    answer = editor.post(add, publishing(**{**WRONG, "ends_at": "2026-12-10 12:00"}))
    assert "Träffen slutar innan den börjar." in answer.content.decode()


def test_saving_a_draft_stops_nothing(editor, saved):  # noqa: F811
    assert saved.lede == WRONG["lede"]


def test_sending_it_for_review_is_stopped_once_too(editor, saved):  # noqa: F811
    sent = {**draft(), **WRONG, "action-submit": "action-submit"}
    answer = post(editor, saved, sent)
    assert "Skicka för granskning ändå" in text_of(answer)
    post(editor, saved, pressed(answer, "sett"))
    assert fresh(saved).current_workflow_state is not None


# --- Several at once -------------------------------------------------------------------------------
def bulk(*events: EventPage) -> str:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return f"{address}?{'&'.join(f'id={event.pk}' for event in events)}&next=/admin/kalender/"


def test_several_drafts_are_looked_at_together_and_published_by_one_more_press(editor, saved, publish):  # noqa: F811
    right = publish(title="Utan anmärkning", starts_at=stockholm("2026-12-11 13:00"))
    right.unpublish()
    answer = editor.post(bulk(saved, right))
    assert headings(answer) == [HEADING] * 2
    assert REMARK in text_of(answer)
    assert "Utan anmärkning" not in text_of(answer)
    assert not EventPage.objects.live().exists()
    editor.post(bulk(saved, right), pressed(answer, "sett"))
    assert EventPage.objects.live().count() == 2


def test_a_draft_worth_a_look_stands_beside_what_somebody_waits_for(editor, saved, event):  # noqa: F811
    confirmed(event)
    moved = fresh(event).get_latest_revision_as_object()
    moved.starts_at = stockholm("2026-12-10 14:00")
    moved.save_revision()
    answer = editor.post(bulk(saved, event))
    assert headings(answer)[0] == "Vad händer när du publicerar"
    for words in (REMARK, "1 har bett om en påminnelse"):
        assert words in BeautifulSoup(answer.content, "html.parser").get_text(" ")
    editor.post(bulk(saved, event), pressed(answer, "tyst"))
    assert (fresh(saved).live, fresh(event).starts_at) == (True, stockholm("2026-12-10 14:00"))
