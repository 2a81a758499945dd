"""What the staff's lists share in their search and filters."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.forms.search import SearchForm

from shop.staff.dates import DayField, DayInput

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


def choice(label: Any, choices: Any, **more: Any) -> django_filters.ChoiceFilter:
    """One of a few words, or all of them."""
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=gettext_lazy("Alla"), widget=forms.RadioSelect, **more
    )


class PeriodInput(DateRangePickerWidget):  # type: ignore[misc,unused-ignore]
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets: list[Any] = [DayInput(attrs=picker.attrs) for picker in self.widgets]


class PeriodField(django_filters.fields.DateRangeField):
    """Days that a clock can hold: the year 1 has no time in UTC."""

    widget = PeriodInput

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = (DayField(required=False, past=True), DayField(required=False, past=True))

    def clean(self, value: Any) -> Any:
        period = super().clean(value)
        for day in (period.start, period.stop) if period else ():
            if day and not FIRST_DAY <= day.date() <= LAST_DAY:
                raise ValidationError(_("Skriv datumet så här: 2026-11-23."))
        return period


class PeriodFilter(django_filters.DateFromToRangeFilter):
    """From and to a Swedish day, both included."""

    field_class = PeriodField


def search_form(request: HttpRequest, what: str) -> SearchForm:
    """With a label that says what is searched; null bytes and the like are not the form's business."""
    return SearchForm({"q": request.GET.get("q", "").replace("\x00", "")}, placeholder=what)
