"""The editor's text field, on its guard: Wagtail's trusts that its own script has sent what arrives."""

from __future__ import annotations

from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea

# What Wagtail's converter stumbles with over content that its script never sends.
STUMBLES = (ValueError, TypeError, AttributeError, LookupError)


class GuardedTextArea(DraftailRichTextArea):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What the field can hold of it: anything else is read as markup, of which the allowed parts stay.

        Half a sign, which JSON can name and no database takes, becomes a question mark.
        """
        value = self._read(data, files, name)
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value

    def _read(self, data: Any, files: Any, name: str) -> Any:
        try:
            return super().value_from_datadict(data, files, name)
        except STUMBLES:
            allowed = self.converter.from_database_format(str(data[name]))
            return self.converter.to_database_format(allowed)
