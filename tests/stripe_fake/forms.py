"""Stripe's form encoding, `line_items[0][price_data][currency]=sek`, back into nested dicts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from tests.stripe_fake.errors import Wrong

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(body: str) -> dict[str, Any]:
    """Every level is a dict; a list has the keys "0", "1", … (the walker knows where one is wanted)."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(body, keep_blank_values=True):
        match = KEY.fullmatch(key)
        if match is None:
            raise Wrong("parameter_invalid", key, f"Invalid key: {key}")
        _put(tree, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value, key)
    return tree


def _put(tree: dict[str, Any], path: list[str], value: str, key: str) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise Wrong("parameter_invalid", key, f"{key} is both a value and an object")
    last = path[-1] or str(len(tree))
    if last in tree:
        raise Wrong("parameter_invalid", key, f"{key} is given twice")
    tree[last] = value
