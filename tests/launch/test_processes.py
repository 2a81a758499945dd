"""The fixtures that start real processes."""

from __future__ import annotations

import smtplib
import time

import pytest
import requests

from tests.harness.processes import Sites, Worker


def test_a_real_site_runs_beside_this_test_on_sqlite_and_refuses_in_swedish_what_django_never_sees(
    live_site: Sites, fresh_database
):
    url = live_site(DATABASE_URL=fresh_database("sqlite"))
    answer = requests.get(f"{url}/health/ready", timeout=20)
    assert answer.status_code == 200, answer.text
    for address, cookie, status in [("/sok/?q=" + "x" * 10_000, "", 414), ("/en/", "x" * 10_000, 431)]:
        answer = requests.get(url + address, headers={"Cookie": cookie}, timeout=20)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
        assert "<h1" in answer.text
        assert "Det där kunde vi inte läsa." in answer.text


def test_a_real_worker_takes_tasks_also_after_it_was_killed(worker: Worker):
    from notifications.tasks import sweep_letters

    before = worker.log_text().count("sweep_letters")
    sweep_letters.delay()
    worker.wait_idle()
    worker.kill()
    worker.start()
    sweep_letters.delay()
    worker.wait_idle()
    assert worker.log_text().count("sweep_letters") >= before + 2


def test_a_worker_at_rest_leaves_to_others_what_other_tests_have_queued(worker: Worker):
    from notifications.tasks import sweep_letters

    worker.rest()
    before = worker.log_text().count("sweep_letters")
    sweep_letters.delay()
    time.sleep(1.5)  # longer than its longest wait for the next task
    assert worker.log_text().count("sweep_letters") == before
    worker.start()
    worker.wait_idle()
    assert worker.log_text().count("sweep_letters") > before


def test_the_mail_sink_keeps_refuses_and_keeps_again(smtp_sink):
    smtp_sink.refusals = ["451 upptagen"]
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as server:
        with pytest.raises(smtplib.SMTPDataError):
            server.sendmail("a@x.example", ["b@x.example"], "Subject: ett\r\n\r\nHej")
        server.sendmail("a@x.example", ["b@x.example"], "Subject: tvenne\r\n\r\nHej")
    (message,) = smtp_sink.wait_for(1)
    assert message["Subject"] == "tvenne"
    assert smtp_sink.recipients == [["b@x.example"]]
