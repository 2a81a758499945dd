"""A price in words beside the price that a place is sold for: what readers see and what they pay must be one sum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from shop.money import Money

_FIGURE = r"\d[\d\s\u202f.,]*\d|\d"
_SUM = re.compile(
    rf"\bSEK\s*(?P<after>{_FIGURE})|(?P<before>{_FIGURE})(?::-|\s*(?:kr\b|kronor\b|SEK\b))", re.IGNORECASE
)
_WITHOUT_VAT = re.compile(
    r"[\s,;(]*(?:(?:exkl|excl)\w*\.?|ex\.?|utan|without|plus|\+)\s*(?:moms|VAT)|[\s,;(]*moms\s+tillkommer",
    re.IGNORECASE,
)
_ORE = re.compile(r"(?P<kronor>.+)[.,](?P<ore>\d{2})")


def read(text: str, place_price_ore: int | None) -> Iterator[tuple[str, str]]:
    """(field, sentence) for places sold at so many öre, VAT included; nothing of words without a sum."""
    sums = [(found, _ore(found["after"] or found["before"])) for found in _SUM.finditer(text)]
    if not place_price_ore or not sums:
        return
    price = Money(place_price_ore)
    own = [found for found, ore in sums if ore == place_price_ore]
    without_vat = own and _WITHOUT_VAT.match(text, own[0].end())
    if not own:
        sentence = _(
            "En plats kostar %(price)s med moms, men det står ”%(found)s”. Rätta texten eller priset."
        )
        yield "price_text", sentence % {"price": price, "found": sums[0][0][0]}
    elif without_vat:
        sentence = _(
            "Det står ”%(found)s”, men en plats kostar %(price)s med moms. Rätta texten eller priset."
        )
        yield "price_text", sentence % {"price": price, "found": text[own[0].start() : without_vat.end()]}


def _ore(figure: str) -> int:
    """`1 950`, `2 437,50`, `1,950` and `1.950` in öre."""
    parts = _ORE.fullmatch(figure)
    kronor, ore = (parts["kronor"], parts["ore"]) if parts else (figure, "00")
    return int(re.sub(r"\D", "", kronor) + ore)
