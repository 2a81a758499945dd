"""PDF documents: layouts for typst beside this file, data handed over as JSON, never as source text."""

from __future__ import annotations

import json
import logging
import threading
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

FOLDER = Path(__file__).parent
# For the archive (text can be got out again) and for screen readers.
STANDARDS: typst.PDFStandards = ["a-2a", "ua-1"]
# Control and format signs (a bidi override), lone halves of signs, private and unassigned ones: no font draws them.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def pdf(layout: str, facts: dict[str, Any], *, at: datetime) -> bytes:
    """`layout`.typ filled with `facts` (JSON values) as a tagged PDF, dated `at`: the same facts give the same bytes.

    Both standards forbid a sign that no font holds (an emoji in a name). Such a document is still
    made, tagged, with a box in the sign's place, but without the standards' mark.
    """
    inputs = {"data": json.dumps(printable(facts), ensure_ascii=False)}
    path = FOLDER / f"{layout}.typ"
    with _one_at_a_time:
        try:
            return _compile(path, inputs, STANDARDS, at)
        except typst.TypstError as error:
            log.warning("%s without PDF/A and PDF/UA: %s", layout, error)
            return _compile(path, inputs, [], at)


def _compile(path: Path, inputs: dict[str, str], standards: typst.PDFStandards, at: datetime) -> bytes:
    made = _compiler().compile(
        input=path, format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(at.timestamp())
    )
    return cast("bytes", made)  # a PDF is never a list of pages


@cache
def _compiler() -> typst.Compiler:
    """One for the process: fonts are read once, and a document then takes milliseconds."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])
    return typst.Compiler(root=FOLDER, font_paths=fonts)


def printable(value: Any) -> Any:
    """The facts with every text composed (NFC) and without signs that cannot be drawn; line breaks stay."""
    if isinstance(value, str):
        kept = (sign for sign in value if sign == "\n" or unicodedata.category(sign) not in UNPRINTABLE)
        return unicodedata.normalize("NFC", "".join(kept))
    if isinstance(value, dict):
        return {name: printable(fact) for name, fact in value.items()}
    if isinstance(value, list | tuple):
        return [printable(fact) for fact in value]
    return value
