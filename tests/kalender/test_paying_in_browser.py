"""Buying places in Chromium without script: a person on a phone, a company at a desk. And axe-core on each page."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp, SignUpState
from orders.models import Order
from tests import axe
from tests.kalender.signups import sign_up, wish
from tests.kalender.test_signing_up_in_browser import event, looked_at, picture, press, tab_to

__all__ = ["event"]  # a fixture

PRICE = 195_000
PERSON = {
    "names": "Karin Ek\nAnders Ek",
    "email": "karin@bjorkvik.example",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
}
COMPANY = {
    **PERSON,
    "organisation": "Björkviks Bygg AB",
    "organisation_number": "559999-0008",
    "reference": "Karin Ek, 4410",
}


@pytest.fixture
def course(event) -> EventPage:
    """Three seats at 1 950 kr."""
    EventPage.objects.filter(pk=event.pk).update(place_price_ore=PRICE, free=False, price_text="")
    found: EventPage = EventPage.objects.get(pk=event.pk)
    return found


def write(page: Page, answers: dict[str, str]) -> None:
    for name, typed in answers.items():
        page.locator(f"[name={name}]").fill(typed)


def h1(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_a_private_person_buys_two_places_by_keyboard_on_a_phone_without_script(course, open_page):
    page = open_page("mobile", javascript=False)
    page.goto(course.url)
    press(page, "Anmäl dig")
    assert not page.locator("[name=organisation]").is_visible()
    assert not page.locator("#faktura").is_visible()
    picture(page, "pay form")
    press(page, "Gå vidare till summan")
    assert page.title().startswith("Fel: ")
    assert page.locator("input[name=payment]:checked").count() == 0
    write(page, PERSON)
    tab_to(page, "payment")
    page.keyboard.press("Space")
    picture(page, "pay form filled")
    press(page, "Gå vidare till summan")
    assert h1(page) == "Stämmer det?"
    picture(page, "pay review")
    press(page, "edit")
    assert page.locator("[name=names]").input_value() == PERSON["names"]
    assert page.locator("#kort").is_checked()
    press(page, "Gå vidare till summan")
    press(page, "Beställ och betala 3\N{NO-BREAK SPACE}900\N{NO-BREAK SPACE}kr")
    assert SignUp.objects.get().state == SignUpState.UNPAID
    picture(page, "pay practice")
    page.locator("button[value=pay]").click()
    assert h1(page) == "Tack, Karin!"
    picture(page, "pay order")
    signup = SignUp.objects.get()
    assert (signup.state, [guest.name for guest in signup.guests.all()]) == (
        SignUpState.GOING,
        ["Karin Ek", "Anders Ek"],
    )
    assert Order.objects.latest("pk").total.ore == 2 * PRICE
    assert not page.context.cookies()


def test_a_company_buys_on_invoice_at_a_desk_without_script(course, open_page):
    page = open_page("desktop", javascript=False)
    page.goto(f"{course.url}anmalan/")
    page.locator("label[for=kund-foretag]").click()
    assert page.locator("[name=organisation]").is_visible()
    assert not page.locator("#klarna").is_visible()
    write(page, COMPANY)
    page.locator("label[for=faktura]").click()
    picture(page, "pay company form")
    page.get_by_role("button", name="Gå vidare till summan").click()
    picture(page, "pay company review")
    page.get_by_role("button", name="Beställ mot faktura – medför betalningsskyldighet").click()
    assert h1(page) == "Tack, Karin!"
    assert SignUp.objects.get().state == SignUpState.GOING


@axe.in_both_lanes
def test_axe_finds_nothing_on_any_page_of_a_purchase(course, open_page):
    page = open_page("mobile", bypass_csp=True)
    faults: dict[str, object] = {}

    def look(name: str) -> None:
        faults.update(looked_at(page, name))

    page.goto(f"{course.url}anmalan/")
    page.get_by_role("button", name="Gå vidare till summan").click()
    look("pay faults")
    write(page, {**PERSON, "email": "mona@bjorkvik.example"})
    page.locator("label[for=kort]").click()
    page.get_by_role("button", name="Gå vidare till summan").click()
    look("pay review")
    EventPage.objects.filter(pk=course.pk).update(place_price_ore=200_000)
    page.get_by_role("button", name="Beställ och betala").click()
    look("pay changed sum")
    page.get_by_role("button", name="Beställ och betala").click()
    unpaid = SignUp.objects.get()
    page.goto(f"/kassa/vantar/{Order.objects.latest('pk').key}/?avbruten=1&stilla=1")
    look("pay interrupted")
    page.goto(f"/anmalan/{unpaid.key}/")
    look("pay unpaid")
    now = timezone.now()
    waiting = sign_up(course, wish(names=["Mona Ek", "Per Ek"], only_queue=True), now=now)
    page.goto(f"{course.url}anmalan/")
    write(page, PERSON)
    page.locator("label[for=kort]").click()
    page.get_by_role("button", name="Gå vidare till summan").click()
    look("pay too many")
    signing_up.cancel(unpaid.pk, actor=Actor.GUEST, now=now)
    page.goto(f"/anmalan/{waiting.key}/")
    look("pay offered")
    page.get_by_role("button", name="Beställ och betala").click()
    look("pay offered with faults")
    SignUp.objects.filter(pk=unpaid.pk).update(state=SignUpState.LAPSED)
    page.goto(f"/anmalan/{unpaid.key}/")
    look("pay lapsed")
    assert not faults
