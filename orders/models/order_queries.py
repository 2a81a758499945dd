"""Reads of orders: what lists, desks and sweeps ask for, and the derived words in SQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from orders import states
from orders.models.choices import Method
from shop import event_places
from shop.models import FreightMethod
from shop.searched import holding_every_word, in_any

if TYPE_CHECKING:
    from orders.models.order import Order  # noqa: F401  (the rows' class, named below)

# How far parcels come, in this order; the first says nothing yet.
STAGES = (
    states.Parcel.PLANNED,
    states.Parcel.PACKED,
    states.Parcel.SENT,
    states.Parcel.DELIVERED,
    states.Parcel.RETURNED,
)
INVOICED = {"state__in": [states.InvoiceState.ISSUED, states.InvoiceState.PAID]}  # of its invoices
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

    def with_invoiced(self) -> Self:
        """With `is_invoiced`, which an order else asks for itself."""
        return self.annotate(is_invoiced=_has_own("invoices", **INVOICED))

    def with_places(self) -> Self:
        """With `is_of_places`, for which an order else reads its lines."""
        return self.annotate(is_of_places=_has_own("lines", sku__startswith=event_places.SKU))

    def of_places(self) -> Self:
        return self.filter(pk__in=_whose_lines_are_places())

    def of_goods(self) -> Self:
        return self.exclude(pk__in=_whose_lines_are_places())

    def with_places_given_back(self) -> Self:
        """Those whose places have been cancelled while nobody has decided on the money."""
        waiting = _rows("withdrawals").filter(state__in=states.OPEN_NOTICE).exclude(kind="stated")
        return self.filter(pk__in=waiting.values("order"))

    def to_ask_about_anew(self, numbers: Collection[str]) -> Self:
        """Those of these, all of events that are off, whose places had been given back while the event was on, and
        of whose price something was kept then."""
        stands = [states.Agreement.CONFIRMED, states.Agreement.CLOSED]
        kept = self.filter(number__in=numbers, state__in=stands, withdrawn_ore__lt=TOTAL_ORE)
        notices = _rows("withdrawals").filter(order=OuterRef("pk"))
        known = notices.filter(Q(state__in=states.OPEN_NOTICE) | Q(no_event=True))
        return kept.filter(Exists(notices.exclude(kind="stated")), ~Exists(known))

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
            self, PART_OF_SLIP.sub(r"\1", text), lambda word: in_any(SEARCHED, word) | _tracked({word, whole})
        )

    def placed(self) -> Self:
        """All but those that are being written."""
        return self.exclude(state=states.Agreement.DRAFT)

    def standing(self) -> Self:
        """All but those that are called off."""
        return self.exclude(state=states.Agreement.CANCELLED)

    def of_inbox(self, email: str) -> Self:
        """The placed orders of one address, however it is written, newest first."""
        return self.placed().filter(email__iexact=email)

    def chosen(self, numbers: Iterable[str]) -> Self:
        """The placed orders of these numbers with their parcels, oldest first."""
        found = self.placed().filter(number__in=numbers)
        return found.prefetch_related("shipments").order_by("placed_at", "pk")

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
        waiting = _orders().filter(live | late).order_by().values("pk")
        came = _orders().filter(shipments__state__in=STAGES[-2:]).order_by().values("pk")
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
        """We hold more than the order costs now: neither sent back nor on its way, nor stopped where staff see it.

        An order that is called off costs nothing. One that stands comes here when the buyer's bank gives back what
        was ours to send back before it took it. The largest sums first.
        """
        seen = Q(state__in=states.OPEN_REFUND)
        seen |= Q(state=states.RefundState.FAILED, tried_again=None)
        back = _own("refunds", Case(When(seen, then=F("amount_ore")), default=Value(0)))
        over = states.Agreement.CANCELLED
        paid_and_over = _rows("payments").filter(kind="payment", order__state=over).values("order")
        costs = Case(When(state=over, then=Value(0)), default=KEPT_ORE)
        return (
            self.filter(pk__in=paid_and_over.union(_rows("disputes").values("order")))
            .alias(held_sum=_own("payments", HELD_ORE), back_sum=back)
            .filter(held_sum__gt=F("back_sum") + costs)
            .order_by(
                "-held_sum", "pk"
            )  # no index has this order, so none is walked through in vain for the first few
        )

    def returns_to_settle(self) -> Self:
        """Those whose money staff must decide on when goods come back: some is here, and no notice decides for them."""
        back = _own(
            "refunds", Case(When(state__in=states.OPEN_REFUND, then=F("amount_ore")), default=Value(0))
        )
        held = self.alias(held_sum=_own("payments", HELD_ORE), back_sum=back).filter(
            held_sum__gt=F("back_sum")
        )
        return held.filter(~_has_own("withdrawals", state__in=states.DECIDES_RETURNS))

    def awaiting_approval(self) -> Self:
        """Those of which Order.awaits_approval is true, oldest first."""
        waiting = self.filter(state=states.Agreement.PLACED, method=Method.INVOICE)
        return waiting.order_by("placed_at", "pk")


def _tracked(typed: set[str]) -> Q:
    """The order of a parcel whose tracking number begins so: a look into an index, whose condition is repeated here."""
    begins = Q()
    for number in (one for one in typed if TRACKED_FROM <= len(one) <= TRACKED_TO):
        begins |= Q(tracking_number__startswith=number) | Q(tracking_number__startswith=number.upper())
    if not begins:
        return Q()
    parcels: Any = _orders().model._meta.get_field("shipments").related_model
    return Q(pk__in=parcels.objects.filter(begins).exclude(tracking_number="").values("order"))


TOTAL_ORE = F("goods_ore") + F("freight_ore")
KEPT_ORE = TOTAL_ORE - F("withdrawn_ore")
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


def _orders() -> OrderQuerySet:
    """All orders. Their model imports this file."""
    model: Any = apps.get_model("orders", "Order")
    found: OrderQuerySet = model.objects.all()
    return found


def _rows(kind: str) -> models.QuerySet[Any]:
    """The rows of a kind that belong to orders: `payments`. Their models import the order's."""
    model: Any = _orders().model._meta.get_field(kind).related_model
    rows: models.QuerySet[Any] = model.objects.order_by()
    return rows


def _whose_lines_are_places() -> models.QuerySet[Any, Any]:
    """The keys of orders of places. Few products are that, and from them an index leads to their rows."""
    rows: models.QuerySet[Any, Any] = _rows("lines").filter(product__sku__startswith=event_places.SKU)
    return rows.values("order")


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
    return _orders().filter(fresh | awaited).order_by().values("pk")


def _has_parcel(*stages: states.Parcel) -> Exists:
    return Exists(_orders().filter(pk=OuterRef("pk"), shipments__state__in=stages))


def _own(kind: str, ore: Any) -> Any:
    """A sum over an order's own rows as a subquery: two joins side by side would multiply."""
    own = _rows(kind).filter(order=OuterRef("pk")).values("order").annotate(found=Sum(ore))
    return Coalesce(Subquery(own.values("found")), 0, output_field=models.BigIntegerField())
