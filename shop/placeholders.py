"""Texts that name the seller hold `{{foretag}}` and its like; the facts are filled in when the text is shown."""

from __future__ import annotations

from html import escape

from shop.models import Company


def fill(text: str, company: Company, *, html: bool = False) -> str:
    """The text with the company's facts in place; escaped for a text that is HTML."""
    for name, fact in facts(company).items():
        text = text.replace("{{" + name + "}}", escape(fact) if html else fact)
    return text


def facts(company: Company) -> dict[str, str]:
    return {
        "foretag": company.legal_name,
        "orgnr": company.organisation_number,
        "momsnr": company.vat_number,
        "adress": company.postal_address,
        "epost": company.email,
        "telefon": company.phone,
    }
