"""The W3C's own HTML checker (vnu.jar), run once over many pages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.harness.place import ROOT

JAR = ROOT / "var" / "checks" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Its style sheet half does not know what every browser has had since 2023.
NOT_YET_KNOWN = "CSS: .*container-type.*"
# It lives for seconds: what the machine would do for a long life costs twice what it gives.
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


def jar() -> Path:
    return Path(os.environ.get("VNU_JAR", JAR))


def missing() -> str:
    """Why it cannot run here; empty when it can."""
    if not shutil.which("java"):
        return "ingen Java funnen; HTML-kontrollen hoppas över"
    return "" if jar().exists() else "kör bin/checks, så hämtas HTML-kontrollen"


def faults(pages: dict[str, str], folder: Path) -> list[str]:
    """What is wrong in pages (address to markup): `/bocker/:12 Element …`."""
    names = {f"{place}.html": address for place, address in enumerate(pages)}
    for name, address in names.items():
        (folder / name).write_text(pages[address], encoding="utf-8")
    return [
        f"{names[Path(found['url']).name]}:{found.get('lastLine', 0)} {found['message']}"
        for found in _messages([folder / name for name in names])
        if found["type"] == "error"
    ]


def _messages(paths: list[Path]) -> list[dict[str, Any]]:
    java = ["java", "-Xss8m", *SHORT_LIVED, "-jar", str(jar())]
    words = ["--format", "json", "--exit-zero-always", "--stdout", "--filterpattern", NOT_YET_KNOWN]
    done = subprocess.run(
        [*java, *words, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return found
