"""The index on SQLite. FTS5 folds å, ä and ö and has no stems: the question's forms stand in for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, FloatField, IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr
from modelsearch.backends.database.sqlite.query import BM25, MatchExpression
from wagtail.search.models import SQLiteFTSIndexEntry

from cms.searching import words
from cms.searching.question import Forms, Question

TABLE = SQLiteFTSIndexEntry._meta.db_table
TEXT, TITLE = ["title", "body"], ["title"]


def entries(longest: int) -> Any:
    """Everything that is indexed: `type`, `object`, `title_words`, and the first `longest` signs of `text`."""
    return SQLiteFTSIndexEntry.objects.annotate(
        type=F("index_entry__content_type"),
        object=F("index_entry__object_id"),
        title_words=F("title"),
        text=Substr("body", 1, longest),
    )


def ranked(rows: QuerySet[Any], question: Question, language: str) -> Any:
    """The hits, with `in_title`, `is_strict` and `rank`, more of each being better."""
    strict, wide = _written(question.strict, question), _written(question.wide, question)
    columns, asked = (TITLE, strict) if question.titles_only else (TEXT, wide)
    return rows.filter(MatchExpression(columns, RawSQL("%s", [asked]))).annotate(
        in_title=_found(TITLE, strict), is_strict=_found(TEXT, strict), rank=Value(0) - Weighted()
    )


class Weighted(BM25):
    """Less is better. The weights go by the table's columns: autocomplete, body, title."""

    output_field = FloatField()

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, list[Any]]:
        return f"bm25({TABLE}, 0.0, 1.0, 6.0)", []


def _written(asked: Sequence[Forms], question: Question) -> str:
    """Forms that FTS5 takes for one are written once, or their hits would count twice."""
    once = [list(dict.fromkeys(words.fold(form) for form in forms)) for forms in asked]
    return question.written(once, quote='"', either=" OR ", both=" AND ", any_of=" OR ")


def _found(columns: list[str], written: str) -> RawSQL:
    """Whether a row is among the hits of another question."""
    among = f"{TABLE}.rowid IN (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s)"  # noqa: S608 - names only
    return RawSQL(among, [f"{{{' '.join(columns)}}} : ({written})"], output_field=IntegerField())  # noqa: S611
