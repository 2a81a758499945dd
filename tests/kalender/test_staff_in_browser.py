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
from django.utils.formats import date_format
from django.utils.html import strip_tags

from cms.kalender import clock
from cms.kalender.models import EventPage, SignUp, SignUpState
from cms.models import NewsIndexPage
from tests import axe
from tests.harness.browser import VIEWPORTS
from tests.kalender.conftest import fresh

# `PICTURES=/tmp/x pytest …` leaves what was seen there.
PICTURES = os.environ.get("PICTURES", "")
MOMENTS = ("starts_at", "ends_at", "signup_closes_at")


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


def typed_as_by_hand(page: Any, name: str, words: str) -> str:
    """What the field holds when somebody has typed into it and gone on to the next."""
    field = page.locator(f"[name={name}]")
    field.focus()
    page.wait_for_selector(".xdsoft_datetimepicker:visible")
    field.fill("")
    field.press_sequentially(words)
    field.press("Tab")
    page.wait_for_function("name => document.activeElement.name !== name", arg=name)
    value: str = field.input_value()
    return value


def test_what_is_typed_into_a_field_for_hours_stays_as_typed(page, event):
    page.goto("/admin/kalender/ny/")
    for words in (
        "10 februari 2027 18:30",
        "10/2 2027 18:30",
        "ons 10/2 kl 18.30",
        "2027-02-30 18:30",
        "2027-03-28 02:30",
        "2027-10-31 02:30",
        "snart",
        "",
    ):
        assert [typed_as_by_hand(page, name, words) for name in MOMENTS] == [words] * len(MOMENTS)
        page.focus("[name=title]")
        page.wait_for_selector(".xdsoft_datetimepicker:visible", state="detached")


def test_days_of_an_article_stay_as_typed_too(page, event):
    page.goto(f"/admin/pages/add/cms/articlepage/{NewsIndexPage.objects.first().pk}/")
    assert typed_as_by_hand(page, "date", "31 november") == "31 november"


def test_a_day_may_still_be_picked_with_the_mouse(page, event):
    page.goto("/admin/kalender/ny/?dag=2027-02-10")
    page.click("[name=starts_at]")
    page.click(".xdsoft_datetimepicker:visible td[data-date='18']:not(.xdsoft_other_month)")
    assert page.input_value("[name=starts_at]") == "2027-02-18 13:00"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2027-02-30 18:30", "Den dagen finns inte i almanackan."),
        ("2027-03-28 02:30", "Klockan 2.30 den 28 mars 2027 finns inte"),
        ("snart", "Skriv dag och klockslag"),
    ],
)
def test_an_hour_that_cannot_be_stops_the_publishing_and_stands_as_typed(page, event, typed, sentence):
    before = event.starts_at
    page.goto(f"/admin/pages/{event.pk}/edit/")
    typed_as_by_hand(page, "starts_at", typed)
    page.click("[name=action-publish]")
    page.wait_for_selector(".error-message")
    assert sentence in page.locator("#page-edit-form").inner_text()
    assert page.input_value("[name=starts_at]") == typed
    assert fresh(event).starts_at == before


def test_an_hour_in_swedish_words_is_published_as_meant(page, event):
    page.goto(f"/admin/pages/{event.pk}/edit/")
    day = clock.local(event.starts_at + timedelta(days=7))
    typed_as_by_hand(page, "starts_at", f"{date_format(day, 'j F Y')} kl 18.30")
    typed_as_by_hand(page, "ends_at", f"{day.day}/{day.month} {day.year} 20:00")
    page.click("[name=action-publish]")
    page.click("button[value=tyst]")
    page.wait_for_url("**/admin/pages/**")
    assert f"{clock.local(fresh(event).starts_at):%Y-%m-%d %H:%M}" == f"{day:%Y-%m-%d} 18:30"
    assert f"{clock.local(fresh(event).ends_at):%Y-%m-%d %H:%M}" == f"{day:%Y-%m-%d} 20:00"
