"""Everything that a reader can reach from the first page, in both languages, by links alone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.functional import cached_property
from wagtail.blocks import StreamValue
from wagtail.models import Page

from shop import freshness
from tests.pages.reading import Answer, Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

HERE = "http://testserver"
# Staff's, the demo's mail, and what is gathered from files before the web starts.
NOT_READ = ("/admin/", "/dev/", "/static/")
MOST = 400


def links(page: Answer, address: str) -> set[str]:
    """Addresses on this site, without what follows #."""
    found = re.findall(r'<(?:a|link)\b[^>]*\bhref="([^"]*)"', page.text)
    whole = {urldefrag(urljoin(HERE + address, unescape(link))).url for link in found}
    own = {link.removeprefix(HERE) for link in whole if link.startswith(HERE + "/")}
    return {link for link in own if not link.startswith(NOT_READ)}


def crawl(reader: Reader) -> dict[str, Answer]:
    seen: dict[str, Answer] = {}
    ahead = ["/", "/en/"]
    while ahead and len(seen) < MOST:
        address = ahead.pop()
        if address not in seen:
            seen[address] = answer = reader.get(address)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                ahead += sorted(links(answer, address) - set(seen))
    return seen


def test_no_page_that_a_reader_reaches_sets_a_cookie(reader):
    seen = crawl(reader)
    assert len(seen) < MOST, "the site has grown, or an address leads on without end"
    assert {
        address: answer.headers["Set-Cookie"]
        for address, answer in seen.items()
        if "Set-Cookie" in answer.headers
    } == {}
    assert {address for address, answer in seen.items() if answer.status >= 400} == set()
    pages = [urlsplit(address).path for address in seen]
    assert {"/kalender/", "/bocker/skriften/", "/varukorg/", "/en/", "/sok/"} <= set(pages)


def test_every_reading_page_is_warm_the_second_time(reader, django_assert_num_queries):
    seen = crawl(reader)
    reading = [
        path for path, answer in seen.items() if answer.headers.get("Cache-Control") == "public, no-cache"
    ]
    kept = [path for path in reading if urlsplit(path).query in {"", "utskrift=1"}]
    assert len(kept) > 40
    with django_assert_num_queries(0):
        for path in kept:
            assert reader.get(path) == seen[path]


def models_in(answer: Any) -> dict[tuple[type[Model], Any], Model]:
    """Every row within it, with those that hang on them."""
    found: dict[tuple[type[Model], Any], Model] = {}
    ahead = [answer]
    while ahead:
        one = ahead.pop()
        if isinstance(one, dict):
            ahead += one.values()
        elif isinstance(one, list | tuple | QuerySet):
            ahead += one
        elif isinstance(one, Model) and (type(one), one.pk) not in found:
            found[type(one), one.pk] = one
            ahead += [
                *one._state.fields_cache.values(),
                *getattr(one, "_prefetched_objects_cache", {}).values(),
            ]
    return found


def written_on(held: Model, read: Model) -> set[str]:
    """What is not as it was read, but for what a model fetches by itself: a deferred field, a cached property."""
    model, facts = type(read), vars(read)
    own = {field.attname for field in model._meta.concrete_fields}
    own |= {name for name in vars(held) if isinstance(getattr(model, name, None), cached_property)}
    shown = {name: value for name, value in vars(held).items() if not name.startswith("_")}
    new = shown.keys() - facts.keys() - own
    return new | {name for name in shown.keys() & facts.keys() if plain(shown[name]) != plain(facts[name])}


def plain(value: Any) -> Any:
    return value.get_prep_value() if isinstance(value, StreamValue) else value


def test_no_page_changes_what_the_next_one_is_given(reader):
    """What is remembered is shared: one view that writes on it would write on every page."""
    for page in Page.objects.live().filter(depth__gt=1):
        reader.get(page.url)
        reader.get(f"{page.url}?utskrift=1")
    remembered: dict[Any, Any] = freshness.memory.under(freshness.watch.sign() or "")
    known = {key: held for key, held in remembered.items() if not isinstance(held, str)}  # parts of pages
    assert len(known) > 30
    for (read, arguments, named, language), held in known.items():
        with translation.override(language):
            fresh = read(*arguments, **dict(named))
        assert held == fresh, read.__name__
        rows = models_in(held)
        assert {name for key, row in models_in(fresh).items() for name in written_on(rows[key], row)} == set()
