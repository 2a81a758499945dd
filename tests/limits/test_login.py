"""The admin's login: guesses are stopped, nobody's guesses keep its owner out, and nobody learns a name."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from cms.staff import acquainted
from cms.tasks import send_new_password
from config.cache import ForgettingCache
from shop import limits
from tests.staff import in_role

pytestmark = pytest.mark.django_db

RIGHT, WRONG = "kaffet-var-redan-bryggt", "fel"
LOCKED = "Det blev många försök att logga in. Prova igen om 15 minuter."
LOCKED_RESET = "Det blev många försök att få ett nytt lösenord. Prova igen om en timme."
HOME, AWAY, ATTACKER = "203.0.113.9", "203.0.113.200", "198.51.100.7"
EMAIL = "agare@vardskapet.example"


@pytest.fixture(autouse=True)
def owner() -> Any:
    return get_user_model()._default_manager.create_superuser("agare", EMAIL, RIGHT)


@pytest.fixture(autouse=True)
def _worker_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_new_password, "delay", send_new_password)


def browser(address: str = ATTACKER) -> Client:
    return Client(REMOTE_ADDR=address)


def log_in(
    name: str = "agare", password: str = WRONG, address: str = ATTACKER, by: Client | None = None
) -> Any:
    client = by or browser(address)
    return client.post(
        "/admin/login/", {"username": name, "password": password, "next": "/admin/"}, REMOTE_ADDR=address
    )


def reset(email: str = EMAIL, address: str = ATTACKER, by: Client | None = None) -> Any:
    client = by or browser(address)
    return client.post("/admin/password_reset/", {"email": email}, REMOTE_ADDR=address)


def codes(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


def of_the_owner_s(address: str = HOME) -> Client:
    """A browser on which the owner has logged in and out again."""
    client = browser(address)
    assert log_in(password=RIGHT, address=address, by=client).status_code == 302
    client.post("/admin/logout/")
    assert acquainted.COOKIE in client.cookies
    return client


def from_everywhere(name: str = "agare", tries: int = 60) -> None:
    """So many wrong guesses that no limit of a single place sees."""
    for number in range(tries):
        assert log_in(name, address=f"192.0.2.{number}").status_code == 200


def without_names(page: Any) -> str:
    """The page without what differs by itself: the form's token, and the name that was typed."""
    bare = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"CSRF_TOKEN": "\w+"', "", page.content.decode())
    return re.sub(r"agare|nobody", "N", bare)


# --- Guesses are few -------------------------------------------------------------------------------
def test_one_place_guesses_ten_times_and_is_told_when_to_come_back(real_limits, clock):
    assert codes([log_in() for _try in range(10)]) == [200] * 10
    locked = log_in(password=RIGHT)
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert LOCKED in locked.content.decode()
    assert 'value="agare"' in locked.content.decode()
    assert RIGHT not in locked.content.decode()
    assert "sessionid" not in locked.cookies
    clock.shift(timedelta(minutes=15))
    assert log_in(password=RIGHT).status_code == 302


def test_one_place_however_patient_keeps_nobody_out_elsewhere(real_limits, clock):
    for _quarter in range(5):
        for _try in range(12):
            log_in()
        clock.shift(timedelta(minutes=15))
    assert log_in(password=RIGHT, address=AWAY).status_code == 302


def test_guesses_from_everywhere_are_slowed(real_limits, clock):
    from_everywhere()
    stopped = log_in(address=AWAY)
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "3600")
    assert log_in("olle", address=AWAY).status_code == 200, "and nobody else"


def test_one_place_may_not_try_name_after_name(real_limits):
    assert {log_in(f"namn{number}").status_code for number in range(40)} == {200}
    assert log_in("agare", RIGHT).status_code == 429
    assert log_in("agare", RIGHT, address=AWAY).status_code == 302


def test_capitals_make_no_other_name(narrow):
    narrow(login_user=1)
    assert codes([log_in(name) for name in ("agare", "AGARE", "Agare")]) == [200, 429, 429]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_who_guess_at_once_are_ten(real_limits):
    line = Barrier(50)

    def guess(_number: int) -> int:
        client = browser()
        line.wait()
        try:
            return int(log_in(by=client).status_code)
        finally:
            caches.close_all()
            connection.close()

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(guess, range(50)))
    assert (answers.count(200), answers.count(429)) == (10, 40)


# --- Who is known gets in --------------------------------------------------------------------------
def test_what_is_right_does_not_count(narrow):
    narrow(login_address=2, login_pair=2, login_user=2, login_device=2)
    assert codes([log_in(password=RIGHT) for _time in range(5)]) == [302] * 5
    device = of_the_owner_s()
    assert codes([log_in(password=RIGHT, by=device) for _time in range(5)]) == [302] * 5
    assert codes([log_in(), log_in(), log_in()]) == [200, 200, 429]


def test_an_address_where_the_owner_has_logged_in_is_not_shut_by_guesses_from_everywhere(real_limits):
    of_the_owner_s(HOME)
    from_everywhere()
    assert log_in(password=RIGHT, address=AWAY).status_code == 429
    assert log_in(password=RIGHT, address=HOME).status_code == 302


def test_the_owner_s_own_device_is_let_in_from_wherever_it_is(real_limits):
    device = of_the_owner_s(HOME)
    from_everywhere()
    for _try in range(45):
        log_in(address=AWAY)
    assert log_in(password=RIGHT, address=AWAY, by=device).status_code == 302


def test_a_device_that_was_taken_guesses_no_more_than_ten_times(real_limits):
    device = of_the_owner_s()
    tries = [log_in(address=f"192.0.2.{number}", by=device) for number in range(11)]
    assert codes(tries) == [200] * 10 + [429]


def test_who_has_an_account_has_no_way_round_the_limits_of_another_s(real_limits):
    get_user_model()._default_manager.create_superuser("olle", "olle@vardskapet.example", RIGHT)
    own = browser()
    log_in("olle", RIGHT, by=own)
    own.post("/admin/logout/")
    assert codes([log_in(by=own) for _try in range(11)]) == [200] * 10 + [429]


def test_a_device_that_two_share_is_known_for_both(real_limits):
    get_user_model()._default_manager.create_superuser("olle", "olle@vardskapet.example", RIGHT)
    shared = of_the_owner_s()
    log_in("olle", RIGHT, by=shared)
    shared.post("/admin/logout/")
    from_everywhere()
    assert log_in(password=RIGHT, address=AWAY, by=shared).status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "W10:1:x", "\x00", "é", "x" * 3000])
def test_a_cookie_of_one_s_own_making_is_none(real_limits, cookie):
    forger = browser()
    forger.cookies[acquainted.COOKIE] = cookie
    assert codes([log_in(by=forger) for _try in range(11)]) == [200] * 10 + [429]


def test_the_cookie_is_the_admin_s_and_lives_for_ninety_days(real_limits, clock):
    device = of_the_owner_s()
    cookie = device.cookies[acquainted.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Strict")
    assert "agare" not in cookie.value
    clock.shift(timedelta(days=91))
    from_everywhere()
    assert log_in(password=RIGHT, address=AWAY, by=device).status_code == 429


def test_readers_get_no_such_cookie_nor_those_who_guess(client):
    assert not client.get("/varukorg/").cookies
    assert acquainted.COOKIE not in log_in().cookies


def test_without_redis_staff_log_in(real_limits, monkeypatch):
    silent = ForgettingCache("redis://127.0.0.1:9/0", {})
    for module in (limits, acquainted):
        monkeypatch.setattr(module, "cache", silent)
    assert codes([log_in(), log_in(password=RIGHT), reset()]) == [200, 302, 302]


@pytest.mark.parametrize("address", ["/_util/login/", "/en/_util/login/"])
def test_there_is_no_door_beside_it(client, address):
    for answer in (
        client.get(f"{address}?next=/admin/"),
        client.post(address, {"username": "agare", "password": RIGHT}),
    ):
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/admin/login/")
        assert "sessionid" not in answer.cookies


# --- Nobody learns a name --------------------------------------------------------------------------
@pytest.mark.parametrize("tries", [1, 11])
def test_a_name_that_is_nobody_s_gets_the_same_answer(real_limits, clock, tries):
    pages = []
    for number, name in enumerate(("agare", "nobody")):
        answers = [log_in(name, address=f"192.0.2.{number}") for _try in range(tries)]
        pages.append(
            (answers[-1].status_code, answers[-1].headers.get("Retry-After"), without_names(answers[-1]))
        )
    assert pages[0] == pages[1]


def work(monkeypatch: pytest.MonkeyPatch, name: str) -> tuple[int, int]:
    """How many passwords a wrong guess at that name has scrambled, which is what takes the time, and its queries."""
    scrambled: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        scrambled.append(salt)
        return encode(self, password, salt)

    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as asked:
        patch.setattr(MD5PasswordHasher, "encode", counted)
        assert log_in(name).status_code == 200
    return len(scrambled), len(asked)


def test_a_guess_takes_the_same_work_whether_the_name_is_somebody_s_or_not(monkeypatch):
    users = get_user_model()._default_manager
    users.create_user("gick", password=RIGHT, is_active=False)
    users.create_user("utan")
    in_role("Packare")
    names = ["agare", "gick", "utan", "en Packare", "nobody"]
    assert {work(monkeypatch, name) for name in names} == {(1, 2)}


@pytest.mark.parametrize("name", ["", "\x00", "x" * 10_000, "<script>alert(1)</script>", "å" * 254])
def test_whatever_is_typed_as_a_name_is_answered(real_limits, name):
    answer = log_in(name)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


# --- A new password --------------------------------------------------------------------------------
def test_letters_with_a_new_password_are_few_and_tell_nobody_who_works_here(real_limits, clock, mailoutbox):
    for number, address in enumerate((EMAIL, "nobody@vardskapet.example")):
        sent = [reset(address, f"192.0.2.{number}") for _try in range(4)]
        assert codes(sent) == [302, 302, 302, 429]
        assert sent[3].headers["Retry-After"] == "3600"
        assert LOCKED_RESET in sent[3].content.decode()
        assert f'value="{address}"' in sent[3].content.decode()
    assert [letter.to for letter in mailoutbox] == [[EMAIL]] * 3


def test_no_address_alone_keeps_the_owner_from_a_new_password(real_limits, mailoutbox):
    assert codes([reset() for _try in range(10)])[-1] == 429
    assert reset(address=AWAY).status_code == 302


def test_asked_for_from_everywhere_the_letters_are_few_and_the_owner_is_still_served(real_limits, mailoutbox):
    device = of_the_owner_s(HOME)
    assert codes([reset(address=f"192.0.2.{number}") for number in range(7)]) == [302] * 6 + [429]
    assert reset("Agare+x@vardskapet.example", AWAY).status_code == 429
    assert codes([reset(address=AWAY, by=device) for _try in range(4)]) == [302, 302, 302, 429]
    assert reset(address=HOME).status_code == 302
    assert len(mailoutbox) == 10


def test_who_asks_is_answered_before_anybody_has_looked_whose_address_it_is(monkeypatch):
    handed: list[tuple[Any, ...]] = []
    monkeypatch.setattr(send_new_password, "delay", lambda *facts: handed.append(facts))
    costs = set()
    for email in (EMAIL, "nobody@vardskapet.example"):
        with CaptureQueriesContext(connection) as asked:
            assert reset(email).status_code == 302
        costs.add(len(asked))
    assert costs == {0}
    assert [facts[0] for facts in handed] == [EMAIL, "nobody@vardskapet.example"]


def test_the_letter_is_written_in_the_language_of_the_page_and_leads_to_where_it_was_asked(mailoutbox):
    reset()
    [letter] = mailoutbox
    assert "http://testserver/admin/password_reset/confirm/" in letter.body
    assert "Öppna länken för att välja ett nytt lösenord" in letter.body


def test_without_a_broker_the_letter_is_written_at_once(monkeypatch, mailoutbox):
    def down(*_facts: Any) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(send_new_password, "delay", down)
    assert reset().status_code == 302
    assert len(mailoutbox) == 1


# --- The command -----------------------------------------------------------------------------------
def test_who_runs_it_lets_somebody_in_by_a_command(narrow, capsys):
    narrow(login_user=1)
    log_in()
    assert log_in(password=RIGHT).status_code == 429
    call_command("limits", "--forget", "login-user", "Agare")
    assert log_in(password=RIGHT).status_code == 302
    narrow(login_pair=1)
    log_in()
    call_command("limits", "--forget", "login-pair", f"Agare {ATTACKER}")
    assert log_in(password=RIGHT).status_code == 302
    call_command("limits", "--forget", "login-user", "olle")
    call_command("limits")
    told = capsys.readouterr().out
    assert "login-user: olle var inte räknad" in told
    assert re.search(r"login-user +1 på 60 min", told)
    assert re.search(r"quote-email +ingen gräns", told)
    with pytest.raises(CommandError, match="nix"):
        call_command("limits", "--forget", "nix", "agare")
