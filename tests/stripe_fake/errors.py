"""Stripe's way of saying no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer that is an error: its HTTP status and its body."""

    def __init__(self, status: int, code: str, message: str, *, kind: str = "", param: str = "") -> None:
        super().__init__(message)
        self.status = status
        error = {"type": kind or "invalid_request_error", "code": code, "message": message, "param": param}
        self.body: dict[str, Any] = {"error": {name: value for name, value in error.items() if value}}


class Wrong(Refusal):
    """A parameter that is not as the SDK's types say. Nothing was begun, so nothing is remembered."""

    def __init__(self, code: str, param: str, message: str) -> None:
        super().__init__(400, code, message, param=param)
        self.param = param
