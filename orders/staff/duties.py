"""What waits among the orders for somebody to do it: lines of the start page's panel Att göra i dag."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Complaint, Order, Refund, Shipment, Withdrawal
from orders.staff.money_duties import first_money, order_page
from orders.staff.money_waiting import MoneyWaits
from orders.staff.notice_lists import GIVEN_BACK, WAITING, WITHDRAWN
from orders.states import Fault
from shop.staff.access import holds
from shop.staff.duties import Duty, kind

PACK_WITHIN = timedelta(days=2)  # what the book pages promise
SEND_WITHIN = timedelta(days=1)
APPROVE_WITHIN = timedelta(days=1)  # what the buyer has been told
REPAY_WITHIN = timedelta(days=14)  # the law (DAL 2 kap. 14 §)
ANSWER_WITHIN = timedelta(days=7)


def day_of(moment: datetime) -> str:
    return date_format(localtime(moment), "j F")


@kind(10, holds("orders.pack_order"))
def to_pack(_user: Any, now: datetime) -> list[Duty]:
    waiting = Shipment.objects.to_pack().order_by()
    found = waiting.aggregate(count=Count("pk"), oldest=Min("order__placed_at"))
    words = ngettext("%(count)s försändelse att packa", "%(count)s försändelser att packa", found["count"])
    note = _("Den äldsta lades %(day)s.")
    return _counted(reverse("order_staff:to_pack"), words, note, found, now - PACK_WITHIN)


@kind(20, holds("orders.pack_order"))
def to_send(_user: Any, now: datetime) -> list[Duty]:
    waiting = Shipment.objects.to_send().order_by()
    found = waiting.aggregate(count=Count("pk"), oldest=Min("packed_at"))
    words = ngettext(
        "%(count)s packad försändelse att skicka", "%(count)s packade försändelser att skicka", found["count"]
    )
    note = _("Den äldsta packades %(day)s.")
    return _counted(reverse("order_staff:to_send"), words, note, found, now - SEND_WITHIN)


def _counted(page: str, words: str, note: str, found: dict[str, Any], late: datetime) -> list[Duty]:
    """One line for so many as `page` lists, with the day of the oldest; none for none."""
    if not found["count"]:
        return []
    oldest = found["oldest"]
    told = note % {"day": day_of(oldest)} if oldest else ""
    return [Duty(page, words % found, told, bool(oldest and oldest < late))]


@kind(25, holds("orders.approve_order"))
def to_approve(_user: Any, now: datetime) -> list[Duty]:
    """Invoice customers, who have been told to hear from us within a working day."""
    found = Order.objects.awaiting_approval().order_by()
    counted = found.aggregate(count=Count("pk"), oldest=Min("placed_at"))
    words = ngettext(
        "%(count)s fakturakund att godkänna", "%(count)s fakturakunder att godkänna", counted["count"]
    )
    note = _("Den äldsta lades %(day)s.")
    return _counted(reverse("order_staff:approvals"), words, note, counted, now - APPROVE_WITHIN)


@kind(30, holds("orders.refund_order"))
def to_send_back(_user: Any, now: datetime) -> list[Duty]:
    """Money that somebody sends by hand."""
    return first_money(MoneyWaits.BY_HAND, now, lambda row: Duty(order_page(row), _refund(row), row.reason))


def _refund(refund: Refund) -> str:
    return _("Betala tillbaka %(amount)s för %(number)s") % {
        "amount": refund.amount.exact(),
        "number": refund.order.number,
    }


@kind(35, holds("orders.refund_order"))
def to_judge(_user: Any, now: datetime) -> list[Duty]:
    """Notices of withdrawal that nobody has judged, or whose goods are here."""
    waiting = Withdrawal.objects.withdrawals().waiting().order_by()
    found = waiting.aggregate(count=Count("pk"), oldest=Min("received_at"))
    words = ngettext("%(count)s ånger att ta hand om", "%(count)s ångrade köp att ta hand om", found["count"])
    note = _("Den äldsta kom %(day)s.")
    page = f"{reverse('order_staff:withdrawals')}?state={WAITING}&kind={WITHDRAWN}"
    return _counted(page, words, note, found, now - REPAY_WITHIN)


@kind(36, holds("orders.refund_order"))
def to_settle(_user: Any, now: datetime) -> list[Duty]:
    """Paid places that were cancelled without a right to withdraw: whether the money goes back."""
    waiting = Withdrawal.objects.given_back().waiting().order_by()
    found = waiting.aggregate(count=Count("pk"), oldest=Min("received_at"))
    words = ngettext(
        "%(count)s avanmälan att avgöra betalningen för",
        "%(count)s avanmälningar att avgöra betalningen för",
        found["count"],
    )
    note = _("Den äldsta kom %(day)s.")
    page = f"{reverse('order_staff:withdrawals')}?state={WAITING}&kind={GIVEN_BACK}"
    return _counted(page, words, note, found, now - ANSWER_WITHIN)


@kind(40, holds("orders.note_order"))
def to_answer(_user: Any, now: datetime) -> list[Duty]:
    waiting = Complaint.objects.open().order_by()
    found = waiting.aggregate(count=Count("pk"), oldest=Min("received_at"))
    words = ngettext(
        "%(count)s reklamation att svara på", "%(count)s reklamationer att svara på", found["count"]
    )
    note = _("Den äldsta kom %(day)s.")
    page = f"{reverse('order_staff:complaints')}?state={Fault.OPEN}"
    return _counted(page, words, note, found, now - ANSWER_WITHIN)
