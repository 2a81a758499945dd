"""manage.py letters [--json]: the outbox, oldest first."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from notifications.models import Message, State

FIELDS = ("letter", "key", "to", "state", "tries", "message_id")
LONGEST_CELL = 40


class Command(BaseCommand):
    help = "Visar alla brev med läge, äldst först"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="En lista med objekt, för program")

    def handle(self, *_words: Any, **options: Any) -> None:
        rows = Message.objects.order_by("created_at", "pk")
        if options["json"]:
            found = [_for_programs(row) for row in rows.values(*FIELDS)]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(table(list(rows)))


def _for_programs(row: dict[str, Any]) -> dict[str, Any]:
    """Programs know of four states: what did not go, and never will, has failed."""
    return {**row, "state": State.FAILED if row["state"] == State.NEEDLESS else row["state"]}


def table(letters: list[Message]) -> str:
    """Columns as wide as their longest cell, then how many letters are in which state."""
    head = [_("Brev"), _("Nyckel"), _("Till"), _("Läge"), _("Försök"), _("Fel")]
    rows = [head, *([_cell(value) for value in _values(letter)] for letter in letters)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, "", _summary(letters)])


def _values(letter: Message) -> list[str]:
    return [letter.letter, letter.key, letter.to, letter.get_state_display(), str(letter.tries), letter.error]


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1]}…"


def _summary(letters: list[Message]) -> str:
    counts = [(state, sum(letter.state == state for letter in letters)) for state in State]
    return ", ".join(f"{state.label.lower()}: {count}" for state, count in counts)
