"""UID stays, SEQUENCE grows: what makes a subscriber's calendar move an event instead of doubling it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page, Workflow

from cms.kalender.models import Announcement, EventPage
from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON, stockholm

LATER = NOON + timedelta(hours=1)


def told(event: EventPage) -> Announcement:
    return Announcement.objects.get(event_id=event.pk)


def test_a_newly_published_event_has_sequence_zero(event):
    assert (told(event).sequence, told(event).changed_at) == (0, NOON)


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": stockholm("2026-12-10 12:00")},
        {"ends_at": stockholm("2026-12-10 17:00")},
        {"status": "cancelled"},
        {"status": "moved"},
        {"place": "Stora salen"},
        {"city": "Borås"},
        {"address": "Storgatan 2"},
        {"online": True},
    ],
)
def test_a_change_of_time_place_or_status_raises_the_sequence_by_one(event, change, clock, facts):
    clock.move_to(LATER)
    changed = change(event, **facts)
    assert (told(changed).sequence, told(changed).uid, told(changed).changed_at) == (
        1,
        told(event).uid,
        LATER,
    )


def test_new_words_are_told_without_moving_the_event(event, change, clock):
    clock.move_to(LATER)
    changed = change(event, title="Grunderna")
    assert (told(changed).sequence, told(changed).changed_at) == (0, LATER)


def test_publishing_without_a_change_tells_nothing(event, change, clock):
    clock.move_to(LATER)
    changed = change(event, rebooking="Byt namn på platsen.")
    assert (told(changed).sequence, told(changed).changed_at) == (0, NOON)


def test_a_draft_moves_nothing_until_it_is_published(event):
    draft = fresh(event).get_latest_revision_as_object()
    draft.starts_at += timedelta(hours=1)
    draft.ends_at += timedelta(hours=1)
    revision = draft.save_revision()
    assert told(event).sequence == 0
    revision.publish()
    assert told(event).sequence == 1


def test_moved_cancelled_and_revived_is_three_steps(event, change):
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    change(event, status="cancelled")
    assert told(change(event, status="planned")).sequence == 3


def test_an_old_revision_brings_back_the_time_but_not_the_sequence(event, change):
    first = event.latest_revision
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    first.publish()
    restored = fresh(event)
    assert (restored.starts_at, told(restored).sequence) == (event.starts_at, 2)


def test_a_revision_written_before_a_move_was_published_does_not_lower_the_sequence(event, change):
    stale = fresh(event).get_latest_revision_as_object()
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    stale.title = "Nytt namn"
    stale.save_revision().publish()
    assert told(event).sequence == 2


def test_the_same_revision_published_again_keeps_the_sequence(event, change):
    moved = change(event, starts_at=stockholm("2026-12-10 14:00"))
    moved.latest_revision.publish()
    assert (told(event).sequence, told(event).changed_at) == (1, told(moved).changed_at)


def test_a_page_loaded_before_a_move_does_not_bring_the_old_sequence_back(event, change):
    revision = fresh(event).save_revision()
    assert revision.content_object  # loaded and kept by the revision
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    change(event, starts_at=event.starts_at)
    revision.publish()
    assert told(event).sequence == 2


def test_a_withdrawn_event_is_called_off_at_once_and_scheduled_anew_is_off_until_then(event, change):
    moved = change(event, starts_at=stockholm("2026-12-10 14:00"))
    moved.unpublish()
    assert told(event).sequence == 2
    draft = fresh(event).get_latest_revision_as_object()
    draft.go_live_at = LATER
    draft.save_revision().publish()
    assert told(event).sequence == 2


def test_an_alias_is_the_same_event_and_stands_once_in_the_feed(event, change, kalender):
    alias = event.create_alias(parent=kalender, update_slug="alias")
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    assert fresh(alias).starts_at == stockholm("2026-12-10 14:00")
    assert fresh(alias).original == event
    assert [told.event_id for told in Announcement.objects.all()] == [event.pk]
    assert list(type(event).objects.in_feed(NOON)) == [event]


def test_a_scheduled_move_counts_when_it_comes_about(event, clock):
    draft = fresh(event).get_latest_revision_as_object()
    draft.starts_at = stockholm("2026-12-10 12:00")
    draft.go_live_at = LATER
    draft.save_revision().publish()
    assert told(event).sequence == 0
    clock.move_to(LATER + timedelta(minutes=1))
    fresh(event).scheduled_revision.publish()
    assert told(event).sequence == 1


def test_a_copy_is_another_event(event):
    copy = CopyPageAction(
        page=event, to=Page.objects.get(pk=event.get_parent().pk), update_attrs={"slug": "kopia"}
    ).execute(skip_permission_checks=True)
    copy.get_latest_revision().publish()
    assert told(copy).uid != told(event).uid
    assert told(copy).sequence == 0
    assert told(copy).changed_at == timezone.now()


@pytest.mark.parametrize("publish_again", ["bulk", "workflow"])
def test_a_move_counts_whichever_way_it_is_published(event, publish_again, admin_user, client):
    draft = fresh(event).get_latest_revision_as_object()
    draft.starts_at = stockholm("2026-12-10 12:00")
    revision = draft.save_revision(user=admin_user)
    if publish_again == "workflow":
        state = Workflow.objects.get(active=True).start(fresh(event), admin_user)
        state.current_task_state.approve(user=admin_user)
    else:
        client.force_login(admin_user)
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        client.post(f"{address}?id={event.pk}&next=/", {"include_descendants": ""})
    assert fresh(event).live_revision == revision
    assert told(event).sequence == 1


def test_what_was_saved_without_being_published_is_announced_before_a_file_is_made(event, client):
    EventPage.objects.filter(pk=event.pk).update(status="cancelled")
    text = client.get(f"/kalender/{event.slug}.ics").content
    assert b"SEQUENCE:1\r\nSTATUS:CANCELLED\r\n" in text
    assert client.get("/kalender.ics").content.count(b"SEQUENCE:1\r\n") == 1


def test_an_event_that_nobody_published_has_a_file_all_the_same(kalender, client):
    start = stockholm("2026-12-10 13:00")
    page = EventPage(title="X", slug="x", starts_at=start, ends_at=start + timedelta(hours=1), city="Borås")
    kalender.add_child(instance=page)
    assert b"SEQUENCE:0\r\n" in client.get("/kalender/x.ics").content
