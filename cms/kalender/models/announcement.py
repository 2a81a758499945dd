"""What other people's calendars have been told."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.kalender.models.event import EventPage


class Announcement(models.Model):
    """What other people's calendars have been told about an event: a row of its own, since it must follow
    neither a revision back in time nor a copy to another page. Written by announcing.py alone."""

    event = models.OneToOneField(
        EventPage, on_delete=models.CASCADE, primary_key=True, related_name="announcement"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    moved_from = models.DateTimeField(null=True)  # the start that was announced before this one
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("kalenderuppgift")
        verbose_name_plural = _("kalenderuppgifter")

    def __str__(self) -> str:
        return f"{self.uid} {self.sequence}"
