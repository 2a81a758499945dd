"""What doctor says about one thing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """`warning` works but deserves a look; only `error` makes doctor exit with 1."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `message` and `remedy` are Swedish sentences without secrets."""

    check: str
    state: State
    message: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    def as_text(self) -> str:
        sign = {State.OK: "✓", State.WARNING: "!", State.ERROR: "✗"}[self.state]
        return f"{sign} {self.check}: {self.message}" + (
            f"\n    Gör så här: {self.remedy}" if self.remedy else ""
        )


def fine(check: str, message: str) -> Finding:
    return Finding(check, State.OK, message)


def warn(check: str, message: str, remedy: str) -> Finding:
    return Finding(check, State.WARNING, message, remedy)


def wrong(check: str, message: str, remedy: str) -> Finding:
    return Finding(check, State.ERROR, message, remedy)
