"""The lists of notices of withdrawal and of complaints: what waits for us first."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from orders import periods
from orders.models import Complaint, Withdrawal
from orders.models.withdrawal import WithdrawalQuerySet
from orders.staff.columns import day
from orders.staff.listing import StaffList
from orders.states import Fault, Notice
from shop.days import stockholm_today
from shop.staff.columns import LabelledColumn, PlainColumn
from shop.staff.filters import choice

SHORT = "j b Y"  # as moments stand in the staff's lists
LONGEST_SHOWN = 140  # characters of what a buyer wrote
WAITING = "waiting"  # the filter's word for what the start page counts
GIVEN_BACK, WITHDRAWN = "given-back", "withdrawn"


class SenderColumn(Column):
    """Who gave the notice, with the address below."""

    cell_template_name = "orders/staff/_sender_cell.html"


def refund_due(notice: Withdrawal) -> Any:
    """The day the money must be back, marked when it has passed with our hands still on it."""
    if not notice.may_have_the_right or not notice.is_open or notice.waits_for_goods:
        return ""
    late = notice.is_late(stockholm_today())
    day_of_it = date_format(notice.refund_due, SHORT)
    return format_html("{}<br><strong>{}</strong>", day_of_it, _("Försenat.")) if late else day_of_it


def withdraw_by(notice: Withdrawal) -> str:
    """The last day to withdraw, in a word when there is none yet; its own page says why."""
    if notice.order is None or not notice.may_have_the_right:
        return ""
    last = periods.withdraw_by(notice.order)
    if last is None:
        return _("Okänd") if notice.order.has_left else _("Har inte börjat")
    return date_format(last, SHORT)


def shortened(text: str) -> str:
    """The beginning of what a buyer wrote; the whole stands on its own page."""
    return Truncator(text).chars(LONGEST_SHOWN)


def told(notice: Withdrawal) -> str:
    """What the buyer wrote; of places, how they came back."""
    return shortened(notice.rows) if not notice.gave_places_back else str(notice.get_kind_display())


class NoticeFilters(WagtailFilterSet):
    state = choice(
        gettext_lazy("Läge"),
        [(WAITING, gettext_lazy("Väntar på oss")), *Notice.choices],
        method="by_state",
    )

    kind = choice(
        gettext_lazy("Slag"),
        [(WITHDRAWN, gettext_lazy("Ånger")), (GIVEN_BACK, gettext_lazy("Avanmälda platser"))],
        method="by_kind",
    )

    class Meta:
        model = Withdrawal
        fields: list[str] = []

    def by_kind(self, notices: WithdrawalQuerySet, _name: str, word: str) -> WithdrawalQuerySet:
        return notices.given_back() if word == GIVEN_BACK else notices.withdrawals()

    def by_state(self, notices: WithdrawalQuerySet, _name: str, word: str) -> WithdrawalQuerySet:
        return notices.waiting() if word == WAITING else notices.filter(state=word)


class WithdrawalList(StaffList):
    """Those that wait for us first, the oldest before all; what was said and when must stay as it is."""

    model = Withdrawal
    page_title = gettext_lazy("Ångrade köp")
    header_icon = "rotate"
    index_url_name = "order_staff:withdrawals"
    index_results_url_name = "order_staff:withdrawals_results"
    verbose_name_plural = gettext_lazy("ångrade köp")
    filterset_class = NoticeFilters
    columns = [
        TitleColumn(
            "order_number",
            label=gettext_lazy("Beställning"),
            get_url=lambda notice: reverse("order_staff:notice", args=[notice.pk]),
        ),
        StatusTagColumn(
            "state",
            label=gettext_lazy("Läge"),
            accessor="word",
            primary=lambda notice: not notice.is_open,
        ),
        day("received_at", gettext_lazy("Mottaget")),
        SenderColumn("name", label=gettext_lazy("Namn"), accessor=lambda notice: notice),
        PlainColumn(
            "rows",
            label=gettext_lazy("Vilka varor"),
            accessor=told,
            classname="staff-words",
        ),
        LabelledColumn(
            "withdraw_by",
            label=gettext_lazy("Ångerfrist"),
            accessor=withdraw_by,
            classname="staff-day",
        ),
        LabelledColumn("refund_due", label=gettext_lazy("Pengar tillbaka senast"), accessor=refund_due),
    ]

    def get_base_queryset(self) -> QuerySet[Withdrawal]:
        notices = Withdrawal.objects.waiting_first().select_related("order")
        return notices.prefetch_related(
            "order__shipments", "order__history", "order__payments", "order__refunds", "order__lines__product"
        )


def last_day(complaint: Complaint) -> str:
    """Until when the law lets this buyer complain, and whether it came later."""
    last = complaint.last_day
    if last is None:
        return ""
    text = date_format(last, "j F Y")
    return _("%(day)s, kom för sent") % {"day": text} if complaint.came_late else text


class ComplaintFilters(WagtailFilterSet):
    state = choice(gettext_lazy("Läge"), Fault.choices)

    class Meta:
        model = Complaint
        fields: list[str] = []


class ComplaintList(StaffList):
    """The open ones first, the oldest before all."""

    model = Complaint
    page_title = gettext_lazy("Reklamationer")
    header_icon = "warning"
    index_url_name = "order_staff:complaints"
    index_results_url_name = "order_staff:complaints_results"
    verbose_name_plural = gettext_lazy("reklamationer")
    filterset_class = ComplaintFilters
    columns = [
        TitleColumn(
            "order",
            label=gettext_lazy("Beställning"),
            accessor="order.number",
            get_url=lambda complaint: reverse("order_staff:complaint", args=[complaint.pk]),
        ),
        StatusTagColumn(
            "state",
            label=gettext_lazy("Läge"),
            accessor="get_state_display",
            primary=lambda complaint: complaint.state != Fault.OPEN,
        ),
        day("received_at", gettext_lazy("Mottagen")),
        PlainColumn("name", label=gettext_lazy("Namn"), accessor="order.name"),
        PlainColumn(
            "fault",
            label=gettext_lazy("Felet"),
            accessor=lambda complaint: shortened(complaint.fault),
            classname="staff-words",
        ),
        LabelledColumn("wish", label=gettext_lazy("Önskan"), accessor="get_wish_display"),
        LabelledColumn("last_day", label=gettext_lazy("Sista dag att reklamera"), accessor=last_day),
    ]

    def get_base_queryset(self) -> QuerySet[Complaint]:
        complaints = Complaint.objects.open_first().select_related("order")
        return complaints.prefetch_related("order__shipments", "order__history")
