"""Opening pictures that somebody else has made. The head tells the size before a single pixel is unpacked."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from PIL import Image, ImageOps

from library.limits import JPEG_PIXELS, OTHER_PIXELS

# Pillow knows fifty formats; some start other programs. Ending to the name Pillow has for it.
FORMATS = {"avif": "AVIF", "jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
KNOWN = sorted(set(FORMATS.values()))
# Twice the widest size that a page shows.
MASTER_SIDE = 2560

# What Pillow raises on files that are damaged or made to do harm.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
    # A broken AVIF, a JPEG that divides by nothing, and EXIF of other kinds than it says (by fuzzing).
    RuntimeError,
    ZeroDivisionError,
    TypeError,
    KeyError,
    AttributeError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

# One picture's pixels at a time in each process, however many threads it has.
_unpacking = threading.Lock()


@dataclass(frozen=True)
class WrongFormat(Exception):
    """It is no picture, or another kind than its name says. `found` is a name of ours, or empty."""

    found: str


@dataclass(frozen=True)
class TooManyPixels(Exception):
    """More than `limit`."""

    limit: int


class Moving(Exception):
    """More than one frame."""


class Damaged(Exception):
    """The head is right, the rest is cut off or broken."""


def check(file: IO[bytes], ending: str) -> None:
    """Raises WrongFormat, TooManyPixels, Moving or Damaged. Leaves the file at its start."""
    with _opened(file) as image:
        if image.format != FORMATS.get(ending):
            raise WrongFormat(found=str(image.format))
        if image.width * image.height > (limit := _limit(image)):
            raise TooManyPixels(limit)
        if _frames(image) > 1:
            raise Moving
        _unpack(image)
    file.seek(0)


def size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height by the head alone. Raises OSError."""
    file.seek(0)
    with _as_os_error(), Image.open(file, formats=KNOWN) as image:
        return image.size


@contextmanager
def _as_os_error() -> Iterator[None]:
    """One error for all that a damaged file can make Pillow raise: the one that Wagtail is prepared for."""
    try:
        yield
    except UNREADABLE as fault:
        raise OSError("the picture is damaged") from fault


def _frames(image: Any) -> int:
    try:
        return int(getattr(image, "n_frames", 1))
    except UNREADABLE as fault:
        raise Damaged from fault


def _limit(image: Any) -> int:
    """A progressive JPEG keeps all of itself in memory, like the others."""
    in_one_go = image.format == "JPEG" and not image.info.get("progressive")
    return JPEG_PIXELS if in_one_go else OTHER_PIXELS


def _opened(file: IO[bytes]) -> Any:
    """Only the head is read."""
    file.seek(0)
    try:
        return Image.open(file, formats=KNOWN)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels(JPEG_PIXELS) from bomb
    except UNREADABLE as fault:
        raise WrongFormat(found="") from fault


def _unpack(image: Any) -> None:
    """Go through the whole file, a JPEG at an eighth of its size."""
    with _unpacking:
        try:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
        except UNREADABLE as fault:
            raise Damaged from fault


def master(file: IO[bytes]) -> bytes:
    """A PNG to draw every size from: turned the right way up, in screen colours, without place and camera.

    Raises OSError when the file is damaged.
    """
    file.seek(0)
    with _as_os_error():
        with _unpacking, Image.open(file, formats=KNOWN) as image:
            small = _shrunk(image)
        _turn_upright(small)
        output = BytesIO()
        small.save(output, "PNG", compress_level=1, exif=b"")
        return output.getvalue()


def _turn_upright(image: Any) -> None:
    """As its EXIF says; one that cannot be read says nothing, and is left out of what is drawn."""
    with suppress(*UNREADABLE):
        ImageOps.exif_transpose(image, in_place=True)


def _shrunk(image: Any) -> Any:
    """At most MASTER_SIDE long, in a mode that PNG and the sizes know. A JPEG is unpacked near that size at once."""
    image.draft("RGB", (MASTER_SIDE, MASTER_SIDE))
    image.load()
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode == "CMYK":
        # Its colour profile speaks of ink.
        image.info.pop("icc_profile", None)
    # Palettes and single bits do not shrink well; 16-bit grey is not for screens.
    small = image if image.mode == wanted else image.convert(wanted)
    small.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return small
