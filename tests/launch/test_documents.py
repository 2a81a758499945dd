"""What is written for people who install it, against the code."""

from __future__ import annotations

import re

import pytest

from tests.harness import place

READ = re.compile(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"')
NAMED_BY_PRODUCT = set(
    """
DATABASE_URL REDIS_URL EMAIL_URL SECRET_KEY ALLOWED_HOSTS SITE_URL HOST PORT STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET
STRIPE_API_BASE RESERVATION_MINUTES PAYMENT_SWEEP_SECONDS LETTER_SWEEP_SECONDS LETTER_LEASE_SECONDS VAR_DIR
""".split()  # noqa: SIM905 - a paragraph of names reads better than a column
)


def variables() -> set[str]:
    texts = [path.read_text() for path in (place.ROOT / "config" / "settings").glob("*.py")]
    return {*NAMED_BY_PRODUCT, *(name for text in texts for name in READ.findall(text))}


def test_every_variable_stands_in_the_example_with_a_comment():
    example = (place.ROOT / ".env.example").read_text()
    missing = [name for name in sorted(variables()) if f"\n#{name}=" not in example]
    assert missing == []


def test_the_containers_pass_every_variable_on():
    compose = (place.ROOT / "docker-compose.yml").read_text()
    missing = [name for name in sorted(variables() - {"HOST"}) if name not in compose]
    assert missing == []


@pytest.mark.parametrize("name", ["bin/start", "bin/test", "bin/lock", "bin/_python", ".ci/run"])
def test_scripts_name_no_place_of_one_machine(name):
    text = (place.ROOT / name).read_text()
    assert not re.search(r"/(home|root|work|opt|usr/local)/", text)
