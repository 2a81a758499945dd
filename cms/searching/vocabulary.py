"""The words that stand on the site, so that a question can be put in the site's own words.

Kept by each web process for as long as nothing is published and no product renamed; asking whether it still holds
costs two queries.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Max

from cms.searching import index, synonyms, words
from cms.searching.index import Corpus

MOST_FORMS = 12
# Shorter beginnings and parts fit almost anything.
SHORTEST_START, SHORTEST_PART = 3, 5
LIKENESS = 0.7  # a sieve, since it is quicker than counting the slips
MOST_SLIPS = 2


def _forgiven(word: str) -> int:
    """How many slips a word may have and still be known."""
    return MOST_SLIPS if len(word) >= 8 else int(len(word) >= 4)


@dataclass(frozen=True)
class Vocabulary:
    language: str
    counts: Counter[str]  # each word in lower case, and how often it stands there

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        """Families of words, most used first; under their stem, and under the stem without å, ä, ö."""
        families: dict[str, list[str]] = defaultdict(list)
        for word, _count in self.counts.most_common():
            own = words.stem(word, self.language)
            for key in {own, "~" + words.fold(own)}:
                families[key].append(word)
        return families

    @cached_property
    def _folded(self) -> dict[str, str]:
        """The words as they are typed without å, ä, ö, and the most used word that each may mean."""
        return {words.fold(word): word for word, _count in reversed(self.counts.most_common())}

    @cached_property
    def _stems(self) -> dict[str, str]:
        """Of the folded words."""
        return {plain: words.fold(words.stem(word, self.language)) for plain, word in self._folded.items()}

    def forms(self, word: str) -> list[str]:
        """The site's forms of a word, most used first; those that differ by å, ä, ö only if there are no others."""
        own = words.stem(word, self.language)
        return (self._by_stem.get(own) or self._by_stem.get("~" + words.fold(own)) or [])[:MOST_FORMS]

    def kin(self, word: str) -> list[str]:
        """Words that begin with it, and compounds that it begins or ends: material, utbildningsmaterial."""
        start = words.fold(word)
        part = words.fold(words.stem(word, self.language))
        found = [
            self._folded[plain] for plain, own in self._stems.items() if _is_kin(plain, own, start, part)
        ]
        return sorted(found, key=lambda known: -self.counts[known])[:MOST_FORMS]

    def equals(self, word: str) -> list[str]:
        """The site's forms of the words that mean the same: freight, shipping."""
        return [form for other in synonyms.of(word, self.language) for form in self.forms(other)]

    def meant(self, word: str) -> str:
        """The site's word, or two, that somebody who wrote `word` most likely meant; empty if none is near."""
        typed = words.fold(word)
        near = [plain for plain in self._folded if abs(len(plain) - len(typed)) <= MOST_SLIPS]
        alike = difflib.get_close_matches(typed, near, n=10, cutoff=LIKENESS)
        slips = {plain: words.edits(typed, plain) for plain in alike}
        close = [plain for plain in alike if slips[plain] <= _forgiven(typed)]
        if not close:
            return self._parted(typed)
        return self._folded[min(close, key=lambda plain: (slips[plain], -self.counts[self._folded[plain]]))]

    def _parted(self, typed: str) -> str:
        """A compound that the site does not have, in two words that it has: gästbemötande, gäst bemötande."""
        for place in range(len(typed) - 4, 3, -1):
            first, second = self.forms(typed[:place].rstrip("s")), self.forms(typed[place:])
            if first and second:
                return f"{first[0]} {second[0]}"
        return ""


def _is_kin(plain: str, own: str, start: str, part: str) -> bool:
    """Whether a folded word, with its stem `own`, begins with `start`, or begins or ends with it or with its stem."""
    if len(start) >= SHORTEST_START and plain.startswith(start):
        return True
    if len(start) >= SHORTEST_PART and plain.endswith(start):
        return True
    return len(part) >= SHORTEST_PART and (own.startswith(part) or own.endswith(part))


_kept: dict[int, tuple[Any, Vocabulary]] = {}


def of(corpus: Corpus) -> Vocabulary:
    state = _state(corpus)
    kept = _kept.get(corpus.key)
    if kept is None or kept[0] != state:
        kept = _kept[corpus.key] = (state, Vocabulary(corpus.language, _count(index.texts(corpus))))
    return kept[1]


def _state(corpus: Corpus) -> Any:
    """Another when what can be found is: pages by their hour, products, which have none, by what is indexed of them."""
    pages = corpus.pages.aggregate(Count("pk"), Max("last_published_at"), Max("pk"))
    return pages, list(corpus.product_pages.order_by("pk").values_list("product__name", "product__sku"))


def _count(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in words.split(text) if not word.isdigit())
    return counts
