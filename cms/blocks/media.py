"""What is looked at, listened to or taken home: pictures, films, files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, RichTextBlock, StructValue, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from cms.blocks.text import SHORT_FEATURES
from cms.indexed import ReadBlock
from library import renditions
from library.kinds import ending
from library.limits import FILMS
from library.models import Picture

GROUP = _("Bild, film och fil")


class ShownImageBlock(ImageBlock):
    """Wagtail's ImageBlock asks for an alt text, or a tick that the picture is decorative."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.child_blocks["image"].label = _("Bild")

    def get_searchable_content(self, value: Any) -> list[str]:
        """The alt text, unless there is none: a draft's picture, a decorative one."""
        return super().get_searchable_content(value) if value and value.contextual_alt_text else []

    def bulk_to_python(self, values: Any) -> Any:
        """All pictures of a page with their sizes: two queries."""
        pictures = super().bulk_to_python(values)
        renditions.prefetch(pictures)
        return pictures


class StillBlock(ImageChooserBlock):
    def bulk_to_python(self, values: Any) -> Any:
        pictures = super().bulk_to_python(values)
        renditions.prefetch(pictures)
        return pictures


class PictureBlock(ReadBlock):
    image = ShownImageBlock(
        label=_("Bild"),
        help_text=_("Beskriv vad bilden visar för den som inte ser den, eller kryssa för dekorativ."),
    )
    caption = CharBlock(
        label=_("Bildtext"),
        required=False,
        max_length=160,
        help_text=_("Till exempel: Receptionen efter ombyggnaden"),
    )

    class Meta:
        icon = "image"
        group = GROUP
        label = _("Bild")
        template = "cms/blocks/picture.html"
        description = _("En bild i textens bredd, med bildtext om du vill")

    def get_preview_value(self) -> Any:
        """Any picture of the library; there is none to ship with."""
        return self.normalize({"image": Picture.objects.first(), "caption": "Receptionen efter ombyggnaden"})


class FilmBlock(ReadBlock):
    """A film of ours. Nothing of it is fetched before somebody presses play, and it needs no script."""

    title = CharBlock(label=_("Titel"), max_length=120, help_text=_("Till exempel: Att lyssna färdigt"))
    video = DocumentChooserBlock(label=_("Film"), help_text=_("En fil som slutar på .mp4 eller .webm."))
    still = StillBlock(
        label=_("Stillbild"),
        help_text=_("Det man ser innan filmen spelas. Samma form som filmen, gärna 1 280 punkter bred."),
    )
    captions = DocumentChooserBlock(
        label=_("Undertexter"),
        required=False,
        help_text=_("En fil som slutar på .vtt. För den som inte hör, eller ser filmen utan ljud på bussen."),
    )
    captions_language = ChoiceBlock(
        label=_("Undertexternas språk"),
        choices=[("sv", "Svenska"), ("en", "English")],
        default="sv",
        help_text=_("Till exempel svenska"),
    )
    length = CharBlock(
        label=_("Längd"),
        required=False,
        max_length=30,
        help_text=_("Till exempel: 2 minuter och 40 sekunder"),
    )
    transcript = RichTextBlock(
        label=_("Filmen som text"),
        required=False,
        features=[*SHORT_FEATURES, "ol", "ul"],
        help_text=_(
            "Vad som sägs och syns, för den som hellre läser. Till exempel: En kvinna öppnar en dörr."
        ),
    )

    class Meta:
        icon = "media"
        group = GROUP
        label = _("Film")
        template = "cms/blocks/film.html"
        description = _("En egen film med stillbild, undertexter och text")

    def get_preview_value(self) -> Any:
        films = get_document_model().objects.filter(file__iendswith=".mp4")
        value = {"title": "Att lyssna färdigt", "length": "2 minuter", "captions_language": "sv"}
        return self.normalize({**value, "video": films.first(), "still": Picture.objects.first()})

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        faults = {
            "video": _fault(cleaned["video"], FILMS, _("Välj en film som slutar på .mp4 eller .webm.")),
            "captions": _fault(cleaned["captions"], ("vtt",), _("Välj undertexter som slutar på .vtt.")),
        }
        if cleaned["captions"] is None and not self.is_deferred_validation:
            faults["captions"] = ValidationError(
                _("En film kan inte publiceras utan undertexter. Välj en .vtt-fil.")
            )
        if found := {name: fault for name, fault in faults.items() if fault}:
            raise StructBlockValidationError(block_errors=found)
        return cleaned


def _fault(document: Any, endings: tuple[str, ...], sentence: Any) -> ValidationError | None:
    """None too while a draft has no file yet."""
    fits = document is None or ending(document.filename) in endings
    return None if fits else ValidationError(sentence)


class OutsideFilmValue(StructValue):
    @property
    def host(self) -> str:
        """`youtube.com`"""
        return (urlsplit(str(self.get("address") or "")).hostname or "").removeprefix("www.")


class OutsideFilmBlock(ReadBlock):
    """A plain link: a film that another site shows inside ours would tell that site who reads here."""

    title = CharBlock(label=_("Titel"), max_length=120, help_text=_("Till exempel: Värdskap på en minut"))
    address = URLBlock(
        label=_("Adress"),
        max_length=300,
        help_text=_("Till exempel: https://www.youtube.com/watch?v=exempel"),
    )

    class Meta:
        icon = "link-external"
        group = GROUP
        label = _("Film på annan webbplats")
        value_class = OutsideFilmValue
        template = "cms/blocks/outside_film.html"
        preview_value = {
            "title": "Värdskap på en minut",
            "address": "https://www.youtube.com/watch?v=exempel",
        }
        description = _("En länk till YouTube eller Vimeo, som säger vart den leder")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        address = str(cleaned["address"] or "")
        if address and not address.startswith("https://"):
            fault = ValidationError(_("Skriv en adress som börjar med https://"))
            raise StructBlockValidationError(block_errors={"address": fault})
        return cleaned


class FileBlock(ReadBlock):
    document = DocumentChooserBlock(
        label=_("Fil"), help_text=_("Det som läsaren kan spara. Till exempel Handledarguiden som PDF")
    )
    text = CharBlock(
        label=_("Länkens text"),
        required=False,
        max_length=120,
        help_text=_("Till exempel: Handledarguide för chefer. Tomt: filens namn."),
    )

    class Meta:
        icon = "download"
        group = GROUP
        label = _("Fil")
        template = "cms/blocks/file.html"
        description = _("En fil att ladda ner, med sort och storlek")

    def get_preview_value(self) -> Any:
        document = get_document_model().objects.first()
        return self.normalize({"document": document, "text": "Handledarguide för chefer"})


# Migrations see Wagtail's block: ours differs in how it is read, not in what it holds.
DECONSTRUCT_ALIASES = {StillBlock: "wagtail.images.blocks.ImageChooserBlock"}
