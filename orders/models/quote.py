"""A quote: what a basket costs until a day, frozen to the öre, for somebody in an organisation to accept."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.choices import Buyer, new_key
from orders.models.frozen import FrozenAddress, FrozenLine, FrozenVat
from orders.models.order import Order
from shop.models import FreightMethod, Product
from shop.money import Money
from shop.pricing import FreightOption, Line, Priced
from shop.searched import holding_every_word, in_any
from shop.vat import Part, RateTotal, Totals

SEARCHED = (
    "number",
    "organisation",
    "name",
    "email",
    "reference",
    "orders__number",
    "orders__purchase_order",
)


class Standing(models.TextChoices):
    """What a quote is on a day: its state, or that its time has run out."""

    OPEN = "open", _("Gäller")
    EXPIRED = "expired", _("Har gått ut")
    ACCEPTED = "accepted", _("Accepterad")
    WITHDRAWN = "withdrawn", _("Återkallad")


class QuoteQuerySet(models.QuerySet["Quote"]):
    def whole(self) -> Self:
        """With everything its page, its PDF and an order from it need: a fixed number of queries."""
        products = Product.objects.select_related("stock", "cover_image")
        return self.prefetch_related(
            models.Prefetch("lines__product", products),
            "vat_parts",
            "steps",
            "orders__payments",
            "deliveries__lines",
        )

    def standing(self, word: str, today: date) -> Self:
        """Those of which Quote.standing(today) is `word`."""
        accepted = Q(state=states.Quotation.ACCEPTED) & models.Exists(_live_orders())
        if word == Standing.ACCEPTED:
            return self.filter(accepted)
        if word == Standing.WITHDRAWN:
            return self.filter(state=word)
        left = self.filter(state__in=[states.Quotation.OPEN, states.Quotation.ACCEPTED]).exclude(accepted)
        if word == Standing.OPEN:
            return left.filter(valid_until__gte=today)
        return left.filter(valid_until__lt=today)

    def search(self, text: str) -> Self:
        """Quotes that hold every word, each in any of the fields SEARCHED."""
        return holding_every_word(self, text, partial(in_any, SEARCHED)).distinct()


def _live_orders() -> models.QuerySet[Order]:
    """What Quote.live_order looks for."""
    theirs = Order.objects.filter(quote=models.OuterRef("pk")).with_sums().order_by()
    return theirs.filter(~Q(state=states.Agreement.CANCELLED) | ~Q(paid_sum=F("refunded_sum")))


class Quote(models.Model):
    MACHINE = "quote"
    TABLE = states.QUOTATION

    number = models.CharField(_("offertnummer"), max_length=20, unique=True, null=True)  # set from pk at once
    key = models.CharField(_("nyckel"), max_length=64, unique=True, default=new_key)
    form_key = models.CharField(_("formulärets nyckel"), max_length=64, unique=True)
    state = models.CharField(
        _("läge"), max_length=10, choices=states.Quotation, default=states.Quotation.DRAFT, db_index=True
    )
    language = models.CharField(_("språk"), max_length=5, default="sv")
    made_at = models.DateTimeField(_("gjord"), db_index=True)
    valid_until = models.DateField(_("gäller till och med"))

    buyer = models.CharField(_("köpare"), max_length=10, choices=Buyer, default=Buyer.COMPANY)
    organisation = models.CharField(_("organisation"), max_length=120)
    organisation_number = models.CharField(_("organisationsnummer"), max_length=10, blank=True)
    name = models.CharField(_("namn"), max_length=100)
    email = models.EmailField(_("e-post"))
    reference = models.CharField(_("er referens"), max_length=60, blank=True)

    freight_code = models.CharField(_("leveranssätt"), max_length=50, blank=True)
    freight_name = models.CharField(_("leveranssättets namn"), max_length=80, blank=True)
    freight_ore = models.PositiveIntegerField(_("frakt i öre"), default=0)
    goods_ore = models.PositiveBigIntegerField(_("varor i öre"), default=0)

    accepted_at = models.DateTimeField(_("accepterad"), null=True, blank=True)
    accepter_name = models.CharField(_("accepterad av"), max_length=100, blank=True)
    accepter_email = models.EmailField(_("accepterarens e-post"), blank=True)
    accepter_role = models.CharField(_("accepterarens roll"), max_length=100, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("offert")
        verbose_name_plural = _("offerter")

    def __str__(self) -> str:
        return self.number or self.form_key

    def note(self, _machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        """Add a line to the history, as states.move does. Lines are never changed."""
        QuoteStep.objects.create(quote=self, old=old, new=new, actor=actor, cause=cause, at=now)

    # --- What it is on a day --------------------------------------------------------------------
    def is_valid(self, now: datetime) -> bool:
        """Through the whole of its last day in Stockholm."""
        return now.astimezone(settings.STOCKHOLM).date() <= self.valid_until

    def standing(self, now: datetime) -> Standing:
        if self.state == states.Quotation.OPEN or self.is_left:
            return Standing.OPEN if self.is_valid(now) else Standing.EXPIRED
        return Standing(self.state)

    @property
    def is_left(self) -> bool:
        """Accepted, but its order was called off, unpaid or paid back: somebody may accept it again."""
        return self.state == states.Quotation.ACCEPTED and self.live_order is None

    @property
    def live_order(self) -> Order | None:
        """The order it has become; None when there is none, or it was called off and holds no money."""
        stands = [row for row in self.orders.all() if row.state != states.Agreement.CANCELLED]
        return next(iter(stands or [row for row in self.orders.all() if row.held]), None)

    # --- What it says ---------------------------------------------------------------------------
    @property
    def goods(self) -> Money:
        return Money(self.goods_ore)

    @property
    def freight(self) -> Money:
        return Money(self.freight_ore)

    @property
    def total(self) -> Money:
        return Money(self.goods_ore + self.freight_ore)

    @property
    def totals(self) -> Totals:
        """The very öre that were frozen; nothing is reckoned anew."""
        places = {line.pk: line.position for line in self.lines.all()}
        parts = tuple(
            Part(row.percent, Money(row.gross_ore), _place(places, row.line_id), Money(row.net_ore))
            for row in self.vat_parts.all()
        )
        return Totals(parts, self.goods, self.freight)

    @property
    def rates(self) -> list[RateTotal]:
        return self.totals.rates

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    def priced(self) -> Priced:
        """What an order is made of, at the quoted prices. From QuoteQuerySet.whole()."""
        totals = self.totals
        lines = [_line(row, totals) for row in self.lines.all()]
        chosen = FreightOption(self._way(), self.freight) if self.freight_name else None
        return Priced(lines, [chosen] if chosen else [], chosen, totals)

    def _way(self) -> FreightMethod:
        """The way of sending as it was called then; it may be gone or have another name by now."""
        name = self.freight_name
        return FreightMethod(code=self.freight_code, name=name, name_en=name)


def _place(places: dict[int, int], line: int | None) -> int | None:
    return None if line is None else places[line]


def _line(row: QuoteLine, totals: Totals) -> Line:
    by_rate = {part.percent: part.gross for part in totals.parts if part.line == row.position}
    return Line(row.product, row.quantity, row.unit_price, by_rate, row.unit_price, row.name)


class QuoteLine(FrozenLine):
    """A row at the price it was quoted at."""

    quote = models.ForeignKey(Quote, related_name="lines", on_delete=models.CASCADE)

    class Meta(FrozenLine.Meta):
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="quote_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="quote_line_at_least_one"),
        ]


class QuoteVat(FrozenVat):
    quote = models.ForeignKey(Quote, related_name="vat_parts", on_delete=models.CASCADE)
    line = models.ForeignKey(QuoteLine, related_name="vat_parts", on_delete=models.CASCADE, null=True)


class QuoteDelivery(FrozenAddress):
    """One of several addresses that the quoted freight is for. An order from the quote goes there."""

    quote = models.ForeignKey(Quote, related_name="deliveries", on_delete=models.CASCADE)

    class Meta(FrozenAddress.Meta):
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="quote_delivery_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.unit or self.name}"

    @property
    def address_lines(self) -> list[str]:
        return self.lines_of(self.quote.organisation)


class QuoteDeliveryLine(models.Model):
    """How many copies of a quoted row go to an address."""

    delivery = models.ForeignKey(QuoteDelivery, related_name="lines", on_delete=models.CASCADE)
    line = models.ForeignKey(QuoteLine, related_name="deliveries", on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField(_("antal"))

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "line"], name="quote_delivery_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="quote_delivery_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class QuoteStep(models.Model):
    """Who did what with a quote, when and why. Append only."""

    quote = models.ForeignKey(Quote, related_name="steps", on_delete=models.CASCADE)
    old = models.CharField(_("från"), max_length=20, blank=True)
    new = models.CharField(_("till"), max_length=20, blank=True)
    actor = models.CharField(_("vem"), max_length=150)
    cause = models.CharField(_("orsak"), max_length=1000)
    at = models.DateTimeField(_("när"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
