"""From what somebody typed to what they meant: as it stands, then mended, then any of the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from wagtail.models import Site

from cms.searching import hits, index, vocabulary, words
from cms.searching.hits import Group
from cms.searching.index import Corpus
from cms.searching.marking import Marker
from cms.searching.question import Question
from cms.searching.vocabulary import Vocabulary

MOST_HITS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    groups: list[Group] = field(default_factory=list)
    count: int = 0
    is_cut: bool = False  # there are more than are shown
    meant: str = ""  # nothing fits what was typed; these hits are for this instead
    is_loose: bool = False  # no page holds all of the words; these hold some


def find(query: str, request: HttpRequest, now: datetime) -> Answer:
    """What the site has on a tidied query, in the language of the address."""
    site = Site.find_for_request(request)
    asked = words.asked(query)
    if site is None or not asked:
        return Answer()
    corpus = Corpus(site.root_page.localized)
    for question, meant in _attempts(asked, vocabulary.of(corpus)):
        if rows := index.ask(question, corpus, limit=MOST_HITS + 1):
            marker = Marker(question.forms)
            found = hits.shown(rows[:MOST_HITS], corpus, marker, request, now)
            is_cut = len(rows) > MOST_HITS
            return Answer(hits.grouped(found), len(found), is_cut, meant, is_loose=not question.every)
    return Answer()


def _attempts(asked: list[str], known: Vocabulary) -> Iterator[tuple[Question, str]]:
    """Each with what it puts in the place of the typed words, if anything; the next is for when it finds nothing."""
    yield question(asked, known), ""
    meant = _mended(asked, known)
    better = words.asked(meant) or asked
    if meant:
        yield question(better, known), meant
    if len(better) > 1:
        yield question(better, known, every=False), meant


def question(asked: list[str], known: Vocabulary, *, every: bool = True) -> Question:
    telling = words.telling(asked, known.language)
    looked_for = telling or asked
    strict = [[word, *known.forms(word), *known.equals(word)] for word in looked_for]
    return Question(
        strict=[_once(forms) for forms in strict],
        wide=[_once([*forms, *known.kin(forms[0])]) for forms in strict],
        every=every,
        titles_only=not telling,
    )


def _once(forms: list[str]) -> list[str]:
    return list(dict.fromkeys(forms))


def _mended(asked: list[str], known: Vocabulary) -> str:
    """The words with the slips put right; empty when there is no slip that can be."""
    better = " ".join(word if _stands(word, known) else known.meant(word) or word for word in asked)
    return "" if better == " ".join(asked) else better


def _stands(word: str, known: Vocabulary) -> bool:
    """Whether the site has the word; figures and the smallest words have no slips."""
    return (
        word.isdigit()
        or not words.telling([word], known.language)
        or bool(known.forms(word) or known.kin(word) or known.equals(word))
    )
