"""What is looked at."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock


class PictureBlock(StructBlock):
    """Wagtail's ImageBlock asks for an alt text, or a tick that the picture is decorative."""

    image = ImageBlock(
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
        label = _("Bild")
        template = "cms/blocks/picture.html"
        description = _("En bild i textens bredd, med bildtext om du vill")

    def get_preview_value(self) -> Any:
        """Any picture of the library; there is none to ship with."""
        return self.normalize(
            {"image": get_image_model().objects.first(), "caption": "Receptionen efter ombyggnaden"}
        )
