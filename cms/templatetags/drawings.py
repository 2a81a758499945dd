"""The design's drawings: symbols that a page uses are put into it once, by themselves."""

from __future__ import annotations

import re
from functools import cache

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SYMBOLS = settings.BASE_DIR / "templates" / "components" / "symbols"
_USED = re.compile(r'<use href="#([a-z0-9]+)"')
SPRITE = '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false">{}</svg>'


@cache
def symbol(name: str) -> str:
    """The <symbol> of that name, or nothing: a page may use others of its own."""
    path = SYMBOLS / f"{name}.svg"
    return path.read_text() if path.exists() else ""


class WithSymbols(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        html = self.nodelist.render(context)
        names = dict.fromkeys(_USED.findall(html))
        symbols = "".join(symbol(name) for name in names)
        return mark_safe(html + SPRITE.format(symbols) if symbols else html)  # noqa: S308 - our own files


@register.tag
def withsymbols(parser: Parser, _token: Token) -> WithSymbols:
    """Follow the enclosed markup with the symbols that its <use href="#name"> name."""
    nodelist = parser.parse(("endwithsymbols",))
    parser.delete_first_token()
    return WithSymbols(nodelist)


@register.inclusion_tag("components/icon.html")
def icon(name: str, css: str = "ico") -> dict[str, str]:
    """A decorative symbol."""
    return {"name": name, "css": css}
