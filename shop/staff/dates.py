"""Fields for days in the admin, which leave what is typed as it is until the server has read it.

Wagtail's picker (jQuery datetimepicker) reads a field when it is left and writes it anew: `2027-02-30` becomes 2 March,
and what it does not understand becomes today. Ours are told not to.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from shop.days import stockholm_today
from shop.typed_days import Unreadable, read_day_alone

AS_TYPED = {"validateOnBlur": False}


class DayInput(AdminDateInput):  # type: ignore[misc,unused-ignore]
    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **AS_TYPED}


class MomentInput(AdminDateTimeInput):  # type: ignore[misc,unused-ignore]
    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **AS_TYPED}


class DayField(forms.DateField):
    """A day in any of the ways in which people write it; Django's own Swedish formats hold American ones."""

    widget = DayInput
    default_error_messages = {"required": gettext_lazy("Skriv en dag, till exempel 2026-12-10.")}

    def __init__(self, *, past: bool = False, **options: Any) -> None:
        """With `past` a day without a year is the last such day, else the next."""
        super().__init__(**options)
        self.past = past

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, (date, datetime)):
            return super().to_python(value)
        try:
            return read_day_alone(str(value), today=stockholm_today(), past=self.past)
        except Unreadable as error:
            raise ValidationError(str(error), code="invalid") from error


def put() -> None:
    """Let every form that is made of a model read days so."""
    register_form_field_override(models.DateField, override={"widget": DayInput, "form_class": DayField})
