"""Money that needs a hand: lines of the start page's panel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Difference, Dispute, Order, Refund
from orders.staff.differences import OPEN
from orders.states import RefundState
from shop.staff.duties import Duty, holds, kind

MOST = 20
SOON = timedelta(days=3)


@kind(31, holds("orders.refund_order"))
def bounced(_user: Any, _now: datetime) -> list[Duty]:
    """Refunds that did not go through, and that nobody has tried again."""
    rows = Refund.objects.unhandled().filter(state=RefundState.FAILED).select_related("order")[:MOST]
    words = _("Återbetalningen på %(amount)s för %(number)s gick inte igenom")
    return [
        Duty(_page(row), words % {"amount": row.amount.exact(), "number": row.order.number}, row.reason, True)
        for row in rows
    ]


@kind(31, holds("orders.refund_order"))
def stuck(_user: Any, now: datetime) -> list[Duty]:
    """Refunds that the payment service should have made, or brought to their end, long ago."""
    rows = Refund.objects.stuck(now).select_related("order")[:MOST]
    words = _("Återbetalningen på %(amount)s för %(number)s har fastnat")
    since = _("Den skulle ha gått %(day)s.")
    return [
        Duty(
            _page(row),
            words % {"amount": row.amount.exact(), "number": row.order.number},
            since % {"day": date_format(localtime(row.created_at), "j F")},
            late=True,
        )
        for row in rows
    ]


@kind(31, holds("orders.refund_order"))
def kept_in_vain(_user: Any, _now: datetime) -> list[Duty]:
    """Orders that are called off, and whose money nobody sends back."""
    rows = Order.objects.kept_in_vain().prefetch_related("payments", "refunds")[:MOST]
    words = _("%(number)s är avbeställd, men %(amount)s är inte på väg tillbaka")
    return [
        Duty(
            reverse("order_staff:order", args=[order.number]),
            words % {"amount": order.may_be_sent_back.exact(), "number": order.number},
            late=True,
        )
        for order in rows
    ]


@kind(32, holds("orders.view_payment"))
def disputes(_user: Any, now: datetime) -> list[Duty]:
    """Payments that a buyer's bank wants back, and that wait for our answer."""
    rows = Dispute.objects.open().filter(status__in=Dispute.TO_ANSWER).select_related("order")[:MOST]
    words = _("Köparens bank vill ha tillbaka %(amount)s för %(number)s")
    return [
        Duty(
            _page(row),
            words % {"amount": row.amount.exact(), "number": row.order.number},
            _deadline(row),
            bool(row.evidence_due and row.evidence_due < now + SOON),
        )
        for row in rows
    ]


def _deadline(row: Dispute) -> str:
    if row.evidence_due is None:
        return ""
    return _("Svara senast %(day)s.") % {"day": date_format(localtime(row.evidence_due), "j F Y, G.i")}


@kind(33, holds("orders.view_payment"))
def differences(_user: Any, _now: datetime) -> list[Duty]:
    count = Difference.objects.open().count()
    words = ngettext("%(count)s avvikelse mot Stripe", "%(count)s avvikelser mot Stripe", count)
    page = f"{reverse('money_staff:differences')}?state={OPEN}"
    return [Duty(page, words % {"count": count}, late=True)] if count else []


def _page(row: Refund | Dispute) -> str:
    return reverse("order_staff:order", args=[row.order.number])
