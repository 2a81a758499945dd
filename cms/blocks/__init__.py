"""The pieces that editors build pages from. Each owns its template under templates/cms/blocks/."""

from cms.blocks.bodies import BodyBlock, FactsBlock, InterviewBlock, PageBodyBlock
from cms.blocks.events import EventBlock
from cms.blocks.links import ButtonBlock, FooterColumnBlock, LinkBlock, LinkValue
from cms.blocks.media import FileBlock, FilmBlock, OutsideFilmBlock, PictureBlock
from cms.blocks.shop import ProductBlock, TermsBlock
from cms.blocks.text import (
    SHORT_FEATURES,
    TEXT_FEATURES,
    ExerciseBlock,
    FactBlock,
    HeadingBlock,
    PanelBlock,
    PullQuoteBlock,
    QuestionBlock,
    TableBlock,
    TextSectionBlock,
)

__all__ = [
    "SHORT_FEATURES",
    "TEXT_FEATURES",
    "BodyBlock",
    "ButtonBlock",
    "EventBlock",
    "ExerciseBlock",
    "FactBlock",
    "FactsBlock",
    "FileBlock",
    "FilmBlock",
    "FooterColumnBlock",
    "HeadingBlock",
    "InterviewBlock",
    "LinkBlock",
    "LinkValue",
    "OutsideFilmBlock",
    "PageBodyBlock",
    "PanelBlock",
    "PictureBlock",
    "ProductBlock",
    "PullQuoteBlock",
    "QuestionBlock",
    "TableBlock",
    "TermsBlock",
    "TextSectionBlock",
]
