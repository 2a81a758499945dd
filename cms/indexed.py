"""How much a text counts in the search, and what of a page's pieces counts at all."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.blocks import ChoiceBlock, StructBlock
from wagtail.search import index

# A page's lede like its title, to which Wagtail gives 2; then the rest.
LEDE = index.SearchField("lede", boost=2)


class ReadBlock(StructBlock):
    """A piece of which the search has what readers read.

    Wagtail's own indexes an empty field as the word None, and the name of every choice: "Vanlig", "Rubrik".
    """

    # Fields of text that no reader sees.
    unread: ClassVar[frozenset[str]] = frozenset()

    def get_searchable_content(self, value: Any) -> list[str]:
        return [
            text
            for name, block in self.child_blocks.items()
            if value.get(name) and name not in self.unread and not isinstance(block, ChoiceBlock)
            for text in block.get_searchable_content(value[name])
            if text
        ]
