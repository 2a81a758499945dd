"""Words that mean the same to who asks, though a page may hold only one of them."""

from __future__ import annotations

from cms.searching import words

_FAMILIES = {
    "sv": ["frakt leverans porto", "faktura räkning", "retur ånger återlämna"],
    "en": ["freight shipping delivery postage", "invoice bill", "return withdrawal refund"],
}
_BY_STEM = {
    language: {words.stem(word, language): family.split() for family in families for word in family.split()}
    for language, families in _FAMILIES.items()
}


def of(word: str, language: str) -> list[str]:
    """Those that mean the same, with the word's own; none for most words."""
    return _BY_STEM[language].get(words.stem(word, language), [])
