"""Everything that an editor does, in a process that remembers: what it shows then is what a fresh one would show."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from typing import Any

import pytest
from wagtail.models import Page, Site

from config.pages import keeping
from shop import freshness
from shop.models import Product
from tests.pages.desk import Desk
from tests.pages.reading import Answer, Reader

pytestmark = pytest.mark.django_db(transaction=True)

# Between them they show all that is remembered, and the addresses that the work below makes and leaves.
READ = (
    *("/", "/en/", "/filosofin/lyssna-fardigt/", "/bocker/skriften/", "/kalender/", "/referenser/"),
    *("/om-oss/", "/sitemap.xml", "/nytt/"),
)


def named(slug: str) -> Page:
    """A translation may have the name of its original."""
    return Page.objects.filter(slug=slug).earliest("pk")


def skriften() -> Product:
    product: Product = Product.objects.get(sku="SKRIFTEN")
    return product


WORK: list[tuple[str, Callable[[Desk], Any]]] = [
    ("a new page", lambda desk: desk.create(named("start"), "nytt")),
    ("a draft", lambda desk: desk.edit(named("lyssna-fardigt"), action="", title="Inte än")),
    ("a published edit", lambda desk: desk.edit(named("lyssna-fardigt"), title="Hör färdigt")),
    ("an old revision", lambda desk: desk.go_back(named("lyssna-fardigt"))),
    ("another name", lambda desk: desk.edit(named("lyssna-fardigt"), slug="hor-fardigt")),
    ("another name for a branch", lambda desk: desk.edit(named("filosofin"), slug="vart-satt")),
    ("a review", lambda desk: desk.have_reviewed(named("om-oss"), title="Vilka vi är")),
    ("a schedule", lambda desk: desk.schedule(named("nytt"), title="Snart inte nytt")),
    ("a move", lambda desk: desk.on(named("nytt"), "move_confirm", named("om-oss").pk)),
    ("a copy", lambda desk: desk.copy(named("om-oss"), "om", copy_subpages="on", publish_copies="on")),
    ("an alias", lambda desk: desk.copy(named("hor-fardigt"), "samma", alias="on")),
    ("an alias of its own", lambda desk: desk.on(named("samma"), "convert_alias")),
    ("another order", lambda desk: desk.put_first(named("samma"))),
    ("a translation", lambda desk: desk.translate(named("referenser")).specific.save_revision().publish()),
    ("a restricted branch", lambda desk: desk.restrict(named("vart-satt"), "login")),
    ("no restriction", lambda desk: desk.restrict(named("vart-satt"), "none")),
    ("an unpublished branch", lambda desk: desk.on(named("om"), "unpublish", include_descendants="on")),
    ("a deletion", lambda desk: desk.on(named("samma"), "delete")),
    ("several unpublished", lambda desk: desk.all_at_once("unpublish", *named("referenser").get_children())),
    ("several published", lambda desk: desk.all_at_once("publish", *named("referenser").get_children())),
    ("another price", lambda desk: desk.price(skriften(), "59")),
    ("sold out", lambda desk: desk.count(skriften(), "write_off", skriften().stock.available)),
    ("back in stock", lambda desk: desk.count(skriften(), "count_in", 10)),
    ("another company", lambda desk: desk.name_the_company("Värdskapet i Väst AB")),
    ("other doors", lambda desk: desk.hang_the_doors(Kalender=named("kalender"))),
    ("another first page", lambda desk: desk.edit(named("start"), slug="hem")),
]
UNSEEN = {"a draft"}


def shown(reader: Reader) -> dict[str, Answer]:
    return {address: reader.get(address) for address in READ}


def shown_afresh(reader: Reader) -> dict[str, Answer]:
    """By a process that has just begun, on a site whose cache is empty too."""
    Site.clear_site_root_paths_cache()
    keeping.pages().store.clear()
    with pytest.MonkeyPatch.context() as begun:
        begun.setattr(freshness, "memory", freshness.Memory(reader.clock))
        return shown(reader)


def differences(seen: dict[str, Answer], right: dict[str, Answer]) -> dict[str, list[str]]:
    """Per address the lines that are not the same."""
    return {
        address: list(unified_diff(str(seen[address]).split("\\n"), str(right[address]).split("\\n"), n=0))
        for address in READ
        if seen[address] != right[address]
    }


def test_what_an_editor_does_is_seen_at_once_and_as_it_is(own_demo, reader):
    desk, seen = Desk(), shown(reader)
    for name, work in WORK:
        before = seen
        work(desk)
        seen, right = shown(reader), shown_afresh(reader)
        assert differences(seen, right) == {}, name
        assert (seen == before) == (name in UNSEEN), name
