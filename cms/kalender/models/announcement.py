"""What other people's calendars have been told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.kalender.models.event import EventPage
from cms.kalender.models.event_queries import GHOST_MEMORY


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def ahead(self, now: datetime) -> Self:
        """Of events that are not over and that nobody has been told to be off because their page has gone."""
        return self.filter(withdrawn_at=None, facts__ends_at__gt=_written(now))

    def astray(self, now: datetime) -> Self:
        """Of events that lie ahead and are no longer published: unpublished, kept for some, or deleted."""
        return self.ahead(now).exclude(event_id__in=EventPage.objects.shown().values("pk"))

    def withdrawn(self, now: datetime) -> Self:
        """Those that subscribers must be told of still: long after the telling, and long after the event's day."""
        since = now - GHOST_MEMORY
        return self.filter(Q(withdrawn_at__gt=since) | Q(facts__ends_at__gt=_written(since))).exclude(
            withdrawn_at=None
        )

    def done_with(self, now: datetime) -> Self:
        """Of deleted events, when nobody needs to be told any more."""
        since = now - GHOST_MEMORY
        old = self.filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__lte=since), facts__ends_at__lte=_written(since)
        )
        return old.exclude(event_id__in=EventPage.objects.values("pk"))


def _written(moment: datetime) -> str:
    """As moments stand in facts, so that text compares as time does."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


class Announcement(models.Model):
    """What other people's calendars have been told about an event: a row of its own, since it must follow
    neither a revision back in time nor a copy to another page, and must outlive a page that is deleted. Written by
    announcing.py alone."""

    event = models.OneToOneField(
        EventPage,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="announcement",
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    moved_from = models.DateTimeField(null=True)  # the start that was announced before this one
    withdrawn_at = models.DateTimeField(
        null=True
    )  # since when calendars are told that it is off, though no page says so
    facts = models.JSONField(default=dict)
    words = models.JSONField(default=dict)  # of its pages in other languages, by language: title, lede …

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("kalenderuppgift")
        verbose_name_plural = _("kalenderuppgifter")

    def __str__(self) -> str:
        return f"{self.uid} {self.sequence}"
