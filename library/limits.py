"""How large an upload may be. Measured by tests/library/test_memory.py: at most 385 MB in a process."""

from __future__ import annotations

import warnings

from PIL import Image

MEGABYTE = 1024 * 1024

PICTURE_BYTES = 20 * MEGABYTE
# Memory follows the pixels, whatever the file weighs. A JPEG can be unpacked smaller than it is, so it may be as
# large as telephones take them; the others must be unpacked whole, and so must a progressive JPEG.
JPEG_PIXELS = 50_000_000
OTHER_PIXELS = 16_000_000
FILE_BYTES = 20 * MEGABYTE
FILM_BYTES = 150 * MEGABYTE
CAPTIONS_BYTES = MEGABYTE

FILMS = ("mp4", "webm")


def allowed_bytes(name: str) -> int:
    """The size limit of a file with this name, before anything is known of its content."""
    return FILM_BYTES if name.lower().endswith(tuple(f".{ending}" for ending in FILMS)) else FILE_BYTES


def refuse_bombs() -> None:
    """Have Pillow refuse what is larger, wherever it opens a file: Wagtail opens staff portraits without our forms."""
    Image.MAX_IMAGE_PIXELS = JPEG_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
