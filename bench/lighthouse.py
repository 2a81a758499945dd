"""python -m bench.lighthouse: how Lighthouse marks four pages on a throttled phone. See docs/bench.md.

Needs Node.js and Chromium; bin/checks fetches Lighthouse.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import servers
from bench.servers import Server
from tests import services
from tests.harness import browser, place

PROGRAM = place.ROOT / "var" / "checks" / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = {
    "home": "/",
    "a part": "/filosofin/lyssna-fardigt/",
    "the book": "/bocker/skriften/",
    "calendar": "/kalender/",
    "home, English": "/en/",
}
MARKS = ("performance", "accessibility", "best-practices", "seo")
TIMES = ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")
WANTED = 98


def main() -> int:
    """Exit code 1 when a page has a mark below WANTED."""
    chromium = services.chromium()
    if chromium is None or not PROGRAM.exists():
        sys.exit("Det behövs Chromium, och Lighthouse: kör bin/checks.")
    print(
        "| page | " + " | ".join([*MARKS, *TIMES]) + " |\n" + "| --- " * (1 + len(MARKS) + len(TIMES)) + "|"
    )
    lowest = 100
    with servers.seeded() as environment, Server(servers.SITE, environment) as site:
        for name, path in PAGES.items():
            report = audit(site.url + path, chromium)
            marks = [round(100 * report["categories"][mark]["score"]) for mark in MARKS]
            times = [
                report["audits"][time]["displayValue"].replace("\N{NO-BREAK SPACE}", " ") for time in TIMES
            ]
            print("| " + " | ".join([name, *map(str, marks), *times]) + " |")
            lowest = min(lowest, *marks)
    return int(lowest < WANTED)


def audit(url: str, chromium: str) -> dict[str, Any]:
    """One run with Lighthouse's own phone: slow 4G, a processor four times slower."""
    flags = ["--headless", *browser.ARGUMENTS]
    command = ["node", str(PROGRAM), url, "--quiet", "--output=json"]
    done = subprocess.run(
        [*command, f"--chrome-flags={' '.join(quoted(flag) for flag in flags)}"],
        env={**os.environ, "CHROME_PATH": str(Path(chromium))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"Lighthouse: {url}\n{done.stderr.strip() or done.stdout.strip()}"[:4000])
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def quoted(flag: str) -> str:
    return f"'{flag}'" if " " in flag else flag


if __name__ == "__main__":
    sys.exit(main())
