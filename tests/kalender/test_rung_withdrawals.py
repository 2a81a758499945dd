"""A guest who rings may be withdrawing from the purchase: staff say which it is before they take the places back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from cms.kalender.models import SignUp
from orders.models import Withdrawal
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import CANCELLED, GOING, OFFERED, sign_up, state, wish
from tests.kalender.test_paid_places import DETAILS, buy, order_of
from tests.kalender.test_places_given_back import KARINS, body, bought, cancels, course, without_right
from tests.kalender.test_signing_up_pages import words as seen
from tests.staff import in_role

__all__ = ["course"]  # a fixture

pytestmark = pytest.mark.django_db

QUESTION = "Gästen ångrar köpet (rätt till och med 7 december 2026)"


@pytest.fixture
def desk() -> Client:
    return in_role("Redaktör")


def page(desk: Client, signup: SignUp, at: datetime = NOON) -> str:
    with time_machine.travel(at, tick=False):
        desk.force_login(User.objects.get())
        return seen(desk.get(reverse("guest_staff:signup", args=[signup.pk])))


def press(desk: Client, signup: SignUp, at: datetime = NOON, **answer: str) -> HttpResponseBase:
    with time_machine.travel(at, tick=False):
        desk.force_login(User.objects.get())
        return desk.post(reverse("guest_staff:cancel", args=[signup.pk]), answer, follow=True)


def test_a_guest_who_withdraws_by_phone_has_the_receipt_at_once_and_the_places_are_free(course, desk):
    signup, waiting = bought(course, 10), sign_up(course, wish(only_queue=True))
    assert QUESTION in page(desk, signup)
    told = seen(press(desk, signup, why="withdraws"))
    assert "Avanmält, och köpet är ångrat. Gästen får en bekräftelse i ett mejl." in told
    assert (state(signup), state(waiting)) == (CANCELLED, OFFERED)
    notice = Withdrawal.objects.get()
    assert (notice.kind, notice.order, notice.is_withdrawal) == ("signed-off", order_of(signup), True)
    line = order_of(signup).history.get(machine="withdrawal")
    assert (line.new, line.actor) == ("received", "en Redaktör")
    receipt = body("withdrawal-receipt")
    assert "Du sa till oss att du ångrar (frånträder) avtalet, och vi avanmälde dig från träffen." in receipt
    assert "för att någon har ringt eller sagt till oss att köpet ångras" in receipt
    assert "Vi har tagit bort din anmälan" not in body("signup-cancelled")


def test_a_guest_whom_staff_take_off_has_the_money_to_decide_on_and_no_receipt(course, desk):
    signup = bought(course)
    press(desk, signup, why="removed")
    assert (state(signup), Withdrawal.objects.get().kind) == (CANCELLED, "given-back")
    assert not letters("withdrawal-receipt")
    assert "Vi har tagit bort din anmälan" in body("signup-cancelled")


@pytest.mark.parametrize("answer", [{}, {"why": ""}, {"why": "kanske"}])
def test_no_answer_is_chosen_beforehand_and_a_missing_one_is_told_and_changes_nothing(course, desk, answer):
    signup = bought(course)
    with time_machine.travel(NOON, tick=False):
        shown = desk.get(reverse("guest_staff:signup", args=[signup.pk])).content.decode()
    assert 'value="withdraws"' in shown
    assert "checked" not in shown.partition('value="withdraws"')[2].partition("</form>")[0]
    refused = press(desk, signup, **answer)
    assert refused.status_code == 422
    assert "Välj vilket det är: ångrar gästen köpet, eller tar ni bort gästen?" in seen(refused)
    assert (state(signup), Withdrawal.objects.count()) == (GOING, 0)


@pytest.mark.parametrize("case", ["organisation", "late", "leisure", "free", "unpaid"])
def test_where_there_is_no_right_nothing_is_asked(course, desk, change, case):
    if case == "leisure":
        without_right()
    if case == "free":
        change(course, place_price_ore=0)
        signup = sign_up(course, wish())
    elif case == "unpaid":
        signup = buy(course, method="card")
    else:
        signup = bought(course, details=DETAILS if case == "organisation" else KARINS)
    at = NOON + timedelta(days=15 if case == "late" else 0)
    assert "Gästen ångrar köpet" not in page(desk, signup, at)
    press(desk, signup, at)
    assert state(signup) == CANCELLED
    assert not letters("withdrawal-receipt")


def test_a_right_that_ends_while_the_page_is_open_is_told_and_nothing_changes(course, desk):
    signup = bought(course)
    told = seen(press(desk, signup, NOON + timedelta(days=15), why="withdraws"))
    assert "Köpet kan inte ångras längre. Inget är ändrat." in told
    assert state(signup) == GOING


def test_pressing_twice_withdraws_once(course, desk, client):
    signup = bought(course)
    press(desk, signup, why="withdraws")
    assert "Anmälan var redan borttagen." in seen(press(desk, signup, why="withdraws"))
    cancels(client, signup)
    assert (Withdrawal.objects.count(), len(letters("withdrawal-receipt"))) == (1, 1)
