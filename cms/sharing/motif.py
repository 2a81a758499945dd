"""What a page's share picture shows: its title, its colour, its drawing."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import dataclass
from functools import cached_property, singledispatch
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.models import Page

from cms.kalender import clock
from cms.kalender.models import CalendarPage, EventPage, Kind
from cms.models import (
    ArticlePage,
    CaseIndexPage,
    CasePage,
    HomePage,
    NewsIndexPage,
    PartPage,
    PhilosophyPage,
    ProductPage,
    ShopIndexPage,
)
from cms.models.philosophy import Colour, Drawing
from cms.templatetags.drawings import symbol
from library import renditions
from library.models import Picture, Rendition
from shop.models import Company, Product
from shop.models.product import Cover
from shop.typesetting import each_text, has_glyph, printable

LAYOUT = Path(__file__).parent / "picture.typ"
LONGEST_TITLE = 120
LONGEST_EYEBROW = 60
# The design's picture colours by day, as the stylesheet's --a-… has them.
PAINT = {
    "gran": "#17493C",
    "gran2": "#2C6B59",
    "lamp": "#F7D070",
    "falu": "#9A3A2C",
    "himmel": "#C4DCE4",
    "lera": "#F0CDBD",
    "kalk": "#FCFDFA",
    "natt": "#0F2A23",
}
# The key is as bright as the light it would stand in.
AGAINST_LIGHT = {Drawing.KEY: {"lamp": PAINT["falu"]}}
DARK = {Colour.SPRUCE, Colour.FALU}
EVENTS = {
    Kind.BREAKFAST: Drawing.CUP,
    Kind.COURSE: Drawing.CHAIRS,
    Kind.TALK: Drawing.CHAIRS,
    Kind.LECTURE: Drawing.BOOK,
    Kind.MEETING: Drawing.TABLE,
}
# Behind each drawn cover a wall that it stands out from.
BEHIND = {Cover.SKRIFTEN: Colour.SPRUCE, Cover.BOOK: Colour.SKY, Cover.MATERIAL: Colour.CLAY}
COVER_SIZE = (300, 424)

_PAINT = re.compile(r"var\(--a-(\w+)\)")
_SYMBOL = re.compile(r'<symbol id="\w+"')


@dataclass(frozen=True)
class Motif:
    """`drawing` is SVG; a cover is a whole rectangle, other drawings stand on the floor."""

    title: str
    drawing: str
    colour: str = Colour.SPRUCE
    eyebrow: str = ""
    is_cover: bool = False
    name: str = ""
    language: str = "sv"

    @property
    def facts(self) -> dict[str, Any]:
        """For the layout. Signs that no font holds are left out."""
        words = {
            "title": _shortened(self.title, LONGEST_TITLE),
            "eyebrow": _shortened(self.eyebrow, LONGEST_EYEBROW),
            "name": _shortened(self.name, LONGEST_EYEBROW),
        }
        return {
            **words,
            "lang": self.language,
            "wall": PAINT[self.colour],
            "dark": self.colour in DARK,
            "drawing": self.drawing,
            "is_cover": self.is_cover,
        }

    @cached_property
    def digest(self) -> str:
        """Changes with anything that is seen, the layout included."""
        seen = json.dumps(self.facts, ensure_ascii=False, sort_keys=True).encode()
        return hashlib.sha256(LAYOUT.read_bytes() + seen).hexdigest()


def _shortened(text: str, most: int) -> str:
    drawn = each_text(printable(text), lambda words: "".join(sign for sign in words if has_glyph(sign)))
    return Truncator(" ".join(drawn.split())).chars(most)


def of(page: Page) -> Motif:
    """In the page's own language. The page must be specific."""
    with translation.override(page.locale.language_code):
        motif = _shown(page)
        return Motif(**{**vars(motif), "name": Company.load().name, "language": page.locale.language_code})


@singledispatch
def _shown(page: Page) -> Motif:
    return Motif(page.title, drawn(Drawing.CANDLE))


@_shown.register
def _home(page: HomePage) -> Motif:
    return Motif(page.hero_title, drawn(Drawing.TABLE))


@_shown.register
def _philosophy(page: PhilosophyPage) -> Motif:
    return Motif(page.title, drawn(Drawing.BOOK))


@_shown.register
def _news(page: NewsIndexPage) -> Motif:
    return Motif(page.title, drawn(Drawing.CUP), Colour.SKY)


@_shown.register(ArticlePage)
@_shown.register(PartPage)
def _article(page: Any) -> Motif:
    return Motif(page.title, drawn(page.drawing), page.colour, eyebrow=page.get_parent().title)


@_shown.register
def _shelf(page: ShopIndexPage) -> Motif:
    return Motif(page.title, drawn(Drawing.BOOK), Colour.LAMP)


@_shown.register
def _goods(page: ProductPage) -> Motif:
    product = page.product
    if product is None:
        return Motif(page.title, drawn(Drawing.BOOK))
    colour = BEHIND.get(Cover(product.cover), Colour.SPRUCE)
    return Motif(page.title, cover(product), colour, eyebrow=page.get_parent().title, is_cover=True)


@_shown.register(CaseIndexPage)
@_shown.register(CasePage)
def _case(page: Page) -> Motif:
    eyebrow = _("Referens") if isinstance(page, CasePage) else ""
    return Motif(page.title, drawn(Drawing.WINDOW), Colour.CLAY, eyebrow=eyebrow)


@_shown.register
def _calendar(page: CalendarPage) -> Motif:
    return Motif(page.title, drawn(Drawing.CHAIRS), Colour.SKY)


@_shown.register
def _event(page: EventPage) -> Motif:
    """The day stands in it: that is what the one who shares it wants to say."""
    day = date_format(clock.local(page.starts_at), "j F Y")
    words = [_("Inställt")] if page.is_cancelled else []
    eyebrow = ", ".join([*words, page.eyebrow, day])
    colour = Colour.FALU if page.is_cancelled else Colour.SKY
    return Motif(page.title, drawn(EVENTS[Kind(page.kind)]), colour, eyebrow=eyebrow)


# --- Drawings ---------------------------------------------------------------------------------
def drawn(name: str) -> str:
    """One of the design's symbols as a picture of its own."""
    svg = _SYMBOL.sub('<svg xmlns="http://www.w3.org/2000/svg"', symbol(name)).replace("</symbol>", "</svg>")
    paint = {**PAINT, **AGAINST_LIGHT.get(Drawing(name), {})}
    return _PAINT.sub(lambda found: paint[found[1]], svg)


def cover(product: Product) -> str:
    """The cover: staff's picture of it, as soon as it stands ready in a size for pages, else the drawing."""
    return _photographed(product.cover_image) or _drawn_cover(product)


def _drawn_cover(product: Product) -> str:
    svg = render_to_string(f"components/art/cover-{product.cover}.html")
    return svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)


def _photographed(picture: Picture | None) -> str:
    """An uploaded picture as SVG, since that is what the layout takes; empty when nothing of it can be read."""
    shown = renditions.shown(picture).image if picture else None
    try:
        return _as_svg(shown) if shown else ""
    except OSError:  # one damaged file must not stop the sweep for every page
        return ""


def _as_svg(shown: Rendition) -> str:
    with shown.file.open() as file, Image.open(file) as picture:
        small = picture.convert("RGB")
        small.thumbnail(COVER_SIZE)
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=85)
    data = base64.b64encode(kept.getvalue()).decode()
    width, height = small.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
