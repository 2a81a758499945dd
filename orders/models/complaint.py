"""Complaints of a fault (reklamation): what the buyer says is wrong, when it was told, and what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import deadlines, states
from orders.models.choices import new_key
from orders.models.order import Order, OrderLine
from orders.states import Fault


class Wish(models.TextChoices):
    """What the buyer would like (konsumentköplagen 2022:260, 5 kap.). The shop may answer with another remedy."""

    NEW = "new", _("En ny vara")
    REPAIR = "repair", _("Att felet lagas")
    REDUCTION = "reduction", _("Avdrag på priset")
    MONEY = "money", _("Pengarna tillbaka")
    ADVICE = "advice", _("Något annat, eller vet inte")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def open(self) -> Self:
        """Those that nobody has answered, oldest first."""
        return self.filter(state=Fault.OPEN).order_by("received_at", "pk")

    def open_first(self) -> Self:
        """All: those that nobody has answered oldest first, then the rest newest first."""
        rank = Case(When(state=Fault.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
        oldest = Case(When(state=Fault.OPEN, then=F("received_at")))
        return self.annotate(rank=rank).order_by("rank", oldest, "-received_at", "-pk")


class Complaint(models.Model):
    MACHINE = "complaint"
    TABLE = states.FAULT

    key = models.CharField(max_length=64, unique=True, default=new_key)
    order = models.ForeignKey(Order, related_name="complaints", on_delete=models.PROTECT)
    rows = models.TextField(_("vilka varor"))
    fault = models.TextField(_("vad som är fel"))
    wish = models.CharField(_("önskan"), max_length=10, choices=Wish, default=Wish.ADVICE)
    received_at = models.DateTimeField(_("mottagen"))
    written_by = models.CharField(_("skriven av"), max_length=150)  # the buyer, or who took the call
    language = models.CharField(_("språk"), max_length=5, default="sv")

    state = models.CharField(_("läge"), max_length=10, choices=Fault, default=Fault.OPEN, db_index=True)
    answer = models.TextField(_("svar"), blank=True)
    decided_at = models.DateTimeField(_("avgjord"), null=True, blank=True)
    decided_by = models.CharField(_("av"), max_length=150, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("reklamation")
        verbose_name_plural = _("reklamationer")

    def __str__(self) -> str:
        return f"{self.order_id} {self.received_at:%Y-%m-%d}"

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause[:1000], now=now)

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at, settings.STOCKHOLM)

    @property
    def last_day(self) -> date | None:
        """The last day the law gives for complaining of this order; None while nobody knows when the goods came."""
        came = self.order.delivered_on
        if came is None:
            return None
        return deadlines.last_day_to_complain(came, consumer=not self.order.is_organisation)

    @property
    def came_late(self) -> bool:
        return self.last_day is not None and self.received_on > self.last_day

    def decide(self, *, actor: str, now: datetime, answer: str) -> None:
        self.decided_by, self.decided_at, self.answer = actor, now, answer
        self.save(update_fields=["decided_by", "decided_at", "answer"])


class ComplaintLine(models.Model):
    """So many copies of a row are said to be faulty. Complaints from before these rows told it in words only."""

    complaint = models.ForeignKey(Complaint, related_name="lines", on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, related_name="complained", on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField(_("antal"))

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "line"], name="complaint_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="complaint_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"
