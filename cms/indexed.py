"""How much a text counts in the search: a page's lede like its title, to which Wagtail gives 2; then the rest."""

from __future__ import annotations

from wagtail.search import index

LEDE = index.SearchField("lede", boost=2)
