"""Every kind of reading page in Chromium: axe-core, and no sideways scroll, light and dark, phone and desk."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from cms.models import EventPage
from tests import axe

ADDRESSES = [
    "/",
    "/filosofin/",
    "/filosofin/visa-omtanke/",
    "/filosofin/lyssna-fardigt/",
    "/bocker/",
    "/bocker/skriften/",
    "/utbildningsmaterial/vardskap-i-praktiken/",
    "/kalender/",
    "/referenser/",
    "/referenser/lidkopings-kommun/",
    "/artiklar/",
    "/artiklar/2026/",
    "/artiklar/skylten-vid-hissen/",
    "/om-oss/",
    "/kontakt/",
    "/forfragan/",
    "/forfragan/tack/",
    "/kopvillkor/",
    "/personuppgifter/",
    "/tillganglighet/",
    "/sok/?q=lyssna",
    "/finns-inte/",
]
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize(("size", "scheme"), [("mobile", "light"), ("desktop", "dark")])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(size, scheme, live_server, open_page):
    call_command("seed", verbosity=0)
    event = EventPage.objects.live().first()
    page = open_page(size, color_scheme=scheme, bypass_csp=True)
    faults: dict[str, object] = {}
    for address in [*ADDRESSES, event.url]:
        page.goto(address)
        if found := axe.violations(page):
            faults[address] = found
        if size == "mobile":
            page.set_viewport_size(NARROW)
            if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
                faults[f"{address} at 320 px"] = page.evaluate("document.documentElement.scrollWidth")
            page.set_viewport_size({"width": 390, "height": 844})
    assert not faults


def test_axe_would_see_a_field_without_a_label(open_page):
    page = open_page(bypass_csp=True)
    page.set_content("<html lang=sv><title>x</title><main><h1>x</h1><input></main></html>")
    assert any(found.startswith("label:") for found in axe.violations(page))
