"""Notices of withdrawal, as the law wants them kept: what was said and when it came (DAL 2 kap. 10 a §)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import deadlines
from orders.models.order import Order, new_key


class Withdrawal(models.Model):
    """Recorded whether or not the order is found: the site cannot judge the right."""

    key = models.CharField(max_length=64, unique=True, default=new_key)
    order = models.ForeignKey(
        Order, related_name="withdrawals", on_delete=models.PROTECT, null=True, blank=True
    )
    name = models.CharField(_("namn"), max_length=100)
    order_number = models.CharField(_("ordernummer"), max_length=40)
    email = models.EmailField(_("e-post"))
    rows = models.TextField(_("vilka varor"), blank=True)
    received_at = models.DateTimeField(_("mottaget"))

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("ånger")
        verbose_name_plural = _("ångrade köp")

    def __str__(self) -> str:
        return f"{self.order_number} {self.received_at:%Y-%m-%d}"

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at, settings.STOCKHOLM)

    @property
    def may_have_the_right(self) -> bool:
        """Organisations have none; of an unknown order nothing can be said."""
        return self.order is None or not self.order.is_organisation

    @property
    def refund_due(self) -> date:
        return deadlines.refund_due(self.received_on)

    @property
    def goods_due(self) -> date:
        return deadlines.goods_due(self.received_on)

    @property
    def money_waits(self) -> bool:
        """Whether we hold money of a private buyer's order and have sent none back since the notice."""
        if self.order is None or self.order.is_organisation or not self.order.held:
            return False
        rows = self.order.ledger
        return not any(row.kind == "refund" and row.at >= self.received_at for row in rows)

    def is_late(self, today: date) -> bool:
        return self.money_waits and today > self.refund_due
