"""The admin's login: guesses are stopped, the owner is told in Swedish when to try again, and nobody learns a name."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

pytestmark = pytest.mark.django_db

RIGHT, WRONG = "kaffet-var-redan-bryggt", "fel"
LOCKED = "Det blev många försök att logga in. Prova igen om 15 minuter."
LOCKED_RESET = "Det blev många försök att få ett nytt lösenord. Prova igen om en timme."


@pytest.fixture(autouse=True)
def owner() -> Any:
    return get_user_model()._default_manager.create_superuser("agare", "agare@vardskapet.example", RIGHT)


def log_in(name: str = "agare", password: str = WRONG, address: str = "198.51.100.7") -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post("/admin/login/", {"username": name, "password": password, "next": "/admin/"})


def reset(email: str, address: str = "198.51.100.7") -> Any:
    return Client(REMOTE_ADDR=address).post("/admin/password_reset/", {"email": email})


def without_names(page: Any) -> str:
    """The page without what differs by itself: the form's token, and the name that was typed."""
    bare = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"CSRF_TOKEN": "\w+"', "", page.content.decode())
    return re.sub(r"agare|nobody", "N", bare)


def test_a_name_that_is_guessed_at_is_locked_from_wherever_and_its_owner_told_when_to_come_back(
    real_limits, clock
):
    answers = [log_in(address=f"198.51.100.{number}") for number in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    locked = log_in(password=RIGHT, address="203.0.113.9")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert LOCKED in locked.content.decode()
    assert 'value="agare"' in locked.content.decode()
    assert "sessionid" not in locked.cookies
    clock.shift(timedelta(minutes=15))
    assert log_in(password=RIGHT).status_code == 302


def test_one_place_may_not_try_name_after_name(real_limits):
    assert {log_in(f"namn{number}").status_code for number in range(40)} == {200}
    assert log_in("agare", RIGHT).status_code == 429
    assert log_in("agare", RIGHT, address="203.0.113.9").status_code == 302


@pytest.mark.parametrize("tries", [1, 11])
def test_a_name_that_is_nobody_s_gets_the_same_answer(real_limits, clock, tries):
    pages = []
    for name in ("agare", "nobody"):
        answers = [log_in(name, address=f"{name}{number}") for number in range(tries)]
        pages.append(
            (answers[-1].status_code, answers[-1].headers.get("Retry-After"), without_names(answers[-1]))
        )
    assert pages[0] == pages[1]


def test_capitals_make_no_other_name(narrow):
    narrow(login_user=1)
    assert [log_in(name).status_code for name in ("agare", "AGARE", "Agare")] == [200, 429, 429]


@pytest.mark.parametrize("name", ["", "\x00", "x" * 10_000, "<script>alert(1)</script>", "å" * 254])
def test_whatever_is_typed_as_a_name_is_answered(real_limits, name):
    answer = log_in(name)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_letters_with_a_new_password_are_few_and_tell_nobody_who_works_here(real_limits, clock, mailoutbox):
    for address in ("agare@vardskapet.example", "nobody@vardskapet.example"):
        sent = [reset(address, f"198.51.100.{number}") for number in range(4)]
        assert [answer.status_code for answer in sent] == [302, 302, 302, 429]
        assert sent[3].headers["Retry-After"] == "3600"
        assert LOCKED_RESET in sent[3].content.decode()
        assert f'value="{address}"' in sent[3].content.decode()
    assert [letter.to for letter in mailoutbox] == [["agare@vardskapet.example"]] * 3


def test_who_runs_it_lets_somebody_in_by_a_command(narrow, capsys):
    narrow(login_user=1)
    log_in()
    assert log_in(password=RIGHT).status_code == 429
    call_command("limits", "--forget", "login-user", "Agare")
    assert log_in(password=RIGHT).status_code == 302
    call_command("limits", "--forget", "login-user", "olle")
    call_command("limits")
    told = capsys.readouterr().out
    assert "login-user: olle var inte räknad" in told
    assert re.search(r"login-user +1 på 15 min", told)
    assert re.search(r"quote-email +ingen gräns", told)
    with pytest.raises(CommandError, match="nix"):
        call_command("limits", "--forget", "nix", "agare")
