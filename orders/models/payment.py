"""Money: attempts to pay, the ledger of what came and went, and what has to be sent back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.choices import Method
from orders.models.order import Order
from shop.money import Money

MOST_PAGES = 5  # of an order that money is told of


class AttemptQuerySet(models.QuerySet["PaymentAttempt"]):
    def unsettled(self, before: datetime) -> Self:
        """Attempts begun before a moment whose end we have not heard of."""
        return self.filter(state__in=states.LIVE_ATTEMPT, created_at__lte=before).order_by("created_at")

    def with_page(self) -> Self:
        return self.exclude(session_id="")

    def with_open_page(self) -> Self:
        """Attempts that somebody may still pay by."""
        return self.with_page().filter(state__in=states.LIVE_ATTEMPT)

    def latest_unpaid_of(self, number: str) -> Self:
        """The pages of the order of that number that are not known to be paid, the latest first, MOST_PAGES of them."""
        pages = self.with_page().filter(order__number=number).exclude(state=states.Attempt.SUCCEEDED)
        return pages.order_by("-pk")[:MOST_PAGES]


class PaymentAttempt(models.Model):
    """One Checkout Session. The idempotency key is stored before the call, so that a retry repeats nothing."""

    MACHINE = "attempt"
    TABLE = states.ATTEMPT

    order = models.ForeignKey(Order, related_name="attempts", on_delete=models.CASCADE)
    method = models.CharField(_("betalsätt"), max_length=10, choices=Method)
    amount_ore = models.PositiveBigIntegerField(_("belopp i öre"))
    state = models.CharField(_("läge"), max_length=10, choices=states.Attempt, default=states.Attempt.CREATED)
    idempotency_key = models.CharField(max_length=64, unique=True, default=secrets.token_hex)
    session_id = models.CharField(_("session"), max_length=120, blank=True, db_index=True)
    url = models.TextField(_("betalsida"), blank=True)
    created_at = models.DateTimeField(_("påbörjad"))
    expires_at = models.DateTimeField(_("går ut"))

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("betalningsförsök")
        verbose_name_plural = _("betalningsförsök")
        constraints = [
            models.UniqueConstraint(
                fields=["session_id"], condition=~models.Q(session_id=""), name="one_attempt_per_session"
            )
        ]
        indexes = [
            # What the sweep asks for each minute, however many have ended since the shop began.
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=[states.Attempt.CREATED, states.Attempt.OPEN]),
                name="attempt_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.method}"

    @property
    def is_live(self) -> bool:
        return self.state in states.LIVE_ATTEMPT

    def leads_to_payment(self, method: str, now: datetime) -> bool:
        """Whether its page can still be paid on, by this method; by whichever it is for when none is named."""
        return method in {"", self.method} and self.expires_at > now

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause, now=now)

    @property
    def amount(self) -> Money:
        return Money(self.amount_ore)


class Payment(models.Model):
    """A line of the money ledger. Append only.

    What came is a payment; what went back a refund, or a chargeback when the buyer's bank took it. What came to us
    again after that is a reversal of a refund that bounced, or reinstated by the bank.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Inbetalning")
        REFUND = "refund", _("Återbetalning")
        REVERSAL = "reversal", _("Återbetalning som inte gick igenom")
        CHARGEBACK = "chargeback", _("Tagen tillbaka av köparens bank")
        REINSTATED = "reinstated", _("Återförd av köparens bank")

    order = models.ForeignKey(Order, related_name="payments", on_delete=models.PROTECT)
    attempt = models.ForeignKey(PaymentAttempt, related_name="payments", on_delete=models.PROTECT, null=True)
    kind = models.CharField(_("slag"), max_length=10, choices=Kind, default=Kind.PAYMENT)
    method = models.CharField(_("betalsätt"), max_length=10)
    amount_ore = models.PositiveBigIntegerField(_("belopp i öre"))
    reference = models.CharField(_("betalarens referens"), max_length=120, unique=True)
    at = models.DateTimeField(_("när"))
    actor = models.CharField(_("vem"), max_length=150)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("betalning")
        verbose_name_plural = _("betalningar")

    def __str__(self) -> str:
        return f"{self.kind} {Money(self.amount_ore)}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_ore)

    @property
    def signed(self) -> Money:
        """What it adds to what we hold."""
        return -self.amount if self.kind in {self.Kind.REFUND, self.Kind.CHARGEBACK} else self.amount


# A refund that is on its way needs days; its end is told by an event, and asked for so often.
PATIENCE = timedelta(hours=1)
# So long whoever asked last has the refund to itself: an ask of which no answer came, or whose asker was killed,
# may still be carried out at the payment service. Longer than any round of the sweep, so that `now` may be its start.
LEASE = timedelta(minutes=5)
# So long after it was planned, a refund that has not been sent, or not come, needs somebody's eyes.
UNSENT, UNHEARD = timedelta(days=1), timedelta(days=10)


class RefundQuerySet(models.QuerySet["Refund"]):
    def open(self) -> Self:
        """Not sent yet, or sent and not known to have come."""
        return self.filter(state__in=states.OPEN_REFUND)

    def by_gateway(self) -> Self:
        """Those that the payment service carries out; the others somebody sends by hand."""
        return self.filter(source__attempt__isnull=False)

    def by_hand(self) -> Self:
        return self.filter(source__attempt__isnull=True)

    def to_ask_about(self, now: datetime) -> Self:
        """Those of the payment service to send now, and those of which no answer or no end has come for a while."""
        silent = models.Q(state=states.RefundState.PENDING, asked_at__lte=now - PATIENCE)
        unheard = models.Q(state=states.RefundState.REQUESTED, asked_at__lte=now - LEASE)
        fresh = models.Q(state=states.RefundState.PLANNED)
        return self.by_gateway().filter(fresh | unheard | silent)

    def stuck(self, now: datetime) -> Self:
        """Those of the payment service that it takes suspiciously long to send, or to bring to their end."""
        unsent = models.Q(state__in=[states.RefundState.PLANNED, states.RefundState.REQUESTED])
        unsent &= models.Q(created_at__lte=now - UNSENT)
        unheard = models.Q(state=states.RefundState.PENDING, created_at__lte=now - UNHEARD)
        return self.by_gateway().filter(unsent | unheard)

    def unhandled(self) -> Self:
        """Those that need a hand: to be sent by hand, or failed and not tried again."""
        waiting = models.Q(source__attempt__isnull=True, state=states.RefundState.PLANNED)
        failed = models.Q(state=states.RefundState.FAILED, tried_again=None)
        return self.filter(waiting | failed)


class Refund(models.Model):
    """One sum that is not ours to keep, on its way back. A new try after a failure is a row of its own."""

    MACHINE = "refund"
    TABLE = states.REFUND

    order = models.ForeignKey(Order, related_name="refunds", on_delete=models.PROTECT)
    source = models.ForeignKey(
        Payment,
        verbose_name=_("tas från"),
        related_name="refunds",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    key = models.CharField(max_length=120, unique=True)
    amount_ore = models.PositiveBigIntegerField(_("belopp i öre"))
    reason = models.CharField(_("varför"), max_length=200)
    actor = models.CharField(_("vem"), max_length=150, default="systemet")
    state = models.CharField(
        _("läge"),
        max_length=10,
        choices=states.RefundState,
        default=states.RefundState.PLANNED,
        db_index=True,
    )
    idempotency_key = models.CharField(max_length=64, default=secrets.token_hex)
    gateway_id = models.CharField(_("betaltjänstens nummer"), max_length=120, blank=True)
    failure = models.CharField(_("varför den inte gick igenom"), max_length=200, blank=True)
    again = models.OneToOneField(
        "self",
        verbose_name=_("nytt försök för"),
        related_name="tried_again",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    # A sum that is taken from several payments is several rows; to the buyer it is one.
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("del av"),
        related_name="other_parts",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("sedan"))
    asked_at = models.DateTimeField(_("senast frågat"), null=True, blank=True)
    done_at = models.DateTimeField(_("klart"), null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("återbetalning")
        verbose_name_plural = _("återbetalningar")
        constraints = [
            models.UniqueConstraint(
                fields=["gateway_id"], condition=~models.Q(gateway_id=""), name="one_refund_per_gateway_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {Money(self.amount_ore)}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_ore)

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN_REFUND

    @property
    def parts(self) -> list[Refund]:
        """The rows of the whole sum that this one is of, itself among them, the first one first."""
        first = self.part_of_id or self.pk
        rows = Refund.objects.filter(models.Q(pk=first) | models.Q(part_of=first))
        return list(rows.select_related("source").order_by("pk"))

    def is_being_asked_about(self, now: datetime) -> bool:
        """Whether an ask may be on its way that could still send the money."""
        if self.state != states.RefundState.REQUESTED or self.asked_at is None:
            return False
        return now < self.asked_at + LEASE

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody has to send it: the money did not come through the payment service."""
        return self.source is None or self.source.attempt_id is None

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        self.order.note(machine, old, new, actor=actor, cause=cause, now=now)


class StripeEvent(models.Model):
    """The ledger of what Stripe has told us: each event once, also those we do not know."""

    event_id = models.CharField(max_length=120, unique=True)
    type = models.CharField(_("slag"), max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(_("kom"))
    handled_at = models.DateTimeField(_("hanterat"), null=True, blank=True)

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [
            # As above: what could not be acted on when it came.
            models.Index(
                fields=["received_at"], condition=models.Q(handled_at=None), name="stripe_event_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class PracticeSession(models.Model):
    """The demo's stand-in for a Checkout Session. Never in production."""

    session_id = models.CharField(max_length=64, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    order_number = models.CharField(max_length=20)
    amount_ore = models.PositiveBigIntegerField()
    return_url = models.TextField()
    cancel_url = models.TextField()
    status = models.CharField(max_length=10, default="open")  # open, paid, expired
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.order_number} {self.status}"
