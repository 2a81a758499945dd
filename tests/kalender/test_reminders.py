"""Påminn mig as operations: asked for, confirmed, sent once, erased."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.kalender import reminders
from cms.kalender.models import Allowance, EventPage, ReminderRequest, State
from cms.kalender.tasks import send_due_reminders
from notifications import letters as letter_kinds
from notifications import outbox, sending
from notifications.mail import build
from notifications.models import Message
from shop.models import Company
from tests.kalender.facts import KARIN, NOON, ask, confirmed, letters, stockholm

HOUR = timedelta(hours=1)
LATER = {"starts_at": stockholm("2026-12-12 10:00"), "ends_at": stockholm("2026-12-12 12:00")}
WORDS = (
    "Ett mejl när du själv vill, och ett till om träffen flyttas eller ställs in. "
    "Efter träffen glömmer vi adressen."
)


def test_asking_sends_a_letter_to_confirm_and_nothing_else(event):
    ask(event)
    (wish,) = ReminderRequest.objects.all()
    (letter,) = letters("reminder-confirm")
    assert (wish.state, wish.due_at) == (State.ASKED, stockholm("2026-12-09 13:00"))
    assert (letter.to, letter.context["confirm_url"]) == (KARIN, f"http://testserver/paminnelse/{wish.key}/")
    assert len(wish.key) * 6 >= 128


def test_an_unconfirmed_wish_is_never_sent_and_forgets_its_address(event):
    ask(event)
    reminders.send_due(now=event.starts_at - HOUR)
    assert letters("reminder") == []
    reminders.forget(now=NOON + timedelta(hours=47))
    assert ReminderRequest.objects.get().email == KARIN
    reminders.forget(now=NOON + timedelta(hours=48))
    wish = ReminderRequest.objects.get()
    assert (wish.state, wish.email) == (State.EXPIRED, "")


def test_a_link_works_for_48_hours(event):
    ask(event)
    key = ReminderRequest.objects.get().key
    with pytest.raises(reminders.LinkLapsed):
        reminders.confirm(key=key, now=NOON + timedelta(hours=48))
    assert reminders.confirm(key=key, now=NOON + timedelta(hours=47, minutes=59)).state == State.CONFIRMED


def test_a_reminder_is_reckoned_from_where_the_event_lies_when_it_is_confirmed(event):
    ask(event)
    EventPage.objects.filter(pk=event.pk).update(starts_at=stockholm("2026-12-12 10:00"))  # and nobody told
    wish = reminders.confirm(key=ReminderRequest.objects.get().key, now=NOON)
    assert wish.due_at == stockholm("2026-12-11 10:00")


def test_confirming_twice_is_confirming_once(event):
    wish = confirmed(event)
    again = reminders.confirm(key=wish.key, now=NOON + HOUR)
    assert again.confirmed_at == NOON


def test_asking_again_is_the_same_wish_and_at_most_three_letters_an_hour(event):
    for minute in range(5):
        ask(event, email="Karin@Bjorkvik.example" if minute else KARIN, now=NOON + timedelta(minutes=minute))
    assert ReminderRequest.objects.count() == 1
    assert len(letters("reminder-confirm")) == 3
    ask(event, now=NOON + HOUR)
    assert len(letters("reminder-confirm")) == 4


def test_asking_again_after_confirming_keeps_the_reminder(event):
    confirmed(event)
    ask(event)
    assert ReminderRequest.objects.get().state == State.CONFIRMED


def test_an_inbox_cannot_be_flooded_by_other_events_lead_times_or_plus_addresses(publish):
    events = [publish() for _number in range(3)]
    for event in events:
        for lead in ("1w", "1d", "2h"):
            ask(event, lead=lead, email=f"karin+{event.pk}{lead}@bjorkvik.example")
    assert len(letters("reminder-confirm")) == 3


def test_the_block_keeps_no_address_and_is_emptied(event):
    ask(event)
    assert not Allowance.objects.filter(name__contains="karin").exists()
    reminders.forget(now=NOON + 24 * HOUR)
    assert not Allowance.objects.exists()


def test_whoever_asks_each_hour_writes_an_inbox_nine_letters_a_day(event):
    for hour in range(24):
        for _time in range(3):
            ask(event, now=NOON + hour * HOUR)
    assert len(letters("reminder-confirm")) == 9
    ask(event, now=NOON + 24 * HOUR)
    assert len(letters("reminder-confirm")) == 10


@pytest.mark.parametrize(
    ("facts", "now"),
    [
        ({"status": "cancelled"}, NOON),
        ({}, stockholm("2026-12-10 13:00")),
        ({}, stockholm("2026-12-11 13:00")),
    ],
)
def test_nobody_can_ask_about_an_event_that_is_cancelled_or_has_begun(publish, facts, now):
    event = publish(**facts)
    with pytest.raises(reminders.NotRemindable):
        ask(event, now=now)
    assert not ReminderRequest.objects.exists()


@pytest.mark.parametrize("starts_at", ["2027-03-28 09:00", "2027-10-31 09:00"])
@pytest.mark.parametrize("lead", ["1w", "1d", "2h"])
def test_each_reminder_goes_out_once_at_its_minute_over_both_clock_changes(publish, starts_at, lead):
    event = publish(starts_at=stockholm(starts_at))
    wish = confirmed(event, lead=lead)
    due = {"1w": timedelta(days=7), "1d": timedelta(days=1), "2h": timedelta(hours=2)}[lead]
    expected = (event.starts_at.astimezone(stockholm(starts_at).tzinfo) - due).replace(fold=0)
    assert wish.due_at == expected
    reminders.send_due(now=wish.due_at - timedelta(seconds=1))
    assert letters("reminder") == []
    for seconds in (0, 30, 60):
        reminders.send_due(now=wish.due_at + timedelta(seconds=seconds))
    assert [letter.to for letter in letters("reminder")] == [KARIN]


def test_the_address_is_kept_until_the_event_is_over_and_erased_then(event):
    wish = confirmed(event)
    assert reminders.send_due(now=wish.due_at) == 1
    for now, kept in ((event.ends_at - HOUR, KARIN), (event.ends_at, "")):
        reminders.forget(now=now)
        wish.refresh_from_db()
        assert (wish.state, wish.email) == (State.SENT, kept)


def test_who_has_been_reminded_hears_of_another_day_and_is_reminded_of_that_too(event, change, clock):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    clock.move_to(wish.due_at + HOUR)
    change(event, **LATER)
    (moved,) = letters("event-moved")
    assert (moved.to, moved.context["reminded"]) == (KARIN, False)
    assert reminders.send_due(now=stockholm("2026-12-12 10:00") - timedelta(days=1)) == 1
    assert [letter.context["day"] for letter in letters("reminder")] == [
        "torsdag 10 december",
        "lördag 12 december",
    ]


def test_a_day_that_comes_back_is_not_reminded_of_twice(event, change, clock):
    wish = confirmed(event)
    was = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    reminders.send_due(now=wish.due_at)
    clock.move_to(wish.due_at + HOUR)
    change(event, **LATER)
    clock.move_to(wish.due_at + 2 * HOUR)
    change(event, **was)
    reminders.send_due(now=wish.due_at + 3 * HOUR)
    assert len(letters("event-moved")) == 2
    assert len(letters("reminder")) == 1


def test_who_has_been_reminded_of_a_day_that_comes_too_soon_for_another_is_told_what_holds_now(
    event, change, clock
):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    clock.move_to(wish.due_at + HOUR)
    change(event, starts_at=event.starts_at + HOUR, ends_at=event.ends_at + HOUR)
    (moved,) = letters("event-moved")
    assert "Du har redan fått din påminnelse." in str(build(moved).body)
    assert reminders.send_due(now=event.starts_at) == 0


def test_who_has_been_reminded_is_told_that_it_is_off_and_forgotten(event, change, clock):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    clock.move_to(wish.due_at + HOUR)
    change(event, status="cancelled")
    assert [letter.to for letter in letters("event-cancelled")] == [KARIN]
    assert not ReminderRequest.objects.reached().exists()


def test_who_has_been_reminded_may_be_forgotten_at_once(event, change, client, clock):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    page = f"/paminnelse/{wish.key}/"
    assert "Glöm adressen nu" in client.get(page).content.decode()
    client.post(page, {"remove": "1"})
    clock.move_to(wish.due_at + HOUR)
    change(event, **LATER)
    assert not ReminderRequest.objects.reached().exists()
    assert letters("event-moved") == []


def test_a_yes_is_kept_with_its_hour_address_and_words_until_the_event_is_over(event, client):
    ask(event, now=timezone.now())
    wish = ReminderRequest.objects.get()
    client.post(f"/paminnelse/{wish.key}/", {"confirm": "1"}, REMOTE_ADDR="192.0.2.7")
    wish.refresh_from_db()
    assert (wish.confirmed_from, wish.text_version) == ("192.0.2.7", reminders.TEXT_VERSION)
    reminders.forget(now=event.ends_at)
    wish.refresh_from_db()
    assert (wish.email, wish.confirmed_from, wish.text_version) == ("", "", reminders.TEXT_VERSION)


def test_other_words_to_say_yes_to_have_a_version_of_their_own(event, client):
    """Mend both together: what people have agreed to is kept by its version."""
    page = " ".join(client.get(event.url).content.decode().split())
    assert (WORDS in page, reminders.TEXT_VERSION) == (True, "2026-11-26")


def test_the_letter_can_be_stopped_with_one_click_and_names_time_and_place(event):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    (letter,) = letters("reminder")
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.headers["List-Unsubscribe"].startswith("<http://testserver/avregistrera/paminnelse-")
    facts = letter.context
    assert (facts["distance"], facts["day"], facts["when"]) == (
        "I morgon",
        "torsdag 10 december",
        "13.00–16.30",
    )


def test_the_way_out_of_a_reminder_stops_all_that_the_inbox_still_wants_of_the_event(event, publish, client):
    week, *_later = [confirmed(event, lead=lead) for lead in ("1w", "1d", "2h")]
    confirmed(event, email="anders@bjorkvik.example")
    confirmed(publish(starts_at=stockholm("2027-01-10 13:00")), now=NOON + HOUR)
    reminders.send_due(now=week.due_at)
    (letter,) = letters("reminder")
    answer = client.post(letter.context["remove_url"], {"List-Unsubscribe": "One-Click"})
    assert "Du får inga fler mejl om det här" in answer.content.decode()
    assert f"<{letter.context['remove_url']}>" in letter.headers["List-Unsubscribe"]
    left = ReminderRequest.objects.open().order_by("pk").values_list("email", "event__starts_at__year")
    assert list(left) == [("anders@bjorkvik.example", 2026), (KARIN, 2027)]


def test_the_way_there_names_the_company_s_phone_as_the_page_does(publish):
    Company.objects.update_or_create(pk=Company.load().pk, defaults={"phone": "0510-123 45"})
    wish = confirmed(publish(access="<p>Ring {{telefon}} &amp; vänta.</p>"))
    reminders.send_due(now=wish.due_at)
    assert letters("reminder")[0].context["access"] == "Ring 0510-123 45 & vänta."


def test_no_letter_for_an_event_cancelled_in_silence_and_one_again_when_it_is_revived(event, change):
    wish = confirmed(event)
    change(event, status="cancelled", tell_guests=False)
    assert reminders.send_due(now=wish.due_at) == 0
    change(event, status="planned")
    assert reminders.send_due(now=wish.due_at) == 1


def test_no_letter_for_an_unpublished_event(event):
    wish = confirmed(event)
    event.tell_guests = False
    event.save()
    event.unpublish()
    assert reminders.send_due(now=wish.due_at) == 0


def test_no_letter_once_the_event_has_begun_however_late_the_sender_is(event):
    confirmed(event)
    assert reminders.send_due(now=event.starts_at) == 0
    reminders.forget(now=event.ends_at)
    assert ReminderRequest.objects.get().email == ""


def test_a_moved_event_moves_its_reminders(event, change):
    wish = confirmed(event)
    change(event, starts_at=stockholm("2026-12-12 10:00"), ends_at=stockholm("2026-12-12 12:00"))
    assert reminders.send_due(now=wish.due_at) == 0
    assert reminders.send_due(now=stockholm("2026-12-11 10:00")) == 1


def test_a_reminder_asked_for_at_an_alias_moves_with_the_event(event, change, kalender):
    alias = event.create_alias(parent=kalender, update_slug="alias")
    wish = confirmed(EventPage.objects.get(pk=alias.pk))
    change(event, starts_at=stockholm("2026-12-12 10:00"), ends_at=stockholm("2026-12-12 12:00"))
    wish.refresh_from_db()
    assert wish.due_at == stockholm("2026-12-11 10:00")


def test_an_event_moved_nearer_is_reminded_of_at_once(event, change):
    confirmed(event, lead="1w")
    change(event, starts_at=stockholm("2026-11-24 10:00"), ends_at=stockholm("2026-11-24 12:00"))
    assert reminders.send_due(now=NOON) == 1


def test_an_event_moved_behind_our_back_is_not_reminded_of_too_early(event):
    wish = confirmed(event)
    type(event).objects.filter(pk=event.pk).update(
        starts_at=stockholm("2026-12-12 10:00"), ends_at=stockholm("2026-12-12 12:00")
    )
    reminders.send_due(now=wish.due_at)
    assert letters("reminder") == []


def test_a_stopped_wish_is_not_sent_forgets_the_address_and_may_be_made_anew(event):
    wish = confirmed(event)
    for _click in range(2):
        reminders.stop([wish.pk])
    assert reminders.send_due(now=wish.due_at) == 0
    assert ReminderRequest.objects.get().email == ""
    ask(event)
    assert list(ReminderRequest.objects.order_by("pk").values_list("state", flat=True)) == [
        "stopped",
        "asked",
    ]


def test_a_person_may_be_reminded_at_several_distances(event):
    for lead in ("1w", "1d", "2h"):
        confirmed(event, lead=lead)
    for due in ("2026-12-03 13:00", "2026-12-09 13:00", "2026-12-10 11:00"):
        assert reminders.send_due(now=stockholm(due)) == 1
    assert [letter.context["distance"] for letter in letters("reminder")] == [
        "Om en vecka",
        "I morgon",
        "Om 2 timmar",
    ]


# --- A letter that waits for the mail server -------------------------------------------------------
@pytest.fixture
def waiting(event, clock):
    """The letter of a reminder the day before, written on time and not sent yet."""
    wish = confirmed(event)
    clock.move_to(wish.due_at)
    reminders.send_due(now=wish.due_at)
    (letter,) = letters("reminder")
    return letter


def leave(letter: Message) -> Message:
    sending.send(letter.pk, now=timezone.now())
    letter.refresh_from_db()
    return letter


def test_a_reminder_that_the_mail_server_kept_until_the_event_began_does_not_go_out(
    event, waiting, clock, mailoutbox
):
    clock.move_to(event.starts_at)
    assert leave(waiting).state == "needless"
    assert "har börjat eller är inställt" in waiting.error
    assert not mailoutbox


@pytest.mark.parametrize("how", ["cancelled", "unpublished", "deleted"])
def test_a_reminder_that_waits_while_its_event_is_called_off_does_not_go_out(
    event, change, waiting, mailoutbox, how
):
    if how == "cancelled":
        change(event, status="cancelled")
    else:
        event.unpublish() if how == "unpublished" else event.delete()
    assert leave(waiting).state == "needless"
    assert not mailoutbox


def test_a_reminder_that_waits_while_its_event_moves_tells_the_new_time_and_place(
    event, change, waiting, mailoutbox
):
    change(event, starts_at=stockholm("2026-12-10 14:00"), place="Lilla salen")
    assert leave(waiting).state == "sent"
    (mail,) = mailoutbox
    assert mail.subject.startswith("I morgon: Öppen halvdag: grunderna i värdskap, 14.00")
    assert "14.00–16.30" in mail.body
    assert "Lilla salen" in mail.body


def test_a_reminder_that_comes_late_says_how_near_the_start_is_by_then(event, waiting, clock, mailoutbox):
    clock.move_to(event.starts_at - timedelta(hours=1))
    leave(waiting)
    assert mailoutbox[0].subject.startswith("Om 1 timme: ")


def test_many_are_sent_in_batches(event, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    for number in range(5):
        wish = confirmed(event, email=f"gast{number}@bjorkvik.example")
    assert reminders.send_due(now=wish.due_at) == 5
    assert len(letters("reminder")) == 5


def test_many_cost_no_more_statements_than_two(event, publish):
    def statements(count: int, event: EventPage) -> int:
        for number in range(count):
            wish = confirmed(event, email=f"gast{number}@bjorkvik.example")
        with CaptureQueriesContext(connection) as asked:
            assert reminders.send_batch(now=wish.due_at) == count
        return len(asked)

    few = statements(2, publish())
    assert statements(20, event) <= few <= 10


def test_what_reminders_of_an_event_share_is_asked_for_once_and_each_costs_two_statements(
    publish, monkeypatch, mailoutbox
):
    def statements(count: int) -> int:
        event = publish()
        for number in range(count):
            wish = confirmed(event, email=f"gast{number}@bjorkvik.example")
        reminders.send_due(now=wish.due_at)
        with CaptureQueriesContext(connection) as asked:
            sending.send_to_many()
        return len(asked)

    few = statements(2)
    assert few <= 10
    assert statements(12) - few == 2 * 10
    assert len({mail.attachments[0].content for mail in mailoutbox}) == 2


def test_the_letters_forget_their_address_two_days_after_they_went_out(event):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    (confirm,), (reminder,) = letters("reminder-confirm"), letters("reminder")
    sending.send(confirm.pk, now=wish.due_at)
    outbox.put("order-confirmation", key="1", to=KARIN, context={})
    reminders.forget(now=NOON + timedelta(hours=47))
    assert [letter.to for letter in letters("reminder-confirm")] == [KARIN]
    reminders.forget(now=NOON + timedelta(hours=49))
    assert [letter.to for letter in letters("reminder-confirm")] == [""]
    assert [letter.to for letter in letters("reminder")] == [KARIN], "it has not gone out yet"
    assert [letter.to for letter in letters("order-confirmation")] == [KARIN]
    assert not outbox.send_again(confirm.pk, now=NOON)
    assert reminder.state == "waiting"


@pytest.mark.parametrize(
    ("lead", "due"), [("1w", "2026-12-03 09:00"), ("1d", "2026-12-09 09:00"), ("2h", "2026-12-10 07:00")]
)
def test_a_whole_day_is_reminded_of_in_the_morning_and_without_an_hour(publish, lead, due):
    event = publish(
        all_day=True, starts_at=stockholm("2026-12-10 00:00"), ends_at=stockholm("2026-12-12 23:59")
    )
    wish = confirmed(event, lead=lead)
    reminders.send_due(now=stockholm(due) - timedelta(seconds=1))
    assert letters("reminder") == []
    reminders.send_due(now=stockholm(due))
    (letter,) = letters("reminder")
    assert wish.due_at == stockholm(due)
    assert (letter.context["when"], letter.context["start"]) == ("till lördag 12 december", "hela dagen")


def test_a_whole_day_that_has_dawned_is_reminded_of_until_nine(publish):
    event = publish(
        all_day=True, starts_at=stockholm("2026-12-10 00:00"), ends_at=stockholm("2026-12-10 23:59")
    )
    assert event.is_remindable(stockholm("2026-12-10 08:59"))
    assert not event.is_remindable(stockholm("2026-12-10 09:00"))
    confirmed(event, lead="2h")
    reminders.send_due(now=stockholm("2026-12-10 09:00"))
    assert letters("reminder") == []
    reminders.send_due(now=stockholm("2026-12-10 08:59"))
    assert [letter.context["distance"] for letter in letters("reminder")] == ["I dag"]


def test_the_task_sends_what_is_due_now(event, clock):
    wish = confirmed(event)
    clock.move_to(wish.due_at)
    send_due_reminders()
    assert len(letters("reminder")) == 1


@pytest.mark.parametrize("facts", [{"online": True}, {}])
def test_the_letter_before_an_event_in_a_room_and_online_names_both(publish, mailoutbox, facts):
    wish = confirmed(publish(online_link="https://moten.example/a", address="Storgatan 1", **facts))
    reminders.send_due(now=wish.due_at)
    sending.send(letters("reminder")[0].pk, now=wish.due_at)
    (letter,) = mailoutbox
    assert "13.00 i Göteborg och digitalt" in letter.subject
    assert "Ekmanssalen, Storgatan 1, Göteborg, eller digitalt: https://moten.example/a" in letter.body
    page = letter.alternatives[0].content
    assert "Hitta hit" in page
    assert "Ekmanssalen, Storgatan 1, Göteborg<br>Eller digitalt: <a" in page


def test_both_letters_go_out_as_mail_with_the_calendar_file(event, mailoutbox):
    wish = confirmed(event)
    reminders.send_due(now=wish.due_at)
    assert "reminder" in letter_kinds._makers
    for letter in letters("reminder-confirm") + letters("reminder"):
        sending.send(letter.pk, now=wish.due_at)
    confirm, reminder = mailoutbox
    assert confirm.subject == "Ska vi påminna dig om Öppen halvdag: grunderna i värdskap?"
    assert f"/paminnelse/{wish.key}/" in confirm.body
    assert f"/paminnelse/{wish.key}/" in confirm.alternatives[0].content
    assert reminder.subject == "I morgon: Öppen halvdag: grunderna i värdskap, 13.00 i Göteborg"
    ((name, content, kind),) = reminder.attachments
    assert (name, kind) == ("2026-12-10-grunderna.ics", "text/calendar; charset=utf-8; method=PUBLISH")
    assert "DTSTART;TZID=Europe/Stockholm:20261210T130000" in str(content)
    assert reminder.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(reminder.message().as_bytes()) < 25_000


def test_a_reminder_that_came_too_late_is_nothing_to_mend(event, waiting, clock, admin_client):
    clock.move_to(event.starts_at)
    leave(waiting)
    shown = html.unescape(admin_client.get(reverse("letters_staff:outbox")).content.decode())
    assert "Sändes inte" in shown
    assert "Det som brevet handlar om har börjat eller är inställt." in shown
    assert reverse("letters_staff:send_again", args=[waiting.pk]) not in shown
    assert "brev gick inte fram" not in admin_client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_reminder_that_really_failed_stays_among_the_duties(waiting, admin_client):
    Message.objects.filter(pk=waiting.pk).update(state="failed", error="SMTPServerDisconnected")
    assert "1 brev gick inte fram" in admin_client.get(reverse("wagtailadmin_home")).content.decode()
