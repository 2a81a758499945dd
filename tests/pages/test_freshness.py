"""The sign in Redis: who changes something takes it down, and every process sees that within a second."""

from __future__ import annotations

import socket
from threading import Event, Thread

import pytest
from django.core.cache import cache
from django.db import transaction

from config.cache import ForgettingCache
from shop import freshness
from shop.freshness import ASK_SECONDS, TRUST_SECONDS, Watch
from tests.pages.reading import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def newcomer() -> Watch:
    """Has asked nobody yet, and its clock stands still: an answer is none too old, however busy the machine."""
    return Watch(clock=Clock())


def test_everybody_sees_the_same_sign_until_something_changes():
    first, second = newcomer(), newcomer()
    assert first.sign() == second.sign() != None  # noqa: E711 - reads as it is meant
    seen = first.sign()
    freshness.take_down()
    assert newcomer().sign() not in {seen, None}


def test_redis_is_asked_now_and_then_only(clock):
    signs = iter(["first", "second"])
    watch = Watch(lambda: next(signs), clock)
    assert {watch.sign() for _request in range(100)} == {"first"}
    clock.wait(ASK_SECONDS)
    assert {watch.sign() for _request in range(100)} == {"second"}


def test_an_emptied_redis_is_a_change():
    seen = newcomer().sign()
    cache.clear()
    assert newcomer().sign() not in {seen, None}


def test_two_who_find_no_sign_agree_on_one(monkeypatch):
    """Another process puts up its sign between our question and our answer to it."""
    add = cache.add
    monkeypatch.setattr(
        cache, "add", lambda *words, **more: add(freshness.SIGN, "theirs") and add(*words, **more)
    )
    assert newcomer().sign() == "theirs"


def test_a_silent_redis_has_no_sign(clock, monkeypatch):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        silent = ForgettingCache(
            f"redis://127.0.0.1:{server.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.1}}
        )
        monkeypatch.setattr(freshness, "cache", silent)
        watch = Watch(clock=clock)
        assert watch.sign() is None
        clock.wait(ASK_SECONDS)
        assert watch.sign() is None  # the client rests now, and answers None without asking


def test_what_was_seen_before_the_silence_is_not_used_in_it(clock):
    answers = iter(["sign", None])
    watch = Watch(lambda: next(answers), clock)
    assert watch.sign() == "sign"
    clock.wait(ASK_SECONDS)
    assert watch.sign() is None


def test_what_was_kept_before_a_silence_is_not_used_after_it(clock):
    """Somebody published in between; Redis was restarted, and knows the sign of its last snapshot."""
    answers = iter(["sign", None, "sign", "sign", None, "sign"])
    watch = Watch(lambda: next(answers), clock)
    seen = []
    for _time in range(6):
        seen.append(watch.sign())
        clock.wait(ASK_SECONDS)
    before, _silence, after, still, _silence, at_last = seen
    assert after == still
    assert len({before, after, at_last, None}) == 4


def test_while_one_thread_waits_for_redis_the_others_trust_what_they_know_for_less_than_a_second(clock):
    slow, begun = Event(), Event()

    def ask() -> str:
        if begun.is_set():
            return "new"
        begun.set()
        slow.wait(60)
        return "new"

    watch = Watch(lambda: "old", clock)
    watch.sign()
    watch._ask = ask
    clock.wait(ASK_SECONDS)
    waiting = Thread(target=watch.sign)
    waiting.start()
    assert begun.wait(60)
    assert watch.sign() == "old"
    clock.wait(TRUST_SECONDS - ASK_SECONDS)
    assert watch.sign() is None
    slow.set()
    waiting.join()
    assert TRUST_SECONDS < 1


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_when_it_can_be_seen_and_not_before():
    seen = newcomer().sign()
    with transaction.atomic():
        freshness.changed()
        assert newcomer().sign() == seen
    assert newcomer().sign() != seen


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_is_not_told():
    seen = newcomer().sign()
    with transaction.atomic():
        freshness.changed()
        transaction.set_rollback(True)
    assert newcomer().sign() == seen
