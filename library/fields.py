"""The upload fields of the admin: what may come in, and what is said when it may not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField
from wagtail.images.fields import WagtailImageField

from library import decoding
from library.kinds import KINDS, ending, is_what_it_says
from library.limits import PICTURE_BYTES

MILLION = 1_000_000


class PictureField(WagtailImageField):
    """Checks the file before Wagtail opens it, since Wagtail unpacks it to learn its size."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.help_text = _(
            "JPEG, PNG, WebP eller AVIF, högst %(size)s. Ett foto som det kom ur kameran går bra."
        ) % {"size": filesizeformat(PICTURE_BYTES)}

    def to_python(self, data: Any) -> Any:
        file = FileField.to_python(self, data)
        if file is None:
            return None
        name = ending(str(file.name))
        if name not in decoding.FORMATS:
            raise ValidationError(_unknown_picture(name))
        refuse_too_large(file.size, PICTURE_BYTES)
        _refuse_unfit(data, name)
        return super().to_python(data)

    def check_image_pixel_size(self, f: Any) -> None:
        """Done above: Wagtail would unpack the whole picture for it."""


def _unknown_picture(name: str) -> Any:
    if name == "gif":
        return _("GIF går inte. Spara en stillbild som PNG, eller lägg in rörelsen som film under Dokument.")
    if name in {"heic", "heif"}:
        return _("Webbläsare kan inte visa HEIC. Spara bilden som JPEG och prova igen.")
    return _("Det här är ingen bild som går att visa. Spara den som JPEG, PNG, WebP eller AVIF.")


def _refuse_unfit(file: Any, name: str) -> None:
    """Raises ValidationError with a sentence for each fault that `decoding.check` finds."""
    try:
        decoding.check(file, name)
    except decoding.WrongFormat as fault:
        raise ValidationError(_wrong_format(fault.found, name)) from fault
    except decoding.TooManyPixels as fault:
        raise ValidationError(
            _(
                "Bilden har fler än %(millions)s miljoner bildpunkter. "
                "Spara den mindre, till exempel 4 000 punkter bred, helst som JPEG."
            )
            % {"millions": fault.limit // MILLION}
        ) from fault
    except decoding.Moving as fault:
        raise ValidationError(
            _("Bilden rör sig. Spara en stillbild, eller lägg in rörelsen som film under Dokument.")
        ) from fault
    except decoding.Damaged as fault:
        raise ValidationError(
            _("Filen är skadad eller kom inte fram hel. Spara bilden på nytt och prova igen.")
        ) from fault


def _wrong_format(found: str, name: str) -> Any:
    if not found:
        return _("Filen heter .%(name)s men är ingen bild.") % {"name": name}
    return _("Filen heter .%(name)s men är en %(found)s. Spara den på nytt i rätt format.") % {
        "name": name,
        "found": found,
    }


class DocumentField(WagtailDocumentField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.help_text = _(
            "PDF, Word, Excel eller PowerPoint, högst %(size)s. "
            "Film som MP4 eller WebM, högst %(film)s. Undertexter som VTT."
        ) % {
            "size": filesizeformat(KINDS["pdf"].max_bytes),
            "film": filesizeformat(KINDS["mp4"].max_bytes),
        }

    def to_python(self, data: Any) -> Any:
        """Each kind has its own limit, so Wagtail's single one is not asked."""
        file = FileField.to_python(self, data)
        if file is not None:
            _refuse_unknown(file)
        return file


def _refuse_unknown(file: Any) -> None:
    """Raises ValidationError unless it is a kind of file that we take, and what its name says."""
    name = ending(file.name)
    kind = KINDS.get(name)
    if kind is None:
        raise ValidationError(
            _(
                "Den sortens fil går inte att lägga in. Det som går är PDF, Word, Excel, PowerPoint, MP4, WebM och VTT."
            )
        )
    refuse_too_large(file.size, kind.max_bytes)
    if not is_what_it_says(file, kind):
        raise ValidationError(
            _(
                "Filen heter .%(name)s men är skadad eller något helt annat. "
                "Spara den på nytt som %(kind)s och prova igen."
            )
            % {"name": name, "kind": kind.label}
        )


def refuse_too_large(size: int, limit: int) -> None:
    """Raises ValidationError above `limit` bytes."""
    if size > limit:
        raise ValidationError(
            _("Filen är för stor: %(size)s. Den får vara högst %(limit)s.")
            % {"size": filesizeformat(size), "limit": filesizeformat(limit)}
        )
