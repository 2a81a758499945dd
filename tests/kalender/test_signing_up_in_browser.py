"""Signing up in Chromium, by keyboard and without script; axe-core on every state of it, at both sizes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp, SignUpState
from tests import axe
from tests.harness.browser import VIEWPORTS
from tests.kalender.signups import party, sign_up, wish
from tests.kalender.test_accessibility import SKIPPED_LEVEL

# `PICTURES=/tmp/x pytest …` leaves what was seen there.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def event(live_server, own_demo) -> EventPage:
    """The demo's event with sign-up on its page, made small."""
    found: EventPage = EventPage.objects.get(signup=True, free=True, seats=40, locale__language_code="sv")
    EventPage.objects.filter(pk=found.pk).update(seats=3)
    return found


def at(page: Page) -> str:
    """Which field or button has the focus."""
    return str(page.evaluate("document.activeElement.name || document.activeElement.innerText || ''"))


def tab_to(page: Page, name: str) -> None:
    for _press in range(60):
        if at(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {name}")


def press(page: Page, name: str) -> None:
    """Go to a link or a button and follow it."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_guest_signs_up_and_cancels_by_keyboard_without_script(event, open_page):
    page = open_page("mobile", javascript=False)
    page.goto(event.url)
    press(page, "Anmäl dig")
    for name, typed in {"names": "Karin Ek", "email": "karin@", "needs": "Vegansk mat"}.items():
        tab_to(page, name)
        page.keyboard.type(typed)
    press(page, "Skicka anmälan")
    assert page.title().startswith("Fel: ")
    assert page.locator(".errsum li").count() == 2
    tab_to(page, "Kryssa i att vi får spara det, eller ta bort det ni skrev")
    page.keyboard.press("Enter")
    tab_to(page, "needs_agreed")
    page.keyboard.press("Space")
    page.locator("#f-email").fill("karin@bjorkvik.example")
    press(page, "Skicka anmälan")
    assert page.locator("h1").inner_text() == "Tack. Titta i inkorgen."
    signup = SignUp.objects.get()
    assert (signup.state, signup.needs) == (SignUpState.GOING, "Vegansk mat")
    page.goto(f"/anmalan/{signup.key}/")
    tab_to(page, "Rätta namnet")
    page.keyboard.press("Enter")
    tab_to(page, f"name-{signup.guests.get().pk}")
    page.keyboard.press("End")
    page.keyboard.type("man")
    press(page, "rename")
    assert page.get_by_role("status").inner_text() == "Namnet är ändrat."
    assert signup.guests.get().name == "Karin Ekman"
    tab_to(page, "Kan du inte komma?")
    page.keyboard.press("Enter")
    press(page, "cancel")
    assert page.locator("h1").inner_text() == "Du är avanmäld"
    assert not page.context.cookies()


def test_one_of_two_gives_a_place_back_by_keyboard_without_script(event, open_page):
    signup = sign_up(event, wish(names=["Karin Ek", "Anders Ek"]), now=timezone.now())
    page = open_page("mobile", javascript=False)
    page.goto(f"/anmalan/{signup.key}/")
    tab_to(page, "Kan du inte komma?")
    page.keyboard.press("Enter")
    tab_to(page, "out")
    page.keyboard.press("Space")
    press(page, "leave")
    assert page.get_by_role("status").inner_text() == "Avanmält. De som står här är kvar."
    assert [guest.name for guest in signup.guests.all()] == ["Anders Ek"]
    assert page.locator("h1").inner_text() == "Du är anmäld. Välkommen."


def states(event: EventPage) -> Iterator[tuple[str, str]]:
    """Each state of the event's page, the form and a sign-up's own page, and its address."""
    now = timezone.now()
    yield "event", event.url
    yield "form", f"{event.url}anmalan/"
    yield "thanks", f"{event.url}anmalan/tack/"
    going = sign_up(event, wish(names=["Karin Ek", "Anders Ek"]), now=now)
    yield "few", event.url
    waiting = [sign_up(event, party(2), now=now) for _number in range(2)]
    sign_up(event, now=now)
    yield "full", event.url
    yield "full form", f"{event.url}anmalan/"
    yield "going", f"/anmalan/{going.key}/"
    yield "queued", f"/anmalan/{waiting[1].key}/"
    signing_up.cancel(going.pk, actor=Actor.GUEST, now=now)
    yield "cancelled", f"/anmalan/{going.key}/"
    yield "offered", f"/anmalan/{waiting[0].key}/"
    SignUp.objects.filter(pk=waiting[0].pk).update(offered_until=now)
    yield "lapsed", f"/anmalan/{waiting[0].key}/"
    EventPage.objects.filter(pk=event.pk).update(signup_closes_at=now - timedelta(hours=1))
    yield "closed", event.url


def looked_at(page: Page, name: str) -> dict[str, object]:
    """What is wrong with the page: axe's findings, a level of headings left out, a page that is too wide."""
    faults: dict[str, object] = {}
    picture(page, name)
    if found := axe.violations(page):
        faults[name] = found
    if page.evaluate(SKIPPED_LEVEL):
        faults[f"headings of {name}"] = page.evaluate("document.body.innerText")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults[f"width of {name}"] = True
    return faults


@axe.in_both_lanes
def test_axe_finds_nothing_in_any_state_of_a_sign_up(event, open_page):
    page = open_page("mobile", bypass_csp=True)
    faults: dict[str, object] = {}

    def look(name: str) -> None:
        faults.update(looked_at(page, name))

    for name, address in states(event):
        page.goto(address)
        look(name)
        if name == "going":
            page.click("summary:has-text('Kan du inte komma?')")
            look("going, leaving")
            with page.expect_navigation():
                page.click("[name=leave]")
            assert page.locator("#fel-h").is_visible()
            look("going, leaving with a fault")
            page.click("summary:has-text('Rätta ett namn')")
            look("going, correcting")
            page.fill("[name^=name-] >> nth=0", "karin@")
            with page.expect_navigation():
                page.click("[name=rename]")
            assert page.locator("#fel-h").is_visible()
            look("going, correcting with a fault")
        if name in {"queued", "offered"}:
            page.click("summary:has-text('Blir ni färre?')")
            look(f"{name}, fewer")
        if name == "form":
            page.fill("#f-needs", "Vegansk mat")
            page.click("main form button")
            look("form with faults")
    assert not faults


def picture(page: Page, name: str) -> None:
    for size in VIEWPORTS if PICTURES else ():
        page.set_viewport_size(VIEWPORTS[size])
        path = Path(PICTURES) / f"{name.replace(' ', '-').replace(',', '')}-{VIEWPORTS[size]['width']}.png"
        page.screenshot(path=str(path), full_page=True)
