"""Pictures in templates."""

from __future__ import annotations

from typing import Any

from django import template

from library import renditions
from library.models import Picture

register = template.Library()

# As wide as running text: 39 rem.
TEXT_WIDTH = "(min-width: 39rem) 39rem, 100vw"


@register.inclusion_tag("components/picture.html")
def responsive(
    picture: Picture, sizes: str = TEXT_WIDTH, alt: str | None = None, lazy: bool = True
) -> dict[str, Any]:
    """The sizes that stand ready; none is made here. `alt` is told, or comes from the block that chose the picture."""
    told = picture.contextual_alt_text if alt is None else alt
    return {
        "picture": picture,
        "shown": renditions.shown(picture),
        "sizes": sizes,
        "alt": picture.default_alt_text if told is None else told,
        "lazy": lazy,
    }


@register.simple_tag
def poster(picture: Picture) -> Any:
    return renditions.poster(picture)
