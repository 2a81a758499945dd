"""The list of all orders, with search, filters and what may be done with the ticked ones; and what all lists share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from orders.models import Order, SavedList
from orders.models.order_queries import OrderQuerySet
from orders.staff.columns import (
    AGREEMENT,
    BUYER,
    FULFILMENT,
    NUMBER,
    PAYMENT,
    PLACE,
    PLACED,
    TOTAL,
    TickColumn,
)
from orders.staff.deeds import Deed, ManyNoteForm, deeds_for
from orders.staff.filters import OrderFilters
from shop.staff.filters import search_form


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
    template_name = "orders/staff/orders.html"
    results_template_name = "orders/staff/orders_results.html"
    note_form: ManyNoteForm | None = None  # one that came back with an error …
    ticked: frozenset[str | None] = frozenset()  # … and the orders that were ticked

    @cached_property
    def columns(self) -> list[Column]:
        named = [NUMBER, PLACED, BUYER, PLACE, TOTAL, PAYMENT, FULFILMENT, AGREEMENT]
        return [TickColumn(self.is_ticked), *named] if self.deeds else named

    def is_ticked(self, order: Order) -> bool:
        return order.number in self.ticked or "alla" in self.request.GET

    @cached_property
    def deeds(self) -> list[Deed]:
        """What may be done with ticked orders."""
        return deeds_for(self.request.user)

    def get_base_queryset(self) -> QuerySet[Order]:
        found = Order.objects.placed().with_places()
        return found.prefetch_related("payments", "shipments", "withdrawals")

    def get_search_form(self) -> SearchForm:
        return search_form(self.request, _("Nummer, namn, e-post, organisation, referens, spårningsnummer"))

    def search_queryset(self, queryset: OrderQuerySet) -> OrderQuerySet:
        return queryset.search(self.search_query)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        for name in ("alla", "p", "_w_filter_fragment"):
            query.pop(name, None)
        return {
            **context,
            "deeds": self.deeds,
            "note_form": self.note_form or ManyNoteForm(auto_id="id_many_%s"),
            "query": query.urlencode(),
            "saved": [] if self.results_only else SavedList.objects.seen_by(self.request.user),
        }

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Att packa"), reverse("order_staff:to_pack"), icon_name="tasks", priority=10),
            HeaderButton(
                _("Ångrade köp"), reverse("order_staff:withdrawals"), icon_name="rotate", priority=20
            ),
        ]
