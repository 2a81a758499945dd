"""The lists: all orders with search and filters, and notices of withdrawal."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from orders.models import Order
from orders.models.order import OrderQuerySet
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
)
from orders.staff.filters import OrderFilters
from orders.states import Agreement
from shop.staff.filters import choice, search_form

__all__ = ["OrderList", "StaffList", "choice", "day"]


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
