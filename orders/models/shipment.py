"""Where an order goes, and the parcels it goes in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.frozen import FrozenAddress
from orders.models.order import Order, OrderLine


class Delivery(FrozenAddress):
    """One of several addresses of an order. An order without any goes whole to its own address."""

    order = models.ForeignKey(Order, related_name="deliveries", on_delete=models.CASCADE)

    class Meta(FrozenAddress.Meta):
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="delivery_position_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.unit or self.name}"

    @property
    def address_lines(self) -> list[str]:
        return self.lines_of(self.order.organisation)


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


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def to_pack(self) -> Self:
        """Parcels that may be packed, of the oldest order first."""
        return self._may_go(states.Parcel.PLANNED).order_by("order__placed_at", "pk")

    def to_send(self) -> Self:
        """Packed parcels that may leave, in the order in which they were packed."""
        return self._may_go(states.Parcel.PACKED).order_by("packed_at", "pk")

    def to_settle(self) -> Self:
        """Parcels of which Order.returns_to_settle is true, the one that came back first before the others."""
        back = self.filter(state=states.Parcel.RETURNED, settled_at=None)
        paid = Order.objects.filter(pk__in=back.order_by().values("order")).returns_to_settle()
        return back.filter(order__in=paid.order_by().values("pk")).order_by("returned_at", "pk")

    def held_by_notice(self, state: states.Parcel) -> Self:
        """Parcels that stay because of a notice of withdrawal, of the oldest order first."""
        held = Order.objects.held_by_notice().order_by().values("pk")
        return self.filter(state=state, order__in=held).order_by("order__placed_at", "pk")

    def _may_go(self, state: states.Parcel) -> Self:
        here = Order.objects.filter(shipments__state=state).order_by().values("pk")
        orders = Order.objects.filter(pk__in=here).may_be_packed()
        return self.filter(state=state, order__in=orders.order_by().values("pk"))

    def after(self, moment: str, value: datetime | None, pk: int) -> Self:
        """Those that follow a parcel in a queue by that moment, then by pk."""
        if value is None:
            return self.filter(pk__gt=pk)
        return self.filter(Q(**{f"{moment}__gt": value}) | Q(**{moment: value, "pk__gt": pk}))

    def under_number(self, tracking_number: str, *, not_of: Order, since: datetime) -> Self:
        """Other orders' parcels that have left under this number since a moment."""
        lately = self.filter(tracking_number=tracking_number, sent_at__gt=since)
        return lately.exclude(order=not_of).select_related("order")

    def for_staff(self) -> Self:
        """With all that a list or a packer's screen shows: a fixed number of queries."""
        return self._with_order("payments", "withdrawals", "shipments")

    def for_papers(self) -> Self:
        """The same with what lies in the order's other parcels."""
        return self._with_order("payments", "withdrawals", Prefetch("shipments__lines", _lines()))

    def _with_order(self, *related: str | Prefetch[Any, Any, Any]) -> Self:
        orders = Order.objects.with_staff_freight().prefetch_related(*related)
        return self.select_related("delivery").prefetch_related(
            Prefetch("order", orders), Prefetch("lines", _lines())
        )


def _lines() -> models.QuerySet[ShipmentLine]:
    return ShipmentLine.objects.select_related("line__product")


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
    # What goes back for goods that came back without a notice of withdrawal is for staff to say, once.
    settled_at = models.DateTimeField(_("returen avgjord"), null=True, blank=True)
    kept_because = models.CharField(_("varför pengarna behålls"), max_length=200, blank=True)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("försändelse")
        verbose_name_plural = _("försändelser")
        indexes = [
            # The queues, however many parcels have left since the shop began.
            models.Index(
                fields=["state"],
                condition=Q(state__in=[states.Parcel.PLANNED, states.Parcel.PACKED]),
                name="shipment_still_here",
            ),
            # By the whole number or its beginning.
            models.Index(
                fields=["tracking_number"],
                condition=~Q(tracking_number=""),
                name="shipment_tracked_from",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(
                fields=["returned_at"],
                condition=Q(state=states.Parcel.RETURNED, settled_at=None),
                name="shipment_to_settle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause, now=now)

    @property
    def address_lines(self) -> list[str]:
        """Where this parcel goes, as on its label."""
        return self.delivery.address_lines if self.delivery else self.order.delivery_lines

    @property
    def waits_for_settling(self) -> bool:
        """Whether it is back and nobody has said what the buyer gets for it."""
        return self.state == states.Parcel.RETURNED and self.settled_at is None

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
