"""Leaving a letter: in the transaction of its cause, once, and cheaply even when nobody can be nudged."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from config.celery import app
from notifications import outbox
from notifications.letters import QUEUE_OF_MANY
from notifications.models import Message, State
from notifications.tasks import send_message, send_to_many
from tests.factories import NOON

KARIN = "karin@bjorkvik.example"


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    asked: list[int] = []
    monkeypatch.setattr(send_message, "delay", asked.append)
    return asked


def put(key: str = "1") -> Message:
    return outbox.put("plain", key=key, to=KARIN, context={"name": "Karin"})


@pytest.mark.django_db
def test_a_letter_is_stored_once_per_key_and_nudged_once(nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, again, other = put(), put(), put("2")
        assert nudges == []
    assert first == again
    assert nudges == [first.pk, other.pk]
    assert first.message_id != other.message_id
    assert first.state == State.WAITING


@pytest.mark.django_db(transaction=True)
def test_a_cause_that_is_rolled_back_leaves_no_letter_and_no_nudge(nudges):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        put()
        _ = 1 / 0
    assert (Message.objects.count(), nudges) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_breaks_nothing_and_the_letter_waits_for_the_sweep(monkeypatch):
    def dead(_pk: int) -> None:
        raise OperationalError

    monkeypatch.setattr(send_message, "delay", dead)
    with transaction.atomic():
        message = put()
    assert list(Message.objects.due(message.next_try_at)) == [message]


@pytest.mark.django_db
def test_a_letter_sent_again_keeps_its_message_id_and_one_on_its_way_is_left_alone(letter, nudges):
    done = letter(state=State.SENT, tries=3, sent_at=NOON)
    held = letter(key="2", state=State.SENDING, tries=1, leased_until=NOON)
    assert outbox.send_again(done.pk, now=NOON)
    assert not outbox.send_again(held.pk, now=NOON)
    done.refresh_from_db()
    assert (done.state, done.tries, done.message_id) == (State.WAITING, 0, "<plain-1@vardskapet.example>")


@pytest.mark.django_db
def test_letters_to_many_are_stored_with_few_statements_each_once_and_nudged_once(
    monkeypatch, django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    asked: list[bool] = []
    monkeypatch.setattr(send_to_many, "delay", lambda: asked.append(True))
    put("3")
    letters = [
        outbox.written("plain", key=str(number), to=KARIN, context={"name": "Karin"}) for number in range(300)
    ]
    statements = 1 if connection.vendor == "postgresql" else 5  # SQLite takes so many values in each
    with django_capture_on_commit_callbacks(execute=True), django_assert_max_num_queries(statements):
        outbox.put_many(letters)
    assert (Message.objects.count(), asked) == (300, [True])


@pytest.mark.django_db(transaction=True)
def test_no_letters_to_many_ask_nobody_to_send(monkeypatch, django_assert_num_queries):
    """The sweep of reminders comes by twice a minute, mostly in vain."""
    asked: list[bool] = []
    monkeypatch.setattr(send_to_many, "delay", lambda: asked.append(True))
    with django_assert_num_queries(0):
        outbox.put_many([])
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_does_not_break_letters_to_many(monkeypatch):
    def dead() -> None:
        raise OperationalError

    monkeypatch.setattr(send_to_many, "delay", dead)
    outbox.put_many([outbox.written("plain", key="1", to=KARIN, context={})])
    assert Message.objects.count() == 1


def test_the_worker_takes_from_the_ordinary_queue_first():
    """Redis is asked for the queues in the order of their names."""
    names = list(app.amqp.queues)
    assert app.conf.broker_transport_options["queue_order_strategy"] == "sorted"
    assert sorted(names) == ["celery", QUEUE_OF_MANY]
    assert app.amqp.router.route({}, send_to_many.name)["queue"].name == QUEUE_OF_MANY
    assert app.amqp.router.route({}, send_message.name)["queue"].name == "celery"


# --- What a broker that is ill costs the visitor ------------------------------------------------


@contextlib.contextmanager
def refusing() -> Iterator[int]:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port that takes the connection and never says a word: a black hole."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(64)
        yield deaf.getsockname()[1]


@pytest.mark.parametrize("ill", [refusing, silent])
def test_a_broker_that_is_ill_costs_the_visitor_less_than_a_second(ill):
    """Of some tries one is enough: a machine that stands still for a moment costs something too."""
    with ill() as port, app.connection_for_write(f"redis://127.0.0.1:{port}/0") as connection:
        for _letter in range(2):
            assert any(seconds_to_publish(connection) < 1 for _try in range(10))


def seconds_to_publish(connection: Connection) -> float:
    """In vain."""
    began = time.monotonic()
    with pytest.raises(OperationalError):
        send_message.apply_async([1], connection=connection)
    return time.monotonic() - began


def test_a_nudge_that_lies_in_the_queue_for_a_sweep_is_of_no_use_any_more():
    assert send_message.expires >= 10
