"""The calendar in the admin, in Chromium: axe-core at both sizes, and a real form that is published by way of the
page in between."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from cms.kalender import clock
from cms.kalender.models import EventPage, SignUp, SignUpState
from tests import axe
from tests.harness.browser import VIEWPORTS
from tests.kalender.conftest import fresh

# `PICTURES=/tmp/x pytest …` leaves what was seen there.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def event(live_server, own_demo) -> EventPage:
    """A coming event of the demo with a programme and two sign-ups."""
    found: EventPage = EventPage.objects.get(title__startswith="Värd för sina egna")
    for number, state in enumerate([SignUpState.GOING, SignUpState.QUEUED]):
        SignUp.objects.create(
            event=found, form_key=str(number), state=state, places=2, created_at=timezone.now(),
            email=f"gast{number}@bjorkvik.example",
        )  # fmt: skip
    return found


@pytest.fixture
def page(open_page, live_server, event) -> Any:
    """An editor's browser."""
    user = get_user_model()._default_manager.create(username="maja", is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktör"))
    client = Client()
    client.force_login(user)
    opened = open_page(bypass_csp=True)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    opened.context.add_cookies([cookie])
    return opened


def look(page: Any, name: str) -> list[str]:
    """What axe finds; also what is wider than the screen."""
    found = axe.violations(page)
    for size in VIEWPORTS:
        page.set_viewport_size(VIEWPORTS[size])
        page.evaluate(axe.SETTLED)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} is wider than the {size}")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", full_page=True)
    return found


def move_by_an_hour(page: Any, event: EventPage) -> str:
    """Type a later start into the form and press Publicera; the start as typed."""
    page.set_viewport_size(VIEWPORTS["desktop"])
    page.goto(f"/admin/pages/{event.pk}/edit/")
    later = f"{clock.local(event.starts_at + timedelta(minutes=30)):%Y-%m-%d %H:%M}"
    page.fill("[name=starts_at]", later)
    page.press("[name=starts_at]", "Tab")
    page.click("[name=action-publish]")
    page.wait_for_selector("form.staff-before")
    return later


@axe.in_both_lanes
def test_axe_finds_nothing_and_the_form_is_published_whole(page, event):
    found = {}
    month = clock.local_date(event.starts_at)
    addresses = {
        "list": "/admin/kalender/",
        "month": f"/admin/kalender/manad/{month.year}/{month.month}/",
        "copy": f"/admin/kalender/kopiera/{event.pk}/",
    }
    for name, address in addresses.items():
        page.goto(address)
        found[name] = look(page, name)
    page.click("main form.staff-form button[type=submit]")
    page.wait_for_selector(".staff-days")
    found["copies"] = look(page, "copies")

    later = move_by_an_hour(page, event)
    found["before publishing"] = look(page, "before-publishing")
    page.click("button[value=beratta]")
    page.wait_for_url("**/admin/pages/**")
    moved = fresh(event)
    assert f"{clock.local(moved.starts_at):%Y-%m-%d %H:%M}" == later
    assert list(moved.programme.raw_data) == list(event.programme.raw_data)
    assert [strip_tags(text) for text in (moved.body, moved.access)] == [
        strip_tags(text) for text in (event.body, event.access)
    ]
    assert moved.tell_guests

    page.goto(f"/admin/pages/{event.pk}/unpublish/")
    page.click("main form button[type=submit]")
    page.wait_for_selector("form.staff-before")
    found["before removal"] = look(page, "before-removal")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_remarks_above_the_form_have_nothing_that_axe_finds(page, event):
    EventPage.objects.filter(pk=event.pk).update(title="Söndagsfrukost den 31 november")
    event = fresh(event)
    event.save_revision()
    page.goto(f"/admin/pages/{event.pk}/edit/")
    remarks = page.locator(".staff-remarks").first
    assert "finns inte i almanackan" in remarks.inner_text()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "remarks-desktop.png")
    assert [fault for fault in axe.on_a_phone(page) if "staff-remarks" in fault] == []


def test_a_remark_on_the_page_in_between_leads_back_to_its_field(page, event):
    EventPage.objects.filter(pk=event.pk).update(lede="Välkommen den 31 november.")
    fresh(event).save_revision()
    move_by_an_hour(page, event)
    assert look(page, "before-publishing-with-remarks") == []
    page.set_viewport_size(VIEWPORTS["desktop"])
    page.click("button[formaction*=lede]")
    page.wait_for_selector("[name=lede]")
    page.wait_for_function("""() => {
        const { top, bottom } = document.querySelector("[name=lede]").getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
    }""")
    assert fresh(event).starts_at != fresh(event).get_latest_revision_as_object().starts_at
