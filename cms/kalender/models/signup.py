"""Who comes: sign-ups with their guests, and the letters that staff write to all of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Sum, Value, When
from django.db.models.deletion import CASCADE, ProtectedError
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cms.kalender.models.event import EventPage
from cms.kalender.models.reminder import new_key
from shop.searched import holding_every_word, in_any

NEEDS_MEMORY = timedelta(days=14)  # after the event; the form promises it
GUEST_MEMORY = timedelta(days=90)
LATE_MONEY = timedelta(days=1)  # so long after its time a payment may still be reported


class Actor(StrEnum):
    """Who takes a sign-up back."""

    GUEST = "guest"
    STAFF = "staff"
    ORDER = "order"  # the order of its places is off


class SignUpState(models.TextChoices):
    GOING = "going", _("Anmäld")
    UNPAID = "unpaid", _("Väntar på betalning")
    QUEUED = "queued", _("På kö")
    OFFERED = "offered", _("Erbjuden plats")
    CANCELLED = "cancelled", _("Avanmäld")
    LAPSED = "lapsed", _("Tiden gick ut")


HOLDING = [SignUpState.GOING, SignUpState.UNPAID, SignUpState.OFFERED]  # these take seats
ACTIVE = [*HOLDING, SignUpState.QUEUED]
WAITING = [SignUpState.QUEUED, SignUpState.OFFERED]  # these have not said yes to a place

LISTED = ACTIVE  # in this order


# Whose event stays: who comes or waits, and who has an order for it, until they are forgotten.
KEEPING = Q(forgotten_at=None) & (Q(state__in=ACTIVE) | ~Q(order_number=""))


def with_event_unless_keeping(collector: Any, field: Any, signups: Any, using: str) -> None:
    """A sign-up goes with its event only when nobody needs it any more, whatever deletes. Raises ProtectedError."""
    if signups.filter(KEEPING).exists():
        raise ProtectedError("an event with guests stays", set(signups.filter(KEEPING)[:1]))
    CASCADE(collector, field, signups, using)


def _holds(word: str) -> Q:
    named = Guest.objects.filter(in_any(["name"], word), signup=OuterRef("pk"))
    return in_any(["email", "phone", "organisation", "order_number"], word) | Q(Exists(named))


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def active(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def going(self) -> Self:
        return self.filter(state=SignUpState.GOING).order_by("pk")

    def queue(self) -> Self:
        """In the order in which they came."""
        return self.filter(state=SignUpState.QUEUED).order_by("pk")

    def listed(self) -> Self:
        """As staff's list has them: who has a seat, who is to pay for one, who is offered one, then the queue."""
        place = Case(
            *(When(state=state, then=Value(n)) for n, state in enumerate(LISTED)), output_field=IntegerField()
        )
        return self.filter(state__in=LISTED).order_by(place, "pk")

    def search(self, text: str) -> Self:
        """Those with every word in a name, an address, a number. Not in needs: a search would tell of them."""
        return holding_every_word(self, text, _holds)

    def places(self) -> int:
        """How many people these are together."""
        return int(self.aggregate(places=Sum("places"))["places"] or 0)

    def holding(self) -> Self:
        """Those that take seats, offered ones too."""
        return self.filter(state__in=HOLDING)

    def seats_held(self) -> int:
        return self.holding().places()

    def ahead_of(self, signup: SignUp) -> int:
        """How many sign-ups of its event's queue come before it."""
        return self.queue().filter(event=signup.event_id, pk__lt=signup.pk).count()

    def over(self, moment: datetime) -> Self:
        """Those of events that had ended by then."""
        return self.filter(event__ends_at__lte=moment)

    def lapsed(self, moment: datetime) -> Self:
        """Those whose time had run out by then."""
        return self.filter(state=SignUpState.LAPSED, ended_at__lte=moment)

    def known(self) -> Self:
        """Those that have not been forgotten."""
        return self.filter(forgotten_at=None)

    def keeping(self) -> Self:
        """Those for whose sake their event is not deleted."""
        return self.filter(KEEPING)

    def reached(self) -> Self:
        """Those that letters reach; who was signed up by phone may have left a number alone."""
        return self.exclude(email="")

    def inboxes(self) -> int:
        """How many different ones these have: so many letters reach them."""
        return self.reached().order_by().values(inbox=Lower("email")).distinct().count()

    def to_ring_about_an_offer(self, now: datetime) -> Self:
        """Those without an inbox whose offer stands, the one that ends first first."""
        offered = self.known().filter(state=SignUpState.OFFERED, email="", offered_until__gt=now)
        return offered.order_by("offered_until", "pk")

    def unanswered(self, now: datetime) -> Self:
        """Offers whose time is over."""
        return self.filter(state=SignUpState.OFFERED, offered_until__lte=now).order_by("offered_until", "pk")


class SignUp(models.Model):
    """One sign-up of one or several people to an event. Changed by signing_up.py alone, under the event's row lock."""

    event = models.ForeignKey(EventPage, on_delete=with_event_unless_keeping, related_name="signups")
    key = models.CharField(max_length=40, unique=True, default=new_key)
    form_key = models.CharField(max_length=64, unique=True)  # one sign-up for each form that was opened
    state = models.CharField(_("läge"), max_length=10, choices=SignUpState)
    places = models.PositiveSmallIntegerField(_("platser"))
    email = models.EmailField(_("e-post"), max_length=254, blank=True)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    language = models.CharField(max_length=5, default="sv")
    needs = models.CharField(
        _("behov"), max_length=300, blank=True
    )  # food, access; erased soon after the event
    needs_agreed_at = models.DateTimeField(null=True)  # the consent that needs may be kept (GDPR art. 9.2 a)
    order_number = models.CharField(_("beställning"), max_length=20, blank=True, db_index=True)
    answers = models.JSONField(
        null=True
    )  # of who will pay, once a place is offered; erased when they have served
    created_at = models.DateTimeField(_("kom"))
    offered_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # since when nothing here says who it was
    letters = models.PositiveSmallIntegerField(default=0, help_text="letters about its state written so far")

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("anmälan")
        verbose_name_plural = _("anmälningar")
        permissions = [("see_needs", gettext_noop("Se gästernas mat och tillgänglighet"))]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="signup_has_places"),
        ]
        indexes = [
            models.Index(fields=["event", "state"], name="signups_of_event"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="offers_running_out"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state} {self.places}"

    @property
    def is_to_ring(self) -> bool:
        """Whether staff ring, since no letter goes."""
        return not self.email and self.forgotten_at is None

    @property
    def hint(self) -> str:
        """The address as far as its owner needs to know it again: `karin@…`."""
        return f"{self.email.partition('@')[0]}@…" if self.email else ""


class GuestQuerySet(models.QuerySet["Guest"]):
    def expected(self, event: EventPage) -> Self:
        """Those who have a seat, with their sign-ups."""
        going = self.filter(signup__event=event, signup__state=SignUpState.GOING)
        return going.select_related("signup").order_by("pk")


class Guest(models.Model):
    """One person of a sign-up, by name."""

    signup = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(_("namn"), max_length=120, blank=True)
    arrived_at = models.DateTimeField(_("kom till träffen"), null=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("gäst")
        verbose_name_plural = _("gäster")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class GuestLetter(models.Model):
    """What staff have written to all guests of an event; the letters themselves stand in the outbox."""

    event = models.ForeignKey(EventPage, on_delete=models.CASCADE, related_name="guest_letters")
    form_key = models.CharField(max_length=64, unique=True)  # sent twice, written once
    subject = models.CharField(_("ämne"), max_length=120)
    text = models.TextField(_("text"))
    author = models.CharField(max_length=150)
    receivers = models.PositiveIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("brev till gästerna")
        verbose_name_plural = _("brev till gästerna")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.subject
