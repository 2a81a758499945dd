"""Which pieces may stand where."""

from __future__ import annotations

from wagtail.blocks import StreamBlock

from cms.blocks.links import ButtonBlock
from cms.blocks.media import PictureBlock
from cms.blocks.shop import ProductBlock, TermsBlock
from cms.blocks.text import (
    FactBlock,
    PanelBlock,
    PullQuoteBlock,
    QuestionBlock,
    TableBlock,
    TextSectionBlock,
)


class BodyBlock(StreamBlock):
    """What every article and page may hold."""

    text = TextSectionBlock()
    pull = PullQuoteBlock()
    picture = PictureBlock()
    question = QuestionBlock()
    panel = PanelBlock()
    table = TableBlock()
    product = ProductBlock()
    button = ButtonBlock()


class PageBodyBlock(BodyBlock):
    terms = TermsBlock()


class InterviewBlock(StreamBlock):
    question = QuestionBlock()
    pull = PullQuoteBlock()
    picture = PictureBlock()


class FactsBlock(StreamBlock):
    fact = FactBlock()
