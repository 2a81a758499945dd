"""manage.py doctor finds each planted fault and says how to mend it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from config.doctor import configuration, services
from config.doctor.finding import Finding, State
from tests.harness import place
from tests.harness.ports import free_port
from tests.harness.processes import wait_until


def worst(findings: list[Finding]) -> State:
    states = {finding.state for finding in findings}
    return next(state for state in (State.ERROR, State.WARNING, State.OK) if state in states)


def text(findings: list[Finding]) -> str:
    return "\n".join(finding.as_text() for finding in findings)


def doctor(**environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.local", **environment}
    command = [sys.executable, "manage.py", "doctor", "--json"]
    return subprocess.run(command, cwd=place.ROOT, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "check", "state"),
    [
        ("SECRET_KEY", "kort", configuration.secret_key, State.ERROR),
        ("SECRET_KEY", "x" * 50, configuration.secret_key, State.OK),
        ("SITE_URL", "www.exempel.se", configuration.site_url, State.ERROR),
        ("SITE_URL", "https://testserver/butik", configuration.site_url, State.ERROR),
        ("SITE_URL", "https://annan.example", configuration.site_url, State.ERROR),
        ("SITE_URL", "https://testserver", configuration.site_url, State.OK),
        ("STRIPE_SECRET_KEY", "pk_test_1", configuration.payments, State.ERROR),
        ("PRACTICE_PAYMENTS", False, configuration.payments, State.ERROR),
        ("VAR_DIR", "/proc/1/nowhere", configuration.folders, State.ERROR),
        ("TRUSTED_PROXIES", ("10.0.0.0/24",), configuration.proxies, State.OK),
        ("DEV_PAGES", False, configuration.proxies, State.ERROR),
        ("LIMITS", {"login-user": None}, configuration.limits, State.WARNING),
    ],
)
def test_each_setting_is_judged(settings, name, value, check, state):
    setattr(settings, name, value)
    if name == "VAR_DIR" and os.access("/proc/1", os.W_OK):
        pytest.skip("as root every folder can be written in")
    found = list(check())
    assert worst(found) is state, text(found)
    assert all(finding.remedy for finding in found if finding.state is not State.OK)


def test_a_full_pair_of_stripe_keys_is_fine_and_a_missing_webhook_secret_is_not(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    assert "STRIPE_WEBHOOK_SECRET" in text(list(configuration.payments()))
    settings.STRIPE_WEBHOOK_SECRET = "whsec_1"
    assert worst(list(configuration.payments()) or [Finding("", State.OK, "")]) is State.OK


@pytest.mark.django_db
def test_the_database_is_asked_and_missing_tables_are_told():
    assert worst([each for each in services.database() if each.check != "innehåll"]) is State.OK
    MigrationRecorder.Migration.objects.filter(app="notifications").delete()
    assert "manage.py migrate" in text(list(services.database()))


def test_a_broker_that_is_away_is_told(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    found = list(services.broker())
    assert worst(found) is State.ERROR
    assert "REDIS_URL" in text(found)


def test_a_broker_without_a_worker_is_a_warning_and_one_that_answers_is_counted(worker):
    worker.kill()
    found = list(services.broker())
    assert worst(found) is State.WARNING
    assert "arbetare: ingen svarar" in text(found)
    worker.start()
    wait_until(lambda: "arbetare: 1 svarar" in text(list(services.broker())), "the worker has a moment")


def test_the_mail_server_is_asked(smtp_sink, settings):
    settings.LETTER_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_URL = smtp_sink.url
    assert worst(list(services.mail())) is State.OK
    settings.EMAIL_PORT = free_port()
    found = list(services.mail())
    assert worst(found) is State.ERROR
    assert "EMAIL_URL" in text(found)


class Stripe(BaseHTTPRequestHandler):
    """Knows one key."""

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Authorization"] == "Bearer sk_test_right" else 401)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Nothing into the test's output."""


@pytest.mark.parametrize(("key", "state"), [("sk_test_right", State.OK), ("sk_test_wrong", State.ERROR)])
def test_stripe_is_asked_whether_the_key_fits(settings, key, state):
    server = HTTPServer(("127.0.0.1", 0), Stripe)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = f"http://127.0.0.1:{server.server_port}", key
    found = list(services.stripe())
    server.shutdown()
    server.server_close()
    assert worst(found) is state
    assert key not in text(found)


@pytest.mark.django_db
def test_a_healthy_installation_exits_with_0_and_lists_objects(settings, capsys):
    settings.SECRET_KEY = "x" * 50
    settings.SITE_URL = "http://testserver"
    call_command("doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    assert {"check", "state", "message", "remedy"} == set(found[0])
    assert not [each for each in found if each["state"] == "error"]


def test_a_faulty_one_exits_with_1():
    done = doctor(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "kö och cache" in {each["check"] for each in json.loads(done.stdout) if each["state"] == "error"}


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"EMAIL_URL": "imap://x"}, "EMAIL_URL"),
        ({"DJANGO_SETTINGS_MODULE": "config.settings.production"}, "SECRET_KEY"),
        ({"RESERVATION_MINUTES": "trettio"}, "trettio"),
    ],
)
def test_settings_that_cannot_be_read_are_a_finding_too(variables, word):
    done = doctor(**variables)
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert found["check"] == "inställningar"
    assert word in found["message"]
    assert "Traceback" not in done.stderr
