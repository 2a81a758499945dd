"""The outbox: every letter is a row, written in the transaction of its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from notifications import letters


class State(models.TextChoices):
    WAITING = "waiting", _("Väntar")
    SENDING = "sending", _("Skickas")
    SENT = "sent", _("Skickat")
    FAILED = "failed", _("Misslyckat")


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
        """Take the lease on one letter that is due. None when another sender holds it or it is done.

        One conditional UPDATE decides, so of two senders one goes away. The try's number is what
        the holder is known by afterwards: see held_by.
        """
        message = self.due(now).filter(pk=pk).first()
        if message is None:
            return None
        mine = self.due(now).order_by().filter(pk=pk, tries=message.tries)
        message.tries += 1
        message.state, message.leased_until = State.SENDING, until
        return message if mine.update(state=State.SENDING, leased_until=until, tries=message.tries) else None

    @transaction.atomic
    def claim_next(self, *, now: datetime, until: datetime) -> Message | None:
        """Take the lease on the first of these that is due and that nobody else is taking."""
        message = self.due(now).select_for_update(skip_locked=True).first()
        if message is not None:
            message.tries += 1
            message.state, message.leased_until = State.SENDING, until
            message.save(update_fields=["tries", "state", "leased_until"])
        return message

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
