"""Production's settings: what is missing, empty or unsafe stops the start; the demo's pages are gone."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.harness import place

SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "www.vardskapet.example",
    "SITE_URL": "https://www.vardskapet.example",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1/vardskapet",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "STRIPE_SECRET_KEY": "sk_test_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
    "TRUSTED_PROXIES": "127.0.0.1",
}
ASK = """
import django, json
django.setup()
from django.conf import settings
from django.urls import get_resolver
paths = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
print(json.dumps({
    "debug": settings.DEBUG, "practice": settings.PRACTICE_PAYMENTS, "hsts": settings.SECURE_HSTS_SECONDS,
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT],
    "mail": "dev/mail/" in paths,
}))
"""


def started(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=place.ROOT,
        env=SAFE | variables,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_production_starts_safe_and_without_the_demos_pages():
    done = started()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "debug": False,
        "practice": False,
        "hsts": 31_536_000,
        "secure": [True, True, True],
        "mail": False,
    }


REFUSED = [
    *((name, "") for name in SAFE if name not in {"DJANGO_SETTINGS_MODULE", "SITE_URL"}),
    ("SITE_URL", "http://www.vardskapet.example"),
    ("SECRET_KEY", "kort"),
    ("SECRET_KEY", "django-insecure-" + "x" * 50),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "www.vardskapet.example,*"),
    ("TRUSTED_PROXIES", "0.0.0.0/0"),
    ("TRUSTED_PROXIES", "proxyn"),
    ("LIMITS", "login-user=många"),
]
# Reads the settings anew for each of the environments on standard input, and prints what each says.
TRY = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
said = []
for environment in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(environment)
    for name in [name for name in sys.modules if name.split(".")[0] == "config"]:
        del sys.modules[name]
    try:
        importlib.import_module("config.settings.production")
        said.append("")
    except (ImproperlyConfigured, ValueError) as error:
        said.append(f"{type(error).__name__}: {error}".splitlines()[-1])
print(json.dumps(said))
"""


def test_production_refuses_what_is_missing_empty_or_unsafe_and_names_it():
    said = dict(zip(REFUSED, tried([SAFE | {name: value} for name, value in REFUSED]), strict=True))
    wrong = {
        case: words
        for case, words in said.items()
        if not (words.startswith(("ImproperlyConfigured: ", "ValueError: ")) and case[0] in words)
    }
    assert wrong == {}
    assert tried([SAFE]) == [""]


def tried(environments: list[dict[str, str]]) -> list[str]:
    """What each is refused with, as the last line of a traceback; empty for what is safe."""
    done = subprocess.run(
        [sys.executable, "-c", TRY],
        cwd=place.ROOT,
        input=json.dumps(environments),
        env=SAFE,
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    return [str(words) for words in json.loads(done.stdout)]
