"""The lists: all orders with search and filters, and notices of withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from orders.models import Buyer, Method, Order, Withdrawal
from orders.models.order import OrderQuerySet
from orders.staff import words
from orders.states import Agreement

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
PLACED_STATES = [choice for choice in Agreement.choices if choice[0] != Agreement.DRAFT]


def order_url(order: Order) -> str:
    return reverse("order_staff:order", args=[order.number])


# --- Filters --------------------------------------------------------------------------------------
class DayField(django_filters.fields.DateRangeField):
    """Days that a clock can hold: the year 1 has no time in UTC."""

    def clean(self, value: Any) -> Any:
        period = super().clean(value)
        for day in (period.start, period.stop) if period else ():
            if day and not FIRST_DAY <= day.date() <= LAST_DAY:
                raise ValidationError(_("Skriv datumet så här: 2026-11-23."))
        return period


class PeriodFilter(django_filters.DateFromToRangeFilter):
    field_class = DayField


def choice(label: Any, choices: Any, **more: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=gettext_lazy("Alla"), widget=forms.RadioSelect, **more
    )


class OrderFilters(WagtailFilterSet):
    state = choice(gettext_lazy("Avtal"), PLACED_STATES)
    payment = choice(gettext_lazy("Betalning"), words.PaymentWord.choices, method="by_payment")
    fulfilment = choice(gettext_lazy("Leverans"), words.FulfilmentWord.choices, method="by_fulfilment")
    buyer = choice(gettext_lazy("Köpare"), Buyer.choices)
    method = choice(gettext_lazy("Betalsätt"), Method.choices)
    placed_at = PeriodFilter(label=gettext_lazy("Period"), widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields: list[str] = []

    def by_payment(self, orders: OrderQuerySet, _name: str, word: str) -> OrderQuerySet:
        return orders.paid_as(word)

    def by_fulfilment(self, orders: OrderQuerySet, _name: str, word: str) -> OrderQuerySet:
        return orders.come_to(word)


# --- Columns --------------------------------------------------------------------------------------
class BuyerColumn(Column):
    """The organisation with its number, or the person."""

    cell_template_name = "orders/staff/_buyer_cell.html"


class SenderColumn(Column):
    """Who gave the notice, with the address below."""

    cell_template_name = "orders/staff/_sender_cell.html"


class RefundDueColumn(Column):
    """The day the money must be back, marked when it has passed with our hands still on it."""

    cell_template_name = "orders/staff/_refund_due_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "late": instance.is_late(localdate())}


def day(name: str, label: Any, **more: Any) -> Column:
    """`23 nov 2026, 9.14`"""

    def shown(row: Any) -> str:
        return date_format(localtime(getattr(row, name)), "j b Y, G.i")

    return Column(name, label=label, accessor=shown, classname="staff-day", **more)


NUMBER = TitleColumn("number", label=gettext_lazy("Nummer"), get_url=order_url)
PLACED = day("placed_at", gettext_lazy("Lagd"), sort_key="placed_at")
BUYER = BuyerColumn("buyer", label=gettext_lazy("Köpare"), accessor=lambda order: order)
PLACE = Column("city", label=gettext_lazy("Ort"))
TOTAL = Column("total", label=gettext_lazy("Summa"), accessor="total.exact", classname="staff-number")
PAYMENT = StatusTagColumn(
    "payment", label=gettext_lazy("Betalning"), accessor=words.payment, primary=lambda order: order.is_paid
)
FULFILMENT = StatusTagColumn(
    "fulfilment",
    label=gettext_lazy("Leverans"),
    accessor=words.fulfilment,
    primary=lambda order: order.fulfilment_word != "none",
)
AGREEMENT = Column("state", label=gettext_lazy("Avtal"), accessor="get_state_display")


WITHDRAWN = Column(
    "withdrawn",
    label=gettext_lazy("Obs"),
    accessor=lambda order: _("Ångrad av köparen") if order.withdrawals.all() else "",
)


# --- Lists ----------------------------------------------------------------------------------------
class StaffList(BaseListingView):
    header_icon = "form"
    paginate_by = 50
    table_classname = "listing staff-list"


class OrderList(StaffList):
    """Newest first. What is searched and filtered stands in the address, so that it can be kept as a link."""

    model = Order
    page_title = gettext_lazy("Beställningar")
    index_url_name = "order_staff:list"
    index_results_url_name = "order_staff:list_results"
    verbose_name_plural = gettext_lazy("beställningar")
    is_searchable = True
    filterset_class = OrderFilters
    default_ordering = ("-placed_at", "-pk")
    columns = [NUMBER, PLACED, BUYER, PLACE, TOTAL, PAYMENT, FULFILMENT, AGREEMENT, WITHDRAWN]

    def get_base_queryset(self) -> QuerySet[Order]:
        orders = Order.objects.exclude(state=Agreement.DRAFT)
        return orders.prefetch_related("payments", "shipments", "withdrawals")

    def get_search_form(self) -> SearchForm:
        """With a label that says what is searched; null bytes and the like are not the form's business."""
        text = self.request.GET.get("q", "").replace("\x00", "")
        return SearchForm({"q": text}, placeholder=_("Nummer, namn, e-post, organisation, referens"))

    def search_queryset(self, queryset: OrderQuerySet) -> OrderQuerySet:
        return queryset.search(self.search_query)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Att packa"), reverse("order_staff:to_pack"), icon_name="tasks", priority=10),
            HeaderButton(
                _("Ångrade köp"), reverse("order_staff:withdrawals"), icon_name="rotate", priority=20
            ),
        ]


class WithdrawalList(StaffList):
    """Notices of withdrawal, newest first. To read only: what was said and when must stay as it is."""

    model = Withdrawal
    page_title = gettext_lazy("Ångrade köp")
    header_icon = "rotate"
    index_url_name = "order_staff:withdrawals"
    index_results_url_name = "order_staff:withdrawals_results"
    verbose_name_plural = gettext_lazy("ångrade köp")
    columns = [
        day("received_at", gettext_lazy("Mottaget")),
        TitleColumn(
            "order_number",
            label=gettext_lazy("Beställning"),
            get_url=lambda notice: order_url(notice.order) if notice.order else None,
        ),
        SenderColumn("name", label=gettext_lazy("Namn"), accessor=lambda notice: notice),
        Column("rows", label=gettext_lazy("Vilka varor"), classname="wrap-anywhere"),
        Column(
            "withdraw_by",
            label=gettext_lazy("Ångerfrist"),
            classname="staff-deadline",
            accessor=lambda notice: words.last_day_to_withdraw(notice.order) if notice.order else "",
        ),
        RefundDueColumn(
            "refund_due",
            label=gettext_lazy("Pengar tillbaka senast"),
            accessor=lambda notice: notice,
        ),
    ]

    def get_base_queryset(self) -> QuerySet[Withdrawal]:
        notices = Withdrawal.objects.select_related("order").order_by("-received_at", "-pk")
        return notices.prefetch_related("order__shipments", "order__history", "order__payments")
