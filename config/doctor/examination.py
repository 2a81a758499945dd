"""All of doctor's questions in turn."""

from __future__ import annotations

from collections.abc import Iterator

from config.doctor import configuration, services
from config.doctor.finding import Finding, State


def examine() -> Iterator[Finding]:
    """Yields findings as they are made; a server that hangs costs its own time limit, not the lines before it."""
    for check in (*configuration.CHECKS, *services.CHECKS):
        yield from check()


def sick(findings: list[Finding]) -> bool:
    return any(finding.state is State.ERROR for finding in findings)
