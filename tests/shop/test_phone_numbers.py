"""Telephone numbers as buyers type them, also those of other countries."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from shop import validators


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+47 412 34 567", "+4741234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("+44 7700 900123", "+447700900123"),
        ("0047 412 34 567", "+4741234567"),
    ],
)
def test_a_number_from_another_country_is_kept_as_it_is_dialled_from_here(typed, kept):
    assert validators.phone(typed) == kept


def test_a_foreign_number_short_of_its_country_is_no_swedish_one():
    """By Swedish reckoning 412 34 567 would be a telephone in Hörby."""
    with pytest.raises(ValidationError):
        validators.phone("412 34 567")
    assert validators.phone("70 123 45 67") == "+46701234567"
