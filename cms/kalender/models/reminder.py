"""Påminn mig: wishes, and how often an inbox may be written to."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cms.kalender import clock
from cms.kalender.clock import Lead
from cms.kalender.models.choices import Status
from cms.kalender.models.event import EventPage

LINK_LIFE = timedelta(hours=48)


class State(models.TextChoices):
    ASKED = "asked", _("Väntar på bekräftelse")
    CONFIRMED = "confirmed", _("Bekräftad")
    SENT = "sent", _("Skickad")
    STOPPED = "stopped", _("Borttagen")
    EXPIRED = "expired", _("Utgången")


OPEN = [State.ASKED, State.CONFIRMED]  # a letter is still to come
FOLLOWING = [State.CONFIRMED, State.SENT]  # these hear of a move until the event is over


class ReminderQuerySet(models.QuerySet["ReminderRequest"]):
    def open(self) -> Self:
        """Still waiting for a letter."""
        return self.filter(state__in=OPEN)

    def reached(self) -> Self:
        """Those whose address has not been erased."""
        return self.exclude(email="")

    def following(self) -> Self:
        """Those who are told when the event moves or is called off, reminded already or not."""
        return self.reached().filter(state__in=FOLLOWING)

    def cut_off(self) -> Self:
        """Those that somebody had said yes to and that a cancellation ended, address and all."""
        return self.filter(state=State.EXPIRED).exclude(confirmed_at=None)

    def due(self, now: datetime) -> Self:
        """Confirmed, their hour has come, and the event is still ahead and on."""
        whole = Q(event__all_day=True, event__starts_at__gte=clock.first_counted(now))
        ahead = self.filter(whole | Q(event__all_day=False, event__starts_at__gt=now), event__live=True)
        on = ahead.exclude(event__status=Status.CANCELLED)
        return on.filter(state=State.CONFIRMED, due_at__lte=now).order_by("due_at", "pk")

    def useless(self, now: datetime) -> Self:
        """Still with an address, but never confirmed in time, or their event is over."""
        unconfirmed = Q(state=State.ASKED, asked_at__lte=now - LINK_LIFE)
        return self.reached().filter(unconfirmed | Q(event__ends_at__lte=now))


def new_key() -> str:
    return secrets.token_urlsafe(24)


class ReminderRequest(models.Model):
    """One person's wish for one letter before one event, and for word if it moves. After it the address is erased."""

    event = models.ForeignKey(EventPage, on_delete=models.CASCADE, related_name="reminders")
    email = models.EmailField(max_length=254, blank=True)
    lead = models.CharField(max_length=2, choices=Lead)
    language = models.CharField(max_length=5, default="sv")  # in which it was asked for
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    key = models.CharField(max_length=40, unique=True, default=new_key)
    letters = models.PositiveSmallIntegerField(default=0, help_text="confirm letters written so far")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_from = models.CharField(
        max_length=64, blank=True
    )  # an IP address; goes with the e-mail address
    text_version = models.CharField(max_length=10, blank=True)  # of the words that were said yes to
    due_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("påminnelse")
        verbose_name_plural = _("påminnelser")
        constraints = [
            models.UniqueConstraint(
                "event", Lower("email"), "lead", condition=~Q(email=""), name="one_reminder_per_wish"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="confirmed"), name="reminders_due")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.lead} {self.state}"

    @property
    def hint(self) -> str:
        """The address as far as its owner needs to know it again: `karin@…`."""
        return f"{self.email.partition('@')[0]}@…" if self.email else ""


class Allowance(models.Model):
    """When a name was last served, so that nobody's inbox can be flooded. Names are digests, not addresses."""

    name = models.CharField(max_length=64, unique=True)
    times = models.JSONField(default=list)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("spärr mot massutskick")
        verbose_name_plural = _("spärrar mot massutskick")

    def __str__(self) -> str:
        return self.name
