"""Which language a text is in, told by words that only the other one has in our catalogue and the demo's texts."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from config import catalogues
from tests.harness.place import ROOT

CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"
CONTENT = ROOT / "cms/seed/content"
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|{{?\w*}?}|<[^>]+>")
ADDRESS = re.compile(r"\S*/\S*")  # a key in one may spell anything
WORD = re.compile(r"[^\W\d_]+")
# Titles, people, places and payment services are the same in both, and so is the cookie's name. `Fri` is a Friday.
NAMES = """Skriften om värdskap Det goda värdskapet Värdskapet Värdskap i praktiken Värdskapsfilosofin
Exempel AB Exempelgatan Stockholm Göteborg Björkvik Björkviks kommun Storgatan Karin Ek Bergström
vardskapet example hej sv Fri Swish Klarna Stripe Visa Mastercard Facebook varukorg
Allmänna reklamationsnämnden ARN Integritetsskyddsmyndigheten Post och telestyrelsen"""
# Said in another language on purpose: the link to it. What is drawn is a picture.
ASIDE = re.compile(r"(?s)<(script|style|svg|head)\b.*?</\1>|<a\b[^>]* lang=.*?</a>")
SAID = re.compile(r'\s(?:aria-label|alt|title)="([^"]*)"')
HEAD = re.compile(
    r'<title>(.*?)</title>|<meta (?:name|property)="[a-z:]*(?:title|description)" content="([^"]*)"'
)


def words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


@cache
def _texts() -> tuple[frozenset[str], frozenset[str]]:
    """All the words of the Swedish and of the English texts, each with those of its pages."""
    catalog = catalogues.read(CATALOGUE)
    swedish = " ".join(
        text.id if isinstance(text.id, str) else " ".join(text.id) for text in catalog if text.id
    )
    english = " ".join(line for text in catalog if text.id for line in catalogues.translations(text))
    return _words(swedish, "*.toml", "[!e]*/*.toml"), _words(english, "en/**/*.toml")


def _words(text: str, *pages: str) -> frozenset[str]:
    content = " ".join(path.read_text() for pattern in pages for path in CONTENT.glob(pattern))
    return frozenset(words(PLACES.sub(" ", f"{text} {content}")) | words(NAMES))


def strangers(text: str, language: str) -> set[str]:
    """The words of a text that belong to the other language alone."""
    swedish, english = _texts()
    foreign = swedish - english if language == "en" else english - swedish
    return words(ADDRESS.sub(" ", text)) & foreign


def heard(html: str) -> str:
    """What a page says to eyes and ears: text, labels and what the window and the search engines show."""
    head = " ".join(filter(None, (part for found in HEAD.findall(html) for part in found)))
    body = ASIDE.sub(" ", html)
    return unescape(f"{head} {' '.join(SAID.findall(body))} {re.sub(r'<[^>]*>', ' ', body)}")
