"""At the door: the list on screen and on paper, ticked by buttons."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender.models import EventPage, Guest
from tests.kalender.signups import sign_up
from tests.staff import in_role, logged_in


@pytest.fixture
def party(publish) -> EventPage:
    event: EventPage = publish(signup=True, seats=8, slug="2026-12-10-grunderna")
    return event


@pytest.fixture
def door(party) -> Client:
    return in_role("Redaktör")


def address(name: str, event: EventPage) -> str:
    return reverse(f"guest_staff:{name}", args=[event.pk])


def names(page: str) -> list[str]:
    return re.findall(r"<strong>([^<]*)</strong>", page.partition("<tbody>")[2])


def arrived() -> list[str]:
    return list(Guest.objects.exclude(arrived_at=None).values_list("name", flat=True))


def test_the_paper_goes_by_name_with_the_last_letters_last(party, door):
    for name in ("Östen Ek", "élise Bo", "Zlatan Al", "Ärla Ask", "Åke Ros", "Anna Lo", "Edith Ax"):
        sign_up(party, names=[name])
    page = door.get(address("check_in_print", party)).content.decode()
    assert names(page) == ["Anna Lo", "Edith Ax", "élise Bo", "Zlatan Al", "Åke Ros", "Ärla Ask", "Östen Ek"]
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    assert party.title in head
    assert "10 december" in head, "printed again on each sheet"


def test_needs_are_marked_for_those_who_may_see_them(party, door):
    sign_up(party, names=["Karin Ek", "Anders Ek"], needs="Rullstol", needs_agreed=True)
    watcher = logged_in("cms.view_signup")
    for name in ("check_in", "check_in_print"):
        assert "Rullstol" in door.get(address(name, party)).content.decode()
        assert "Rullstol" not in watcher.get(address(name, party)).content.decode()
    assert "Har kommit" not in watcher.get(address("check_in", party)).content.decode()


def test_who_comes_is_ticked_once_and_can_be_taken_back(party, door, clock):
    sign_up(party, names=["Karin Ek", "Anders Ek"])
    karin = Guest.objects.get(name="Karin Ek")
    answer = door.post(address("tick", party), {"kom": karin.pk, "q": "ek"})
    assert answer.url == f"{address('check_in', party)}?q=ek#gast-{karin.pk}"
    came = Guest.objects.get(pk=karin.pk).arrived_at
    clock.shift(600)
    door.post(address("tick", party), {"kom": karin.pk})
    assert Guest.objects.get(pk=karin.pk).arrived_at == came
    assert "1 av 2 har kommit" in door.get(address("check_in", party)).content.decode()
    door.post(address("tick", party), {"inte": karin.pk})
    assert arrived() == []


def test_only_guests_with_a_seat_at_this_event_are_ticked(party, door, publish):
    other = publish(signup=True, seats=1, slug="annan")
    sign_up(other, names=["Vid Annan"])
    sign_up(other, names=["På Kö"])
    for guest in Guest.objects.all():
        door.post(address("tick", party), {"kom": guest.pk})
    door.post(address("tick", other), {"kom": Guest.objects.get(name="På Kö").pk})
    assert arrived() == []


@pytest.mark.parametrize("typed", ["", "x", "9" * 100, "-1", "0", "١"])
def test_a_button_that_nobody_made_ticks_nobody(party, door, typed):
    sign_up(party)
    assert door.post(address("tick", party), {"kom": typed}).status_code == 302
    assert arrived() == []


def test_a_name_is_searched_at_the_door(party, door):
    sign_up(party, names=["Karin Ek"])
    sign_up(party, names=["Åsa Öman"])
    found = door.get(address("check_in", party), {"q": "åsa"}).content.decode()
    assert "Åsa Öman" in found
    assert "Karin Ek" not in found
    assert "Ingen passar in" in door.get(address("check_in", party), {"q": "x" * 9999}).content.decode()
