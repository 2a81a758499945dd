"""Where an order goes, and the parcels it goes in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.order import Order, OrderLine


class Delivery(models.Model):
    """One of several addresses of an order. An order without any goes whole to its own address."""

    order = models.ForeignKey(Order, related_name="deliveries", on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField(_("rad"))
    unit = models.CharField(_("enhet"), max_length=120, blank=True)
    name = models.CharField(_("namn"), max_length=100)
    address_line1 = models.CharField(_("gatuadress"), max_length=200)
    address_line2 = models.CharField(_("våning, port eller c/o"), max_length=200, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=5)
    city = models.CharField(_("ort"), max_length=100)

    class Meta:
        ordering = ["position"]
        verbose_name = _("leveransadress")
        verbose_name_plural = _("leveransadresser")
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="delivery_position_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.unit or self.name}"

    @property
    def address_lines(self) -> list[str]:
        """The address as on a parcel (sweden.md h): organisation, unit, person, way in, street, post."""
        post = f"{self.postal_code[:3]} {self.postal_code[3:]} {self.city}"
        lines = (self.order.organisation, self.unit, self.name, self.address_line2, self.address_line1, post)
        return [line for line in lines if line]


class DeliveryLine(models.Model):
    """How many copies of an order's line go to one address."""

    delivery = models.ForeignKey(Delivery, related_name="lines", on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, related_name="deliveries", on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField(_("antal"))

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "line"], name="delivery_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="delivery_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class Shipment(models.Model):
    """One parcel. The copies of an order's live parcels are together the order's copies."""

    MACHINE = "shipment"
    TABLE = states.PARCEL

    order = models.ForeignKey(Order, related_name="shipments", on_delete=models.PROTECT)
    delivery = models.ForeignKey(
        Delivery, related_name="shipments", on_delete=models.PROTECT, null=True, blank=True
    )
    state = models.CharField(_("läge"), max_length=10, choices=states.Parcel, default=states.Parcel.PLANNED)
    tracking_number = models.CharField(_("spårningsnummer"), max_length=60, blank=True)
    packed_at = models.DateTimeField(_("packad"), null=True, blank=True)
    sent_at = models.DateTimeField(_("skickad"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("framme"), null=True, blank=True)
    returned_at = models.DateTimeField(_("åter"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("försändelse")
        verbose_name_plural = _("försändelser")

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause)

    @property
    def address_lines(self) -> list[str]:
        """Where this parcel goes, as on its label."""
        return self.delivery.address_lines if self.delivery else self.order.delivery_lines

    @property
    def cause(self) -> str:
        """What the stock's ledger calls this parcel: `VS-2026-000123/17`."""
        return f"{self.order.number}/{self.pk}"


class ShipmentLine(models.Model):
    """How many copies of an order's line lie in a parcel."""

    shipment = models.ForeignKey(Shipment, related_name="lines", on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, related_name="shipped", on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField(_("antal"))

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"
