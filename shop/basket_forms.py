"""What visitors write about their basket."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shop import known, quantities
from shop.basket import Basket, Row
from shop.models import Product

UNKNOWN = _("Den varan finns inte hos oss längre. Titta gärna bland böckerna i stället.")
LONGEST_SKU = 40


class AddForm(forms.Form):
    """Put copies of one product into the basket, beside those that lie there."""

    sku = forms.CharField(
        max_length=LONGEST_SKU,
        error_messages=dict.fromkeys(("required", "max_length", "null_characters_not_allowed"), UNKNOWN),
    )
    quantity = forms.Field(required=False)  # read by the rules of the product, see clean()

    def __init__(self, data: QueryDict, *, held: Basket) -> None:
        super().__init__(data)
        self.held = held
        self.product: Product | None = None

    def clean_sku(self) -> str:
        """The quantity is judged by the product, so the product is found first."""
        sku = str(self.cleaned_data["sku"])
        self.product = known.products([sku]).get(sku)
        if self.product is None:
            raise ValidationError(UNKNOWN)
        return sku

    def clean(self) -> dict[str, Any]:
        if self.product is not None:
            try:
                self.whole = quantities.asked_for(
                    self.product, str(self.data.get("quantity", "")), already=self.already
                )
            except ValidationError as fault:
                self.add_error("quantity", fault)
        return self.cleaned_data

    @property
    def already(self) -> int:
        row = self.held.rows.get(str(self.data.get("sku", "")))
        return row.quantity if row else 0

    @property
    def typed(self) -> str:
        """For typing it again; a null character has no place in HTML."""
        return str(self.data.get("quantity", "")).replace("\x00", "")

    def grown(self) -> Basket:
        """The basket with the copies in it. Only for a valid form."""
        if self.product is None:
            raise ValueError("the form is not valid")
        return self.held.put(self.product.sku, Row(self.whole, self.product.unit_price(self.whole).ore))


class BasketForm:
    """All quantities of the basket at once, one field for each row: `quantity-<SKU>`, `remove=<SKU>`.

    What can be read is taken; a row that cannot keeps its old number and gets a sentence.
    """

    def __init__(self, data: QueryDict, held: Basket) -> None:
        self.data = data
        self.typed: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        remove = str(data.get("remove", ""))
        self.basket = held.without(remove) if remove in held.rows else held
        products = known.products(self.basket.rows) if self.basket else {}
        for sku, product in products.items():
            if (text := data.get(f"quantity-{sku}")) is not None:
                self._take(product, str(text))

    def _take(self, product: Product, text: str) -> None:
        row = self.basket.rows[product.sku]
        try:
            number = quantities.asked_for(product, text)
        except ValidationError as fault:
            self.typed[product.sku], self.errors[product.sku] = text.replace("\x00", ""), fault.messages[0]
            return
        if number != row.quantity:
            self.basket = self.basket.put(product.sku, Row(number, _seen(product, row, number)))


def _seen(product: Product, row: Row, number: int) -> int:
    """The price the visitor knows of: a new step is expected, a price changed by staff is yet to be told."""
    as_seen = row.seen_ore == product.unit_price(row.quantity).ore
    return product.unit_price(number).ore if as_seen else row.seen_ore
