"""Two programs that read calendar files and know nothing of the product: what each finds, in the same words."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.harness.place import ROOT

SCRIPT = Path(__file__).parent / "read_ics.mjs"
ICAL_JS = ROOT / "var" / "checks" / "node_modules" / "ical.js" / "dist" / "ical.js"


def by_icalendar(content: bytes) -> list[dict[str, Any]]:
    calendar = Calendar.from_ical(content)
    return [_facts(event, str(calendar["METHOD"])) for event in calendar.walk("VEVENT")]


def _facts(event: Any, method: str) -> dict[str, Any]:
    attendees = event.get("ATTENDEE", [])
    return {
        "method": method,
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "starts": _told(event["DTSTART"].dt),
        "ends": _told(event["DTEND"].dt),
        "stamp": _told(event["DTSTAMP"].dt),
        "summary": str(event["SUMMARY"]),
        "location": str(event["LOCATION"]),
        "description": str(event["DESCRIPTION"]),
        "organizer": str(event.get("ORGANIZER", "")),
        "attendees": [str(one) for one in (attendees if isinstance(attendees, list) else [attendees])],
        "names": sorted(name.lower() for name in event),
    }


def _told(at: date) -> str:
    return at.astimezone(UTC).isoformat() if isinstance(at, datetime) else at.isoformat()


def by_ical_js(content: bytes) -> list[dict[str, Any]]:
    command = ["node", str(SCRIPT), str(ICAL_JS)]
    done = subprocess.run(command, input=content, capture_output=True, timeout=240, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def missing() -> str:
    """Why ical.js cannot run here; empty when it can."""
    if not shutil.which("node"):
        return "ingen Node funnen; ical.js hoppas över"
    return "" if ICAL_JS.exists() else "kör bin/checks, så hämtas ical.js"


BOTH = pytest.mark.parametrize(
    "read",
    [
        pytest.param(by_icalendar, id="icalendar"),
        pytest.param(
            by_ical_js,
            id="ical.js",
            marks=[pytest.mark.ics, pytest.mark.skipif(bool(missing()), reason=missing())],
        ),
    ],
)
