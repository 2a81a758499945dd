"""Notices of withdrawal, as the law wants them kept: what was said and when it came (DAL 2 kap. 10 a §)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import deadlines, states
from orders.models.choices import new_key
from orders.models.order import Order, OrderLine
from orders.models.payment import Refund
from orders.states import Notice, RefundState
from shop.money import ZERO, Money


class MoneyBack(models.TextChoices):
    """How far the money of a granted notice has come: its refunds' own states, told as one."""

    NONE = "none", _("Godtagen")  # none was planned, or all of it went by other ways
    ON_ITS_WAY = "on-its-way", _("Godtagen, pengar på väg")
    CAME = "came", _("Återbetald")
    FAILED = "failed", _("Godtagen, pengarna kom inte fram")


class NoticeKind(models.TextChoices):
    """How it came, and whether it is a notice of withdrawal at all."""

    STATED = "stated", _("Ånger")
    # Places at an event were cancelled, and so are free already: within the right to withdraw …
    SIGNED_OFF = "signed-off", _("Ånger, platserna avanmälda")
    # … or without it; then the money is for us to decide, and no right is promised.
    GIVEN_BACK = "given-back", _("Platserna avanmälda")
    # Their money was judged, and kept; then we cancelled the event, so it is asked about once more.
    NO_EVENT = "no-event", _("Träffen inställd efter avanmälan")


SETTLED_BY_US = [NoticeKind.GIVEN_BACK, NoticeKind.NO_EVENT]  # no right to withdraw is promised there


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def waiting(self) -> Self:
        """Those that wait for us: not judged, or the goods are here. The one whose money is due first comes first."""
        here = Q(state=Notice.AWAITED, goods_at__isnull=False)
        return self.filter(Q(state=Notice.RECEIVED) | here).order_by("received_at", "pk")

    def withdrawals(self) -> Self:
        """The notices of withdrawal."""
        return self.exclude(kind__in=SETTLED_BY_US)

    def given_back(self) -> Self:
        """Places that were cancelled without a right to withdraw."""
        return self.filter(kind__in=SETTLED_BY_US)

    def waiting_first(self) -> Self:
        """All: those that wait for us oldest first, then those that wait for goods, then the rest newest first."""
        here = Q(state=Notice.AWAITED, goods_at__isnull=False)
        rank = Case(
            When(Q(state=Notice.RECEIVED) | here, then=Value(0)),
            When(state=Notice.AWAITED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        oldest = Case(When(rank__lt=2, then=F("received_at")))
        return self.annotate(rank=rank).order_by("rank", oldest, "-received_at", "-pk")


class Withdrawal(models.Model):
    """Recorded whether or not the order is found: the site cannot judge the right."""

    MACHINE = "withdrawal"
    PLACES = "places"  # what the history calls places that were given back
    TABLE = states.NOTICE

    key = models.CharField(max_length=64, unique=True, default=new_key)
    order = models.ForeignKey(
        Order, related_name="withdrawals", on_delete=models.PROTECT, null=True, blank=True
    )
    kind = models.CharField(_("slag"), max_length=10, choices=NoticeKind, default=NoticeKind.STATED)
    name = models.CharField(_("namn"), max_length=100)
    order_number = models.CharField(_("ordernummer"), max_length=40)
    email = models.EmailField(_("e-post"))
    rows = models.TextField(_("vilka varor"), blank=True)
    received_at = models.DateTimeField(_("mottaget"))
    language = models.CharField(_("språk"), max_length=5, default="sv")

    # What became of it.
    state = models.CharField(_("läge"), max_length=10, choices=Notice, default=Notice.RECEIVED, db_index=True)
    # Staff have said that what is still here goes to the buyer, though goods that are out are awaited back.
    rest_goes = models.BooleanField(_("resten får gå"), default=False)
    goods_at = models.DateTimeField(_("varorna eller bevis på att de är skickade"), null=True, blank=True)
    reason = models.TextField(_("skäl"), blank=True)
    # Whoever judged it knew that there will be no event: nobody is asked anew for that cause.
    no_event = models.BooleanField(_("träffen var inställd"), default=False)
    freight_ore = models.PositiveIntegerField(_("återbetald frakt i öre"), default=0)
    deduction_ore = models.PositiveBigIntegerField(_("avdrag i öre"), default=0)
    decided_at = models.DateTimeField(_("avgjord"), null=True, blank=True)
    decided_by = models.CharField(_("av"), max_length=150, blank=True)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("ånger")
        verbose_name_plural = _("ångrade köp")

    def __str__(self) -> str:
        return f"{self.order_number} {self.received_at:%Y-%m-%d}"

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        """In the order's history; a notice of no known order keeps who and why itself."""
        if self.order is not None:
            what = machine if self.is_withdrawal else self.PLACES
            self.order.note(what, old, new, actor=actor, cause=cause[:1000], now=now)

    @property
    def is_withdrawal(self) -> bool:
        return self.kind not in SETTLED_BY_US

    @property
    def is_asked_anew(self) -> bool:
        """Whether the money had been judged before, and we have cancelled the event since."""
        return self.kind == NoticeKind.NO_EVENT

    @property
    def gave_places_back(self) -> bool:
        """Whether it came with a cancelled sign-up, whose seats are free."""
        return self.kind != NoticeKind.STATED

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN_NOTICE

    @property
    def holds_parcels(self) -> bool:
        """Whether what has not left stays here: nobody has judged, or goods are awaited and the rest not let go."""
        return self.state == Notice.RECEIVED or (self.state == Notice.AWAITED and not self.rest_goes)

    @property
    def counts(self) -> bool:
        """Whether whoever packs should know of it: open or granted."""
        return self.is_open or self.state == Notice.REFUNDED

    @property
    def waits_for_goods(self) -> bool:
        return self.state == Notice.AWAITED and self.goods_at is None

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at, settings.STOCKHOLM)

    @property
    def is_the_buyers(self) -> bool:
        """Whether it was written from the order's own address. Anybody may state a number."""
        return self.order is not None and self.email.lower() == self.order.email.lower()

    @property
    def may_have_the_right(self) -> bool:
        """Of an unknown order nothing can be said."""
        return self.is_withdrawal and (self.order is None or self.order.has_right_to_withdraw)

    @property
    def refund_due(self) -> date:
        """The last day for the money. We may wait for the goods or proof that they are sent, no longer."""
        due = deadlines.refund_due(self.received_on)
        return max(due, timezone.localdate(self.goods_at, settings.STOCKHOLM)) if self.goods_at else due

    @property
    def goods_due(self) -> date:
        return deadlines.goods_due(self.received_on)

    @property
    def money_waits(self) -> bool:
        """Whether we hold money of a buyer who has the right. Some that went back for another cause settles nothing."""
        return self.order is not None and self.may_have_the_right and self.order.held > ZERO

    def is_late(self, today: date) -> bool:
        return self.is_open and not self.waits_for_goods and self.money_waits and today > self.refund_due

    def goods_are_late(self, today: date) -> bool:
        return self.waits_for_goods and today > self.goods_due

    def decide(self, *, actor: str, now: datetime, reason: str = "") -> None:
        """Keep who judged, when and why, and what was known of the event. The move itself stands in the history."""
        self.decided_by, self.decided_at, self.reason = actor, now, reason
        self.save(update_fields=["decided_by", "decided_at", "reason", "no_event"])

    @property
    def refunds(self) -> list[Refund]:
        """What was planned for it, with new tries and rests, oldest first. Reads the order's refunds."""
        found: list[Refund] = []
        for row in self.order.refunds.all() if self.order else []:
            own = row.key.partition("/")[0] == self.refund_key
            known = {f"rest:{earlier.pk}" for earlier in found}
            if own or row.key.partition("/")[0] in known or row.again_id in {old.pk for old in found}:
                found.append(row)
        return found

    @property
    def refund_key(self) -> str:
        return f"withdrawal:{self.pk}"

    @property
    def money_back(self) -> MoneyBack:
        """One that bounced and is not tried anew comes before all: those that came do not make up for it."""
        rows = self.refunds
        tried = {row.again_id for row in rows}
        if any(row.state == RefundState.FAILED and row.pk not in tried for row in rows):
            return MoneyBack.FAILED
        if any(row.is_open for row in rows):
            return MoneyBack.ON_ITS_WAY
        came = any(row.state == RefundState.SUCCEEDED for row in rows)
        return MoneyBack.CAME if came else MoneyBack.NONE

    @property
    def word(self) -> str:
        """What became of it until now: never that money is back while it is on its way."""
        granted = self.state == Notice.REFUNDED
        return str(self.money_back.label if granted else Notice(self.state).label)

    @property
    def goods(self) -> Money:
        """What the withdrawn rows cost, once that is decided."""
        return Money(sum(row.gross_ore for row in self.lines.all()))

    @property
    def freight(self) -> Money:
        return Money(self.freight_ore)

    @property
    def deduction(self) -> Money:
        return Money(self.deduction_ore)

    @property
    def refund(self) -> Money:
        return self.goods + self.freight - self.deduction


class WithdrawnLine(models.Model):
    """So many copies of a row were withdrawn, at the price they were bought for. Written when the money goes back."""

    withdrawal = models.ForeignKey(Withdrawal, related_name="lines", on_delete=models.CASCADE)
    line = models.ForeignKey(OrderLine, related_name="withdrawn", on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField(_("antal"))
    gross_ore = models.PositiveBigIntegerField(_("summa i öre"))

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "line"], name="withdrawn_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="withdrawn_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_ore)
