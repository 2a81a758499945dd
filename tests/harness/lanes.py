"""Lanes that must not be skipped silently: --must-run=browser,worker,race."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest


def listed(config: pytest.Config) -> list[str]:
    text: str = config.getoption("--must-run")
    return [name.strip() for name in text.split(",") if name.strip()]


@dataclass(slots=True, eq=False)
class Lanes:
    """Counts, where the run is controlled, what became of each marked test."""

    wanted: list[str]
    ran: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for lane in self.wanted:
            if lane not in report.keywords:
                continue
            if report.skipped:
                self.skipped[lane] += 1
            elif report.when == "call":
                self.ran[lane] += 1

    def broken(self) -> list[str]:
        return [lane for lane in self.wanted if self.skipped[lane] or not self.ran[lane]]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.broken() and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for lane in self.broken():
            terminalreporter.write_line(
                f"FAILED lane {lane}: must run, but {self.ran[lane]} ran and {self.skipped[lane]} were skipped",
                red=True,
            )
