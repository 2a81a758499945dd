"""What documents and share pictures have in common: fonts, the compiler, signs that can be drawn."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings

FONTS: Path = settings.BASE_DIR / "fonts"
# Control and format signs (a bidi override), lone halves of signs, private and unassigned ones: no font draws them.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


_one_at_a_time = threading.Lock()


def compile_layout(path: Path, facts: Any, **options: Any) -> bytes:
    """A layout filled with facts (JSON values), never by building source text. Raises typst.TypstError."""
    with _one_at_a_time:
        made = _compiler(path.parent).compile(
            input=path, sys_inputs={"data": json.dumps(facts, ensure_ascii=False)}, **options
        )
    return cast("bytes", made)  # one file, never a list of pages


@cache
def _compiler(root: Path) -> typst.Compiler:
    """One for each folder of layouts in the process: fonts are read once, and a document then takes milliseconds."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=root, font_paths=fonts)


def printable(value: Any) -> Any:
    """The facts with every text composed (NFC) and without signs that cannot be drawn; line breaks stay."""
    return each_text(value, _without_unprintable)


def _without_unprintable(text: str) -> str:
    kept = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in UNPRINTABLE)
    return unicodedata.normalize("NFC", "".join(kept))


def has_glyph(sign: str) -> bool:
    """Whether ours or typst's own fonts draw it: Latin, Greek, Cyrillic, Hebrew, Arabic and usual signs."""
    return sign < "\u0700" or "\u1e00" <= sign < "\u2500"


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: each_text(fact, change) for name, fact in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(fact, change) for fact in value]
    return value
