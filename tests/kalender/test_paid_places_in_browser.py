"""Where paid places are sold by phone and given back, in Chromium: axe-core on each page, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp, Status
from cms.kalender.signing_up import Payer
from orders import operations
from orders.models import NoticeKind, Withdrawal
from tests import axe
from tests.factories import pay
from tests.kalender.signups import sign_up, wish
from tests.kalender.test_guests_in_browser import picture
from tests.kalender.test_paid_places import DETAILS, PRICE, order_of
from tests.kalender.test_places_given_back import KARINS
from tests.staff import in_role


@pytest.fixture
def course(live_server: Any, own_demo: Any) -> EventPage:
    """One of the demo's events whose places cost, at 1 950 kr."""
    EventPage.objects.filter(free=False).update(place_price_ore=PRICE)
    found: EventPage = EventPage.objects.get(slug__endswith="-grunderna-i-vardskap")
    return found


def bought(event: EventPage, details: dict[str, str]) -> SignUp:
    now = timezone.now()
    signup = sign_up(
        event, wish(names=["Karin Ek"], payer=Payer(PRICE, {"method": "card", **details})), now=now
    )
    pay(order_of(signup))
    return signup


def asked_anew() -> Withdrawal:
    """Of places given back at another course, whose price was kept; then that was cancelled."""
    event = EventPage.objects.get(slug__endswith="-bli-samtalsledare")
    signup, now = bought(event, DETAILS), timezone.now()
    signing_up.cancel(signup.pk, actor=Actor.GUEST, now=now)
    order = order_of(signup)
    operations.refuse_withdrawal(order.withdrawals.get().pk, "För sent.", actor="anna", now=now)
    EventPage.objects.filter(pk=event.pk).update(status=Status.CANCELLED)
    operations.ask_anew(order.pk, now=now)
    return order.withdrawals.get(kind=NoticeKind.NO_EVENT)


def at_desk(open_page: Any, live_server: Any) -> Page:
    cookie = in_role("Ägare").cookies[settings.SESSION_COOKIE_NAME].value
    page: Page = open_page("desktop", bypass_csp=True)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def looked_at(page: Page, name: str) -> dict[str, Any]:
    """What is wrong with the page that is open."""
    faults: dict[str, Any] = {}
    if found := axe.violations(page):
        faults[name] = found
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults[f"{name} on a phone"] = "wider than the screen"
    picture(page, name)
    return faults


@axe.in_both_lanes
def test_axe_finds_nothing_where_staff_sell_places_and_decide_on_their_money(course, live_server, open_page):
    going, back, withdrawn = bought(course, KARINS), bought(course, DETAILS), bought(course, KARINS)
    for signup in (back, withdrawn):
        signing_up.cancel(signup.pk, actor=Actor.GUEST, now=timezone.now())
    notices = dict(Withdrawal.objects.values_list("kind", "pk"))
    assert set(notices) == {"given-back", "signed-off"}
    page = at_desk(open_page, live_server)
    faults: dict[str, Any] = {}
    for name, address in {
        "asked-anew": reverse("order_staff:notice", args=[asked_anew().pk]),
        "form": reverse("guest_staff:sign_up", args=[course.pk]),
        "guest-who-may-withdraw": reverse("guest_staff:signup", args=[going.pk]),
        "given-back": reverse("order_staff:notice", args=[notices["given-back"]]),
        "signed-off": reverse("order_staff:notice", args=[notices["signed-off"]]),
        "notices": reverse("order_staff:withdrawals"),
        "order": reverse("order_staff:order", args=[order_of(back).number]),
        "start": "/admin/",
        "buyer-going": f"/order/{order_of(going).key}/",
        "buyer-back": f"/order/{order_of(back).key}/",
        "angra": f"/angra/?order={order_of(going).key}",
        "signup": f"/anmalan/{going.key}/",
    }.items():
        page.goto(f"{live_server.url}{address}")
        faults |= looked_at(page, name)
    page.goto(f"{live_server.url}{reverse('guest_staff:sign_up', args=[course.pk])}")
    with page.expect_navigation():
        page.get_by_role("button", name="Anmäl och beställ").click()
    faults |= looked_at(page, "form-faults")
    assert faults == {}
