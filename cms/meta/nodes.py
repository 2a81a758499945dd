"""JSON-LD as it is written into a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from shop.money import Money

Node = dict[str, Any]

CONTEXT = "https://schema.org"
# A browser ends a script at </script> and hides what follows <!--, also inside a JSON text.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def node(kind: str | list[str], **facts: Any) -> Node:
    """Facts that are not known are left out. `id` becomes @id."""
    named = {"@type": kind, "@id": facts.pop("id", None), **facts}
    return {name: fact for name, fact in named.items() if fact not in (None, "", [])}


def reference(to: Node) -> Node:
    """Point at a node that stands elsewhere in the same graph."""
    return {"@id": to["@id"]}


def script(nodes: Iterable[Node]) -> SafeString:
    """One data block; no browser runs it, so the content security policy lets it stand."""
    text = json.dumps({"@context": CONTEXT, "@graph": list(nodes)}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(  # noqa: S308 - every sign that HTML reads is escaped
        f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>'
    )


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def schema(word: str) -> str:
    """A member of one of the vocabulary's enumerations."""
    return f"{CONTEXT}/{word}"


def moment(at: datetime | None) -> str | None:
    """ISO 8601 on Stockholm's clock, with its distance to UTC."""
    return at.astimezone(settings.STOCKHOLM).isoformat(timespec="seconds") if at else None


def amount(money: Money) -> str:
    """`55.00`: a point and no unit, which stands beside it."""
    return f"{money.ore // 100}.{money.ore % 100:02}"
