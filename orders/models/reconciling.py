"""What the payment service tells beside payments: disputes, payouts, and where its books and ours differ."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.payment import Payment
from shop.money import Money


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> Self:
        """Not decided yet; those to answer first come first."""
        return self.filter(status__in=Dispute.OPEN).order_by("evidence_due", "pk")

    def revision(self, gateway_id: str) -> int:
        """How often a dispute has been kept; zero for one that is not known."""
        return self.filter(gateway_id=gateway_id).values_list("revision", flat=True).first() or 0


class Dispute(models.Model):
    """A payment that the buyer's bank wants back. Its states are the payment service's, and only mirrored."""

    class Status(models.TextChoices):
        WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Förfrågan, väntar på svar")
        WARNING_UNDER_REVIEW = "warning_under_review", _("Förfrågan, bedöms")
        WARNING_CLOSED = "warning_closed", _("Förfrågan, avslutad")
        NEEDS_RESPONSE = "needs_response", _("Väntar på svar")
        UNDER_REVIEW = "under_review", _("Bedöms av banken")
        APPEAL_NEEDS_RESPONSE = "appeal_needs_response", _("Överklagad, väntar på svar")
        APPEAL_UNDER_REVIEW = "appeal_under_review", _("Överklagad, bedöms")
        WON = "won", _("Vunnen")
        LOST = "lost", _("Förlorad")
        PREVENTED = "prevented", _("Avvärjd")

    TO_ANSWER = (Status.WARNING_NEEDS_RESPONSE, Status.NEEDS_RESPONSE, Status.APPEAL_NEEDS_RESPONSE)
    # The bank has let us keep, or given back, what it was about.
    OURS = (Status.WON, Status.PREVENTED, Status.WARNING_CLOSED)
    OPEN = (
        *TO_ANSWER,
        Status.WARNING_UNDER_REVIEW,
        Status.UNDER_REVIEW,
        Status.APPEAL_UNDER_REVIEW,
    )

    order = models.ForeignKey(Order, related_name="disputes", on_delete=models.PROTECT)
    payment = models.ForeignKey(Payment, related_name="disputes", on_delete=models.PROTECT)
    gateway_id = models.CharField(_("betaltjänstens nummer"), max_length=120, unique=True)
    amount_ore = models.PositiveBigIntegerField(_("belopp i öre"))
    reason = models.CharField(_("varför"), max_length=80)
    status = models.CharField(_("läge"), max_length=40, choices=Status)
    evidence_due = models.DateTimeField(_("svara senast"), null=True, blank=True)
    opened_at = models.DateTimeField(_("sedan"))
    revision = models.PositiveIntegerField(default=0)  # grows with each answer that is kept

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = _("bestriden betalning")
        verbose_name_plural = _("bestridna betalningar")

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_ore)

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def waits_for_us(self) -> bool:
        return self.status in self.TO_ANSWER


class Payout(models.Model):
    """What the payment service has sent to our bank: many payments less refunds and fees, in one sum."""

    gateway_id = models.CharField(_("betaltjänstens nummer"), max_length=120, unique=True)
    amount_ore = models.BigIntegerField(_("belopp i öre"))  # less than zero when money was fetched from us
    currency = models.CharField(_("valuta"), max_length=3)
    status = models.CharField(_("läge"), max_length=20)
    arrives_on = models.DateField(_("framme på kontot"))
    created_at = models.DateTimeField(_("skapad"))

    class Meta:
        ordering = ["-arrives_on", "-pk"]
        verbose_name = _("utbetalning")
        verbose_name_plural = _("utbetalningar")

    def __str__(self) -> str:
        return f"{self.gateway_id} {Money(self.amount_ore)}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_ore)


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def settled(self) -> Self:
        return self.exclude(settled_at=None)

    def open_first(self) -> Self:
        """Then those that were settled last."""
        return self.order_by(models.F("settled_at").desc(nulls_first=True), "-found_at", "-pk")


class Difference(models.Model):
    """Where the payment service's books and ours say different things. One open row for each thing."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Betalning")
        REFUND = "refund", _("Återbetalning")
        DISPUTE = "dispute", _("Bestriden betalning")
        PAYOUT = "payout", _("Utbetalning")

    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    reference = models.CharField(_("referens"), max_length=120)
    order = models.ForeignKey(
        Order, related_name="differences", on_delete=models.PROTECT, null=True, blank=True
    )
    ours = models.CharField(_("hos oss"), max_length=200, blank=True)  # empty: we know nothing of it
    theirs = models.CharField(_("hos betaltjänsten"), max_length=200, blank=True)
    happened_at = models.DateTimeField(_("hände"))
    found_at = models.DateTimeField(_("upptäckt"))
    settled_at = models.DateTimeField(_("avslutad"), null=True, blank=True)
    settled_by = models.CharField(_("av"), max_length=150, blank=True)
    note = models.CharField(_("förklaring"), max_length=500, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = _("avvikelse")
        verbose_name_plural = _("avvikelser")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=models.Q(settled_at=None),
                name="one_open_difference_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
