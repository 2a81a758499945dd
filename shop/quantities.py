"""How many copies a basket may hold of a product, and the sentence when it may not."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shop.basket import MAX_QUANTITY, quantity
from shop.language import is_english
from shop.models import Product
from shop.money import NBSP


def asked_for(product: Product, text: str, *, already: int = 0) -> int:
    """Read what was typed and answer how many the basket shall hold, `already` there included.

    Raises ValidationError with a sentence that says what to do.
    """
    number = quantity(text)
    if number is None:
        raise ValidationError(out_of_range(1, largest(product)))
    whole = number + already
    _check_range(product, whole, already)
    if whole % product.pack_size:
        raise ValidationError(_wrong_pack(product, whole))
    return whole


def fault(product: Product, number: int) -> str:
    """Why so many cannot be ordered, empty when they can: a basket lives for weeks, and its rules may change."""
    try:
        asked_for(product, str(number))
    except ValidationError as error:
        return error.messages[0]
    return ""


def grouped(number: int) -> str:
    """5 000, with a no-break space between the groups; in English 5,000."""
    return f"{number:,}" if is_english() else f"{number:,}".replace(",", NBSP)


def percent(number: int) -> str:
    """6 %, with a no-break space (sweden.md h); in English 6%."""
    return f"{number}%" if is_english() else f"{number}{NBSP}%"


def largest(product: Product) -> int:
    return min(product.max_quantity, MAX_QUANTITY)


def out_of_range(least: int, most: int) -> str:
    return _("Skriv ett antal mellan %(least)s och %(most)s. Behöver du fler? Ring oss") % {
        "least": grouped(least),
        "most": grouped(most),
    }


def _check_range(product: Product, whole: int, already: int) -> None:
    if product.min_quantity <= whole <= largest(product):
        return
    if already and whole > largest(product):
        raise ValidationError(
            _("I korgen ligger redan %(already)s, och högst %(most)s får plats. Behöver du fler? Ring oss")
            % {"already": grouped(already), "most": grouped(largest(product))}
        )
    raise ValidationError(out_of_range(product.min_quantity, largest(product)))


def _wrong_pack(product: Product, whole: int) -> str:
    """Names the nearest number that can be bought, the larger one first."""
    pack = product.pack_size
    nearest = -(-whole // pack) * pack
    if nearest > largest(product):
        nearest = largest(product) // pack * pack
    return _("Säljs i förpackningar om %(pack)s. Närmast är %(nearest)s") % {
        "pack": grouped(pack),
        "nearest": grouped(nearest),
    }
