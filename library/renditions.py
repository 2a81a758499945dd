"""The sizes of a picture: made once by the worker, shown only when they exist. A reader never waits for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from wagtail.images.models import Filter

from library.models import Picture, Rendition

WIDTHS = (320, 640, 1280)
# The browser takes the first that it knows.
MODERN = ("avif", "webp")
PLAIN = "width-640|format-jpeg"
POSTER = "width-1280|format-webp"
# What Wagtail shows in its lists and forms.
STAFF = ("max-165x165", "max-800x600")
# The quick ones first, so that something can be shown soon; AVIF takes seconds.
SPECS = (
    PLAIN,
    *STAFF,
    *(f"width-{width}|format-{kind}" for kind in reversed(MODERN) for width in WIDTHS),
)


def missing() -> QuerySet[Picture]:
    """Pictures that lack some of SPECS."""
    drawn = Count("renditions", filter=Q(renditions__filter_spec__in=SPECS))
    lacking: QuerySet[Picture] = Picture.objects.annotate(drawn=drawn).filter(drawn__lt=len(SPECS))
    return lacking


def make(picture: Picture) -> list[str]:
    """Draw what is missing and return its specs. Raises OSError when the file is gone or damaged."""
    drawn = set(picture.renditions.values_list("filter_spec", flat=True))
    wanted = [spec for spec in SPECS if spec not in drawn]
    if wanted:
        master = picture.master()
        for spec in wanted:
            picture.renditions.get_or_create(
                filter_spec=spec,
                focal_point_key="",
                defaults={"file": picture.generate_rendition_file(Filter(spec=spec), source=master)},
            )
    return wanted


def prefetch(pictures: Iterable[Picture | None]) -> None:
    """Fetch the sizes of many pictures by one query, for `shown`."""
    known = [picture for picture in pictures if picture is not None]
    prefetch_related_objects(known, Prefetch("renditions", to_attr="prefetched_renditions"))


@dataclass(frozen=True, slots=True)
class Source:
    mime: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands ready of a picture. No image: the worker has not come to it yet."""

    image: Rendition | None
    sources: list[Source]


def shown(picture: Picture) -> Shown:
    """The sizes that exist, best kind first; the largest there is when the plain one is not drawn yet."""
    ready = {rendition.filter_spec: rendition for rendition in _ready(picture)}
    largest = max(ready.values(), key=lambda rendition: rendition.width, default=None)
    sources = [Source(f"image/{kind}", srcset) for kind in MODERN if (srcset := _srcset(kind, ready))]
    return Shown(ready.get(PLAIN, largest), sources)


def poster(picture: Picture) -> Rendition | None:
    """One wide picture for a film that is not yet played."""
    ready = {rendition.filter_spec: rendition for rendition in _ready(picture)}
    return ready.get(POSTER) or shown(picture).image


def _ready(picture: Picture) -> Iterable[Rendition]:
    known: Iterable[Rendition] | None = getattr(picture, "prefetched_renditions", None)
    return picture.renditions.all() if known is None else known


def _srcset(kind: str, ready: dict[str, Rendition]) -> str:
    """Each width once: a picture narrower than a size is drawn as wide as it is."""
    drawn = [ready.get(f"width-{width}|format-{kind}") for width in WIDTHS]
    by_width = {rendition.width: rendition.url for rendition in drawn if rendition is not None}
    return ", ".join(f"{url} {width}w" for width, url in sorted(by_width.items()))
