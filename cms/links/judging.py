"""Whether a link leads anywhere, as far as the site itself knows: no network here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from cms.links.finding import Kind, Link
from cms.models.links import Reason
from shop.language import of as language_of

WITHOUT_PAGES = {"mailto": "@", "tel": ""}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`address` as an editor knows it; an address `outside` is still to be asked for."""

    address: str
    reason: str = ""
    outside: bool = False


class Judge:
    """What exists is read once: four queries, and one or a few for each address that is written out."""

    def __init__(self) -> None:
        self.titles = {
            str(pk): (title, live) for pk, title, live in Page.objects.values_list("pk", "title", "live")
        }
        self.files = {str(pk) for pk in get_document_model().objects.values_list("pk", flat=True)}
        self.hosts = {
            str(urlsplit(settings.SITE_URL).hostname),
            *Site.objects.values_list("hostname", flat=True),
        }
        self.moved = {str(path) for path in Redirect.objects.values_list("old_path", flat=True)}

    def judge(self, link: Link) -> Verdict:
        if link.kind is Kind.PAGE:
            return self._page(link.target)
        if link.kind is Kind.DOCUMENT:
            return Verdict(link.target, "" if link.target in self.files else Reason.NO_FILE)
        return self._address(link.target.strip())

    def _page(self, pk: str) -> Verdict:
        title, is_live = self.titles.get(pk, ("", False))
        if not title:
            return Verdict(pk, Reason.GONE)
        return Verdict(title, "" if is_live else Reason.UNPUBLISHED)

    def _address(self, address: str) -> Verdict:
        try:
            parts = urlsplit(address)
            host = parts.hostname
        except ValueError:
            return Verdict(address, Reason.UNREADABLE)
        if parts.scheme in WITHOUT_PAGES:
            return Verdict(address, "" if WITHOUT_PAGES[parts.scheme] in parts.path else Reason.UNREADABLE)
        if host and host not in self.hosts:
            is_web = parts.scheme in {"http", "https"}
            return Verdict(address, "" if is_web else Reason.UNREADABLE, outside=is_web)
        return Verdict(address, self._on_site(parts))

    def _on_site(self, parts: SplitResult) -> str:
        if not parts.path.startswith("/"):
            is_anchor = bool(parts.fragment) and not parts.path and not parts.scheme
            return "" if is_anchor else Reason.UNREADABLE
        return "" if self._exists(parts.path) or self._is_moved(parts.path) else Reason.NOWHERE

    def _is_moved(self, path: str) -> bool:
        return Redirect.normalise_path(path) in self.moved

    def _exists(self, path: str) -> bool:
        with translation.override(language_of(path)):
            try:
                found = resolve(path)
            except Resolver404:
                return False
            return self._answers(found, path)

    def _answers(self, found: ResolverMatch, path: str) -> bool:
        """Addresses that no page answers are the product's own, and exist; a file's holds its number."""
        if "document_id" in found.kwargs:
            return str(found.kwargs["document_id"]) in self.files
        if found.view_name != "wagtail_serve":
            return True
        return Page.route_for_request(_request(path), found.args[0] if found.args else path) is not None


def _request(path: str) -> HttpRequest:
    """As much of a visitor's request as it takes to find a page."""
    address = urlsplit(settings.SITE_URL)
    request = HttpRequest()
    request.path = request.path_info = path
    request.method = "GET"
    request.META = {
        "SERVER_NAME": address.hostname or "localhost",
        "SERVER_PORT": str(address.port or (443 if address.scheme == "https" else 80)),
    }
    return request
