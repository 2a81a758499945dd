"""The lists: all orders with search and filters, and notices of withdrawal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from orders.models import Order, Withdrawal
from orders.models.order import OrderQuerySet
from orders.staff import words
from orders.staff.columns import (
    AGREEMENT,
    BUYER,
    FULFILMENT,
    NUMBER,
    PAYMENT,
    PLACE,
    PLACED,
    TOTAL,
    WITHDRAWN,
    day,
    order_url,
)
from orders.staff.filters import OrderFilters
from orders.states import Agreement
from shop.staff.filters import choice, search_form

__all__ = ["OrderList", "StaffList", "WithdrawalList", "choice", "day"]


class SenderColumn(Column):
    """Who gave the notice, with the address below."""

    cell_template_name = "orders/staff/_sender_cell.html"


class RefundDueColumn(Column):
    """The day the money must be back, marked when it has passed with our hands still on it."""

    cell_template_name = "orders/staff/_refund_due_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "late": instance.is_late(localdate())}


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
        return search_form(self.request, _("Nummer, namn, e-post, organisation, referens"))

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
