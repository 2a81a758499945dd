"""What guests are written, and the event in their own calendars."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from icalendar import Calendar

from cms.kalender import ics, signing_up
from cms.kalender.models import Actor, SignUp
from notifications.mail import build
from tests.factories import CompanyFactory
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import sign_up

DAY = timedelta(days=1)
KIND = "text/calendar; charset=utf-8; method={}"


@pytest.fixture
def event(publish):
    CompanyFactory(email="hej@vardskapet.example")
    return publish(slug="2026-12-10-grunderna", signup=True, seats=2, rebooking="Byt namn utan kostnad.")


def written(kind: str) -> EmailMultiAlternatives:
    """The last letter of that kind, as it leaves."""
    return build(letters(kind)[-1])


def said(mail: EmailMultiAlternatives) -> list[str]:
    """Both its texts."""
    return [str(mail.body), str(mail.alternatives[0][0])]


def invited(mail: EmailMultiAlternatives, method: str):
    """The one event of the one file, which must be of that method."""
    ((name, content, kind),) = mail.attachments
    assert (name, kind) == ("2026-12-10-grunderna.ics", KIND.format(method))
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == method
    (item,) = calendar.walk("VEVENT")
    return item


def cancel(signup: SignUp, actor: Actor = Actor.GUEST) -> None:
    signing_up.cancel(signup.pk, actor=actor, now=NOON)


def test_who_has_a_seat_is_welcomed_and_invited(event):
    signup = sign_up(event, email=KARIN, names=["Karin Ek", "Anders Ek"])
    mail = written("signup-going")
    assert mail.subject == "Du är anmäld: Öppen halvdag: grunderna i värdskap, torsdag 10 december"
    assert mail.to == [KARIN]
    for text in said(mail):
        assert "Vi har 2 platser till er." in text
        assert f"http://testserver/anmalan/{signup.key}/" in text
        assert "Byt namn utan kostnad." in text
        assert "Karin Ek" not in text
    item = invited(mail, "REQUEST")
    assert (item["UID"], item["SEQUENCE"], item["STATUS"]) == (
        f"{event.announcement.uid}@vardskapet",
        0,
        "CONFIRMED",
    )
    assert item["ORGANIZER"] == "mailto:hej@vardskapet.example"
    assert item["ATTENDEE"] == f"mailto:{KARIN}"
    assert item["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert item["DTSTART"].params["TZID"] == "Europe/Stockholm"


def test_the_invitation_is_of_the_moment_in_which_it_leaves(event, clock, change):
    sign_up(event, email=KARIN)
    clock.move_to(NOON + DAY)
    change(event, place="Stora salen")
    item = invited(written("signup-going"), "REQUEST")
    assert (item["DTSTAMP"].dt, item["SEQUENCE"], item["LOCATION"]) == (
        NOON + DAY,
        1,
        "Stora salen, Göteborg",
    )


def test_who_waits_is_told_so_and_of_an_offer_and_of_its_end(event):
    first = sign_up(event, names=["Karin Ek", "Anders Ek"])
    waiting = sign_up(event, email=KARIN)
    queued = written("signup-queued")
    assert queued.subject.startswith("Du står på kö: ")
    assert not queued.attachments
    cancel(first)
    offered = written("signup-offered")
    for text in said(offered):
        assert "Vi håller den till tisdag 24 november klockan 12.00." in text
        assert f"/anmalan/{waiting.key}/" in text
    signing_up.lapse_offers(now=NOON + DAY)
    lapsed = written("signup-lapsed")
    assert lapsed.subject.startswith("Platsen gick vidare: ")
    assert [mail.to for mail in (queued, offered, lapsed)] == [[KARIN]] * 3


def test_a_guest_who_cancels_has_the_event_taken_out_of_the_calendar_though_it_is_on(event):
    cancel(sign_up(event, email=KARIN))
    mail = written("signup-cancelled")
    assert "Tack för att du sa till." in mail.body
    item = invited(mail, "CANCEL")
    assert item["ATTENDEE"] == f"mailto:{KARIN}"
    assert "STATUS" not in item, "which would cancel it for all (RFC 5546 3.2.5)"


def test_who_only_waited_has_nothing_to_take_out(event):
    sign_up(event, names=["Karin Ek", "Anders Ek"])
    cancel(sign_up(event, email=KARIN))
    mail = written("signup-cancelled")
    assert not mail.attachments
    assert "Kalenderfilen" not in mail.body


def test_whom_staff_strike_out_is_told_that_they_did(event):
    cancel(sign_up(event), Actor.STAFF)
    for text in said(written("signup-cancelled")):
        assert "Vi har tagit bort din anmälan." in text


def test_a_letter_of_an_event_that_has_been_deleted_has_no_file(event):
    sign_up(event)
    letter = letters("signup-going")[0]
    SignUp.objects.all().delete()
    event.delete()
    assert not build(letter).attachments


def test_a_letter_in_english_for_who_signed_up_in_english(event):
    sign_up(event, language="en")
    mail = written("signup-going")
    assert mail.subject.startswith("You are signed up: ")
    assert "/en/sign-up/" in mail.body


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("karin+sommar@bjorkvik.example", "mailto:karin+sommar@bjorkvik.example"),
        ("karin?cc=anders%40x@bjorkvik.example", "mailto:karin%3Fcc=anders%2540x@bjorkvik.example"),
    ],
)
def test_an_address_in_the_file_is_that_address_and_nothing_more(event, address, uri):
    content = ics.guest_file(event, method="REQUEST", attendee=address, now=NOON)
    (item,) = Calendar.from_ical(content).walk("VEVENT")
    assert item["ATTENDEE"] == uri


MARKUP = 'Ek";X-EVIL=1:<script>alert(1)</script>\\n, å'


def test_markup_in_titles_and_places_adds_no_line_and_no_tag(publish):
    CompanyFactory(email="hej@vardskapet.example", legal_name='Värdskapet "AB"; x:y')
    event = publish(slug="2026-12-10-grunderna", signup=True, title=MARKUP, place=MARKUP)
    sign_up(event, email=KARIN)
    mail = written("signup-going")
    item = invited(mail, "REQUEST")
    assert (item["SUMMARY"], item["LOCATION"]) == (MARKUP, f"{MARKUP}, Göteborg")
    assert not [name for name in item if name.startswith("X-")]
    assert set(item["ORGANIZER"].params) == {"CN"}
    assert "<script>" not in said(mail)[1]
    assert all(len(line) <= 75 for line in mail.attachments[0][1].splitlines() if isinstance(line, bytes))
