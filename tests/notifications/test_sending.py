"""Sending: one holder at a time, tries that space out, nothing lost and nothing hidden."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.errors import HeaderParseError
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from notifications import sending, tasks
from notifications.models import Message, State
from notifications.sending import MAX_TRIES, pause
from tests.factories import NOON, CompanyFactory
from tests.harness import processes

LEASE = timedelta(seconds=settings.LETTER_LEASE_SECONDS)
SECOND = timedelta(seconds=1)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """failing(error): every mail from now on ends so."""

    def fail(error: Exception) -> None:
        def send(_mail: EmailMultiAlternatives) -> int:
            raise error

        monkeypatch.setattr(EmailMultiAlternatives, "send", send)

    return fail


@pytest.mark.django_db
def test_a_letter_goes_out_once(letter, mailoutbox):
    message = letter()
    assert sending.send(message.pk, now=NOON)
    assert not sending.send(message.pk, now=NOON + 2 * LEASE)
    message.refresh_from_db()
    assert (message.state, message.tries, message.sent_at, message.leased_until) == (
        State.SENT,
        1,
        NOON,
        None,
    )
    assert [mail.subject for mail in mailoutbox] == ["Hej Karin"]


@pytest.mark.django_db
def test_a_letter_is_not_sent_before_its_time(letter, mailoutbox):
    message = letter(at=NOON + SECOND)
    assert not sending.send(message.pk, now=NOON)
    assert sending.send(message.pk, now=NOON + SECOND)
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(letter, monkeypatch):
    seen: list[bool] = []
    monkeypatch.setattr(EmailMultiAlternatives, "send", lambda _mail: seen.append(connection.in_atomic_block))
    sending.send(letter().pk, now=NOON)
    assert seen == [False]


# --- Failing --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_failed_try_waits_longer_and_says_why(letter, failing):
    failing(SMTPServerDisconnected("tyst i luren"))
    message, now = letter(), NOON
    for tries in range(1, 5):
        assert not sending.send(message.pk, now=now)
        message.refresh_from_db()
        assert (message.state, message.tries) == (State.WAITING, tries)
        assert message.next_try_at - now == timedelta(seconds=30 * 2 ** (tries - 1))
        assert not sending.send(message.pk, now=message.next_try_at - SECOND)
        now = message.next_try_at
    assert message.error == "SMTPServerDisconnected: tyst i luren"


def test_a_weekend_without_a_mail_server_is_survived():
    pauses = [pause(tries) for tries in range(1, MAX_TRIES)]
    assert max(pauses) == timedelta(hours=1)
    assert sum(pauses, timedelta()) > timedelta(hours=48)


@pytest.mark.django_db
def test_after_the_last_try_the_letter_is_given_up_and_stays_visible(letter, failing, mailoutbox):
    message = letter(tries=MAX_TRIES - 1)
    failing(ConnectionRefusedError("stängt"))
    sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.tries, message.error) == (
        State.FAILED,
        MAX_TRIES,
        "ConnectionRefusedError: stängt",
    )
    assert not Message.objects.due(NOON + timedelta(days=30)).exists()


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_not_tried_again(letter, failing, caplog):
    message = letter()
    failing(SMTPRecipientsRefused({message.to: (550, b"5.1.1 no such user")}))
    sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.FAILED, 1)
    assert message.to in message.error
    assert "SMTPRecipientsRefused" in caplog.text
    assert message.to not in caplog.text


@pytest.mark.django_db
def test_a_mail_server_that_refuses_everybody_is_tried_again(letter, failing):
    message = letter()
    failing(SMTPRecipientsRefused({message.to: (554, b"5.7.1 relay access denied")}))
    sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert message.state == State.WAITING


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["broken", "no-such-letter"])
def test_a_letter_whose_template_is_at_fault_waits_with_its_error(letter, kind):
    message = letter(kind)
    assert not sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert message.state == State.WAITING
    assert message.error.startswith("Template")


@pytest.mark.django_db
def test_an_error_with_a_null_in_it_can_be_kept(letter, failing):
    failing(OSError("\x00" + "x" * 5000))
    message = letter()
    sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert len(message.error) == 1000
    assert "\x00" not in message.error


# --- The lease --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sender_that_dies_leaves_its_lease_to_run_out_and_the_sweep_sends_under_the_same_message_id(
    letter, mailoutbox, monkeypatch
):
    message = letter()
    assert Message.objects.claim(message.pk, now=NOON, until=NOON + LEASE)  # and then: kill -9
    assert not sending.send(message.pk, now=NOON + LEASE - SECOND)
    assert sending.send(message.pk, now=NOON + LEASE)
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.SENT, 2)
    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [message.message_id]


@pytest.mark.django_db
def test_only_the_holder_of_the_lease_notes_what_became_of_the_letter(letter, monkeypatch):
    """The first sender is slow: its lease ends, another takes over, then the first comes back."""
    message = letter()

    def slow(_mail: EmailMultiAlternatives) -> int:
        assert Message.objects.claim(message.pk, now=NOON + LEASE, until=NOON + 2 * LEASE)
        return 1

    monkeypatch.setattr(EmailMultiAlternatives, "send", slow)
    assert not sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.tries, message.leased_until) == (State.SENDING, 2, NOON + 2 * LEASE)


@pytest.mark.django_db
def test_a_late_failure_does_not_take_the_letter_from_its_new_holder(letter, monkeypatch):
    message = letter()

    def slow(_mail: EmailMultiAlternatives) -> int:
        Message.objects.claim(message.pk, now=NOON + LEASE, until=NOON + 2 * LEASE)
        raise TimeoutError

    monkeypatch.setattr(EmailMultiAlternatives, "send", slow)
    sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.error) == (State.SENDING, "")


@pytest.mark.django_db
def test_a_letter_that_kills_its_senders_is_given_up_at_last(letter, mailoutbox):
    message = letter(state=State.SENDING, tries=MAX_TRIES, leased_until=NOON)
    sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert message.error
    assert mailoutbox == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_senders_at_once_one_sends(letter, mailoutbox):
    senders = 8
    together = threading.Barrier(senders)
    message = letter()

    def send(_number: int) -> bool:
        try:
            together.wait(60)
            return sending.send(message.pk, now=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(senders) as pool:
        outcomes = list(pool.map(send, range(senders)))
    message.refresh_from_db()
    assert (outcomes.count(True), len(mailoutbox), message.tries) == (1, 1, 1)


# --- The sweep --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_sweep_nudges_what_is_due_oldest_first_and_nothing_else(letter, monkeypatch):
    nudged: list[Any] = []
    monkeypatch.setattr(tasks.send_message, "delay", nudged.append)
    monkeypatch.setattr("notifications.tasks.timezone.now", lambda: NOON)
    later = letter(key="waiting", at=NOON - SECOND)
    first = letter(key="abandoned", at=NOON - LEASE, state=State.SENDING, leased_until=NOON)
    letter(key="held", state=State.SENDING, leased_until=NOON + SECOND)
    letter(key="pausing", at=NOON + SECOND)
    letter(key="sent", state=State.SENT)
    letter(key="failed", state=State.FAILED)
    tasks.sweep_letters()
    assert nudged == [first.pk, later.pk]


# --- Letters to many -------------------------------------------------------------------------------


@pytest.fixture
def many(letter, monkeypatch) -> Callable[[int], list[Message]]:
    """many(3): letters of a kind that comes in thousands, all due, and time for them in one turn."""
    monkeypatch.setattr("notifications.letters.to_many", lambda: ["plain"])
    monkeypatch.setattr(sending, "TURN_SECONDS", 60)
    return lambda count: [letter(key=str(number)) for number in range(count)]


class Line(BaseEmailBackend):
    """A mail server that counts how often it is called, and hangs up on every mail once when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.calls, self.is_open, self.hangs_up = 0, False, False
        self.taken: list[str] = []

    def open(self) -> None:
        self.calls += not self.is_open
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def send_messages(self, mails: Any) -> int:
        if self.hangs_up:
            self.hangs_up = False
            raise SMTPServerDisconnected("lade på")
        self.taken += [mail.extra_headers["Message-ID"] for mail in mails]
        return 1


@pytest.fixture
def line(monkeypatch) -> Line:
    line = Line()
    monkeypatch.setattr(sending, "get_connection", lambda _backend: line)
    return line


@pytest.mark.django_db
def test_letters_to_many_go_over_one_connection(many, line):
    letters = many(3)
    assert not sending.send_to_many(), "nothing is left"
    assert (line.calls, line.is_open) == (1, False)
    assert sorted(line.taken) == [message.message_id for message in letters]
    assert not Message.objects.exclude(state=State.SENT).exists()


@pytest.mark.django_db
def test_a_connection_that_breaks_costs_one_letter_a_pause_and_is_opened_anew(many, line):
    many(3)
    line.hangs_up = True
    sending.send_to_many()
    (dropped,) = Message.objects.exclude(state=State.SENT)
    assert (dropped.state, dropped.tries, len(line.taken), line.calls) == (State.WAITING, 1, 2, 2)


@pytest.mark.django_db
def test_a_mail_server_that_does_not_answer_is_noted_at_the_letter(many, line, monkeypatch):
    def refuse() -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(line, "open", refuse)
    (message,) = many(1)
    sending.send_to_many()
    message.refresh_from_db()
    assert (message.state, message.error.partition(":")[0]) == (State.WAITING, "ConnectionRefusedError")


@pytest.mark.django_db
def test_the_turn_ends_after_a_while_and_the_task_asks_for_another(many, line, monkeypatch):
    asked: list[bool] = []
    monkeypatch.setattr(tasks.send_to_many, "delay", lambda: asked.append(True))
    monkeypatch.setattr(sending, "TURN_SECONDS", 0)
    many(1)
    tasks.send_to_many()
    assert (line.taken, asked) == ([], [True])


@pytest.mark.django_db(transaction=True)
def test_two_who_send_to_many_at_once_never_take_the_same_letter(many, line):
    many(40)
    together = threading.Barrier(2)

    def send(_number: int) -> None:
        try:
            together.wait(60)
            sending.send_to_many()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, range(2)))
    assert (len(line.taken), len(set(line.taken))) == (40, 40)
    assert set(Message.objects.values_list("state", "tries")) == {(State.SENT, 1)}


@pytest.mark.django_db
def test_a_sender_leaves_the_letters_that_another_has_begun_with_and_looks_for_others(
    many, line, monkeypatch
):
    """The other takes the first of each handful between reading and taking."""
    handful = type(Message.objects.all()).handful
    others: list[Message] = []

    def robbed(letters: Any, now: Any) -> list[Message]:
        found = handful(letters, now)
        if len(others) < 3:
            others.append(found[0])
            assert Message.objects.claim(found[0].pk, now=now, until=now + LEASE)
        return found

    monkeypatch.setattr(type(Message.objects.all()), "handful", robbed)
    many(10)
    assert not sending.send_to_many()
    assert len(set(line.taken)) == len(line.taken) == 10 - len(others)
    assert not {message.message_id for message in others} & set(line.taken)


@pytest.mark.django_db
def test_the_turn_ends_in_the_middle_of_a_handful_and_leaves_the_others_free(many, line, monkeypatch):
    """Each letter takes this mail server as long as a turn lasts."""
    turn = sending.TURN_SECONDS
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: turn * len(line.taken)))
    many(3)
    assert sending.send_to_many()
    states = Counter(Message.objects.values_list("state", "tries"))
    assert states == {(State.SENT, 1): 1, (State.WAITING, 0): 2}


@pytest.mark.django_db
def test_letters_to_many_cost_two_statements_each(many, line):
    def statements(count: int) -> int:
        Message.objects.all().delete()
        many(count)
        with CaptureQueriesContext(connection) as asked:
            sending.send_to_many()
        return len(asked)

    CompanyFactory()
    assert statements(15) - statements(5) == 2 * 10


@pytest.mark.django_db
def test_the_sweep_asks_once_for_letters_to_many_and_never_has_others_wait_behind_them(
    many, letter, monkeypatch
):
    asked: list[Any] = []
    monkeypatch.setattr(tasks.send_message, "delay", asked.append)
    monkeypatch.setattr(tasks.send_to_many, "delay", lambda: asked.append("many"))
    monkeypatch.setattr(tasks, "SWEEP_BATCH", 2)
    many(5)
    own = letter(kind="broken", at=NOON + SECOND)
    tasks.sweep_letters()
    assert asked == [own.pk, "many"]


# --- With a real worker and a real mail server --------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_what_was_put(worker, smtp_sink):
    from notifications import outbox

    with transaction.atomic():
        message = outbox.put("withdrawal-receipt", key="1", to="karin@bjorkvik.example", context=WITHDRAWAL)
    [mail] = smtp_sink.wait_for(1, 60)
    processes.wait_until(Message.objects.filter(state=State.SENT).exists, "what became of it is noted")
    assert mail["Message-ID"] == message.message_id


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_and_an_emptied_broker_lose_no_letter(worker, smtp_sink, monkeypatch):
    """kill -9 while the mail server has the letter and has not answered; then everything queued is gone."""
    import asyncio

    from notifications import outbox

    began = threading.Event()
    real = type(smtp_sink).handle_DATA

    async def never(_sink: Any, _server: Any, _session: Any, _envelope: Any) -> str:
        began.set()
        await asyncio.Event().wait()  # until the worker hangs up
        return "451 nobody heard"

    monkeypatch.setattr(type(smtp_sink), "handle_DATA", never)
    message = outbox.put("withdrawal-receipt", key="1", to="karin@bjorkvik.example", context=WITHDRAWAL)
    assert began.wait(60)
    worker.kill()
    unsent = outbox.put("withdrawal-receipt", key="2", to="karin@bjorkvik.example", context=WITHDRAWAL)
    processes.empty_queue()
    message.refresh_from_db()
    assert message.state == State.SENDING
    monkeypatch.setattr(type(smtp_sink), "handle_DATA", real)
    Message.objects.filter(pk=message.pk).update(leased_until=NOON - LEASE)
    worker.start()
    tasks.sweep_letters.delay()
    processes.wait_until(lambda: not Message.objects.exclude(state=State.SENT).exists(), "both letters sent")
    assert {mail["Message-ID"] for mail in smtp_sink.messages} == {message.message_id, unsent.message_id}
    message.refresh_from_db()
    assert message.tries == 2


WITHDRAWAL = {
    "name": "Karin Ek",
    "order_number": "VS-2026-000123",
    "email": "karin@bjorkvik.example",
    "rows": "",
    "received_at": NOON.isoformat(),
}


@pytest.mark.django_db
def test_a_letter_that_cannot_be_made_into_a_mail_is_noted_and_waits(letter, failing):
    message = letter()
    failing(HeaderParseError("head"))
    assert not sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.WAITING, 1)
    assert message.error.startswith("HeaderParseError")
