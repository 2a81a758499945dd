"""What editors upload to show: pictures, and the sizes that pages show them in."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    SourceImageIOError,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)

from library import decoding


class PictureFile(WagtailImageFieldFile):
    """Wagtail unpacks the whole picture to learn its size."""

    def get_image_dimensions(self) -> tuple[int, int]:
        was_closed = self.closed
        self.open()
        try:
            return decoding.size(self)
        finally:
            if was_closed:
                self.close()
            else:
                self.seek(0)


class PictureFileField(WagtailImageField):
    attr_class = PictureFile


class Picture(AbstractImage):
    """Wagtail's image, with who took it. Its file is never shown to readers: it may say where it was taken."""

    title = models.CharField(
        _("namn"), max_length=255, help_text=_("Så hittar du den igen. Till exempel: Receptionen i Lidköping")
    )
    file = PictureFileField(_("fil"), upload_to=get_upload_to, width_field="width", height_field="height")
    description = models.CharField(
        _("beskrivning"),
        max_length=255,
        blank=True,
        default="",
        help_text=_(
            "För den som inte ser bilden: vad visar den? Till exempel: Två kollegor pratar vid en kaffevagn. "
            "Följer med som förslag när du använder bilden."
        ),
    )
    credit = models.CharField(
        _("fotograf"),
        max_length=120,
        blank=True,
        help_text=_("Står under bilden. Till exempel: Karin Exempelsson"),
    )

    # No focal point: nothing on the site is cropped.
    admin_form_fields = ("title", "file", "description", "credit", "collection", "tags")

    class Meta(AbstractImage.Meta):
        verbose_name = _("bild")
        verbose_name_plural = _("bilder")
        permissions = [("choose_picture", "Can choose picture")]

    @property
    def default_alt_text(self) -> str:
        """What an editor is offered as alt text. A file's name is none."""
        return self.description

    def get_rendition(self, filter: Filter | str) -> AbstractRendition:
        """One size; of a file that is gone or damaged an empty one, as `{% image %}` gives: the chooser asks here."""
        try:
            return super().get_rendition(filter)
        except SourceImageIOError:
            empty = Rendition(image=self, width=0, height=0)
            # Named afterwards: a field that is given a name opens the file.
            empty.file.name = "not-found"
            return empty

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> ContentFile[bytes]:
        """Draw one size from a small copy without the camera's notes, instead of from the file itself."""
        with super().generate_rendition_file(filter, source=source or self.master()) as drawn:
            drawn.seek(0)
            return ContentFile(drawn.read(), name=drawn.name)

    def master(self) -> ContentFile[bytes]:
        """A copy to draw all sizes from.

        Raises SourceImageIOError when the file is gone or damaged: the one OSError that Wagtail catches.
        """
        with self.open_file() as original:
            try:
                return ContentFile(decoding.master(original), name=self.file.name)
            except OSError as fault:
                raise SourceImageIOError(str(fault)) from fault


class Rendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]

    def __str__(self) -> str:
        return f"{self.image_id} {self.filter_spec}"
