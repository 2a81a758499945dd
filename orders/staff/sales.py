"""Försäljning och lager: a year of sales for those who see money, and of shelves for those who see stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders.staff.figures import Sold, Ware, mondays, wares
from shop.days import stockholm_today
from shop.quantities import grouped
from shop.staff.charts import Chart, Point


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Försäljning och lager")
    header_icon = "order"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        orders = {"url": reverse("order_staff:list"), "label": _("Beställningar")}
        return [*self.breadcrumbs_items, orders, {"url": "", "label": self.page_title}]


@dataclass(frozen=True, slots=True)
class WareShown:
    """A product's charts; one of them is missing for who may not see it, or when nobody counts."""

    id: str
    name: str
    sales: Chart | None
    stock: Chart | None


@dataclass(frozen=True, slots=True)
class WeekShown:
    """A row of the table behind: the week, the sum of all, and each product's copies and shelf."""

    label: str
    total: Sold
    cells: list[tuple[Sold, int | None]]


@dataclass(frozen=True, slots=True)
class Told:
    """A year of sales as people read it: sold, back, what is left of that, and the week with most left."""

    sold: str
    back: str
    net: str
    week: str
    best: str


@require_safe
def sales(request: HttpRequest) -> HttpResponse:
    today = stockholm_today()
    labels, found = [week_name(monday) for monday in mondays(today)], wares(today)
    may_sales = request.user.has_perm("orders.view_payment")
    may_stock = request.user.has_perm("shop.view_stockmovement")
    context = Furniture().get_context_data(
        all_sales=_all_sales(found, labels) if may_sales else None,
        wares=[_shown(ware, labels, sales=may_sales, stock=may_stock) for ware in found],
        names=[ware.product.name for ware in found],
        weeks=_table(found, labels),
        may_sales=may_sales,
        may_stock=may_stock,
        columns=3 * may_sales + may_stock,
    )
    return TemplateResponse(request, "orders/staff/sales.html", context)


def week_name(monday: date) -> str:
    """`v. 48 2026`: the year is the ISO week's own."""
    year, week, _day = monday.isocalendar()
    return _("v. %(week)s %(year)s") % {"week": week, "year": year}


def _sum(parts: Iterable[Sold]) -> Sold:
    return reduce(add, parts, Sold())


def _all_sales(found: list[Ware], labels: list[str]) -> Chart:
    weeks = [_sum(ware.sold[place] for ware in found) for place in range(len(labels))]
    points = [
        Point(name, week.ore, week.amount.exact(), week.back_ore)
        for name, week in zip(labels, weeks, strict=True)
    ]
    year, best = _sum(weeks), max(weeks, key=lambda week: week.ore - week.back_ore)
    told = Told(
        year.amount.exact(), year.back.exact(), year.net.exact(), labels[weeks.index(best)], best.net.exact()
    )
    return _sales_chart("alla", _("Försäljning per vecka, alla varor"), told, points)


def _shown(ware: Ware, labels: list[str], *, sales: bool, stock: bool) -> WareShown:
    return WareShown(
        f"vara-{ware.product.pk}",
        ware.product.name,
        _sales_of(ware, labels) if sales else None,
        _stock_of(ware, labels) if stock and ware.stock else None,
    )


def _sales_of(ware: Ware, labels: list[str]) -> Chart:
    points = [
        Point(name, week.copies, _copies(week.copies), week.back_copies)
        for name, week in zip(labels, ware.sold, strict=True)
    ]
    year, best = _sum(ware.sold), max(ware.sold, key=lambda week: week.net_copies)
    told = Told(
        _copies(year.copies),
        _copies(year.back_copies),
        _copies(year.net_copies),
        labels[ware.sold.index(best)],
        _copies(best.net_copies),
    )
    return _sales_chart(f"salt-{ware.product.pk}", _("Sålda exemplar per vecka"), told, points)


def _sales_chart(name: str, title: str, told: Told, points: list[Point]) -> Chart:
    if not any(point.value for point in points):
        return Chart(name, title, _("Ingenting på ett år."), points)
    words = _(
        "Sålt %(sold)s på ett år, åter %(back)s, netto %(net)s. Bästa veckan var %(week)s med %(best)s netto."
    )
    return Chart(name, title, words % asdict(told), points)


def _stock_of(ware: Ware, labels: list[str]) -> Chart:
    points = [Point(name, left, _copies(left)) for name, left in zip(labels, ware.stock or [], strict=True)]
    words = _("Nu finns %(amount)s på hyllan. Som mest fanns %(best)s vid en veckas slut, %(week)s.")
    return _chart(
        f"lager-{ware.product.pk}", _("På hyllan vid veckans slut"), words, points[-1].shown, points, "steps"
    )


def _chart(name: str, title: str, words: str, amount: str, points: list[Point], kind: str = "bars") -> Chart:
    best = max(points, key=lambda point: point.value)
    if best.value <= 0:
        return Chart(name, title, _("Ingenting på ett år."), points, kind)
    return Chart(
        name, title, words % {"amount": amount, "week": best.label, "best": best.shown}, points, kind
    )


def _copies(number: int) -> str:
    return _("%(count)s ex") % {"count": grouped(number)}


def _table(found: list[Ware], labels: list[str]) -> list[WeekShown]:
    """The latest week first."""
    rows = []
    for place, label in enumerate(labels):
        cells = [(ware.sold[place], ware.stock[place] if ware.stock else None) for ware in found]
        rows.append(WeekShown(label, _sum(sold for sold, _left in cells), cells))
    return rows[::-1]
