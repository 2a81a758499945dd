"""Letters of the tests' own, and orders under the demo's real terms of sale."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import Engine

from notifications.models import Message
from shop.models import Terms
from tests.factories import LONG_AGO, NOON, CompanyFactory, FreightFactory

CONTENT = Path(__file__).resolve().parents[2] / "cms" / "seed" / "content"
PLAIN = {
    "email/plain/subject.txt": "Hej {{ name }}",
    "email/plain/body.txt": "Hej {{ name }} & <alla>.",
    "email/plain/body.html": "<p>Hej {{ name }}.</p>",
    "email/broken/subject.txt": "{% no-such-tag %}",
}


@pytest.fixture(autouse=True)
def _plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of letter beside the product's: `plain` and, with a fault in its template, `broken`."""
    engine = Engine.get_default()
    real = engine.get_template

    def get_template(name: str) -> Any:
        return engine.from_string(PLAIN[name]) if name in PLAIN else real(name)

    monkeypatch.setattr(engine, "get_template", get_template)


@pytest.fixture
def letter() -> Callable[..., Message]:
    """letter(): a stored letter that is due at NOON and that nobody has been asked to send."""

    def make(kind: str = "plain", key: str = "1", at: datetime = NOON, **facts: Any) -> Message:
        message_id = f"<{kind}-{key}@vardskapet.example>"
        given = {
            "to": "karin@bjorkvik.example",
            "context": {"name": "Karin"},
            "message_id": message_id,
            **facts,
        }
        return Message.objects.create(letter=kind, key=key, created_at=at, next_try_at=at, **given)

    return make


@pytest.fixture
def shop(db: None) -> None:
    """The seller, the freight and the demo's terms, as an order meets them."""
    CompanyFactory()
    FreightFactory(hint="Levereras inom 2–4 vardagar")
    texts = tomllib.loads((CONTENT / "leveranstexter.toml").read_text())
    page = tomllib.loads((CONTENT / "sidor" / "kopvillkor.toml").read_text())
    Terms.objects.create(
        version=texts["version"],
        valid_from=LONG_AGO,
        body="".join(block["html"] for block in page["body"]),
        withdrawal_info=texts["withdrawal_info"],
        model_form=texts["model_form"],
    )
