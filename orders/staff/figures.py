"""What was sold and what lay on the shelves, week by week: a query for each, however many orders there are.

Weeks are ISO 8601's, as Swedes number them, and begin on Monday at midnight in Stockholm.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncWeek

from orders.models import OrderLine, ShipmentLine, WithdrawnLine
from orders.states import Agreement, Parcel
from shop.days import midnight
from shop.models import Product, StockMovement
from shop.money import Money

WEEKS = 52
SOLD = (Agreement.CONFIRMED, Agreement.CLOSED)


@dataclass(frozen=True, slots=True)
class Sold:
    """Copies, and what was asked for them in öre, VAT included and freight not; of these, what is ours again."""

    copies: int = 0
    ore: int = 0
    back_copies: int = 0
    back_ore: int = 0

    def __add__(self, other: Sold) -> Sold:
        return Sold(
            self.copies + other.copies,
            self.ore + other.ore,
            self.back_copies + other.back_copies,
            self.back_ore + other.back_ore,
        )

    @property
    def amount(self) -> Money:
        return Money(self.ore)

    @property
    def back(self) -> Money:
        return Money(self.back_ore)

    @property
    def net(self) -> Money:
        return Money(self.ore - self.back_ore)

    @property
    def net_copies(self) -> int:
        return self.copies - self.back_copies


@dataclass(frozen=True, slots=True)
class Ware:
    """A product with what was sold in each week, and what lay on the shelf at its end; None when nobody counts."""

    product: Product
    sold: list[Sold]
    stock: list[int] | None = field(default=None)


def mondays(today: date, weeks: int = WEEKS) -> list[date]:
    """The first days of the last weeks, the present one last."""
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


def wares(today: date) -> list[Ware]:
    """Each product that is for sale or was sold in these weeks. `today` is Stockholm's."""
    weeks = mondays(today)
    sold, moved = _sold(weeks), _moved(weeks)
    products = Product.objects.select_related("stock")
    shown = [product for product in products if product.active or product.pk in sold]
    return [Ware(one, _by_week(sold[one.pk], weeks), _balances(one, moved[one.pk], weeks)) for one in shown]


def _by_week(sold: dict[date, Sold], weeks: list[date]) -> list[Sold]:
    return [sold.get(week, Sold()) for week in weeks]


def _sold(weeks: list[date]) -> defaultdict[int, dict[date, Sold]]:
    """By product and week. An order counts in the week it was placed; unpaid and cancelled ones do not."""
    lines = _lines(weeks)
    rows = lines.values_list("product_id", "week")
    found: defaultdict[int, dict[date, Sold]] = defaultdict(dict)
    for product, start, copies, ore in rows.annotate(copies=Sum("quantity"), ore=Sum("gross_ore")):
        found[product][start.date()] = Sold(copies, ore)
    for line in _came_back(lines):
        week: date = line.week.date()
        found[line.product_id][week] += line_back(line)
    return found


def _lines(weeks: list[date]) -> QuerySet[Any]:
    lines = OrderLine.objects.filter(order__state__in=SOLD, order__placed_at__gte=midnight(weeks[0]))
    return lines.order_by().annotate(week=TruncWeek("order__placed_at", tzinfo=settings.STOCKHOLM))


def _came_back(lines: QuerySet[Any]) -> QuerySet[Any]:
    """The few lines of which some was withdrawn from or returned, with how many copies that was."""
    own = {"line": OuterRef("pk")}
    withdrawn = WithdrawnLine.objects.filter(**own)
    live = ShipmentLine.objects.filter(**own).exclude(shipment__state=Parcel.CANCELLED)
    returned = live.filter(shipment__state=Parcel.RETURNED)
    found: QuerySet[Any] = lines.filter(Exists(withdrawn) | Exists(returned)).annotate(
        withdrawn_copies=_total(withdrawn, "quantity"),
        withdrawn_ore=_total(withdrawn, "gross_ore"),
        live_copies=_total(live, "quantity"),
        returned_copies=_total(returned, "quantity"),
    )
    return found


def _total(rows: QuerySet[Any], field: str) -> Coalesce:
    summed = rows.order_by().values("line").annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(summed), 0)


def line_back(line: Any) -> Sold:
    """What of a line is ours again: withdrawn copies, back or struck from a parcel, and others that were returned.

    Withdrawn copies that had left are those that come back first: they are counted once.
    """
    struck = line.quantity - line.live_copies
    had_left = max(0, line.withdrawn_copies - struck)
    others = min(max(0, line.returned_copies - had_left), line.quantity - line.withdrawn_copies)
    ore = line.withdrawn_ore + line.gross_ore * others // line.quantity
    return Sold(back_copies=line.withdrawn_copies + others, back_ore=ore)


def _moved(weeks: list[date]) -> defaultdict[int, dict[date, int]]:
    """How much the shelf's balance has changed, by product and week."""
    movements = StockMovement.objects.filter(at__gte=midnight(weeks[0])).exclude(on_hand_delta=0)
    week = TruncWeek("at", tzinfo=settings.STOCKHOLM)
    rows = movements.order_by().annotate(week=week).values_list("product_id", "week")
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for product, start, change in rows.annotate(change=Sum("on_hand_delta")):
        found[product][start.date()] = change
    return found


def _balances(product: Product, moved: dict[date, int], weeks: list[date]) -> list[int] | None:
    """Reckoned back from what lies there now: the balance at a week's end is today's less what came after."""
    if not product.counted:
        return None
    now = product.stock.on_hand if hasattr(product, "stock") else 0
    changes = [moved.get(week, 0) for week in reversed(weeks[1:])]
    return list(accumulate(changes, lambda balance, change: balance - change, initial=now))[::-1]
