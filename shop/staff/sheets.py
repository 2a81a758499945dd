"""Tables to take away, as CSV for a Swedish Excel and as XLSX, written row by row: memory does not grow with them.

A text from a visitor must not be run as a formula by the one who opens the file (OWASP, CSV injection). In CSV a
text that begins like one gets an apostrophe; in XLSX a text is stored as text, and marked as Excel marks what was
typed after an apostrophe, so that it stays text when somebody edits the cell.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape

from django.utils.timezone import localtime

from shop.money import Money

Cell = str | int | Money | datetime | None
Row = Sequence[Cell]

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
QUOTES = {'"': "&quot;"}
LONGEST_TEXT = 32_767  # characters that a cell of Excel holds
EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001  a sheet's moments have no zone
BYTES_AT_A_TIME = 32_768


def _figure(amount: Money) -> str:
    """`-1250.50`"""
    kronor, ore = divmod(abs(amount.ore), 100)
    return f"{'-' if amount.ore < 0 else ''}{kronor}.{ore:02}"


def is_risky(text: str) -> bool:
    return text.lstrip(" \N{NO-BREAK SPACE}").startswith(BEGINS_A_FORMULA)


# --- CSV ------------------------------------------------------------------------------------------
class _Echo:
    """A file that answers what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a mark, semicolons, decimal comma, moments as `2026-11-23 12:00` in Stockholm."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\N{BYTE ORDER MARK}".encode()
    for row in rows:
        yield str(writer.writerow([_in_csv(cell) for cell in row])).encode()


def _in_csv(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return _figure(cell).replace(".", ",")
        case datetime():
            return f"{localtime(cell):%Y-%m-%d %H:%M}"
        case str():
            return f"'{cell}" if is_risky(cell) else cell
    return str(cell)


# --- XLSX -----------------------------------------------------------------------------------------
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLAIN, HEADING, SUM, MOMENT, QUOTED = range(5)  # places in cellXfs below
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
SHEET = (
    f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15" defaultColWidth="16"/>'
)
# On paper: A4 on its side, as wide as the page and as long as it takes.
PAGE = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
MEASURED = 200  # rows that say how wide the columns are: the rest is not known when the file begins
NARROWEST, WIDEST = 8, 42  # characters


class _Buffer:
    """What a zip file is written to: it cannot go back, so the file can leave while it is made."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


def as_xlsx(rows: Iterable[Row], *, title: str) -> Iterator[bytes]:
    """A workbook of one sheet (ECMA-376); the first row is its heading, and stays in sight."""
    buffer: Any = _Buffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, text in {**PARTS, "xl/workbook.xml": _workbook(title)}.items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            left = iter(rows)
            first = list(islice(left, MEASURED))
            sheet.write(f"{SHEET}{_columns(first)}<sheetData>".encode())
            told = (_xml_row(row, heading=not place) for place, row in enumerate(chain(first, left)))
            for part in _in_portions(told):
                sheet.write(part)
                yield buffer.take()
            sheet.write(f"</sheetData>{PAGE}</worksheet>".encode())
    yield buffer.take()


def _columns(rows: Sequence[Row]) -> str:
    """How wide each column is, from what stands in these rows."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    told = [
        f'<col min="{place}" max="{place}" width="{width + 2}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    ]
    return f"<cols>{''.join(told)}</cols>" if told else ""


def _width(cell: Cell) -> int:
    """In characters, as the cell is shown."""
    match cell:
        case Money():
            shown = len(_figure(cell)) * 4 // 3  # thousands stand apart
        case datetime():
            shown = len("2026-11-23 12:00")
        case _:
            shown = len(str(cell or ""))
    return min(max(shown, NARROWEST), WIDEST)


def _workbook(title: str) -> str:
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{escape(title[:31], QUOTES)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _in_portions(parts: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= BYTES_AT_A_TIME:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def _xml_row(row: Row, *, heading: bool) -> bytes:
    return f"<row>{''.join(_xml_cell(cell, heading=heading) for cell in row)}</row>".encode()


def _xml_cell(cell: Cell, *, heading: bool) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case Money():
            return f'<c s="{SUM}"><v>{_figure(cell)}</v></c>'
        case datetime():
            return f'<c s="{MOMENT}"><v>{_serial(cell):.8f}</v></c>'
        case str():
            return _xml_text(cell, HEADING if heading else QUOTED if is_risky(cell) else PLAIN)
    return f"<c><v>{cell}</v></c>"


def _xml_text(text: str, style: int) -> str:
    kept = escape(NOT_IN_XML.sub("", text)[:LONGEST_TEXT])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def _serial(moment: datetime) -> float:
    """Days since Excel's year nought, by the clock in Stockholm."""
    since: Any = localtime(moment).replace(tzinfo=None) - EXCEL_BEGINS
    return float(since.total_seconds() / 86_400)
