"""Clicks at once, each on a connection of its own."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cms.enquiries import operations
from cms.enquiries.models import Enquiry, EnquiryStep, State
from cms.enquiries.operations import Words
from notifications.models import Message
from tests.kalender.test_reminder_races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

WORDS = Words(kind="contact", name="Karin Ek", email="karin@bjorkvik.example", message="Hej")


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch):
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)


def send() -> Enquiry:
    return operations.receive(WORDS, page=None, language="sv", now=timezone.now())


def test_many_clicks_at_once_are_one_enquiry_with_its_two_letters_and_nobody_is_refused():
    assert len({enquiry.pk for enquiry in at_once(12, send)}) == 1
    assert (Enquiry.objects.count(), Message.objects.count()) == (1, 2)


def test_two_of_the_staff_who_press_the_same_button_take_one_step():
    pk = send().pk
    at_once(4, lambda: operations.move(pk=pk, new=State.ANSWERED, by="maja", now=timezone.now()))
    assert EnquiryStep.objects.count() == 1
