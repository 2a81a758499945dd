"""Stock as a ledger of movements, with a balance that the database keeps above zero."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shop.models.product import Product


class StockLevel(models.Model):
    """The balance: what the movements add up to. Written only by shop.stock, under a row lock."""

    product = models.OneToOneField(
        Product, related_name="stock", on_delete=models.CASCADE, verbose_name=_("vara")
    )
    on_hand = models.PositiveIntegerField(_("på hyllan"), default=0)
    reserved = models.PositiveIntegerField(_("reserverat"), default=0)

    class Meta:
        verbose_name = _("lagersaldo")
        verbose_name_plural = _("lagersaldon")
        constraints = [
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_on_hand_never_below_zero"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_never_below_zero"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_never_oversold"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.on_hand} − {self.reserved}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class StockMovement(models.Model):
    """One line of the ledger. Never changed, never deleted; a mistake gets a line of its own."""

    class Kind(models.TextChoices):
        COUNT_IN = "count_in", _("Inlevererat")
        CORRECTION = "correction", _("Rättat")
        RESERVE = "reserve", _("Reserverat")
        RELEASE = "release", _("Släppt")
        HAND_OVER = "hand_over", _("Lämnat")
        RETURN = "return", _("Åter i lager")
        WRITE_OFF = "write_off", _("Kasserat")

    product = models.ForeignKey(
        Product, related_name="movements", on_delete=models.PROTECT, verbose_name=_("vara")
    )
    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    on_hand_delta = models.IntegerField(_("på hyllan"), default=0)
    reserved_delta = models.IntegerField(_("reserverat"), default=0)
    cause = models.CharField(_("orsak"), max_length=80, help_text=_("Till exempel VS-2026-000123"))
    # Whose copies the movement concerns, an order's number: what is left of a promise is their sum.
    promise = models.CharField(_("lovat till"), max_length=80, blank=True)
    actor = models.CharField(_("vem"), max_length=150)
    at = models.DateTimeField(_("när"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("lagerrörelse")
        verbose_name_plural = _("lagerrörelser")
        permissions = [("count_stock", gettext_noop("Räkna in, rätta och kassera"))]
        indexes = [models.Index(fields=["promise"], condition=~Q(promise=""), name="stock_movement_promise")]
        constraints = [
            # The same cause twice is one movement.
            models.UniqueConstraint(fields=["product", "kind", "cause"], name="stock_movement_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_delta:+}/{self.reserved_delta:+} {self.cause}"
