"""Closed for work: one file closes every page, and says when we are back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 13.00 in Stockholm


@pytest.fixture
def close(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield lambda words: (tmp_path / "stangt.txt").write_text(words, encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said", "seconds"),
    [
        ("2026-11-25 14:30\n", "Vi räknar med att öppna onsdag 25 november klockan 14.30.", 5400),
        ("2026-11-25 14.30", "Vi räknar med att öppna onsdag 25 november klockan 14.30.", 5400),
        ("2026-11-25 12:00", "klockan 12.00", 60),
        ("2027-11-25 12:00", "torsdag 25 november klockan 12.00", 86400),
        ("Efter lunch.\nInte mer än så.", "Efter lunch.", 600),
        ("<script>alert(1)</script>", "&lt;script&gt;", 600),
        ("", "Vi är snart tillbaka.", 600),
    ],
)
def test_a_closed_house_says_when_it_opens(close, client, words, said, seconds):
    close(words)
    answer = client.get("/bocker/skriften/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert said in page
    assert "Din varukorg finns kvar." in page
    assert int(answer["Retry-After"]) == seconds
    assert answer["Cache-Control"] == "no-store"
    assert "default-src" in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert "<style" not in page
    assert "Till startsidan" not in page


def test_closing_asks_no_database_and_reaches_forms_and_staff(close, client):
    close("")
    assert client.post("/kassa/", {}).status_code == 503
    assert client.get("/admin/").status_code == 503
    assert client.post("/stripe/webhook/", b"{}", content_type="application/json").status_code == 503


def test_health_answers_behind_closed_doors(close, client):
    close("")
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_without_the_file_the_house_is_open(close, client):
    assert client.get("/varukorg/").status_code == 200


def test_a_kept_page_is_not_given_out_while_we_are_closed(close, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.test")
    from config import wsgi
    from config.pages import door

    monkeypatch.setattr(door, "answer", lambda _environ, _start: [b"kept"])
    monkeypatch.setattr(wsgi, "_django", lambda _environ, _start: [b"closed"])
    assert wsgi.application({}, None) == [b"kept"]
    close("")
    assert wsgi.application({}, None) == [b"closed"]
