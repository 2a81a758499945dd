"""The order: who, what, where; its lines with frozen prices; its history."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from orders import states
from orders.models.frozen import FrozenLine, FrozenVat
from shop.models import FreightMethod, Terms
from shop.money import ZERO, Money
from shop.searched import holding_every_word

if TYPE_CHECKING:
    from orders.models.withdrawal import Withdrawal


class Buyer(models.TextChoices):
    PRIVATE = "private", _("Privatperson")
    COMPANY = "company", _("Företag")
    PUBLIC = "public", _("Offentlig verksamhet")


class WhyCancelled(models.TextChoices):
    """What the buyer reads of why an order was called off."""

    ASKED = "asked", _("Köparen bad om det")
    SOLD_OUT = "sold-out", _("Varan är slut")
    OUR_FAULT = "our-fault", _("Något blev fel hos oss")
    UNPAID = "unpaid", _("Betalningen har inte kommit")
    WORDS = "words", _("Det som står ovan, ord för ord")
    NOTHING = "nothing", _("Inget om skälet")


class Method(models.TextChoices):
    INVOICE = "invoice", _("Faktura")
    CARD = "card", _("Kort")
    SWISH = "swish", _("Swish")
    KLARNA = "klarna", _("Klarna")

    @property
    def within(self) -> str:
        """The label inside a sentence: `kort`, but `Swish`."""
        return str(self.label) if self in {self.SWISH, self.KLARNA} else str(self.label).lower()


def new_key() -> str:
    """An unguessable address: 192 random bits."""
    return secrets.token_urlsafe(24)


def is_personal(organisation_number: str) -> bool:
    """Whether it is a sole trader's: the owner's personal number, whose third digit is 0 or 1 (sweden.md b)."""
    return organisation_number[2:3] in {"0", "1"}


def masked(organisation_number: str) -> str:
    """As lists and letters show it: `212999-0004`, `••••••-9805` of a sole trader; empty without a number."""
    if is_personal(organisation_number):
        return f"••••••-{organisation_number[6:]}"
    return f"{organisation_number[:6]}-{organisation_number[6:]}" if organisation_number else ""


# How far parcels come, in this order; the first says nothing yet.
STAGES = (
    states.Parcel.PLANNED,
    states.Parcel.PACKED,
    states.Parcel.SENT,
    states.Parcel.DELIVERED,
    states.Parcel.RETURNED,
)
INVOICED = {"state__in": [states.InvoiceState.ISSUED, states.InvoiceState.PAID]}  # of its invoices
CHANGED = {"machine": "change"}  # of its history: staff have changed it
# What a ledger line adds to the sum that went back, and to what we hold: what came to us again takes itself out.
GONE_ORE, HELD_ORE = (
    Case(
        When(kind__in=["refund", "chargeback"], then=F("amount_ore") * sign),
        When(kind__in=["reversal", "reinstated"], then=F("amount_ore") * -sign),
        default=rest,
        output_field=models.BigIntegerField(),
    )
    for sign, rest in ((1, Value(0)), (-1, F("amount_ore")))
)
# What the buyer's bank has taken and not given back.
TAKEN_ORE = Case(
    When(kind="chargeback", then=F("amount_ore")),
    When(kind="reinstated", then=-F("amount_ore")),
    default=Value(0),
    output_field=models.BigIntegerField(),
)
CAME_ORE = Case(When(kind="payment", then=F("amount_ore")), default=Value(0))
PART_OF_SLIP = re.compile(r"\b(VS-\d{4}-\d{6,12})-\d{1,18}\b", re.ASCII | re.IGNORECASE)  # a scanned parcel's
# Not the organisation number: a sole trader's is personal, and what is searched for stands in the address.
SEARCHED = ("number", "name", "email", "organisation", "reference", "purchase_order")
TRACKED_FROM, TRACKED_TO = 6, 60  # characters of a tracking number: fewer begin too many of them


class OrderQuerySet(models.QuerySet["Order"]):
    def lapsed(self, now: datetime) -> Self:
        """Placed, still unpaid, and past the time their goods were held."""
        return self.filter(state=states.Agreement.PLACED, reserved_until__lte=now)

    def whole(self) -> Self:
        """With everything a status page or the staff's view shows: a fixed number of queries."""
        return self.select_related("terms", "quote").prefetch_related(
            "lines__product__cover_image",
            "vat_parts",
            "attempts",
            "payments",
            "shipments",
            "deliveries__lines",
            "invoices",
            "refunds__source",
            "withdrawals",
            "complaints",
            "history",
        )

    def shown_to_buyer(self) -> Self:
        """With what the order's own page and those below it show: a fixed number of queries."""
        return self.prefetch_related("lines", "vat_parts", "payments", "shipments", "withdrawals")

    def telling(self, *kinds: str) -> Self:
        """With `has_<kind>`: whether an order has rows of that kind at all, which Order.read then knows."""
        return self.annotate(**{f"has_{kind}": _has_own(kind) for kind in kinds})

    def with_signs(self) -> Self:
        """With `is_invoiced` and `is_changed`, which an order else asks for itself."""
        invoiced, changed = _has_own("invoices", **INVOICED), _has_own("history", **CHANGED)
        return self.annotate(is_invoiced=invoiced, is_changed=changed)

    def with_staff_freight(self) -> Self:
        """With `staff_freight`: the way of sending in Swedish, though the buyer agreed to it in another language."""
        swedish = FreightMethod.objects.filter(code=OuterRef("freight_code")).order_by().values("name")[:1]
        frozen = F("freight_name")
        return self.annotate(
            staff_freight=Case(
                When(language=settings.LANGUAGE_CODE, then=frozen),
                default=Coalesce(Subquery(swedish), frozen),
            )
        )

    def search(self, text: str) -> Self:
        """Orders that hold every word in any of the fields SEARCHED or as the beginning of a tracking number.

        A tracking number may be typed with spaces: all words together are tried as one.
        """
        whole = "".join(text.replace("\x00", "").split())
        return holding_every_word(
            self, PART_OF_SLIP.sub(r"\1", text), lambda word: _holds(word) | _tracked({word, whole})
        )

    # --- The derived words in SQL: Order's properties are the truth, a test holds both together. Each is a set of
    # orders found from its own end, so that a filter among many does not reckon every order's word. -----------
    def with_sums(self) -> Self:
        """With `total_sum`, `paid_sum` and `refunded_sum` in öre."""
        return self.annotate(
            total_sum=F("goods_ore") + F("freight_ore"),
            paid_sum=_own("payments", CAME_ORE),
            refunded_sum=_own("payments", GONE_ORE),
        )

    def paid_as(self, word: str) -> Self:
        """The orders whose payment_word is this one.

        Nearly all have one line in the ledger or none, which is then the sum: only the others are added up.
        """
        if word == "unpaid":
            return self.filter(~Exists(_lines_of_order().exclude(order__in=_added_up(Q(came=0, gone=0)))))
        alone, together = PAID_AS[word]
        single = alone & ~Q(order__in=_with_several_lines())
        return self.filter(Exists(_lines_of_order().filter(single | Q(order__in=_added_up(together)))))

    def come_to(self, word: str) -> Self:
        """The orders whose fulfilment_word is this one."""
        if word == "none":
            return self.filter(~_has_parcel(*STAGES[1:]) | _has_parcel(STAGES[0]))
        stage = STAGES.index(states.Parcel(word))
        return self.filter(_has_parcel(STAGES[stage]), ~_has_parcel(*STAGES[:stage]))

    def arrived(self, before: datetime) -> Self:
        """Confirmed, no parcel here or on its way, and the last one came or returned before a moment."""
        live = Q(shipments__state__in=[states.Parcel.PLANNED, states.Parcel.PACKED, states.Parcel.SENT])
        late = Q(shipments__delivered_at__gte=before) | Q(shipments__returned_at__gte=before)
        waiting = Order.objects.filter(live | late).order_by().values("pk")
        came = Order.objects.filter(shipments__state__in=STAGES[-2:]).order_by().values("pk")
        return self.filter(state=states.Agreement.CONFIRMED, pk__in=came).exclude(pk__in=waiting)

    def may_be_packed(self) -> Self:
        """The orders of which Order.may_be_packed is true."""
        return self.cleared().exclude(pk__in=_whose_notice_holds())

    def held_by_notice(self) -> Self:
        """Those that would be packed if no notice of withdrawal held them."""
        return self.cleared().filter(pk__in=_whose_notice_holds())

    def cleared(self) -> Self:
        """The orders of which Order.is_cleared is true."""
        orders = self.filter(state=states.Agreement.CONFIRMED)
        on_invoice = Q(method=Method.INVOICE)
        held = orders.alias(
            held_sum=_own("payments", HELD_ORE),
            paid_sum=_own("payments", CAME_ORE),
            taken_sum=_own("payments", TAKEN_ORE),
        )
        gave_some = Q(paid_sum__gte=KEPT_ORE, held_sum__gt=0, taken_sum=0)
        return held.filter(on_invoice | Q(held_sum__gte=KEPT_ORE) | gave_some)

    def kept_in_vain(self) -> Self:
        """Called off, and some of the money neither sent back nor on its way, nor stopped where staff see it."""
        seen = Q(state__in=states.OPEN_REFUND)
        seen |= Q(state=states.RefundState.FAILED, tried_again=None)
        paid = self.filter(_has_line("payment"), state=states.Agreement.CANCELLED)
        back = _own("refunds", Case(When(seen, then=F("amount_ore")), default=Value(0)))
        return (
            paid.alias(held_sum=_own("payments", HELD_ORE), back_sum=back)
            .filter(held_sum__gt=F("back_sum"))
            .order_by("pk")
        )

    def awaiting_approval(self) -> Self:
        """Those of which Order.awaits_approval is true, oldest first."""
        waiting = self.filter(state=states.Agreement.PLACED, method=Method.INVOICE)
        return waiting.order_by("placed_at", "pk")


def _holds(word: str) -> Q:
    """SQLite folds the case of A to Z only: a word with å is tried in the cases that names are written in."""
    cases = {word} if word.isascii() else {word, word.lower(), word.upper(), word.title()}
    matches = Q()
    for field in SEARCHED:
        for variant in cases:
            matches |= Q(**{f"{field}__icontains": variant})
    return matches


def _tracked(typed: set[str]) -> Q:
    """The order of a parcel whose tracking number begins so: a look into an index, whose condition is repeated here."""
    begins = Q()
    for number in (one for one in typed if TRACKED_FROM <= len(one) <= TRACKED_TO):
        begins |= Q(tracking_number__startswith=number) | Q(tracking_number__startswith=number.upper())
    if not begins:
        return Q()
    parcels: Any = Order._meta.get_field("shipments").related_model
    return Q(pk__in=parcels.objects.filter(begins).exclude(tracking_number="").values("order"))


KEPT_ORE = F("goods_ore") + F("freight_ore") - F("withdrawn_ore")
OWN_TOTAL = OuterRef("goods_ore") + OuterRef("freight_ore")  # a line's order's
OWN_KEPT = OWN_TOTAL - OuterRef("withdrawn_ore")
ITS_TOTAL = F("order__goods_ore") + F("order__freight_ore")
ITS_KEPT = ITS_TOTAL - F("order__withdrawn_ore")
PAYMENT = Q(kind="payment", amount_ore__gt=0)
# Of each payment word: what the only line of an order's ledger is like, and what several come to.
PAID_AS = {
    "refunded": (Q(kind__in=["refund", "chargeback"], amount_ore__gt=0), Q(gone__gt=0, gone__gte=F("came"))),
    "part-refunded": (Q(pk__in=[]), Q(gone__gt=0, gone__lt=F("came"))),
    "paid": (
        PAYMENT & Q(amount_ore__gte=OWN_KEPT, amount_ore__lte=OWN_TOTAL),
        Q(gone=0, came__gt=0, came__gte=ITS_KEPT, came__lte=ITS_TOTAL),
    ),
    "part-paid": (PAYMENT & Q(amount_ore__lt=OWN_KEPT), Q(gone=0, came__gt=0, came__lt=ITS_KEPT)),
    "overpaid": (PAYMENT & Q(amount_ore__gt=OWN_TOTAL), Q(gone=0, came__gt=ITS_TOTAL)),
}


def _rows(kind: str) -> models.QuerySet[Any]:
    """The rows of a kind that belong to orders: `payments`. Their models import this one."""
    model: Any = Order._meta.get_field(kind).related_model
    rows: models.QuerySet[Any] = model.objects.order_by()
    return rows


def _has_own(kind: str, **condition: Any) -> Exists:
    return Exists(_rows(kind).filter(order=OuterRef("pk"), **condition))


def _lines_of_order() -> models.QuerySet[Any]:
    return _rows("payments").filter(order=OuterRef("pk"))


def _with_several_lines() -> models.QuerySet[Any, Any]:
    """The keys of orders with more than one line in the ledger; read from the index on the order alone."""
    counted: models.QuerySet[Any, Any] = _rows("payments").values("order").alias(lines=Count("pk"))
    return counted.filter(lines__gt=1).values("order")


def _added_up(condition: Q) -> models.QuerySet[Any, Any]:
    """The keys of orders with several lines of whose `came` and `gone` back, in öre, the condition is true."""
    lines = _rows("payments").filter(order__in=_with_several_lines()).values("order")
    sums = lines.alias(came=Sum(CAME_ORE), gone=Sum(GONE_ORE))
    keys: models.QuerySet[Any, Any] = sums.filter(condition).values("order")
    return keys


def _whose_notice_holds() -> models.QuerySet[Any, Any]:
    """The keys of orders with a notice of which Withdrawal.holds_parcels is true."""
    fresh = Q(withdrawals__state=states.Notice.RECEIVED)
    awaited = Q(withdrawals__state=states.Notice.AWAITED, withdrawals__rest_goes=False)
    return Order.objects.filter(fresh | awaited).order_by().values("pk")


def _has_line(*kinds: str) -> Exists:
    return Exists(Order.objects.filter(pk=OuterRef("pk"), payments__kind__in=kinds))


def _has_parcel(*stages: states.Parcel) -> Exists:
    return Exists(Order.objects.filter(pk=OuterRef("pk"), shipments__state__in=stages))


def _own(kind: str, ore: Any) -> Any:
    """A sum over an order's own rows as a subquery: two joins side by side would multiply."""
    own = _rows(kind).filter(order=OuterRef("pk")).values("order").annotate(found=Sum(ore))
    return Coalesce(Subquery(own.values("found")), 0, output_field=models.BigIntegerField())


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

    @cached_property
    def is_changed(self) -> bool:
        """Whether staff have changed it since it was placed."""
        return self.history.filter(**CHANGED).exists()

    @property
    def has_left(self) -> bool:
        """Whether any parcel has been sent, though it may be back."""
        return any(row.state in states.LEFT_US for row in self.shipments.all())

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

    @property
    def is_organisation(self) -> bool:
        return self.buyer != Buyer.PRIVATE

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
