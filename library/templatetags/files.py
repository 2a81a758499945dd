"""Files in templates."""

from __future__ import annotations

from typing import Any

from django import template

from library.kinds import KINDS, ending

register = template.Library()


@register.filter
def kind_word(document: Any) -> str:
    """What a reader calls it: PDF, Word, MP4. The ending in capitals for a kind that we no longer take."""
    name = ending(document.filename)
    return KINDS[name].label if name in KINDS else name.upper()
