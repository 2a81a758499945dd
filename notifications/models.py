"""The outbox: every letter is a row, written in the transaction of its cause."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from notifications import letters

HANDFUL = 20


class State(models.TextChoices):
    WAITING = "waiting", _("Väntar")
    SENDING = "sending", _("Skickas")
    SENT = "sent", _("Skickat")
    FAILED = "failed", _("Misslyckat")
    NEEDLESS = "needless", _("Sändes inte")  # nobody had any use for it any more


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Letters to send now: waiting for their turn, or left by a sender whose lease ran out."""
        waiting = Q(state=State.WAITING, next_try_at__lte=now)
        abandoned = Q(state=State.SENDING, leased_until__lte=now)
        return self.filter(waiting | abandoned).order_by("next_try_at")

    def to_many(self) -> Self:
        return self.filter(letter__in=letters.to_many())

    def single(self) -> Self:
        """All others: somebody has done something just now, and waits for the answer."""
        return self.exclude(letter__in=letters.to_many())

    def claim(self, pk: int, *, now: datetime, until: datetime) -> Message | None:
        """Read one letter and take its lease. None when it is not due, or another sender holds it."""
        message = self.due(now).filter(pk=pk).first()
        return message if message and self.take(message, now=now, until=until) else None

    def handful(self, now: datetime) -> list[Message]:
        """Some of these that are due, to be taken one by one; in no order, so that two who look at once seldom meet."""
        found = list(self.due(now)[:HANDFUL])
        return random.sample(found, len(found))

    def take(self, message: Message, *, now: datetime, until: datetime) -> bool:
        """Take the lease on a letter that was read as due. False when another sender has it or had it since.

        One conditional UPDATE decides, so of two senders one goes away. The try's number is what
        the holder is known by afterwards: see held_by.
        """
        mine = self.due(now).order_by().filter(pk=message.pk, tries=message.tries)
        message.tries += 1
        message.state, message.leased_until = State.SENDING, until
        return bool(mine.update(state=State.SENDING, leased_until=until, tries=message.tries))

    def held_by(self, message: Message) -> Self:
        """The letter's row, as long as the lease that `message` was claimed under is the current one."""
        return self.filter(
            pk=message.pk, state=State.SENDING, tries=message.tries, leased_until=message.leased_until
        )


class Message(models.Model):
    """A letter with its facts frozen; rendered when it is sent."""

    letter = models.CharField(_("brev"), max_length=60)
    key = models.CharField(_("nyckel"), max_length=120)
    # What the letter concerns, say an order's number: staff find a matter's letters by it.
    about = models.CharField(_("gäller"), max_length=60, blank=True, db_index=True)
    to = models.EmailField(_("till"), max_length=254)
    language = models.CharField(_("språk"), max_length=5, default="sv")
    context = models.JSONField(_("uppgifter"), default=dict)
    headers = models.JSONField(_("brevhuvuden"), default=dict, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("försök"), default=0)
    next_try_at = models.DateTimeField(_("nästa försök"))
    leased_until = models.DateTimeField(_("skickas till och med"), null=True, blank=True)
    created_at = models.DateTimeField(_("skrivet"))
    sent_at = models.DateTimeField(_("skickat"), null=True, blank=True)
    error = models.TextField(_("fel"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("brev")
        verbose_name_plural = pgettext_lazy("flera", "brev")
        permissions = [("resend_message", gettext_noop("Skicka brev på nytt"))]
        constraints = [models.UniqueConstraint(fields=["letter", "key"], name="one_letter_per_key")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="letters_unsent",
            ),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="letters_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.key}"
