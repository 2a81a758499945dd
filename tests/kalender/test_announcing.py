"""UID stays, SEQUENCE grows: what makes a subscriber's calendar move an event instead of doubling it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page

from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON, stockholm

LATER = NOON + timedelta(hours=1)


def test_a_newly_published_event_has_sequence_zero(event):
    assert (event.sequence, event.ics_changed_at) == (0, NOON)


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
    assert (changed.sequence, changed.uid, changed.ics_changed_at) == (1, event.uid, LATER)


def test_new_words_are_told_without_moving_the_event(event, change, clock):
    clock.move_to(LATER)
    changed = change(event, title="Grunderna")
    assert (changed.sequence, changed.ics_changed_at) == (0, LATER)


def test_publishing_without_a_change_tells_nothing(event, change, clock):
    clock.move_to(LATER)
    changed = change(event, rebooking="Byt namn på platsen.")
    assert (changed.sequence, changed.ics_changed_at) == (0, NOON)


def test_a_draft_moves_nothing_until_it_is_published(event):
    draft = fresh(event).get_latest_revision_as_object()
    draft.starts_at += timedelta(hours=1)
    draft.ends_at += timedelta(hours=1)
    revision = draft.save_revision()
    assert fresh(event).sequence == 0
    revision.publish()
    assert fresh(event).sequence == 1


def test_moved_cancelled_and_revived_is_three_steps(event, change):
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    change(event, status="cancelled")
    assert change(event, status="planned").sequence == 3


def test_an_old_revision_brings_back_the_time_but_not_the_sequence(event, change):
    first = event.latest_revision
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    first.publish()
    restored = fresh(event)
    assert (restored.starts_at, restored.sequence, restored.uid) == (event.starts_at, 2, event.uid)


def test_a_revision_written_before_a_move_was_published_does_not_lower_the_sequence(event, change):
    stale = fresh(event).get_latest_revision_as_object()
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    stale.title = "Nytt namn"
    stale.save_revision().publish()
    assert fresh(event).sequence == 2


def test_the_same_revision_published_again_keeps_the_sequence(event, change):
    moved = change(event, starts_at=stockholm("2026-12-10 14:00"))
    moved.latest_revision.publish()
    assert (fresh(event).sequence, fresh(event).ics_changed_at) == (1, moved.ics_changed_at)


def test_a_page_loaded_before_a_move_does_not_bring_the_old_sequence_back(event, change):
    revision = fresh(event).save_revision()
    assert revision.content_object.sequence == 0  # loaded and kept by the revision
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    change(event, starts_at=event.starts_at)
    revision.publish()
    assert fresh(event).sequence == 2


def test_a_withdrawn_event_that_is_scheduled_anew_keeps_its_sequence(event, change):
    moved = change(event, starts_at=stockholm("2026-12-10 14:00"))
    moved.unpublish()
    draft = fresh(event).get_latest_revision_as_object()
    draft.go_live_at = LATER
    draft.save_revision().publish()
    assert fresh(event).sequence == 1


def test_an_alias_is_the_same_event_and_stands_once_in_the_feed(event, change, kalender):
    alias = event.create_alias(parent=kalender, update_slug="alias")
    change(event, starts_at=stockholm("2026-12-10 14:00"))
    followed = fresh(alias)
    assert (followed.starts_at, followed.uid, followed.sequence) == (stockholm("2026-12-10 14:00"), event.uid, 1)
    assert list(type(event).objects.in_feed(NOON)) == [event]


def test_a_scheduled_move_counts_when_it_comes_about(event, clock):
    draft = fresh(event).get_latest_revision_as_object()
    draft.starts_at = stockholm("2026-12-10 12:00")
    draft.go_live_at = LATER
    draft.save_revision().publish()
    assert fresh(event).sequence == 0
    clock.move_to(LATER + timedelta(minutes=1))
    fresh(event).scheduled_revision.publish()
    assert fresh(event).sequence == 1


def test_a_copy_is_another_event(event):
    copy = CopyPageAction(
        page=event, to=Page.objects.get(pk=event.get_parent().pk), update_attrs={"slug": "kopia"}
    ).execute(skip_permission_checks=True)
    copy.get_latest_revision().publish()
    assert fresh(copy).uid != event.uid
    assert fresh(copy).sequence == 0
    assert fresh(copy).ics_changed_at == timezone.now()
