"""Reads what people type in every reasonable form, answers with the form we store (sweden.md h).

Each function raises ValidationError with the sentence of DESIGN.md section 8. No database here.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import ean
from stdnum.se import orgnr

PHONE = _("Skriv ett mobilnummer, till exempel 070-123 45 67")
POSTAL_CODE = _("Skriv postnumret med fem siffror, till exempel 531 32")
ORGANISATION_NUMBER = _("Kontrollera organisationsnumret. Det har tio siffror, till exempel 212000-0000")
PEPPOL = _("Kontrollera adressen. Peppol-id börjar ofta med 0007: och följs av organisationsnumret")
UNPRINTABLE = _("Texten innehåller tecken som inte syns. Ta bort dem, eller skriv om texten")

SWEDEN = 46
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}]+")
_DASHES = re.compile(r"[-\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{MINUS SIGN}]")
# Marks that turn the direction of the text around them could falsify a label or a slip.
_TURNING = re.compile(r"[\N{LEFT-TO-RIGHT EMBEDDING}-\N{RIGHT-TO-LEFT OVERRIDE}\u2066-\u2069]")
# Joiners, direction marks and the like, which show nothing by themselves.
_UNSEEN = {"Cf", "Zs", "Zl", "Zp"}
SIGNS_PER_LETTER = 4  # no letter is composed of more (Unicode's NFC)
_LINE_BREAKS = "\n\r\t"


def printable(text: str, *, several_lines: bool = False) -> str:
    """The text in NFC without outer spaces, empty if nothing of it shows. Refuses control characters, as null is."""
    allowed = _LINE_BREAKS if several_lines else ""
    strange = (unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in text)
    if _TURNING.search(text) or any(strange):
        raise ValidationError(UNPRINTABLE, code="unprintable")
    plain = unicodedata.normalize("NFC", text).strip()
    return plain if any(unicodedata.category(sign) not in _UNSEEN for sign in plain) else ""


def phone(text: str) -> str:
    """070-123 45 67 is +46701234567 (E.164); numbers of other countries begin with + or 00.

    Without either, or the 0 of a Swedish area, it is a Swedish mobile or a foreign number short of its country:
    912 34 567 is somebody's in Norway, and must not become a telephone in Byske.
    """
    if re.search(r"[^\W\d_]", text):  # the library would read letters as a keypad
        raise ValidationError(PHONE)
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(PHONE) from error
    if not _is_number(number, text.lstrip()):
        raise ValidationError(PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_number(number: phonenumbers.PhoneNumber, typed: str) -> bool:
    if number.country_code != SWEDEN:
        return bool(phonenumbers.is_possible_number(number))  # which of theirs are in use is not ours to know
    whole = typed.startswith(("+", "0", "(0")) or str(number.national_number).startswith("7")
    return bool(whole and phonenumbers.is_valid_number(number))


def postal_code(text: str) -> str:
    """531 32, 53132 and SE-531 32 are 53132."""
    found = re.fullmatch(r"(?:SE?)?([1-9][0-9]{4})", _bare(text).upper())
    if found is None:
        raise ValidationError(POSTAL_CODE)
    return found[1]


def organisation_number(text: str) -> str:
    """Ten digits out of ten or twelve, with hyphen and spaces; a VAT number is understood too.

    A sole trader's number is the owner's personal number: accepted here, refused by `legal_person`.
    """
    bare = _bare(text).upper()
    found = re.fullmatch(r"(?:16|18|19|20)?([0-9]{10})", bare) or re.fullmatch(r"SE([0-9]{10})[0-9]{2}", bare)
    if found is None or not orgnr.is_valid(found[1]):
        raise ValidationError(ORGANISATION_NUMBER)
    return found[1]


def legal_person(number: str) -> str:
    """Public bodies are legal persons: their third digit is 2 or more, a personal number's is 0 or 1."""
    if number[2] in "01":
        raise ValidationError(ORGANISATION_NUMBER)
    return number


def peppol_id(text: str) -> str:
    """`0007:` and an organisation number, `0088:` and a GLN, or either number alone."""
    bare = _SPACES.sub("", text)
    scheme, colon, number = bare.rpartition(":")
    digits = _DASHES.sub("", number)
    if not colon:
        scheme = "0088" if len(digits) == 13 else "0007"
    if scheme == "0007":
        return f"0007:{_peppol_organisation(digits)}"
    if scheme == "0088":
        return f"0088:{_gln(digits)}"
    if re.fullmatch(r"[0-9]{4}", scheme) and re.fullmatch(r"[0-9A-Za-z-]{3,50}", number):
        return f"{scheme}:{number}"
    raise ValidationError(PEPPOL)


def _peppol_organisation(digits: str) -> str:
    if not re.fullmatch(r"[0-9]{10}", digits) or not orgnr.is_valid(digits):
        raise ValidationError(PEPPOL)
    return digits


def _gln(digits: str) -> str:
    if not re.fullmatch(r"[0-9]{13}", digits) or not ean.is_valid(digits):
        raise ValidationError(PEPPOL)
    return digits


def _bare(text: str) -> str:
    """Without spaces and hyphens."""
    return _DASHES.sub("", _SPACES.sub("", text))
