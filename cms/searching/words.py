"""Words as a search takes them: tidied, folded, cut to their stem."""

from __future__ import annotations

import re
import unicodedata

from cms.searching.stop_words import STOP_WORDS

LONGEST_QUERY = 100
MOST_WORDS = 8

_WORD = re.compile(r"\w+")
_FOLDED = str.maketrans({"ø": "o", "æ": "a", "ß": "s"})

# The endings of Snowball's Swedish stemmer, step 1, and the -et that it leaves alone.
_ENDINGS = """
et a arna erna heterna orna ad e ade ande arne are aste en anden aren heten ern ar er heter or as arnas ernas ornas es
ades andes ens arens hetens erns at andet het ast
"""
_SWEDISH_ENDINGS = sorted(_ENDINGS.split(), key=len, reverse=True)
_ENGLISH_ENDINGS = ["ings", "ing", "ies", "ed", "es", "s", "e", "y"]
# Böcker, böckerna: the one plural with a vowel of its own that a bookshop cannot do without.
_IRREGULAR = {"böck": "bok"}


def tidy(text: str) -> str:
    """What was asked for: on one line, without control characters, no longer than a question."""
    composed = unicodedata.normalize("NFC", text[: 10 * LONGEST_QUERY])
    return " ".join("".join(sign if sign.isprintable() else " " for sign in composed).split())[:LONGEST_QUERY]


def split(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def asked(query: str) -> list[str]:
    """The words of a question, each once, as many as are looked for."""
    return list(dict.fromkeys(split(query)))[:MOST_WORDS]


def telling(words: list[str], language: str) -> list[str]:
    """Without those that stand on every page."""
    return [word for word in words if word not in STOP_WORDS[language]]


def fold(word: str) -> str:
    """`välkommen` as somebody without å, ä and ö types it: `valkommen`."""
    apart = unicodedata.normalize("NFKD", word.translate(_FOLDED))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def stem(word: str, language: str) -> str:
    """What the forms of a word share: välkommen, välkomna and välkomnande are all `välkom`.

    Follows Snowball where it can; PostgreSQL's own stems stay in force beside it. Both ways to part the
    double m of -kommen (kommen, komna) become one.
    """
    return _english(word) if language == "en" else _swedish(word)


def _swedish(word: str) -> str:
    base = _without(word[:-1] if _has_genitive_s(word) else word, _SWEDISH_ENDINGS)
    if base[-2:] in {"dt", "gt", "kt", "tt"}:
        base = base[:-1]
    base = _without(base, ["lig", "ig", "els"])
    if len(base) > 4 and base[-2:] in {"mn", "mm"}:
        base = base[:-1]
    return _IRREGULAR.get(base, base)


def _has_genitive_s(word: str) -> bool:
    return len(word) > 4 and word[-1] == "s" and word[-2] in "bcdfghjklmnoprtvyae"


def _english(word: str) -> str:
    base = _without(word, _ENGLISH_ENDINGS)
    return base[:-1] if len(base) > 4 and base[-1] == base[-2] else base


def _without(word: str, endings: list[str]) -> str:
    """The word less its longest ending, if enough is left to know it by."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def edits(one: str, other: str) -> int:
    """How many slips part two words: a sign too many, too few, another, or two that changed places."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (sign != against))
            if row > 1 and column > 1 and (sign, one[row - 2]) == (other[column - 2], against):
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
