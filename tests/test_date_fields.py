"""No field for days in the admin is told to rewrite what is typed into it, whoever's form it stands in."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

PICKER = re.compile(r'init(?:Date|DateTime)Chooser\("[^"]+", ({.*?})\)')


def rewriting(page: str) -> list[bool]:
    """Of each field for days on the page, whether it is read and written anew when it is left."""
    return [json.loads(config).get("validateOnBlur", True) for config in PICKER.findall(page)]


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("wagtailsnippets_shop_product:add", 2),
        ("wagtailsnippets_shop_terms:add", 1),
        ("wagtailsnippets_shop_freightmethod:add", 1),
        ("order_staff:list", 2),
    ],
)
def test_days_of_the_shop_and_its_lists_stay_as_typed(admin_client, address, fields):
    assert rewriting(admin_client.get(reverse(address)).content.decode()) == [False] * fields


def test_the_hours_of_an_event_and_of_its_schedule_stay_as_typed(admin_client, demo):
    page = admin_client.get(reverse("kalender_staff:new")).content.decode()
    assert rewriting(page) == [False] * 5  # it begins, ends, closes for guests, is published and taken away
