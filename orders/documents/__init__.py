"""PDF documents: layouts for typst beside this file, data handed over as JSON, never as source text."""

from __future__ import annotations

import json
import logging
import threading
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

Facts = dict[str, Any]

FOLDER = Path(__file__).parent
# For the archive (text can be got out again) and for screen readers.
STANDARDS: typst.PDFStandards = ["a-2a", "ua-1"]
BOX = "□"
# Control and format signs (a bidi override), lone halves of signs, private and unassigned ones: no font draws them.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

log = logging.getLogger(__name__)

_one_at_a_time = threading.Lock()


class LayoutError(ValueError):
    """typst cannot make the document."""


def pdf(layout: str, facts: Facts, *, at: datetime) -> bytes:
    """`layout`.typ filled with `facts` (JSON values) as a tagged PDF, dated `at`: the same facts give the same bytes.

    A sign that no font holds (an emoji in a name) is forbidden by both standards: then such signs become
    boxes, and should that not help the document is still made, without the standards' mark.
    Raises LayoutError when the layout itself fails.
    """
    clean = printable(facts)
    boxed = _with_boxes(clean)
    for data, standards in ((clean, STANDARDS), (boxed, STANDARDS), (boxed, [])):
        try:
            return _compile(layout, data, standards, at)
        except typst.TypstError as error:
            log.warning("%s: %s", layout, error)
            fault = error
    raise LayoutError(f"{layout}: {fault}") from fault


def _compile(layout: str, data: Facts, standards: typst.PDFStandards, at: datetime) -> bytes:
    with _one_at_a_time:
        made = _compiler().compile(
            input=FOLDER / f"{layout}.typ",
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=standards,
            timestamp=int(at.timestamp()),
        )
    return cast("bytes", made)  # a PDF is never a list of pages


@cache
def _compiler() -> typst.Compiler:
    """One for the process: fonts are read once, and a document then takes milliseconds."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])
    return typst.Compiler(root=FOLDER, font_paths=fonts)


def printable(value: Any) -> Any:
    """The facts with every text composed (NFC) and without signs that cannot be drawn; line breaks stay."""
    return _each_text(value, _without_unprintable)


def _without_unprintable(text: str) -> str:
    kept = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in UNPRINTABLE)
    return unicodedata.normalize("NFC", "".join(kept))


def _with_boxes(value: Any) -> Any:
    return _each_text(value, lambda text: "".join(sign if _has_glyph(sign) else BOX for sign in text))


def _has_glyph(sign: str) -> bool:
    """Whether ours or typst's own fonts draw it: Latin, Greek, Cyrillic, Hebrew, Arabic and usual signs."""
    return sign < "\u0700" or "\u1e00" <= sign < "\u2500"


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each_text(fact, change) for name, fact in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(fact, change) for fact in value]
    return value
