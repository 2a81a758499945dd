"""What an organisation may owe on invoice, when that is not what all may."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from orders.models.choices import masked
from orders.models.order import Order
from shop.money import Money


class CreditLimitQuerySet(models.QuerySet["CreditLimit"]):
    def named(self) -> Self:
        """With `organisation`: what the latest order under the number calls it; empty when there is none."""
        theirs = Order.objects.filter(organisation_number=OuterRef("organisation_number"))
        latest = theirs.order_by("-placed_at", "-pk").values("organisation")[:1]
        return self.annotate(organisation=Subquery(latest))


class CreditLimit(models.Model):
    """One organisation's own; without a sum the company's setting holds for it. One operation writes it."""

    organisation_number = models.CharField(_("organisationsnummer"), max_length=10, unique=True)
    limit_ore = models.PositiveBigIntegerField(_("kreditgräns i öre"), null=True)

    objects = CreditLimitQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_number"]
        verbose_name = _("kreditgräns")
        verbose_name_plural = _("kreditgränser")

    def __str__(self) -> str:
        return masked(self.organisation_number)

    @property
    def limit(self) -> Money | None:
        return None if self.limit_ore is None else Money(self.limit_ore)


class CreditStep(models.Model):
    """Who set it to what, when and why. Append only."""

    credit = models.ForeignKey(CreditLimit, related_name="steps", on_delete=models.CASCADE)
    old_ore = models.PositiveBigIntegerField(_("från"), null=True)
    new_ore = models.PositiveBigIntegerField(_("till"), null=True)
    actor = models.CharField(_("vem"), max_length=150)
    cause = models.CharField(_("orsak"), max_length=200)
    at = models.DateTimeField(_("när"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.old_ore} → {self.new_ore}"
