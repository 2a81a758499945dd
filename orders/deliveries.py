"""Several delivery addresses in one order: rows pasted from a spreadsheet, read and judged. No database here.

A row is unit, name, street, postal code, city and a number for each product of the basket, parted by tabs,
semicolons or commas. A first row with the columns' names may put them in another order. See docs/adr/0027.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop import validators
from shop.money import NBSP
from shop.pricing import Line
from shop.quantities import grouped
from shop.validators import SIGNS_PER_LETTER

MOST_ROWS = 500
LONGEST_ROW = 2_000  # characters: far more than an address, far less than csv would choke on
MOST_COPIES = 5_000
SEPARATORS = ("\t", ";", ",")
SPANS_AT_MOST = 3  # lines of one row, when a quoted cell holds line breaks

ADDRESS = ("unit", "name", "address_line1", "postal_code", "city")
LONGEST = {
    "unit": 120,
    "name": 100,
    "address_line1": 200,
    "address_line2": 200,
    "postal_code": 20,
    "city": 100,
}
# What people call the columns, in lower case.
NAMES: dict[str, str] = {
    **dict.fromkeys(
        ("enhet", "avdelning", "förvaltning", "skola", "arbetsplats", "unit", "department"), "unit"
    ),
    **dict.fromkeys(
        ("namn", "mottagare", "kontakt", "kontaktperson", "name", "recipient", "contact"), "name"
    ),
    **dict.fromkeys(("gatuadress", "gata", "adress", "leveransadress", "street", "address"), "address_line1"),
    **dict.fromkeys(("c/o", "adressrad 2", "våning", "address line 2"), "address_line2"),
    **dict.fromkeys(("postnummer", "postnr", "post nr", "postal code", "postcode", "zip"), "postal_code"),
    **dict.fromkeys(("ort", "postort", "stad", "city", "town"), "city"),
}
NUMBER_NAMES = {"antal", "st", "exemplar", "number", "quantity", "copies"}
# UTF-8 read as if it were Windows' or Latin 1's letters; and the sign for what could not be read at all.
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd")
_NUMBER = re.compile(r"([0-9]+)(?:[.,]0{1,2})?(?:st\.?|ex\.?)?", re.IGNORECASE)
_SPACES = re.compile(rf"[\s{NBSP}\N{{NARROW NO-BREAK SPACE}}]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A row that can be sent to; `copies` by SKU."""

    row: int
    copies: Mapping[str, int]
    unit: str = ""
    name: str = ""
    address_line1: str = ""
    address_line2: str = ""
    postal_code: str = ""
    city: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """As the rows that keep an address name them."""
        return {name: getattr(self, name) for name in (*ADDRESS, "address_line2")}

    @property
    def place(self) -> str:
        """`Storgatan 12, 531 32 Björkvik`"""
        post = f"{self.postal_code[:3]} {self.postal_code[3:]} {self.city}"
        return ", ".join(filter(None, [self.address_line2, self.address_line1, post]))


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that needs mending: where it stands, how it begins, what is wrong."""

    row: int
    typed: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Difference:
    name: str
    in_list: int
    in_basket: int


@dataclass(frozen=True, slots=True)
class RowShown:
    """An address in the preview, with a number for each of the goods."""

    address: Address
    numbers: Sequence[int]

    @property
    def receiver(self) -> str:
        return ", ".join(filter(None, [self.address.unit, self.address.name]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was pasted, as read. `refusal` is a sentence about the whole of it."""

    goods: Sequence[Line]
    addresses: Sequence[Address] = ()
    faults: Sequence[Fault] = ()
    refusal: str = ""

    @property
    def parcels(self) -> list[Mapping[str, int]]:
        return [address.copies for address in self.addresses]

    @property
    def counted(self) -> dict[str, int]:
        """Copies in the list, by SKU."""
        return {
            line.product.sku: sum(copies.get(line.product.sku, 0) for copies in self.parcels)
            for line in self.goods
        }

    @property
    def differences(self) -> list[Difference]:
        """Where list and basket do not agree; none as long as a row cannot be read."""
        if self.faults or self.refusal:
            return []
        counted = self.counted
        return [
            Difference(line.name, counted[line.product.sku], line.quantity)
            for line in self.goods
            if counted[line.product.sku] != line.quantity
        ]

    @property
    def wrong(self) -> str:
        """One sentence for the field, empty when the list can be used."""
        if self.refusal:
            return self.refusal
        if self.faults:
            count = len(self.faults)
            sentence = ngettext(
                "%(count)s rad i adresslistan behöver rättas",
                "%(count)s rader i adresslistan behöver rättas",
                count,
            )
            return sentence % {"count": grouped(count)}
        return " ".join(_told(difference) for difference in self.differences)

    @property
    def copies(self) -> int:
        return sum(self.counted.values())

    @property
    def rows_shown(self) -> list[RowShown]:
        skus = _skus(self.goods)
        return [RowShown(row, [row.copies.get(sku, 0) for sku in skus]) for row in self.addresses]


def _told(difference: Difference) -> str:
    return _("Listan har %(list)s av %(name)s, men varukorgen %(basket)s.") % {
        "list": grouped(difference.in_list),
        "name": difference.name,
        "basket": grouped(difference.in_basket),
    }


# --- Reading --------------------------------------------------------------------------------------
def read(text: str, goods: Sequence[Line]) -> Sheet:
    """The pasted rows for these goods of the basket."""
    lines = _lines(text)
    if len(lines) > MOST_ROWS + 1:  # a first row with names is none of them
        return Sheet(goods, refusal=_too_many(len(lines)))
    separator = _separator([line for _row, line in lines])
    rows = list(_rows(lines, separator))
    columns: list[str] | None = _named(rows[0][1], goods) if rows else None
    if columns is not None:
        names, rows = rows[0][1], rows[1:]
        if refusal := _doubled(names, columns) or _missing(columns, goods):
            return Sheet(goods, refusal=refusal)
    if len(rows) > MOST_ROWS:
        return Sheet(goods, refusal=_too_many(len(rows)))
    return _judged(rows, columns or [*ADDRESS, *_skus(goods)], goods)


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines that say something, with their numbers as an editor counts them."""
    plain = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    return [(row, line) for row, line in enumerate(plain.split("\n"), 1) if line.strip(' \t;,\xa0"')]


def _too_many(count: int) -> str:
    return _(
        "Listan har %(count)s rader, och högst %(most)s adresser ryms i en beställning. Dela upp den."
    ) % {
        "count": grouped(count),
        "most": grouped(MOST_ROWS),
    }


def _separator(lines: Sequence[str]) -> str:
    """What parts most rows into at least five cells; the tab of a spreadsheet before the others."""

    def parted(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        return sum(1 for count in counts if count >= len(ADDRESS) - 1), sum(counts)

    return max(SEPARATORS, key=parted)


def _rows(lines: Sequence[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Cells of each row. A quoted cell may hold line breaks; a quote that never ends spoils its own line only."""
    place = 0
    while place < len(lines):
        row, text = lines[place]
        taken = 1
        # With a quote too many the row is whole all the same, and the next line is another's address.
        whole = text.count(separator) >= len(ADDRESS)
        while taken < SPANS_AT_MOST and _is_open(text) and not whole and place + taken < len(lines):
            text, taken = f"{text} {lines[place + taken][1]}", taken + 1
        if _is_open(text):
            text, taken = lines[place][1], 1
        yield row, _cells(text, separator)
        place += taken


def _is_open(text: str) -> bool:
    return text.count('"') % 2 == 1


def _cells(text: str, separator: str) -> list[str]:
    if len(text) > LONGEST_ROW:
        return [text[:LONGEST_ROW]]
    if _is_open(text):
        return [_SPACES.sub(" ", cell).strip() for cell in text.split(separator)]
    cells = next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
    return [_SPACES.sub(" ", cell).strip() for cell in cells]


# --- The first row --------------------------------------------------------------------------------
def _named(cells: Sequence[str], goods: Sequence[Line]) -> list[str] | None:
    """The columns by the first row, empty for those to pass over; None when it is an address like the rest."""
    columns = [_column(cell, goods) for cell in cells]
    known = [column for column in columns if column]
    return columns if len(known) >= 3 else None


def _column(cell: str, goods: Sequence[Line]) -> str:
    name = cell.strip().casefold().rstrip(":")
    for line in goods:
        if name in {line.product.sku.casefold(), line.name.casefold(), line.product.name.casefold()}:
            return line.product.sku
    if name in NUMBER_NAMES and len(goods) == 1:
        return goods[0].product.sku
    return NAMES.get(name, "")


def _doubled(names: Sequence[str], columns: Sequence[str]) -> str:
    """A sentence that names columns which say the same: one of them would be lost."""
    twice = [
        name for name, column in zip(names, columns, strict=True) if column and columns.count(column) > 1
    ]
    if not twice:
        return ""
    return _("Rubrikraden har flera kolumner för samma sak: %(columns)s. Låt bara en av dem vara med.") % {
        "columns": ", ".join(twice)
    }


def _missing(columns: Sequence[str], goods: Sequence[Line]) -> str:
    """A sentence that names the columns which the first row lacks."""
    needed = {"address_line1": _("gatuadress"), "postal_code": _("postnummer"), "city": _("ort")}
    lacking = [label for column, label in needed.items() if column not in columns]
    if not {"unit", "name"} & set(columns):
        lacking.insert(0, _("enhet eller namn"))
    lacking += [_number_label(line, goods) for line in goods if line.product.sku not in columns]
    if not lacking:
        return ""
    return _("Rubrikraden saknar: %(columns)s. Rätta den, eller ta bort den och följ ordningen ovan.") % {
        "columns": ", ".join(lacking)
    }


def _number_label(line: Line, goods: Sequence[Line]) -> str:
    return _("antal") if len(goods) == 1 else line.name


def _skus(goods: Sequence[Line]) -> list[str]:
    return [line.product.sku for line in goods]


# --- Judging --------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Reading:
    """One row being read: what is good so far, and what is wrong with it."""

    good: dict[str, str] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)


def _judged(rows: Sequence[tuple[int, list[str]]], columns: Sequence[str], goods: Sequence[Line]) -> Sheet:
    addresses, faults = [], []
    for row, cells in rows:
        reading = _reading(cells, columns, goods)
        if reading.sentences:
            faults.append(Fault(row, _beginning(cells), reading.sentences))
        else:
            addresses.append(Address(row, reading.copies, **reading.good))
    refusal = "" if rows else _("Listan har ingen adress än.")
    return Sheet(goods, addresses, faults, refusal)


def _beginning(cells: Sequence[str]) -> str:
    """For finding the row again; signs that cannot be seen have no place in HTML."""
    text = " · ".join(filter(None, cells))[:80]
    return "".join(sign for sign in text if sign.isprintable())


def _reading(cells: Sequence[str], columns: Sequence[str], goods: Sequence[Line]) -> _Reading:
    reading = _Reading()
    if sentence := _unreadable(cells, columns, goods):
        reading.sentences.append(sentence)
        return reading
    typed = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    for column in (*ADDRESS, "address_line2"):
        _take_text(reading, column, typed.get(column, ""))
    _demand(reading)
    _take_copies(reading, typed, goods)
    return reading


def _unreadable(cells: Sequence[str], columns: Sequence[str], goods: Sequence[Line]) -> str:
    text = " ".join(cells)
    if len(text) >= LONGEST_ROW:
        return _("Raden är för lång för att vara en adress.")
    if broken := _MOJIBAKE.search(text):
        word = next((word for word in text.split() if _MOJIBAKE.search(word)), broken[0])
        return _("Å, ä och ö har blivit fel tecken: %(word)s. Kopiera raderna direkt ur kalkylbladet.") % {
            "word": word[:30]
        }
    if len(cells) < len(columns) - _may_lack(columns) or any(cells[len(columns) :]):
        return _wrong_width(len(cells), len(columns), goods)
    return ""


def _may_lack(columns: Sequence[str]) -> int:
    """Cells at the end that a spreadsheet leaves out when they are empty; the needed ones are asked for by name."""
    return len(columns) - len(ADDRESS) if len(columns) > len(ADDRESS) + 1 else 0


def _wrong_width(found: int, wanted: int, goods: Sequence[Line]) -> str:
    names = [_("enhet"), _("namn"), _("gatuadress"), _("postnummer"), _("ort")]
    names += [_number_label(line, goods) for line in goods]
    sentence = ngettext(
        "Raden har bara %(found)s kolumn men ska ha %(wanted)s: %(names)s.",
        "Raden har %(found)s kolumner men ska ha %(wanted)s: %(names)s.",
        found,
    )
    return sentence % {
        "found": found,
        "wanted": wanted,
        "names": ", ".join(names),
    }


def _take_text(reading: _Reading, column: str, typed: str) -> None:
    most = LONGEST.get(column, len(typed))
    try:
        if len(typed) > SIGNS_PER_LETTER * most:  # not composed: that takes quadratic time
            raise ValidationError(_("Skriv högst %(most)s tecken") % {"most": most})
        text = validators.printable(typed)
        if column == "postal_code" and text:
            text = validators.postal_code(text)
    except ValidationError as error:
        reading.sentences.append(str(error.messages[0]))
        return
    if len(text) > most:
        reading.sentences.append(_("Skriv högst %(most)s tecken") % {"most": most})
    reading.good[column] = text


def _demand(reading: _Reading) -> None:
    good = reading.good
    if not good.get("unit") and not good.get("name"):
        reading.sentences.append(_("Enhet eller namn saknas"))
    if good.get("address_line1") == "":
        reading.sentences.append(_("Gatuadressen saknas"))
    if good.get("postal_code") == "":
        reading.sentences.append(_("Postnumret saknas"))
    if good.get("city") == "":
        reading.sentences.append(_("Orten saknas"))


def _take_copies(reading: _Reading, typed: Mapping[str, str], goods: Sequence[Line]) -> None:
    for line in goods:
        sku = line.product.sku
        number = _number(typed.get(sku, ""), may_be_none=len(goods) > 1)
        if number is None:
            sentence = _("Antalet av %(name)s ska vara mellan 1 och %(most)s")
            reading.sentences.append(sentence % {"name": line.name, "most": grouped(MOST_COPIES)})
        elif number:
            reading.copies[sku] = number
    if not reading.copies and not reading.sentences:
        reading.sentences.append(_("Skriv antal av minst en vara"))


def _number(typed: str, *, may_be_none: bool) -> int | None:
    """`25`, `1 000`, `25 st`, a spreadsheet's `25,0`. None for what is no number of 1 to 5 000.

    `1.000` is one to some and a thousand to others: none.
    """
    bare = _SPACES.sub("", typed)
    if bare in {"", "0", "-", "–"} and may_be_none:
        return 0
    found = _NUMBER.fullmatch(bare) if len(bare) <= 20 and bare.isascii() else None
    number = int(found[1]) if found else 0
    return number if 1 <= number <= MOST_COPIES else None
