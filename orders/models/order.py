"""The order: who, what, where; its lines with frozen prices; its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from orders import states
from orders.models.choices import Buyer, Method, masked, new_key
from orders.models.frozen import FrozenLine, FrozenVat
from orders.models.order_queries import INVOICED, STAGES, OrderQuerySet
from shop import event_places
from shop.models import Terms
from shop.money import ZERO, Money

if TYPE_CHECKING:
    from orders.models.shipment import Shipment
    from orders.models.withdrawal import Withdrawal


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
    # What withdrawals have taken off, freight and deductions reckoned in. One operation writes it.
    withdrawn_ore = models.PositiveBigIntegerField(_("ångrat i öre"), default=0)
    # False: places sold as leisure on a fixed day, as the page said before the order (DAL 2 kap. 11 §).
    withdrawable = models.BooleanField(_("får ångras"), default=True)
    method = models.CharField(_("betalsätt"), max_length=10, choices=Method)
    greeting = models.TextField(_("hälsning"), blank=True)
    quote = models.ForeignKey(
        "orders.Quote", verbose_name=_("offert"), related_name="orders", on_delete=models.PROTECT, null=True
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        verbose_name = _("beställning")
        verbose_name_plural = _("beställningar")
        indexes = [
            # Whose a notice of withdrawal without a known number may be: email__iexact asks so.
            models.Index(Upper("email"), name="order_email_upper"),
            # What an organisation owes is asked for with each of its orders.
            models.Index(
                fields=["organisation_number"], condition=Q(method="invoice"), name="order_invoice_customer"
            ),
        ]
        # What staff do to an order, each with its button; to see it is view_order.
        permissions = [
            ("pack_order", gettext_noop("Packa och skicka")),
            ("note_order", gettext_noop("Skriva anteckningar")),
            ("cancel_order", gettext_noop("Avbeställa")),
            ("book_payment", gettext_noop("Bokföra betalningar")),
            ("refund_order", gettext_noop("Betala tillbaka")),
            ("export_order", gettext_noop("Hämta listor som filer")),
            ("make_quote", gettext_noop("Göra och ändra offerter")),
            ("enter_order", gettext_noop("Lägga in beställningar")),
            ("approve_order", gettext_noop("Godkänna fakturakunder")),
            ("set_credit", gettext_noop("Sätta kreditgränser")),
        ]

    def __str__(self) -> str:
        return self.number or self.checkout_key

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        """Add a line to the history. Lines are never changed."""
        HistoryLine.objects.create(
            order=self, machine=machine, old=old, new=new, actor=actor, cause=cause, at=now
        )

    def knows(self, **rows: Iterable[models.Model]) -> None:
        """Its rows of these kinds, just written and so not asked for again: `order.knows(lines=lines)`.

        Fills what prefetch_related would have filled; fetch the order anew after writing more of them.
        """
        for name, known in rows.items():
            queryset = getattr(self, name).all()
            queryset._result_cache, queryset._prefetch_done = list(known), True
            self.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset

    def read(self, *kinds: str) -> None:
        """Its rows of these kinds, one query each, none for those that the fetch found none of (`telling`).

        Of a single order, half the work of prefetch_related.
        """
        for kind in kinds:
            has_some = self.__dict__.get(f"has_{kind}", True)
            self.knows(**{kind: getattr(self, kind).all() if has_some else []})

    # --- Money: derived, never stored ---------------------------------------------------------
    @property
    def total(self) -> Money:
        return Money(self.goods_ore + self.freight_ore)

    @property
    def kept(self) -> Money:
        """What the buyer is still to pay for: the total less what has been withdrawn from."""
        return self.total - self.withdrawn

    @property
    def withdrawn(self) -> Money:
        return Money(self.withdrawn_ore)

    @cached_property
    def paid(self) -> Money:
        return self._sum("payment")

    @cached_property
    def refunded(self) -> Money:
        return self.given_back + self.taken_by_bank

    @property
    def given_back(self) -> Money:
        """What we have sent back, less what bounced."""
        return self._sum("refund") - self._sum("reversal")

    @property
    def taken_by_bank(self) -> Money:
        """What the buyer's bank has taken and not given back."""
        return self._sum("chargeback") - self._sum("reinstated")

    @cached_property
    def ledger(self) -> list[Any]:
        """What came and went, read once; fetch the order anew after booking."""
        return list(self.payments.all())

    def _sum(self, kind: str) -> Money:
        return Money(sum(row.amount_ore for row in self.ledger if row.kind == kind))

    @property
    def held(self) -> Money:
        """What we hold of the buyer's money."""
        return self.paid - self.refunded

    @property
    def on_its_way_back(self) -> Money:
        """What open refunds send, and is held until they have come."""
        return Money(sum(row.amount_ore for row in self.refunds.all() if row.is_open))

    @property
    def may_be_sent_back(self) -> Money:
        """The most that a new refund can be."""
        return Money(max(0, self.held.ore - self.on_its_way_back.ore))

    @property
    def kept_in_vain(self) -> Money:
        """What we hold beyond what the order costs now, and have not begun to send back."""
        costs = ZERO if self.state == states.Agreement.CANCELLED else self.kept
        return max(ZERO, self.may_be_sent_back - costs)

    @property
    def due(self) -> Money:
        """What is left to pay. Once the agreement stands, money that went back is not asked for again."""
        if self.state == states.Agreement.CANCELLED:
            return ZERO
        came = self.held if self.state == states.Agreement.PLACED else self.paid
        return Money(max(0, self.kept.ore - came.ore))

    @property
    def payment_word(self) -> str:
        """unpaid, part-paid, paid, overpaid, part-refunded or refunded."""
        if self.refunded:
            return "refunded" if self.refunded >= self.paid else "part-refunded"
        if not self.paid:
            return "unpaid"
        if self.paid < self.kept:
            return "part-paid"
        return "paid" if self.paid <= self.total else "overpaid"

    @property
    def is_paid(self) -> bool:
        return self.held >= self.total

    @property
    def awaits_approval(self) -> bool:
        """On invoice, and nobody has said yet that the customer may have it so: see operations.approving."""
        return self.state == states.Agreement.PLACED and self.method == Method.INVOICE

    def takes_payment(self, now: datetime) -> bool:
        """Whether the buyer may pay online now: placed, not paid, and its goods still held."""
        if self.awaits_approval:
            return False
        held = self.reserved_until is None or self.reserved_until > now
        return self.state == states.Agreement.PLACED and held and bool(self.due)

    @property
    def fulfilment_word(self) -> str:
        """none, packed, sent, delivered or returned; the furthest that every live shipment has come."""
        live = [row.state for row in self.shipments.all() if row.state != states.Parcel.CANCELLED]
        furthest = min((STAGES.index(states.Parcel(state)) for state in live), default=0)
        return str(STAGES[furthest]) if furthest else "none"

    @property
    def open_withdrawals(self) -> list[Withdrawal]:
        """Notices that nobody has judged yet, or that wait for the goods."""
        return [row for row in self.withdrawals.all() if row.is_open]

    @cached_property
    def is_invoiced(self) -> bool:
        """Whether an invoice has been sent."""
        return self.invoices.filter(**INVOICED).exists()

    @property
    def has_left(self) -> bool:
        """Whether any parcel has been sent, though it may be back."""
        return any(row.state in states.LEFT_US for row in self.shipments.all())

    @property
    def returns_to_settle(self) -> list[Shipment]:
        """Parcels that came back, while we hold money that neither staff nor a notice has decided about."""
        notices = [row for row in self.withdrawals.all() if row.state in states.DECIDES_RETURNS]
        back = [row for row in self.shipments.all() if row.waits_for_settling]
        return back if back and not notices and self.may_be_sent_back else []

    @property
    def delivered_on(self) -> date | None:
        """The Swedish day the last parcel came, once all have; None when nobody has said."""
        if self.fulfilment_word not in {"delivered", "returned"}:
            return None
        came = [row.delivered_at for row in self.shipments.all() if row.delivered_at]
        return timezone.localdate(max(came), settings.STOCKHOLM) if came else None

    @property
    def holding_notices(self) -> list[Withdrawal]:
        """Notices that keep what is still here from leaving."""
        return [row for row in self.withdrawals.all() if row.holds_parcels]

    @property
    def may_be_packed(self) -> bool:
        """The one rule: cleared, and nobody has withdrawn from it without staff having judged."""
        return self.is_cleared and not self.holding_notices

    @property
    def is_cleared(self) -> bool:
        """Confirmed, and either on invoice or paid in full (less what is withdrawn from).

        A part that we gave back of our own will (a price taken down) stops no parcel; all of it does, and so
        does what a bank has taken.
        """
        gave_some = not self.taken_by_bank and self.paid >= self.kept and bool(self.held)
        paid = self.held >= self.kept or gave_some
        return self.state == states.Agreement.CONFIRMED and (paid or self.method == Method.INVOICE)

    @cached_property
    def is_of_places(self) -> bool:
        """Whether it is of places at an event, which no parcel brings. Reads its lines, but for `with_places`."""
        return self.places > 0

    @property
    def places(self) -> int:
        """How many places at events it is of."""
        of_places = (line for line in self.lines.all() if line.sku.startswith(event_places.SKU))
        return sum(line.quantity for line in of_places)

    @property
    def is_organisation(self) -> bool:
        return self.buyer != Buyer.PRIVATE

    @property
    def has_right_to_withdraw(self) -> bool:
        """Whether the law's right of withdrawal came with the order; organisations have none."""
        return self.withdrawable and not self.is_organisation

    @property
    def e_invoice_address(self) -> str:
        """Where an e-invoice goes; a public body that wrote none has `0007:` and its number. Empty: a PDF by mail."""
        if self.peppol_id or self.buyer != Buyer.PUBLIC:
            return self.peppol_id
        return f"0007:{self.organisation_number}"

    @property
    def masked_organisation_number(self) -> str:
        """As in lists and letters: a sole trader's number is a personal one."""
        return masked(self.organisation_number)

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
    def invoice_lines(self) -> list[str]:
        """Where the invoice goes, when that is not where the parcel goes; else nothing."""
        if not self.invoice_address_line1:
            return []
        name = self.invoice_name or self.organisation or self.name
        post = f"{self.invoice_postal_code[:3]} {self.invoice_postal_code[3:]} {self.invoice_city}"
        return [line for line in (name, self.invoice_address_line2, self.invoice_address_line1, post) if line]

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


class OrderLine(FrozenLine):
    """A row as it was bought."""

    order = models.ForeignKey(Order, related_name="lines", on_delete=models.CASCADE)

    class Meta(FrozenLine.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_at_least_one"),
        ]


class VatPart(FrozenVat):
    order = models.ForeignKey(Order, related_name="vat_parts", on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, related_name="vat_parts", on_delete=models.CASCADE, null=True)


class HistoryLine(models.Model):
    """Who did what, when and why. Append only."""

    order = models.ForeignKey(Order, related_name="history", on_delete=models.CASCADE)
    machine = models.CharField(_("vad"), max_length=20)
    old = models.CharField(_("från"), max_length=20, blank=True)
    new = models.CharField(_("till"), max_length=20, blank=True)
    actor = models.CharField(_("vem"), max_length=150)
    cause = models.CharField(_("orsak"), max_length=1000)
    at = models.DateTimeField(_("när"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.machine}: {self.old} → {self.new}"
