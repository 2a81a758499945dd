"""Share pictures: which one a page has, how it is made, and how a lost one is found."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.templatetags.static import static
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.models import Page

from cms.models import SharePicture
from cms.sharing import motif
from cms.sharing.motif import Motif
from shop.freshness import remembered
from shop.typesetting import compile_layout

WIDTH, HEIGHT = 1200, 630
FOLDER = "delning"
# For a page whose own is not made yet: the same layout, shipped.
READY_MADE = "img/delning.png"
COLOURS = 128
# A file that no page names yet may belong to a picture that is just being kept.
GRACE = timedelta(hours=1)
MOST_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Picture:
    address: str
    width: int
    height: int
    alt: str


def of(page: Page) -> Picture:
    """The page's own picture, or the one that fits all. An alias shows the original's."""
    name = _files().get(page.alias_of_id or page.pk)
    path = default_storage.url(name) if name else static(READY_MADE)
    return Picture(settings.SITE_URL + path, WIDTH, HEIGHT, _alt(page.title if name else ""))


@remembered
def _files() -> dict[int, str]:
    return dict(SharePicture.objects.values_list("page_id", "file"))


def _alt(title: str) -> str:
    scene = _("Tecknad dörr på glänt, med ljus som faller ut över golvet.")
    return f"{scene} {title}".strip()


def png(shown: Motif) -> bytes:
    """1200 × 630, in so few colours that it weighs some 20 kB. Takes a tenth of a second."""
    made = compile_layout(motif.LAYOUT, shown.facts, format="png", ppi=72)
    with Image.open(io.BytesIO(made)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    kept = io.BytesIO()
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()


# --- Making -----------------------------------------------------------------------------------
def draw(page_id: int, *, now: datetime) -> None:
    """Make the picture of a published page, unless it has the right one. Doing it twice is doing it once."""
    page = _shared().filter(pk=page_id).first()
    if page is None:
        return
    shown = motif.of(page.specific)
    kept = SharePicture.objects.filter(page_id=page_id, digest=shown.digest).first()
    if kept is None or not default_storage.exists(kept.file):
        _keep(page_id, shown.digest, _stored(page_id, shown), now=now)


def _stored(page_id: int, shown: Motif) -> str:
    """The name tells what is drawn, so a file that is there already is the same picture."""
    name = f"{FOLDER}/{page_id}-{shown.digest[:20]}.png"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(png(shown)))


@transaction.atomic
def _keep(page_id: int, digest: str, name: str, *, now: datetime) -> None:
    """Name the file, unless the page has changed or gone since it was drawn: then another task has it in hand."""
    page = Page.objects.select_for_update().filter(pk=page_id).first()
    if page is not None and motif.of(page.specific).digest == digest:
        facts = {"digest": digest, "file": name, "made_at": now}
        SharePicture.objects.update_or_create(page_id=page_id, defaults=facts)


# --- Finding what was lost --------------------------------------------------------------------
def sweep(*, now: datetime) -> None:
    """Draw what no task has drawn, and what is gone: a lost nudge, a new company name, a lost file.

    Remove files of no page.
    """
    for page_id in list(_wrong())[:MOST_AT_A_TIME]:
        draw(page_id, now=now)
    for name in _left_over(now):
        default_storage.delete(name)


def _wrong() -> Iterator[int]:
    there = _files_there()
    rows = SharePicture.objects.values_list("page_id", "digest", "file")
    kept = {page_id: digest for page_id, digest, file in rows if file in there}
    for page in _shared().defer_streamfields().specific():
        if kept.get(page.pk) != motif.of(page).digest:
            yield page.pk


def _shared() -> Any:
    """Pages that anyone may share. An alias has the original's picture."""
    return Page.objects.live().public().filter(alias_of=None, depth__gt=1)


def _left_over(now: datetime) -> list[str]:
    named = set(SharePicture.objects.values_list("file", flat=True))
    spare = _files_there() - named
    return [name for name in spare if default_storage.get_modified_time(name) < now - GRACE]


def _files_there() -> set[str]:
    if not default_storage.exists(FOLDER):
        return set()
    return {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
