"""The order: who, what, where; its lines with frozen prices; its history."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import states
from shop.models import Product, Terms
from shop.money import Money


class Buyer(models.TextChoices):
    PRIVATE = "private", _("Privatperson")
    COMPANY = "company", _("Företag")
    PUBLIC = "public", _("Offentlig verksamhet")


class Method(models.TextChoices):
    INVOICE = "invoice", _("Faktura")
    CARD = "card", _("Kort")
    SWISH = "swish", _("Swish")
    KLARNA = "klarna", _("Klarna")


def new_key() -> str:
    """An unguessable address: 192 random bits."""
    return secrets.token_urlsafe(24)


class OrderQuerySet(models.QuerySet["Order"]):
    def lapsed(self, now: datetime) -> Self:
        """Placed, still unpaid, and past the time their goods were held."""
        return self.filter(state=states.Agreement.PLACED, reserved_until__lte=now)

    def whole(self) -> Self:
        """With everything a status page or the staff's view shows: a fixed number of queries."""
        return self.select_related("terms").prefetch_related(
            "lines__product__cover_image",
            "vat_parts",
            "attempts",
            "payments",
            "shipments",
            "invoices",
            "refund_tasks",
            "history",
        )

    def search(self, text: str) -> Self:
        """Orders whose number, name, e-mail, organisation, reference or order number holds the text."""
        words = text.replace("\x00", "").split()[:8]
        fields = (
            "number",
            "name",
            "email",
            "organisation",
            "organisation_number",
            "reference",
            "purchase_order",
        )
        found = self
        for word in words:
            matches = Q()
            for field in fields:
                matches |= Q(**{f"{field}__icontains": word})
            found = found.filter(matches)
        return found


class Order(models.Model):
    MACHINE = "agreement"
    TABLE = states.AGREEMENT

    number = models.CharField(_("ordernummer"), max_length=20, unique=True, null=True)  # set from pk at once
    key = models.CharField(_("nyckel"), max_length=64, unique=True, default=new_key)
    checkout_key = models.CharField(_("kassans nyckel"), max_length=64, unique=True)
    state = models.CharField(
        _("avtal"), max_length=10, choices=states.Agreement, default=states.Agreement.DRAFT, db_index=True
    )
    placed_at = models.DateTimeField(_("lagd"), db_index=True)
    reserved_until = models.DateTimeField(_("hålls till"), null=True, blank=True)
    language = models.CharField(_("språk"), max_length=5, default="sv")
    terms = models.ForeignKey(Terms, verbose_name=_("köpvillkor"), on_delete=models.PROTECT, null=True)

    buyer = models.CharField(_("köpare"), max_length=10, choices=Buyer)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    organisation_number = models.CharField(_("organisationsnummer"), max_length=10, blank=True)
    reference = models.CharField(_("er referens"), max_length=60, blank=True)
    purchase_order = models.CharField(_("ert ordernummer"), max_length=60, blank=True)
    peppol_id = models.CharField(_("e-fakturaadress"), max_length=60, blank=True)

    email = models.EmailField(_("e-post"))
    phone = models.CharField(_("mobilnummer"), max_length=20)
    name = models.CharField(_("namn"), max_length=100)
    address_line1 = models.CharField(_("gatuadress"), max_length=200)
    address_line2 = models.CharField(_("våning, port eller c/o"), max_length=200, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=5)
    city = models.CharField(_("ort"), max_length=100)

    invoice_name = models.CharField(_("fakturamottagare"), max_length=120, blank=True)
    invoice_address_line1 = models.CharField(_("fakturaadress"), max_length=200, blank=True)
    invoice_address_line2 = models.CharField(_("fakturaadress, rad 2"), max_length=200, blank=True)
    invoice_postal_code = models.CharField(_("fakturans postnummer"), max_length=5, blank=True)
    invoice_city = models.CharField(_("fakturans ort"), max_length=100, blank=True)

    freight_code = models.CharField(_("leveranssätt"), max_length=50, blank=True)
    freight_name = models.CharField(_("leveranssättets namn"), max_length=80, blank=True)
    freight_ore = models.PositiveIntegerField(_("frakt i öre"), default=0)
    goods_ore = models.PositiveBigIntegerField(_("varor i öre"), default=0)
    method = models.CharField(_("betalsätt"), max_length=10, choices=Method)
    greeting = models.TextField(_("hälsning"), blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        verbose_name = _("beställning")
        verbose_name_plural = _("beställningar")

    def __str__(self) -> str:
        return self.number or self.checkout_key

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str) -> None:
        """Add a line to the history. Lines are never changed."""
        HistoryLine.objects.create(
            order=self, machine=machine, old=old, new=new, actor=actor, cause=cause, at=timezone.now()
        )

    # --- Money: derived, never stored ---------------------------------------------------------
    @property
    def total(self) -> Money:
        return Money(self.goods_ore + self.freight_ore)

    @cached_property
    def paid(self) -> Money:
        return self._sum("payment")

    @cached_property
    def refunded(self) -> Money:
        return self._sum("refund")

    def _sum(self, kind: str) -> Money:
        return Money(sum(row.amount_ore for row in self.payments.all() if row.kind == kind))

    @property
    def held(self) -> Money:
        """What we hold of the buyer's money."""
        return self.paid - self.refunded

    @property
    def due(self) -> Money:
        return Money(max(0, self.total.ore - self.held.ore))

    @property
    def payment_word(self) -> str:
        """unpaid, part-paid, paid, overpaid, part-refunded or refunded."""
        if self.refunded:
            return "refunded" if self.refunded >= self.paid else "part-refunded"
        if not self.paid:
            return "unpaid"
        if self.paid == self.total:
            return "paid"
        return "part-paid" if self.paid < self.total else "overpaid"

    @property
    def is_paid(self) -> bool:
        return self.held >= self.total

    @property
    def fulfilment_word(self) -> str:
        """none, packed, sent, delivered or returned; the furthest that every live shipment has come."""
        order = ["planned", "packed", "sent", "delivered", "returned"]
        live = [row.state for row in self.shipments.all() if row.state != states.Parcel.CANCELLED]
        furthest = min((order.index(state) for state in live), default=0)
        return order[furthest] if furthest else "none"

    @property
    def may_be_packed(self) -> bool:
        """The one rule: confirmed, and either paid in full or on invoice."""
        return self.state == states.Agreement.CONFIRMED and (self.is_paid or self.method == Method.INVOICE)

    @property
    def is_organisation(self) -> bool:
        return self.buyer != Buyer.PRIVATE

    @property
    def vat_totals(self) -> list[tuple[int, Money, Money]]:
        """(rate, net, VAT) per rate, lowest first."""
        rows = list(self.vat_parts.all())
        return [
            (
                percent,
                Money(sum(row.net_ore for row in rows if row.percent == percent)),
                Money(sum(row.gross_ore - row.net_ore for row in rows if row.percent == percent)),
            )
            for percent in sorted({row.percent for row in rows})
        ]

    @property
    def freight(self) -> Money:
        return Money(self.freight_ore)

    @property
    def goods(self) -> Money:
        return Money(self.goods_ore)

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def delivery_lines(self) -> list[str]:
        """The address as on a parcel (sweden.md h): organisation before person."""
        post = f"{self.postal_code[:3]} {self.postal_code[3:]} {self.city}"
        return [
            line
            for line in (self.organisation, self.name, self.address_line2, self.address_line1, post)
            if line
        ]

    @property
    def quantities(self) -> dict[int, int]:
        """Product id to number of copies, for the stock ledger."""
        return {line.product_id: line.quantity for line in self.lines.all()}


class OrderLine(models.Model):
    """A row as it was bought: later changes of name, price or VAT do not reach it."""

    order = models.ForeignKey(Order, related_name="lines", on_delete=models.CASCADE)
    product = models.ForeignKey(Product, related_name="+", on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(_("rad"))
    sku = models.CharField(_("artikelnummer"), max_length=40)
    name = models.CharField(_("namn"), max_length=120)
    quantity = models.PositiveIntegerField(_("antal"))
    unit_price_ore = models.PositiveIntegerField(_("styckpris i öre"))
    gross_ore = models.PositiveBigIntegerField(_("summa i öre"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_ore)

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_price_ore)


class VatPart(models.Model):
    """A line's (or, without a line, the freight's) share at one VAT rate, reckoned when the order was placed."""

    order = models.ForeignKey(Order, related_name="vat_parts", on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, related_name="vat_parts", on_delete=models.CASCADE, null=True)
    percent = models.PositiveSmallIntegerField(_("momssats"))
    gross_ore = models.PositiveBigIntegerField(_("brutto i öre"))
    net_ore = models.PositiveBigIntegerField(_("netto i öre"))

    class Meta:
        ordering = ["percent", "pk"]

    def __str__(self) -> str:
        return f"{self.percent} %: {self.gross_ore}"

    @property
    def vat_ore(self) -> int:
        return self.gross_ore - self.net_ore


class HistoryLine(models.Model):
    """Who did what, when and why. Append only."""

    order = models.ForeignKey(Order, related_name="history", on_delete=models.CASCADE)
    machine = models.CharField(_("vad"), max_length=20)
    old = models.CharField(_("från"), max_length=20, blank=True)
    new = models.CharField(_("till"), max_length=20, blank=True)
    actor = models.CharField(_("vem"), max_length=150)
    cause = models.CharField(_("orsak"), max_length=200)
    at = models.DateTimeField(_("när"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.machine}: {self.old} → {self.new}"
