"""The guest list's pages in Chromium: axe-core on each, ticked without script, and the list on paper."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pypdf import PdfReader

from cms.kalender.models import EventPage, Guest, SignUp
from tests import axe
from tests.harness.browser import VIEWPORTS
from tests.kalender.signups import party, sign_up, wish
from tests.staff import in_role

# `PICTURES=/tmp/x pytest …` leaves what was seen there.
PICTURES = os.environ.get("PICTURES", "")
LETTER = {"subject": "Ta med inneskor", "text": "Hej!\n\nGolvet är nyslipat."}


@pytest.fixture
def event(live_server: Any, own_demo: Any) -> EventPage:
    """The demo's event with sign-up on its page: a party of two, one who is offered a seat, one who waits."""
    found: EventPage = EventPage.objects.get(signup=True, free=True, seats=40, locale__language_code="sv")
    EventPage.objects.filter(pk=found.pk).update(seats=3)
    now = timezone.now()
    told = {
        "phone": "070-123 45 67",
        "organisation": "Björkviks kommun",
        "needs": "Rullstol",
        "needs_agreed": True,
    }
    sign_up(found, party(2, **told), now=now)
    offered = sign_up(found, wish(names=["Åsa Öman"]), now=now)
    SignUp.objects.filter(pk=offered.pk).update(state="offered", offered_until=now + timedelta(hours=20))
    sign_up(
        found, wish(names=["Karin Ek"], organisation="Ett mycket långt namn på en förening " * 3), now=now
    )
    return found


def at_desk(open_page: Any, live_server: Any, size: str, **more: Any) -> Page:
    cookie = in_role("Redaktör").cookies[settings.SESSION_COOKIE_NAME].value
    page: Page = open_page(size, **more)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def address(name: str, pk: int) -> str:
    return reverse(f"guest_staff:{name}", args=[pk])


def picture(page: Page, name: str) -> None:
    if PICTURES:
        for size in ("desktop", "mobile"):
            page.set_viewport_size(VIEWPORTS[size])
            page.evaluate(axe.SETTLED)
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", full_page=True)


@axe.in_both_lanes
def test_axe_finds_nothing_on_any_page_of_the_guests(event, live_server, open_page):
    page = at_desk(open_page, live_server, "desktop", bypass_csp=True)
    faults: dict[str, object] = {}

    def look(name: str) -> None:
        if found := axe.violations(page):
            faults[name] = found
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults[f"{name} on a phone"] = "wider than the screen"
        picture(page, name)

    pages = {
        name: address(name, event.pk) for name in ("list", "sign_up", "letter", "check_in", "check_in_print")
    }
    for name, where in {**pages, "signup": address("signup", SignUp.objects.earliest("pk").pk)}.items():
        page.goto(where)
        look(name)
    page.goto(pages["sign_up"])
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    look("sign_up with faults")
    page.goto(pages["letter"])
    for name, typed in LETTER.items():
        page.fill(f"[name={name}]", typed)
    with page.expect_navigation():
        page.click("button[value=granska]")
    look("preview")
    assert not faults


def test_a_guest_is_ticked_without_script(event, live_server, open_page):
    page = at_desk(open_page, live_server, "desktop", javascript=False)
    page.goto(address("check_in", event.pk))
    page.locator("button[name=kom]").first.click()
    assert page.get_by_text("1 av 2 har kommit").is_visible()
    assert Guest.objects.exclude(arrived_at=None).count() == 1


REACHED = """button => {
    const box = button.getBoundingClientRect();
    const [left, right, middle] = [box.left + 2, box.right - 2, box.top + box.height / 2];
    return [box.width, box.height, ...[left, right].map(x => button.contains(document.elementFromPoint(x, middle)))];
}"""


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_each_button_of_the_door_is_in_reach_of_a_thumb(event, live_server, open_page, javascript):
    page = at_desk(open_page, live_server, "mobile", javascript=javascript, has_touch=True, is_mobile=True)
    page.goto(address("check_in", event.pk))
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"door-{javascript}.png")
    for button in page.locator("main .button").all():
        button.scroll_into_view_if_needed()
        width, height, *uncovered = button.evaluate(REACHED)
        assert (width >= 44, height >= 44, uncovered) == (True, True, [True, True]), button.inner_text()
    with page.expect_navigation():
        page.locator("button[name=kom]").first.tap()
    assert page.get_by_text("1 av 2 har kommit").is_visible()
    with page.expect_navigation():
        page.locator("button[name=inte]").tap()
    assert page.get_by_text("0 av 2 har kommit").is_visible()
    page.locator("button[name=kom]").last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("1 av 2 har kommit").is_visible()


def test_every_sheet_of_the_printed_list_names_the_event_and_its_day(event, live_server, open_page):
    EventPage.objects.filter(pk=event.pk).update(seats=200)
    for _number in range(6):
        sign_up(event, party(15), now=timezone.now())
    page = at_desk(open_page, live_server, "desktop")
    page.goto(address("check_in_print", event.pk))
    content = page.pdf(prefer_css_page_size=True)
    if PICTURES:
        (Path(PICTURES) / "narvaro.pdf").write_bytes(content)
    sheets = PdfReader(io.BytesIO(content)).pages
    assert len(sheets) > 1
    assert [round(float(side)) for side in sheets[0].mediabox[2:]] == [595, 842]
    assert all(event.title in " ".join(sheet.extract_text().split()) for sheet in sheets)
