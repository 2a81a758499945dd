"""Which language an address speaks: Swedish, or English under /en/. See docs/adr/0010."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import lazy

ENGLISH = "en"
ADMIN = "/admin/"


def of(path: str) -> str:
    """The language of an address on the site: `/en/basket/` is "en"; without a prefix of ours it is "sv"."""
    return ENGLISH if path.split("/", 2)[1:2] == [ENGLISH] else str(settings.LANGUAGE_CODE)


def is_english() -> bool:
    """Whether English is the language in use; a task or a command speaks Swedish."""
    return translation.get_language() == ENGLISH


class Spoken:
    """A row's text in the language in use: `name_en` where it is written, else the Swedish `name`."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, row: Any, _owner: Any = None) -> str:
        english = getattr(row, f"{self.field}_en") if is_english() else ""
        return str(english or getattr(row, self.field))


def _spoken(swedish: str, english: str) -> str:
    return english if is_english() else swedish


# A route that reads in the language of its address. In code, not in the catalogue: an address is a
# promise, and must not hang on a file of translations.
address = lazy(_spoken, str)


def by_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in the language of the address, whatever the browser or a cookie would like.

    In place of Django's LocaleMiddleware, which asks the session of nobody here and adds
    `Vary: Accept-Language` to every Swedish page: one address is one page, the same for everyone, so that
    caches may keep it. The admin speaks its user's language, which Wagtail sees to.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = of(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        if _is_page(response) and not request.path_info.startswith(ADMIN):
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def _is_page(response: HttpResponse) -> bool:
    return str(response.headers.get("Content-Type", "")).startswith("text/html")
