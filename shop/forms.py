"""Form fields that read what people write in Swedish."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.money import NBSP, Money

_KRONOR = re.compile(r"\d{1,9}([.,]\d{1,2})?")
_SPACES = re.compile(rf"[\s{NBSP}]")


class KronorField(forms.CharField):
    """Kronor as text in, whole öre out: "1 250,50 kr" is 125050."""

    def to_python(self, value: Any) -> Any:
        text = _SPACES.sub("", str(value or "")).removesuffix("kr")
        if not text:
            return None
        if not _KRONOR.fullmatch(text):
            raise ValidationError(_("Skriv ett belopp i kronor, till exempel 55 eller 1 250,50."))
        return Money.kronor(Decimal(text.replace(",", "."))).ore

    def prepare_value(self, value: Any) -> Any:
        """Whole öre as kronor for the input; what was typed wrongly stays as typed."""
        if not isinstance(value, int):
            return value
        return Money(value).figure(with_ore=value % 100 != 0, english=False).replace(NBSP, " ")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True
