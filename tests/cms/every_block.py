"""A page with every block that an editor can put there."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.blocks import ImageBlock
from wagtail.models import Site

from cms.models import EventPage, StandardPage
from library import renditions
from library.models import Picture
from shop.models import Product
from tests.library import files


def new_page(slug: str = "allt", pieces: Any = None) -> StandardPage:
    """Published under the home page, with every block or with `pieces`: a dictionary, or a list of pairs."""
    chosen = every_block() if pieces is None else pieces
    body = list(chosen.items()) if isinstance(chosen, dict) else chosen
    page = StandardPage(title="Allt på en sida", slug=slug, lede="För den som provar.", body=body)
    Site.objects.get(is_default_site=True).root_page.add_child(instance=page)
    page.save_revision().publish()
    published: StandardPage = StandardPage.objects.get(pk=page.pk)
    return published


def every_block() -> dict[str, Any]:
    return {
        "heading": {"text": "Så började det", "level": "h2", "anchor": ""},
        "text": "<p>En kvinna kommer fram till en reception.</p><h3>Det första ordet</h3><p>Hon har väntat.</p>",
        "pull": {"quote": "Den som får tala till punkt höjer sällan rösten.", "said_by": "En medarbetare"},
        "question": {"question": "Vad är värdskap?", "answer": "<p>Att få andra att känna sig välkomna.</p>"},
        "picture": {"image": shown_picture(drawn=True), "caption": "Receptionen efter ombyggnaden"},
        "film": film(still=picture(drawn=True)),
        "outside_film": {
            "title": "Värdskap på en minut",
            "address": "https://www.youtube.com/watch?v=exempel",
        },
        "file": {"document": document("guide.pdf", files.PDF), "text": "Handledarguide för chefer"},
        "exercise": {
            "heading": "Prova i veckan",
            "text": "<p>Räkna till tre.</p>",
            "hint": "<p>Berätta hur det gick.</p>",
        },
        "panel": {"heading": "För arbetsgrupper", "text": "<p>Ta en fråga i taget.</p>"},
        "table": {
            "caption": "Hur länge vi sparar",
            "rows": [["Vad", "Hur länge"], ["Beställningar", "7 år"]],
        },
        "event": {"event": EventPage.objects.upcoming(timezone.now()).first()},
        "product": {"product": Product.objects.get(sku="SKRIFTEN")},
        "button": {"label": "Se materialet", "page": None, "address": "/utbildningsmaterial/"},
    }


def film(video: bytes = files.MP4, name: str = "lyssna.mp4", still: Picture | None = None) -> dict[str, Any]:
    return {
        "title": "Att lyssna färdigt",
        "video": document(name, video),
        "still": still or picture(),
        "captions": document("lyssna.vtt", files.CAPTIONS),
        "captions_language": "sv",
        "length": "2 minuter",
        "transcript": "<p>En kvinna öppnar en dörr.</p>",
    }


def shown_picture(alt: str = "Två stolar vid ett fönster", *, drawn: bool = False) -> Any:
    """A picture as a block holds it: with its alt text, or decorative without."""
    return ImageBlock().normalize({"image": picture(drawn=drawn), "alt_text": alt, "decorative": not alt})


def picture(*, drawn: bool = False) -> Picture:
    found = Picture(title="Receptionen", description="Två stolar vid ett fönster", credit="Karin Exempelsson")
    found.file.save(
        "reception.jpg", files.upload("reception.jpg", files.picture(size=(700, 394))), save=False
    )
    found.save()
    if drawn:
        renditions.make(found)
    return found


def document(name: str, content: bytes) -> Document:
    found = Document(title=name)
    found.file.save(name, files.upload(name, content), save=False)
    found._set_document_file_metadata()
    found.file.close()
    found.save()
    return found
