"""PDF documents: layouts for typst beside this file, data handed over as JSON, never as source text."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from shop.typesetting import compile_layout, each_text, has_glyph, printable

Facts = dict[str, Any]

FOLDER = Path(__file__).parent
# For the archive (text can be got out again) and for screen readers.
STANDARDS: typst.PDFStandards = ["a-2a", "ua-1"]
BOX = "□"

log = logging.getLogger(__name__)


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
            return compile_layout(
                FOLDER / f"{layout}.typ",
                data,
                format="pdf",
                pdf_standards=standards,
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as error:
            log.warning("%s: %s", layout, error)
            fault = error
    raise LayoutError(f"{layout}: {fault}") from fault


def _with_boxes(value: Any) -> Any:
    return each_text(value, lambda text: "".join(sign if has_glyph(sign) else BOX for sign in text))
