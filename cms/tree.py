"""What every request asks of the page tree. The process knows the answers as long as nothing changes.

Two light queries in all: places() and restricted_paths().
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page, PageQuerySet, PageViewRestriction, Site
from wagtail.models.sites import get_site_for_hostname
from wagtail.url_routing import RouteResult

from shop import freshness
from shop.freshness import remembered

PROBES = "/health/"
HOME_DEPTH = 2
SAFE = {"GET", "HEAD"}


class Place(NamedTuple):
    """A page, as far as links to it go."""

    pk: int
    type_id: int
    path: str  # in the tree
    url_path: str  # from the root of all sites
    title: str
    live: bool
    language: str
    translation_key: UUID

    @property
    def is_public(self) -> bool:
        return self.live and not self.path.startswith(restricted_paths())

    @property
    def url(self) -> str:
        """From the site's root, in the page's own language; empty outside of every site."""
        for root in root_paths():
            if self.url_path.startswith(root.root_path):
                with translation.override(root.language_code):
                    return reverse("wagtail_serve", args=[self.url_path[len(root.root_path) :]])
        return ""


# --- Read once ---------------------------------------------------------------------------------
@remembered
def places() -> list[Place]:
    """Every page, in the order of the tree."""
    fields = [
        "pk",
        "content_type_id",
        "path",
        "url_path",
        "title",
        "live",
        "locale__language_code",
        "translation_key",
    ]
    return [Place(*row) for row in Page.objects.order_by("path").values_list(*fields)]


@remembered
def by_url_path() -> dict[str, Place]:
    return {place.url_path: place for place in places()}


@remembered
def by_path() -> dict[str, Place]:
    return {place.path: place for place in places()}


@remembered
def by_translation() -> dict[UUID, list[Place]]:
    found: dict[UUID, list[Place]] = defaultdict(list)
    for place in places():
        found[place.translation_key].append(place)
    return found


@remembered
def restricted_paths() -> tuple[str, ...]:
    """Where in the tree the parts begin that only some may see."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def site(host: str, port: str) -> Site | None:
    """The one that Wagtail would find: a name or port that no site has is as good as any other."""
    hosts, ports = site_names()
    return _site(host if host in hosts else "", port if port in ports else "0")


@remembered
def site_names() -> tuple[set[str], set[str]]:
    """The host names of all sites, and their ports."""
    names = Site.objects.values_list("hostname", "port")
    return {host for host, _port in names}, {str(port) for _host, port in names}


@remembered
def _site(host: str, port: str) -> Site | None:
    """With its root page as its own type: who asks for that again has it."""
    try:
        found = cast("Site", get_site_for_hostname(host, port))
    except Site.DoesNotExist:
        return None
    found.root_page = found.root_page.specific
    return found


@remembered
def locale_id() -> int | None:
    """Of the language in use."""
    found: int | None = Locale.get_active().pk
    return found


@remembered
def root_paths() -> list[Any]:
    return cast("list[Any]", Site.get_site_root_paths())


@remembered
def open_languages() -> set[str]:
    """Those whose pages answer: where the first page is not published, those below it are not reached either.

    The site's own first page is Swedish, and Wagtail goes by it whatever its state.
    """
    homes = [place for place in places() if len(place.path) == HOME_DEPTH * Page.steplen]
    return {settings.LANGUAGE_CODE, *(home.language for home in homes if home.live)}


# --- Asked for by each request -----------------------------------------------------------------
class KnownSite:
    """Middleware. Tells Wagtail the request's site and the roots of all sites, where Wagtail looks first.

    Not a probe's: whether a process lives must not hang on its database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with freshness.one_request(only_reads=request.method in SAFE):
            return self.get_response(request)

    def process_view(self, request: Any, *_details: Any) -> None:
        if freshness.is_kept() and request.method in SAFE and not request.path_info.startswith(PROBES):
            host, _port = split_domain_port(request.get_host())
            request._wagtail_site = site(host, request.get_port())
            request._wagtail_cached_site_root_paths = root_paths()


class Placed:
    """A page that knows its place without asking. Stands before Page among a page type's bases."""

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Wagtail asks twice for each page, also where no page is kept from anybody."""
        if not restricted_paths():
            return cast("QuerySet[PageViewRestriction]", PageViewRestriction.objects.none())
        return cast("QuerySet[PageViewRestriction]", super().get_view_restrictions())  # type: ignore[misc]

    @property
    def localized(self) -> Page:
        """Wagtail asks for the language in use, with each address."""
        page = cast("Page", self)
        if freshness.answers() is not None and locale_id() == page.locale_id:
            return page
        return cast("Page", super().localized)  # type: ignore[misc]

    def _get_site_root_paths(self, request: HttpRequest | None = None) -> list[Any]:
        """Without a request, as in a template's component, Wagtail asks the cache for each page."""
        if request is None and freshness.answers() is not None:
            return root_paths()
        return cast("list[Any]", super()._get_site_root_paths(request))  # type: ignore[misc]


class PlacedQuerySet(PageQuerySet):
    def private_q(self) -> Q:
        """What public() leaves out; Wagtail asks for the restrictions at each list."""
        private = Q(pk__in=[])
        for path in restricted_paths():
            private |= Q(path__startswith=path)
        return private


def route(home: Page, request: HttpRequest, slugs: list[str]) -> RouteResult | None:
    """Go straight to the lowest page of the address, and leave to it what is left; None when there is none.

    Wagtail would ask for each page on the way, twice.
    """
    for depth in range(len(slugs), 0, -1):
        place = by_url_path().get(f"{home.url_path}{'/'.join(slugs[:depth])}/")
        page = specific(place) if place else None
        if page is not None:
            return cast("RouteResult", page.route(request, slugs[depth:]))
    return None


def specific(place: Place) -> Page | None:
    """The page as its own type; None when it has gone since."""
    model: Any = ContentType.objects.get_for_id(place.type_id).model_class()
    return cast("Page | None", model.objects.filter(pk=place.pk).first())


def above(page: Page) -> list[Place]:
    """The published pages on the way down to this one, the home page first."""
    known, step = by_path(), page.steplen
    ways = (page.path[:end] for end in range(2 * step, len(page.path), step))
    return [place for way in ways if (place := known.get(way)) and place.live]


def translations_of(page: Page) -> list[Place]:
    """The page in each language in which everybody may read it."""
    alike = by_translation().get(page.translation_key, [])
    return [place for place in alike if place.is_public and place.language in open_languages()]
