"""A question as the databases are asked it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Forms = Sequence[str]


@dataclass(frozen=True, slots=True)
class Question:
    """For each word asked for, the forms that fit it exactly, and with them those that fit more loosely."""

    strict: Sequence[Forms]
    wide: Sequence[Forms]
    every: bool = True  # a hit holds all of the words, not any
    titles_only: bool = False  # the words are too common to be looked for in texts

    @property
    def forms(self) -> set[str]:
        return {form for forms in self.wide for form in forms}

    def written(self, words: Sequence[Forms], *, quote: str, either: str, both: str, any_of: str) -> str:
        """`("a" OR "b") AND ("c")`, in a database's own signs.

        A form is letters, figures and underscores only (words.split), so nothing in it needs escaping.
        """
        each = (f"({either.join(quote + form + quote for form in forms)})" for forms in words)
        return (both if self.every else any_of).join(each)
