"""The invoice as the order knows it: that there will be one. Number, PDF and XML come with invoicing."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.order import Order


class Invoice(models.Model):
    MACHINE = "invoice"
    TABLE = states.INVOICE

    order = models.ForeignKey(Order, related_name="invoices", on_delete=models.PROTECT)
    state = models.CharField(
        _("läge"), max_length=10, choices=states.InvoiceState, default=states.InvoiceState.PLANNED
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("faktura")
        verbose_name_plural = _("fakturor")

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause, now=now)
