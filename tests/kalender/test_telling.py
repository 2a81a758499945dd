"""Moved, cancelled, on again: everybody who comes or wants a reminder is told at once, and once."""

from __future__ import annotations

from contextvars import copy_context
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from cms.kalender import announcing, reminders, signing_up, telling
from cms.kalender.letters import token as token_of
from cms.kalender.models import Actor, Announcement, EventPage, ReminderRequest, SignUp, State
from cms.kalender.models.signup import GUEST_MEMORY
from notifications import sending
from notifications.models import Message
from shop import freshness
from tests.kalender.facts import KARIN, NOON, ask, confirmed, stockholm
from tests.kalender.signups import GOING, guest, party, sign_up, wish

MOVED = {"starts_at": stockholm("2026-12-11 14:00"), "ends_at": stockholm("2026-12-11 16:00")}
OLOF = "olof@bjorkvik.example"


@pytest.fixture
def course(publish) -> EventPage:
    """A seat for one, on 10 December 2026, 13.00–16.30 in Göteborg."""
    course: EventPage = publish(slug="2026-12-10-grunderna", signup=True, seats=1)
    return course


def news() -> list[Message]:
    return list(Message.objects.filter(letter__in=telling.LETTERS).order_by("pk"))


def told() -> list[tuple[str, str]]:
    return [(message.letter, message.to) for message in news()]


def mails(mailoutbox: list[Any]) -> list[Any]:
    """The news as they go out."""
    for message in news():
        sending.send(message.pk, now=message.created_at)
    return mailoutbox


def file_of(mail: Any) -> tuple[str, Any]:
    """METHOD and the event of a mail's calendar file."""
    ((_name, content, kind),) = mail.attachments
    calendar = Calendar.from_ical(content)
    assert kind == f"text/calendar; charset=utf-8; method={calendar['METHOD']}"
    (item,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), item


# --- Moved -----------------------------------------------------------------------------------------
def test_a_moved_event_is_told_to_guests_to_the_queue_and_to_those_who_want_a_reminder(course, change):
    going, queued = sign_up(course), sign_up(course)
    confirmed(course)
    ask(course, email=OLOF)  # has not said yes
    change(course, **MOVED)
    assert told() == [("event-moved", going.email), ("event-moved", queued.email), ("event-moved", KARIN)]


def test_the_letter_has_the_old_time_and_place_and_the_new(course, change, mailoutbox):
    sign_up(course)
    confirmed(course)
    change(course, **MOVED, place="Stora salen")
    for mail in mails(mailoutbox):
        assert mail.subject == "Ny tid: Öppen halvdag: grunderna i värdskap, fredag 11 december"
        for text in (mail.body, mail.alternatives[0].content):
            for words in (
                "Ny tid och ny plats",
                "torsdag 10 december, 13.00–16.30",
                "Ekmanssalen, Göteborg",
                "fredag 11 december, 14.00–16.00",
                "Stora salen, Göteborg",
            ):
                assert words in text, words


def test_a_new_place_alone_is_called_so(course, change, mailoutbox):
    sign_up(course)
    change(course, place="Stora salen")
    (mail,) = mails(mailoutbox)
    assert mail.subject == "Ny plats: Öppen halvdag: grunderna i värdskap, torsdag 10 december"


def test_the_file_moves_the_event_in_the_calendars_of_those_who_have_it(course, change, mailoutbox):
    going, _queued = sign_up(course), sign_up(course)
    confirmed(course)
    change(course, **MOVED)
    to_going, to_queued, to_reader = mails(mailoutbox)
    method, item = file_of(to_going)
    assert (method, item["SEQUENCE"], item["STATUS"]) == ("REQUEST", 1, "CONFIRMED")
    assert item["ATTENDEE"] == f"mailto:{going.email}"
    assert item["DTSTART"].dt == MOVED["starts_at"]
    assert to_queued.attachments == [], "who waits for a seat has nothing in the calendar"
    method, item = file_of(to_reader)
    assert (method, item["SEQUENCE"], "ATTENDEE" in item) == ("PUBLISH", 1, False)


def test_the_reminder_comes_before_the_new_time(course, change):
    confirmed(course)
    change(course, **MOVED)
    assert reminders.send_due(now=stockholm("2026-12-09 13:00")) == 0
    assert reminders.send_due(now=stockholm("2026-12-10 14:00")) == 1


def test_each_move_is_told_once_however_often_it_is_published(course, change):
    sign_up(course)
    moved = change(course, **MOVED)
    moved.latest_revision.publish()
    announcing.announce(course.pk, now=NOON)
    assert len(news()) == 1
    change(course, starts_at=course.starts_at, ends_at=course.ends_at)
    assert [message.key.rpartition(":")[2] for message in news()] == ["1", "2"]


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Grunderna"},
        {"lede": "Nya ord"},
        {"leader": "Någon annan"},
        {"seats": 20},
        {"status": "full"},
        {"status": "moved"},
    ],
)
def test_what_moves_nobody_is_told_to_nobody(course, change, facts):
    sign_up(course)
    confirmed(course)
    change(course, **facts)
    assert news() == []


def test_an_editor_may_move_it_without_telling(course, change):
    sign_up(course)
    reminder = confirmed(course)
    change(course, **MOVED, tell_guests=False)
    reminder.refresh_from_db()
    assert (news(), reminder.due_at) == ([], stockholm("2026-12-10 14:00"))


@pytest.mark.parametrize("facts", [{"place": "Stora salen"}, {"status": "cancelled"}, MOVED])
def test_nobody_is_told_of_what_is_over(course, change, clock, facts):
    sign_up(course)
    clock.move_to(stockholm("2026-12-10 16:30"))
    change(course, **facts)
    assert news() == []


def test_a_reminder_asked_for_at_an_alias_is_the_event_s(course, change, kalender, client):
    course.create_alias(parent=kalender, update_slug="alias")
    client.post("/kalender/alias/paminn/", {"email": KARIN, "lead": "1d"})
    reminders.confirm(key=ReminderRequest.objects.get(event=course).key, now=NOON)
    change(course, **MOVED)
    (message,) = news()
    assert (message.to, message.context["event_url"]) == (KARIN, course.site_address)


def test_who_signed_up_in_english_is_told_in_english(course, change, mailoutbox):
    sign_up(course, language="en")
    change(course, **MOVED)
    (mail,) = mails(mailoutbox)
    assert mail.subject.startswith("New time: ")
    assert "Friday 11 December" in mail.body


def test_an_event_that_moves_while_its_reminders_go_out_moves_in_the_files_that_say_so(
    course, change, monkeypatch
):
    """Letters that are sent together share their file: the one of the reminders before must not be among them."""
    confirmed(course)
    confirmed(course, lead="1w", email=OLOF)
    reminders.send_due(now=stockholm("2026-12-03 13:00"))
    gone: list[Any] = []

    def take(mails: list[Any]) -> int:
        if not gone:
            outside = copy_context()  # an editor's request: what this sending remembers stays as it is
            outside.run(freshness._request.set, None)
            outside.run(change, course, **MOVED)
        gone.extend(mails)
        return len(mails)

    line = SimpleNamespace(open=lambda: None, close=lambda: None, send_messages=take)
    monkeypatch.setattr(sending, "get_connection", lambda _backend: line)
    assert not sending.send_to_many()
    told = [(mail.to[0], file_of(mail)[1]["SEQUENCE"]) for mail in gone]
    assert (told[0], sorted(told[1:])) == ((OLOF, 0), [(KARIN, 1), (OLOF, 1)])  # in any order


def test_that_it_is_on_again_is_no_news_to_who_wants_a_reminder_and_never_heard_that_it_was_off(
    course, change
):
    confirmed(course)
    change(course, status="cancelled", tell_guests=False)
    change(course, status="planned", tell_guests=True)
    assert not news()


# --- A letter that waits for the mail server while the event changes again ---------------------------
def leave(letter: Message) -> str:
    sending.send(letter.pk, now=NOON)
    letter.refresh_from_db()
    return str(letter.state)


def test_a_late_letter_about_a_move_tells_the_time_and_place_of_the_latest(course, change, mailoutbox):
    sign_up(course)
    change(course, **MOVED)
    change(course, starts_at=stockholm("2026-12-11 15:00"), place="Lilla salen")
    first, _second = news()
    assert leave(first) == "sent"
    (mail,) = mailoutbox
    assert "15.00–16.00" in mail.body
    assert "Lilla salen" in mail.body
    assert "14.00–16.00" not in mail.body


@pytest.mark.parametrize(
    "since",
    [
        {"status": "cancelled"},
        {"starts_at": stockholm("2026-12-10 13:00"), "ends_at": stockholm("2026-12-10 16:30")},
    ],
    ids=["cancelled", "moved back"],
)
def test_a_late_letter_about_a_move_that_is_true_no_more_does_not_go_out(course, change, mailoutbox, since):
    sign_up(course)
    change(course, **MOVED)
    change(course, **since)
    first, second = news()
    assert (leave(first), leave(second)) == ("needless", "sent")
    assert len(mailoutbox) == 1


def test_a_late_letter_calls_nothing_off_for_guests_once_it_is_on_again(course, change, mailoutbox):
    sign_up(course)
    confirmed(course)
    change(course, status="cancelled")
    change(course, status="planned")
    off, off_for_the_reminder, on = news()
    assert [leave(letter) for letter in (off, off_for_the_reminder, on)] == ["needless", "sent", "sent"]
    assert [mail.to for mail in mailoutbox] == [[KARIN], [off.to]]


# --- One inbox, one letter -------------------------------------------------------------------------
def test_an_inbox_gets_one_letter_whatever_it_has_asked_for(course, change):
    for lead in ("1w", "1d", "2h"):
        confirmed(course, lead=lead)
        confirmed(course, lead=lead, email=OLOF)
    sign_up(course, email=OLOF.upper())
    change(course, **MOVED)
    assert [address.lower() for _letter, address in told()] == [OLOF, KARIN]


def test_one_click_in_the_letter_stops_all_that_the_inbox_has_asked_for(course, change):
    for lead in ("1w", "1d"):
        confirmed(course, lead=lead)
    confirmed(course, email=OLOF)
    change(course, **MOVED)
    message = next(message for message in news() if message.to == KARIN)
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.context["remove_url"]
    assert f"<{address}>" in message.headers["List-Unsubscribe"]
    stranger = Client(enforce_csrf_checks=True)
    assert "Ta bort påminnelsen?" in stranger.get(address).content.decode()
    assert ReminderRequest.objects.open().count() == 3, "opening it stops nothing"
    answer = stranger.post(
        address, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mejl.example"}
    )
    assert answer.status_code == 200
    assert list(ReminderRequest.objects.open().values_list("email", flat=True)) == [OLOF]
    change(course, starts_at=course.starts_at, ends_at=course.ends_at)
    assert [message.to for message in news()][-1] == OLOF


@pytest.mark.parametrize("way", ["another", "one more", "none"])
def test_a_token_that_was_tampered_with_stops_nothing(course, client, way):
    mine, other = confirmed(course), confirmed(course, email=OLOF)
    token = token_of(mine)
    tampered = {
        "another": token.replace(f"-{mine.pk}.", f"-{other.pk}."),
        "one more": token.replace(f"-{mine.pk}.", f"-{mine.pk}-{other.pk}."),
        "none": token.replace(f"-{mine.pk}.", "-."),
    }[way]
    assert client.post(f"/avregistrera/{tampered}/").status_code == 404
    assert ReminderRequest.objects.open().count() == 2


# --- Cancelled, and on again -----------------------------------------------------------------------
def test_a_cancelled_event_is_told_and_then_nothing_more(course, change):
    going, queued = sign_up(course), sign_up(course)
    reminder = confirmed(course)
    change(course, status="cancelled")
    assert told() == [
        ("event-cancelled", going.email),
        ("event-cancelled", queued.email),
        ("event-cancelled", KARIN),
    ]
    reminder.refresh_from_db()
    assert (reminder.state, reminder.email) == (State.EXPIRED, "")
    change(course, **MOVED)
    assert reminders.send_due(now=stockholm("2026-12-10 14:00")) == 0
    assert len(news()) == 3


def test_who_loses_a_reminder_is_told_so_and_how_to_ask_for_another(course, change, mailoutbox):
    confirmed(course)
    change(course, status="cancelled")
    (mail,) = mails(mailoutbox)
    for text in (mail.body, mail.alternatives[0].content):
        assert "Påminnelsen är borttagen." in text
        assert "Blir träffen av ändå går det bra att be om en ny påminnelse på träffens sida." in text


def test_a_guest_keeps_the_reminder_through_a_cancellation_that_was_told_to_a_guest(course, change):
    sign_up(course, email=OLOF.upper())
    kept, lost = confirmed(course, email=OLOF), confirmed(course)
    change(course, status="cancelled")
    assert reminders.send_due(now=stockholm("2026-12-09 13:00")) == 0
    for reminder in (kept, lost):
        reminder.refresh_from_db()
    assert [(reminder.state, reminder.email) for reminder in (kept, lost)] == [
        (State.CONFIRMED, OLOF),
        (State.EXPIRED, ""),
    ]
    change(course, status="planned")
    assert reminders.send_due(now=stockholm("2026-12-09 13:00")) == 1


@pytest.mark.parametrize(("others", "comes"), [(0, 0), (1, 1)])
def test_the_reminder_goes_with_the_last_sign_up_that_its_inbox_has_at_a_cancelled_event(
    course, change, others, comes
):
    signup = sign_up(course, email=OLOF.upper())
    for number in range(others):
        sign_up(course, email=OLOF, names=[f"Kollega {number}"])
    confirmed(course, email=OLOF)
    change(course, status="cancelled")
    signing_up.cancel(signup.pk, actor=Actor.STAFF, now=NOON)
    change(course, status="planned")
    assert reminders.send_due(now=stockholm("2026-12-09 13:00")) == comes


def test_the_letter_says_what_people_knew_and_takes_the_event_out_of_their_calendars(
    course, change, mailoutbox
):
    sign_up(course)
    confirmed(course)
    change(course, **MOVED, status="cancelled")
    to_guest, to_reader = mails(mailoutbox)
    assert to_guest.subject == "Inställt: Öppen halvdag: grunderna i värdskap, torsdag 10 december"
    assert "torsdag 10 december, 13.00–16.30" in to_guest.body
    method, item = file_of(to_guest)
    assert (method, item["SEQUENCE"], item["STATUS"]) == ("CANCEL", 1, "CANCELLED")
    method, item = file_of(to_reader)
    assert (method, item["SEQUENCE"], item["STATUS"]) == ("PUBLISH", 1, "CANCELLED")


def test_a_paid_place_is_spoken_of_without_promises(course, change, mailoutbox):
    signup = sign_up(course)
    SignUp.objects.filter(pk=signup.pk).update(order_number="VS-2026-000123")
    change(course, status="cancelled")
    (mail,) = mails(mailoutbox)
    for text in (mail.body, mail.alternatives[0].content):
        assert "beställning VS-2026-000123" in text
        assert "återbetal" not in text


def test_all_who_heard_that_it_was_off_hear_that_it_is_on_again_each_in_words_of_their_own(
    course, change, mailoutbox
):
    going, pair, alone = sign_up(course), sign_up(course, party(2)), sign_up(course)
    change(course, status="cancelled")
    change(course, status="planned")
    assert told()[3:] == [("event-on-again", guest.email) for guest in (going, pair, alone)]
    to_going, to_pair, to_alone = mails(mailoutbox)[-3:]
    said = [
        (to_going, "Din plats är kvar.", "får någon annan platsen"),
        (to_pair, "Ni har kvar er tur i kön.", "Finns det 2 platser till er"),
        (to_alone, "Du har kvar din tur i kön.", "Finns det en plats till dig"),
    ]
    for mail, *words in said:
        for text in (mail.body, mail.alternatives[0].content):
            assert [word for word in words if word not in text] == []
    for mail in (to_pair, to_alone):
        assert "platsen" not in mail.body
        assert mail.attachments == [], "who waits for a seat has nothing in the calendar"


def test_who_was_about_to_pay_is_told_that_the_place_is_theirs_once_it_is_paid(course, change, mailoutbox):
    signup = sign_up(course)
    SignUp.objects.filter(pk=signup.pk).update(state="unpaid")
    change(course, status="cancelled")
    change(course, status="planned")
    mail = mails(mailoutbox)[-1]
    assert "Platsen är kvar, och den är din när den är betald." in mail.body
    assert mail.attachments == []


def test_the_queue_of_an_event_that_is_on_again_is_asked_by_a_letter_of_its_own(course, change):
    left, queued = sign_up(course), sign_up(course)
    change(course, status="cancelled")
    signing_up.cancel(left.pk, actor=Actor.GUEST, now=NOON)
    change(course, status="planned")
    assert told()[2:] == [("event-on-again", queued.email)]
    assert Message.objects.latest("pk").letter == "signup-offered"


def test_who_still_has_a_seat_is_told_that_it_is_on_again(course, change, mailoutbox):
    left = sign_up(course)
    change(course, status="cancelled")
    signing_up.cancel(left.pk, actor=Actor.GUEST, now=NOON)
    stays = sign_up_anyway(course)
    change(course, status="planned", place="Stora salen")
    assert told()[1:] == [("event-on-again", stays.email)]
    *_cancelled, mail = mails(mailoutbox)
    method, item = file_of(mail)
    assert (method, item["SEQUENCE"], item["STATUS"]) == ("REQUEST", 2, "CONFIRMED")
    assert "Ekmanssalen" in mail.body
    assert "Stora salen" in mail.body


def sign_up_anyway(event: EventPage) -> SignUp:
    asked = wish()
    return SignUp.objects.create(
        event=event, form_key=asked.form_key, state=GOING, places=1, email=asked.email, created_at=NOON
    )


# --- Taken away ------------------------------------------------------------------------------------
def test_an_event_that_is_taken_away_is_told_as_cancelled(course, mailoutbox):
    sign_up(course)
    confirmed(course)
    EventPage.objects.get(pk=course.pk).unpublish()
    assert [letter for letter, _address in told()] == ["event-cancelled"] * 2
    to_guest, _to_reader = sent = mails(mailoutbox)
    methods = [(method, item["SEQUENCE"], item["STATUS"]) for method, item in map(file_of, sent)]
    assert methods == [("CANCEL", 1, "CANCELLED"), ("PUBLISH", 1, "CANCELLED")]
    assert course.slug not in to_guest.body, "no link to a page that is not there"
    assert not ReminderRequest.objects.exclude(email="").exists()
    assert reminders.send_due(now=stockholm("2026-12-09 13:00")) == 0


def test_who_wants_a_reminder_of_an_event_that_is_deleted_is_told(course, mailoutbox):
    confirmed(course)
    course.delete()
    assert [letter for letter, _address in told()] == ["event-cancelled"]
    (sent,) = mails(mailoutbox)
    method, item = file_of(sent)
    assert (method, item["SEQUENCE"], item["STATUS"]) == ("PUBLISH", 1, "CANCELLED")
    assert course.slug not in sent.body, "no link to a page that is not there"


def test_an_event_that_comes_back_is_on_again_for_its_guests(course, change):
    sign_up(course)
    EventPage.objects.get(pk=course.pk).unpublish()
    change(course, lede="Nu blir det av.")
    assert [letter for letter, _address in told()] == ["event-cancelled", "event-on-again"]


def test_a_page_kept_for_some_is_no_news(course):
    sign_up(course)
    PageViewRestriction.objects.create(page=course.page_ptr, restriction_type="login")
    announcing.withdraw_astray(now=NOON)
    assert (Announcement.objects.get().sequence, news()) == (1, [])
    course.view_restrictions.all().delete()
    announcing.announce(course.pk, now=NOON)
    assert (Announcement.objects.get().sequence, news()) == (2, []), "nor is it one when all may see it again"


# --- Many, and afterwards --------------------------------------------------------------------------
def test_many_cost_no_more_statements_than_two(publish, change):
    def statements(count: int) -> int:
        event = publish(signup=True)
        for number in range(count):
            sign_up(event, email=guest(10_000 + number))
            confirmed(event, email=f"vill{number}@bjorkvik.example")
        before = len(news())
        with CaptureQueriesContext(connection) as asked:
            telling.tell(event, before=facts(event), after=facts(event, **MOVED), sequence=1, now=NOON)
        assert len(news()) - before == 2 * count
        return len(asked)

    few = statements(2)
    assert statements(12) <= few + 1 <= 12, "SQLite takes fewer rows in a statement"


def facts(event: EventPage, **other: Any) -> dict[str, Any]:
    for name, value in other.items():
        setattr(event, name, value)
    return announcing.announcement(event)


def test_addresses_are_forgotten_in_two_days_and_those_of_guests_after_a_season(course, change):
    sign_up(course)
    confirmed(course)
    change(course, **MOVED)
    for message in news():
        sending.send(message.pk, now=NOON)
    reminders.forget(now=NOON + timedelta(hours=49))
    assert [bool(message.to) for message in news()] == [True, False]
    signing_up.forget(now=NOON + GUEST_MEMORY + timedelta(days=1))
    assert next((message.to, message.context) for message in news()) == ("", {})
