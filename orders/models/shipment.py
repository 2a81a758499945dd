"""Parcels on their way."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.order import Order


class Shipment(models.Model):
    MACHINE = "shipment"
    TABLE = states.PARCEL

    order = models.ForeignKey(Order, related_name="shipments", on_delete=models.PROTECT)
    state = models.CharField(_("läge"), max_length=10, choices=states.Parcel, default=states.Parcel.PLANNED)
    tracking_number = models.CharField(_("spårningsnummer"), max_length=60, blank=True)
    packed_at = models.DateTimeField(_("packad"), null=True, blank=True)
    sent_at = models.DateTimeField(_("skickad"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("försändelse")
        verbose_name_plural = _("försändelser")

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause)
