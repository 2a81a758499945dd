"""Checks a decoded request against the SDK's TypedDicts and gives the values their types."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, get_args, get_origin

import typing_extensions
from stripe import RequestOptions

from tests.stripe_fake.errors import Wrong

# Names that the SDK imports for type checkers only.
UNSEEN = {"StripeContext": object, "Mapping": Mapping}
OPTIONS = frozenset(RequestOptions.__annotations__)


def check(params: dict[str, Any], wanted: type) -> dict[str, Any]:
    """A request's parameters, typed. Raises Wrong for the first that the SDK's type does not know or allow."""
    fields = {name: kind for name, kind in _fields(wanted).items() if name not in OPTIONS}
    return _object(params, fields, "")


def _value(value: Any, wanted: Any, path: str) -> Any:
    origin = get_origin(wanted)
    if origin is typing.NotRequired:
        return _value(value, get_args(wanted)[0], path)
    if origin in {typing.Union, types.UnionType}:
        return _union(value, get_args(wanted), path)
    if origin is typing.Literal:
        return _literal(value, get_args(wanted), path)
    if origin is list:
        return _list(value, get_args(wanted)[0], path)
    if origin is dict:
        return _mapping(value, path)
    if typing_extensions.is_typeddict(wanted):
        return _object(value, _fields(wanted), path)
    return _plain(value, wanted, path)


def _object(value: Any, fields: dict[str, Any], path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Wrong("parameter_invalid", path, f"Invalid object: {path}")
    for name in value:
        if name not in fields:
            raise Wrong(
                "parameter_unknown", _at(path, name), f"Received unknown parameter: {_at(path, name)}"
            )
    for name, kind in fields.items():
        if name not in value and get_origin(kind) is not typing.NotRequired:
            raise Wrong("parameter_missing", _at(path, name), f"Missing required param: {_at(path, name)}.")
    return {name: _value(part, fields[name], _at(path, name)) for name, part in value.items()}


@cache
def _fields(wanted: type) -> dict[str, Any]:
    return typing.get_type_hints(wanted, localns=dict(UNSEEN), include_extras=True)


def _at(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _union(value: Any, branches: tuple[Any, ...], path: str) -> Any:
    """The SDK writes Literal[…] | str to stay open to the future; Stripe itself is not."""
    strict = any(get_origin(branch) is typing.Literal for branch in branches)
    refusals = []
    for branch in branches:
        if strict and branch is str:
            continue
        try:
            return _value(value, branch, path)
        except Wrong as refusal:
            refusals.append(refusal)
    raise max(refusals, key=lambda refusal: len(refusal.param))


def _literal(value: Any, allowed: tuple[Any, ...], path: str) -> Any:
    if value not in allowed:
        raise Wrong("parameter_invalid", path, f"Invalid {path}: must be one of {', '.join(allowed)}")
    return value


def _list(value: Any, wanted: Any, path: str) -> list[Any]:
    if not isinstance(value, dict) or list(value) != [str(place) for place in range(len(value))]:
        raise Wrong("parameter_invalid", path, f"Invalid array: {path}")
    return [_value(part, wanted, _at(path, place)) for place, part in value.items()]


def _mapping(value: Any, path: str) -> dict[str, str]:
    """Free pairs of strings, with the limits of Stripe's metadata."""
    if not isinstance(value, dict) or len(value) > 50:
        raise Wrong("parameter_invalid", path, f"Invalid hash: {path}")
    for name, part in value.items():
        if not isinstance(part, str) or len(name) > 40 or len(part) > 500:
            raise Wrong("parameter_invalid", _at(path, name), f"Invalid metadata: {_at(path, name)}")
    return dict(value)


def _plain(value: Any, wanted: Any, path: str) -> Any:
    parse = PLAIN.get(wanted)
    if parse is None or not isinstance(value, str):
        raise Wrong("parameter_invalid", path, f"Invalid value: {path}")
    try:
        return parse(value)
    except (ValueError, InvalidOperation) as error:
        raise Wrong("parameter_invalid", path, f"Invalid {wanted.__name__}: {path}={value!r}") from error


def _text(value: str) -> str:
    if not value:
        raise ValueError("empty")
    return value


def _truth(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError(value)
    return value == "true"


PLAIN: dict[Any, Callable[[str], Any]] = {str: _text, int: int, bool: _truth, Decimal: Decimal}
