"""What runs low on the shelves: a line of the start page's panel Att göra i dag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from shop.models import StockLevel
from shop.quantities import grouped
from shop.staff.access import holds
from shop.staff.duties import Duty, kind
from shop.staff.products import stock_url


@kind(70, holds("shop.view_stockmovement"))
def low_shelves(_user: Any, _now: datetime) -> list[Duty]:
    """A line per product, so many as a shop has."""
    sold = StockLevel.objects.filter(product__counted=True, product__active=True)
    low = sold.filter(on_hand__lte=F("reserved") + F("product__low_stock_at")).select_related("product")
    return [_low(level) for level in low]


def _low(level: StockLevel) -> Duty:
    words = _("%(product)s tar snart slut") % {"product": level.product.name}
    note = _("%(count)s kvar att sälja") % {"count": grouped(level.available)}
    return Duty(stock_url(level.product), words, note, late=level.available == 0)
