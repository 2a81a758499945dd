from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.doctor import examination
from config.doctor.finding import Finding


class Command(BaseCommand):
    help = "Går igenom inställningar och anslutna tjänster, säger vad som är fel och hur det lagas."
    # It asks Django's own questions itself, and must be able to run when they fail.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="en lista av objekt i stället för text")

    def handle(self, *_args: Any, **options: Any) -> None:
        findings = [self._tell(finding, quiet=options["json"]) for finding in examination.examine()]
        ill = examination.sick(findings)
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
        else:
            self.stdout.write("\nNågot behöver lagas." if ill else "\nAllt som måste fungera gör det.")
        if ill:
            sys.exit(1)

    def _tell(self, finding: Finding, *, quiet: bool) -> Finding:
        if not quiet:
            self.stdout.write(finding.as_text())
        return finding
