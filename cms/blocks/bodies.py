"""Which pieces may stand where, and in which order headings may come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.blocks.events import EventBlock
from cms.blocks.links import ButtonBlock
from cms.blocks.media import FileBlock, FilmBlock, OutsideFilmBlock, PictureBlock
from cms.blocks.shop import ProductBlock, TermsBlock
from cms.blocks.text import (
    ExerciseBlock,
    FactBlock,
    HeadingBlock,
    PanelBlock,
    PullQuoteBlock,
    QuestionBlock,
    TableBlock,
    TextSectionBlock,
)

_HEADING_TAG = re.compile(r"<(h[23])\b")


class BodyBlock(StreamBlock):
    """What every article and page may hold."""

    text = TextSectionBlock()
    heading = HeadingBlock()
    pull = PullQuoteBlock()
    question = QuestionBlock()
    exercise = ExerciseBlock()
    panel = PanelBlock()
    table = TableBlock()
    picture = PictureBlock()
    film = FilmBlock()
    outside_film = OutsideFilmBlock()
    file = FileBlock()
    event = EventBlock()
    product = ProductBlock()
    button = ButtonBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (faults := dict(_heading_faults(cleaned))):
            raise StreamBlockValidationError(block_errors=faults)
        return cleaned


def _heading_faults(body: Any) -> Iterator[tuple[int, ValidationError]]:
    """A heading below another must have one above it, and no two may have the same anchor. Place and fault."""
    deep, anchors = False, set()
    for place, block in enumerate(body):
        for level in _levels(block):
            if level == "h3" and not deep:
                yield place, _told(block, "level", _("En underrubrik behöver en rubrik ovanför sig."))
            deep = deep or level == "h2"
        if block.block_type == "heading":
            if block.value.anchor_id in anchors:
                yield place, _told(block, "anchor", _("En annan rubrik har samma ankare. Skriv ett eget."))
            anchors.add(block.value.anchor_id)


def _levels(block: Any) -> list[str]:
    """The headings of a block, in order."""
    if block.block_type == "heading":
        return [block.value["level"]]
    if block.block_type == "text":
        return _HEADING_TAG.findall(block.value.source)
    return ["h2"] if block.block_type in {"exercise", "panel"} else []


def _told(block: Any, field: str, sentence: Any) -> ValidationError:
    fault = ValidationError(sentence)
    return StructBlockValidationError(block_errors={field: fault}) if block.block_type == "heading" else fault


class PageBodyBlock(BodyBlock):
    terms = TermsBlock()


class InterviewBlock(StreamBlock):
    question = QuestionBlock()
    pull = PullQuoteBlock()
    exercise = ExerciseBlock()
    panel = PanelBlock()
    picture = PictureBlock()
    film = FilmBlock()
    outside_film = OutsideFilmBlock()
    file = FileBlock()
    event = EventBlock()
    product = ProductBlock()
    button = ButtonBlock()


class FactsBlock(StreamBlock):
    fact = FactBlock()
