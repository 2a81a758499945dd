"""Files as people and ill-wishers send them, made when asked for."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHej och v\xc3\xa4lkommen.\n"
# What a container begins with; nothing here decodes film.
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(range(256)) * 40
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 200
PDF = b"%PDF-1.7\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (700, 525), mode: str = "RGB", **options: Any
) -> bytes:
    output = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(output, kind, **options)
    return output.getvalue()


def with_place(kind: str = "JPEG", size: tuple[int, int] = (700, 525)) -> bytes:
    """A picture that lies on its side and says where, by whom and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010F] = "Kameramakarna"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (58.0, 30.0, 15.0)
    return picture(kind, size, exif=exif)


def from_telephone() -> bytes:
    """A JPEG with a second, smaller picture behind it, as telephones keep depth and light (MPO)."""
    output = BytesIO()
    Image.new("RGB", (700, 525)).save(output, "MPO", save_all=True, append_images=[Image.new("L", (70, 52))])
    return output.getvalue()


def moving(kind: str) -> bytes:
    output = BytesIO()
    frames = [Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(output, kind, save_all=True, append_images=frames[1:])
    return output.getvalue()


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to width × height pixels."""
    row = b"\0" * (1 + width // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, data)


def png(width: int, height: int, data: bytes, *, colour: int = 0, before: bytes = b"") -> bytes:
    """One bit a pixel: black and white, or with a palette (colour 3); `data` is its packed pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, colour, 0, 0, 0)
    parts = [_chunk(b"IHDR", head), before, _chunk(b"IDAT", data), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def overlong_palette() -> bytes:
    """A PNG whose pixels unpack, yet whose 300 transparent colours fit in no palette."""
    palette = _chunk(b"PLTE", bytes(768)) + _chunk(b"tRNS", bytes(300))
    return png(64, 48, zlib.compress(bytes(9 * 48)), colour=3, before=palette)


def overfull() -> bytes:
    """A PNG that claims 64 × 64 pixels and holds a hundred megabytes."""
    packer = zlib.compressobj(9)
    megabyte = b"\0" * 1_000_000
    return png(64, 64, b"".join(packer.compress(megabyte) for _ in range(100)) + packer.flush())


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


OFFICE = {
    "docx": ("wordprocessingml.document", "word/document.xml"),
    "xlsx": ("spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": ("presentationml.presentation", "ppt/presentation.xml"),
}


def office(ending: str) -> bytes:
    """The least that a file of this kind holds."""
    kind, main = OFFICE[ending]
    mime = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    contents = f'<Types><Override PartName="/{main}" ContentType="{mime}"/></Types>'
    return zipped({"[Content_Types].xml": contents.encode(), main: b"<xml/>" * 1000})


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def overlong_table() -> bytes:
    """A Word file whose table lists 30 000 parts more than there are."""
    whole = office("docx")
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, *[0] * 15)
    start = whole.index(b"PK\1\2")
    table = whole[start : whole.index(b"PK\5\6")] + entry * 30_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(table), start, 0)
    return whole[:start] + table + end


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
