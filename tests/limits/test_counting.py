"""The count itself, on a real Redis."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, cast

import pytest
from django.core.cache import cache, caches

from config.cache import ForgettingCache
from shop import limit_table, limits
from shop.limit_table import Limit
from shop.limits import TooMany

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def tried(name: str = "login-pair", subject: str = "maja", *, now: datetime = NOON, act: str = "") -> int:
    """0 when it was allowed, else how many seconds to wait."""
    try:
        limits.allow(name, subject, now=now, act=act)
    except TooMany as error:
        return error.retry_after
    return 0


def test_so_many_pass_and_the_next_is_told_how_long_to_wait(narrow):
    narrow(login_pair=3)  # within 15 minutes
    assert [tried(now=NOON + count * MINUTE) for count in range(3)] == [0, 0, 0]
    assert tried(now=NOON + 3 * MINUTE) == 12 * 60
    assert tried(now=NOON + 15 * MINUTE) == 0, "the first one has left"
    assert tried(now=NOON + 15 * MINUTE) == 60


def test_a_refusal_counts_nothing_so_who_waits_as_told_gets_in(narrow):
    narrow(login_pair=1)
    tried()
    for second in range(1, 900, 60):
        assert tried(now=NOON + timedelta(seconds=second)) == 900 - second
    assert tried(now=NOON + timedelta(seconds=900)) == 0


def test_each_limit_and_each_subject_has_its_own_count(narrow):
    narrow(login_pair=1, reset_email=1)
    assert [tried(subject=name) for name in ("maja", "olle")] == [0, 0]
    assert tried("reset-email") == 0
    assert tried() > 0


def test_under_several_limits_one_that_is_used_up_leaves_the_others_as_they_were(narrow):
    narrow(login_pair=1, login_address=5)
    both = {"login-address": "192.0.2.1", "login-pair": "maja"}
    limits.allow_all(both, now=NOON)
    with pytest.raises(TooMany) as stopped:
        limits.allow_all(both, now=NOON)
    assert stopped.value.name == "login-pair"
    assert [tried("login-address", "192.0.2.1") for _try in range(5)] == [0, 0, 0, 0, 900]


def test_the_same_act_counts_once_however_often_it_is_sent(narrow):
    narrow(payment_email=2)
    assert [tried("payment-email", act="kassa-1") for _click in range(5)] == [0] * 5
    assert [tried("payment-email", act=key) for key in ("kassa-2", "kassa-3", "kassa-1")] == [0, 3600, 0]


def test_asking_counts_nothing(narrow):
    narrow(lookup_address=1)
    for _time in range(3):
        limits.check("lookup-address", "192.0.2.1", now=NOON)
    assert tried("lookup-address", "192.0.2.1") == 0
    with pytest.raises(TooMany):
        limits.check("lookup-address", "192.0.2.1", now=NOON)


def test_the_count_is_exact_however_many_ask_at_once(narrow):
    narrow(login_pair=10)
    line = Barrier(50)

    def try_at_once(subject: str) -> int:
        line.wait()
        return tried(subject=subject)

    def leave() -> None:
        line.wait()
        caches.close_all()

    with ThreadPoolExecutor(50) as threads:
        for number in range(5):
            answers = list(threads.map(try_at_once, [f"maja{number}"] * 50))
            assert answers.count(0) == 10, number
        list(threads.map(lambda _number: leave(), range(50)))


def test_what_is_taken_back_makes_room_for_another_and_only_once(narrow):
    narrow(login_pair=2, login_address=2)
    both = {"login-pair": "maja", "login-address": "192.0.2.1", "login-user": "maja"}
    for act in ("a", "b"):
        limits.allow_all(both, now=NOON, act=act)
    for _time in range(2):
        limits.take_back(both, "a")
    assert [tried("login-pair"), tried("login-pair")] == [0, 900]
    assert [tried("login-address", "192.0.2.1"), tried("login-address", "192.0.2.1")] == [0, 900]


def test_a_limit_that_is_lowered_holds_for_what_is_counted_already(narrow):
    narrow(login_pair=5)
    for minute in range(5):
        tried(now=NOON + minute * MINUTE)
    narrow(login_pair=2)
    assert tried(now=NOON + 5 * MINUTE) == (3 + 15 - 5) * 60, "until all but the last has left"


def test_nobody_is_counted_when_nobody_knows_whose_it_is(narrow):
    narrow(login_address=1)
    assert [tried("login-address", "") for _try in range(3)] == [0, 0, 0]


def test_redis_learns_no_address_and_forgets_with_the_window(narrow, broker):
    narrow(login_pair=5)
    began = time.monotonic()
    tried(subject="karin@bjorkvik.example")
    keys = [key.decode() for key in broker.scan_iter("vardskapet:*limit*")]
    assert len(keys) == 1
    assert "karin" not in keys[0]
    left, passed = broker.pttl(keys[0]), 1000 * (time.monotonic() - began)
    assert 899_000 - passed < left <= 900_000
    assert not any(b"karin" in member for member in broker.zrange(keys[0], 0, -1))


def test_somebody_can_be_let_in_at_once(narrow):
    narrow(login_pair=1)
    tried()
    assert limits.forget("login-pair", "maja")
    assert tried() == 0
    assert not limits.forget("login-pair", "olle")


def test_while_redis_is_away_everything_is_allowed_and_the_log_says_so(narrow, monkeypatch, caplog):
    narrow(login_pair=1)
    monkeypatch.setattr(limits, "cache", ForgettingCache("redis://127.0.0.1:9/0", {}))
    with caplog.at_level(logging.WARNING):
        assert [tried() for _try in range(3)] == [0, 0, 0]
    assert "cache.run" in caplog.text


def test_a_restarted_redis_is_given_the_script_again(narrow, broker):
    narrow(login_pair=1)
    tried()
    broker.script_flush()
    assert tried() > 0


def test_one_question_is_one_call(narrow, monkeypatch):
    narrow(payment_address=5, payment_email=5, payment_order=5)
    tried("payment-order")  # the server knows the script
    calls: list[object] = []
    pool = cast("Any", cache)._cache._get_connection_pool(True)
    connection = pool.get_connection()
    send = type(connection).send_command

    def counted(self: object, *command: object, **options: object) -> object:
        calls.append(command[0])
        return send(self, *command, **options)

    pool.release(connection)
    monkeypatch.setattr(type(connection), "send_command", counted)
    limits.allow_all({"payment-address": "a", "payment-email": "b", "payment-order": "c"}, now=NOON)
    assert calls == ["EVALSHA"]


# --- The table -------------------------------------------------------------------------------------
def test_the_environment_changes_single_limits_and_can_take_them_off():
    changed = limit_table.table("login-pair=5/20m, quote-email=off,payment-address=7/90s")
    assert changed["login-pair"] == Limit(5, timedelta(minutes=20))
    assert changed["payment-address"] == Limit(7, timedelta(seconds=90))
    assert changed["quote-email"] is None
    assert changed["reset-email"] == limit_table.TABLE["reset-email"]
    assert set(limit_table.table("off").values()) == {None}


@pytest.mark.parametrize(
    "wrong",
    [
        "nix=5/1m",
        "login-pair",
        "login-pair=5",
        "login-pair=0/1m",
        "login-pair=-1/1m",
        "login-pair=5/1d",
        "5/1m",
    ],
)
def test_a_change_that_cannot_be_read_stops_the_start_and_is_named(wrong):
    with pytest.raises(ValueError, match="LIMITS: "):
        limit_table.table(wrong)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "en minut"),
        (60, "en minut"),
        (61, "2 minuter"),
        (3540, "59 minuter"),
        (3541, "en timme"),
        (3601, "2 timmar"),
    ],
)
def test_the_wait_is_told_in_whole_minutes_or_hours(seconds, words):
    assert TooMany(seconds).wait == words


@pytest.mark.parametrize(
    ("written", "inbox"),
    [
        ("Karin+Sommar@Bjorkvik.EXAMPLE", "karin@bjorkvik.example"),
        ("karin@ｂjorkvik.ｅxample", "karin@bjorkvik.example"),
        ("karin@bjo\u0308rkvik.example", limits.inbox("karin@björkvik.example")),
        ("karin@xn--bjrkvik-b1a.example", limits.inbox("karin@Björkvik.example")),
        ("k.ar.in@googlemail.com", "karin@gmail.com"),
        ("karin.ek@bjorkvik.example", "karin.ek@bjorkvik.example"),
        (f"karin@{'ö' * 80}.example", f"karin@{'ö' * 80}.example"),
    ],
)
def test_an_inbox_is_one_however_its_address_is_written(written, inbox):
    assert limits.inbox(written) == inbox
