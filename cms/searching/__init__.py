"""Search over the published pages, what the shop sells and the calendar; see docs/adr/0015-search.md.

words → vocabulary → question → index (postgres, sqlite) → hits, marking.
"""

from cms.searching.asking import Answer, find
from cms.searching.words import tidy

__all__ = ["Answer", "find", "tidy"]
