"""The list of orders as a file: the same search and filters, any period, one row an order, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from orders.models import Order
from orders.models.order_queries import OrderQuerySet
from orders.staff import words
from orders.staff.listing import OrderList
from shop.days import stockholm_today
from shop.money import ZERO, Money
from shop.staff.sheets import Cell, Row, as_csv, as_xlsx
from shop.vat import RATES

CHUNK = 500  # orders fetched at a time, with their rows


class OrderExport(OrderList):
    """What the list shows on all its pages. A filter that cannot be read gives no file instead of everybody."""

    sheet = "csv"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.filters and not self.filters.is_valid():
            messages.error(request, _("Något av filtren går inte att läsa. Välj dem på nytt i listan."))
            return redirect(f"{reverse('order_staff:list')}?{request.GET.urlencode()}")
        content, content_type = SHEETS[self.sheet](rows(self.get_queryset()))
        name = f"bestallningar-{stockholm_today():%Y-%m-%d}.{self.sheet}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        }
        return StreamingHttpResponse(content, content_type=content_type, headers=headers)


def _csv(found: Iterable[Row]) -> tuple[Iterator[bytes], str]:
    return as_csv(found), "text/csv; charset=utf-8"


def _xlsx(found: Iterable[Row]) -> tuple[Iterator[bytes], str]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return as_xlsx(found, title=_("Beställningar")), kind


SHEETS: dict[str, Callable[[Iterable[Row]], tuple[Iterator[bytes], str]]] = {"csv": _csv, "xlsx": _xlsx}


def rows(orders: OrderQuerySet) -> Iterator[Row]:
    """A heading and a row for each order."""
    yield [heading for heading, _cell in columns()]
    cells = [cell for _heading, cell in columns()]
    whole = orders.prefetch_related(None).prefetch_related("lines", "vat_parts", "payments", "shipments")
    for order in whole.iterator(chunk_size=CHUNK):
        yield [cell(order) for cell in cells]


def columns() -> list[tuple[str, Callable[[Order], Cell]]]:
    """What a row holds. A sole trader's number is masked, as in all lists (sweden.md b)."""
    return [
        (_("Nummer"), lambda order: order.number),
        (_("Lagd"), lambda order: order.placed_at),
        (_("Köpare"), lambda order: order.get_buyer_display()),
        (_("Organisation"), lambda order: order.organisation),
        (_("Organisationsnummer"), lambda order: order.masked_organisation_number),
        (_("Er referens"), lambda order: order.reference),
        (_("Ert ordernummer"), lambda order: order.purchase_order),
        (_("Namn"), lambda order: order.name),
        (_("E-post"), lambda order: order.email),
        (_("Gatuadress"), lambda order: order.address_line1),
        (_("Våning, port eller c/o"), lambda order: order.address_line2),
        (_("Postnummer"), lambda order: order.postal_code),
        (_("Ort"), lambda order: order.city),
        (_("Rader"), _lines),
        (_("Varor"), lambda order: order.goods),
        (_("Frakt"), lambda order: order.freight),
        *((_("Moms %(rate)s %%") % {"rate": rate}, _vat(rate)) for rate in sorted(RATES)),
        (_("Summa inkl. moms"), lambda order: order.total),
        (_("Betalt"), lambda order: order.paid),
        (_("Återbetalt"), lambda order: order.refunded),
        (_("Avtal"), lambda order: order.get_state_display()),
        (_("Betalning"), words.payment),
        (_("Leverans"), words.fulfilment),
        (_("Betalsätt"), lambda order: order.get_method_display()),
    ]


def _lines(order: Order) -> str:
    """`30 × SKRIFTEN, 1 × DET-GODA-VARDSKAPET`"""
    return ", ".join(f"{line.quantity} × {line.sku}" for line in order.lines.all())


def _vat(rate: int) -> Callable[[Order], Money]:
    return lambda order: next((vat for percent, _net, vat in order.vat_totals if percent == rate), ZERO)
