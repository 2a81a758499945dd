"""Money that needs a hand: lines of the start page's panel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import withdrawal_sums
from orders.models import Difference, Dispute, Order, Refund, Shipment
from orders.staff import money_waiting
from orders.staff.differences import OPEN
from orders.staff.money_waiting import MoneyWaits
from shop.staff.access import holds
from shop.staff.duties import Duty, first_of, kind

SOON = timedelta(days=3)
READ_ALONG: dict[str, tuple[str, ...]] = {  # what the line's sum is reckoned from
    MoneyWaits.KEPT: ("payments", "refunds"),
    MoneyWaits.RETURNED: ("lines__line", "order__payments", "order__refunds"),
}
SETTLE_WITHIN = timedelta(days=7)


def first_money(kind: MoneyWaits, now: datetime, told: Callable[[Any], Duty]) -> list[Duty]:
    """The first lines of one kind, each told, and the way to the order list with all of them."""
    waiting = money_waiting.rows(kind, now)
    rows = waiting if kind == MoneyWaits.KEPT else waiting.select_related("order")
    return first_of(
        rows.prefetch_related(*READ_ALONG.get(kind, ())),
        told,
        f"{reverse('order_staff:list')}?money={kind}",
        str(kind.label),
    )


@kind(31, holds("orders.refund_order"))
def bounced(_user: Any, now: datetime) -> list[Duty]:
    """Refunds that did not go through, and that nobody has tried again."""
    words = _("Återbetalningen på %(amount)s för %(number)s gick inte igenom")
    return first_money(
        MoneyWaits.BOUNCED, now, lambda row: Duty(order_page(row), words % _facts(row), row.reason, True)
    )


@kind(31, holds("orders.refund_order"))
def stuck(_user: Any, now: datetime) -> list[Duty]:
    """Refunds that the payment service should have made, or brought to their end, long ago."""
    words, since = (
        _("Återbetalningen på %(amount)s för %(number)s har fastnat"),
        _("Den skulle ha gått %(day)s."),
    )

    def told(row: Refund) -> Duty:
        day = {"day": date_format(localtime(row.created_at), "j F")}
        return Duty(order_page(row), words % _facts(row), since % day, late=True)

    return first_money(MoneyWaits.STUCK, now, told)


@kind(31, holds("orders.refund_order"))
def kept_in_vain(_user: Any, now: datetime) -> list[Duty]:
    """Orders that are called off or withdrawn from, and whose money nobody sends back."""
    words = _("%(amount)s för %(number)s är köparens, men är inte på väg tillbaka")

    def told(order: Order) -> Duty:
        facts = {"amount": order.kept_in_vain.exact(), "number": order.number}
        return Duty(reverse("order_staff:order", args=[order.number]), words % facts, late=True)

    return first_money(MoneyWaits.KEPT, now, told)


@kind(31, holds("orders.refund_order"))
def returned(_user: Any, now: datetime) -> list[Duty]:
    """Paid goods that came back, and of whose money nobody has decided."""
    words, since = _("Avgör returen för %(number)s, %(amount)s"), _("Varorna kom åter %(day)s.")

    def told(parcel: Shipment) -> Duty:
        facts = {"number": parcel.order.number, "amount": withdrawal_sums.price_of(parcel).exact()}
        came = parcel.returned_at or now
        day = {"day": date_format(localtime(came), "j F")}
        return Duty(order_page(parcel), words % facts, since % day, came < now - SETTLE_WITHIN)

    return first_money(MoneyWaits.RETURNED, now, told)


@kind(32, holds("orders.view_payment"))
def disputes(_user: Any, now: datetime) -> list[Duty]:
    """Payments that a buyer's bank wants back, and that wait for our answer."""
    words = _("Köparens bank vill ha tillbaka %(amount)s för %(number)s")

    def told(row: Dispute) -> Duty:
        is_soon = bool(row.evidence_due and row.evidence_due < now + SOON)
        return Duty(order_page(row), words % _facts(row), _deadline(row), is_soon)

    return first_money(MoneyWaits.DISPUTED, now, told)


def _facts(row: Refund | Dispute) -> dict[str, Any]:
    return {"amount": row.amount.exact(), "number": row.order.number}


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


def order_page(row: Refund | Dispute | Shipment) -> str:
    return reverse("order_staff:order", args=[row.order.number])
