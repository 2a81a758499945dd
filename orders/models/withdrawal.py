"""Notices of withdrawal, as the law wants them kept: what was said and when it came (DAL 2 kap. 10 a §)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

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
