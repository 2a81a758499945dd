"""The index on PostgreSQL: full text with the stems of its language, and weights for title, lede and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Substr
from wagtail.search.models import IndexEntry

from cms.searching.languages import CONFIGS
from cms.searching.question import Forms, Question

# Of D, C, B and A, which Wagtail makes of the boosts in the models' search_fields: text has none and is D; a title
# and a lede have 2, which is B, since a picture's tags have 10.
WEIGHTS = [0.1, 0.1, 1.0, 1.0]


def entries(longest: int) -> Any:
    """Everything that is indexed: `type`, `object`, `title_words`, and the first `longest` signs of `text`."""
    return IndexEntry.objects.annotate(
        type=F("content_type"),
        object=F("object_id"),
        title_words=F("title_text"),
        text=Substr("body_text", 1, longest),
    )


def ranked(rows: QuerySet[Any], question: Question, language: str) -> Any:
    """The hits, with `in_title`, `is_strict` and `rank`, more of each being better."""
    strict, wide = (_query(words, question, CONFIGS[language]) for words in (question.strict, question.wide))
    # As they are written, without stems, the words of a title stand in `autocomplete`.
    in_title = Q(autocomplete=_query(question.strict, question, "simple"))
    # The very expression that Wagtail has made an index of.
    whole = CombinedExpression(F("title"), "||", F("body"), output_field=SearchVectorField())
    return (
        rows.annotate(whole=whole)
        .filter(in_title if question.titles_only else in_title | Q(whole=wide))
        .annotate(
            in_title=_flag(in_title),
            is_strict=_flag(Q(whole=strict)),
            rank=SearchRank(F("whole"), wide, weights=WEIGHTS, normalization=Value(1)),
        )
    )


def _query(words: Sequence[Forms], question: Question, config: str) -> SearchQuery:
    text = question.written(words, quote="'", either=" | ", both=" & ", any_of=" | ")
    return SearchQuery(text, search_type="raw", config=config)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())
