"""Every text in both languages: ours in English, Wagtail's and Django's in Swedish. See docs/translating.md."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.utils.translation import gettext, ngettext, override, pgettext

from config import catalogues, foreign_words
from tests.harness.place import ROOT

CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))
ENGLISH, SWEDISH = ROOT / "locale/en/LC_MESSAGES/django.po", ROOT / "locale/sv/LC_MESSAGES/django.po"
# %(name)s, %s, %d, {name}, {{name}}, <b>, %%
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|{{\w+}}|{\w*}|<[^>]+>")
# Names that an English reader meets in Swedish: the company, places, people, the coin, an authority.
NAMES = re.compile(r"[Vv]ärdskap\w*|Lidköpings?|Björkvik|Bergström|öre\b|Allmänna reklamationsnämnden")


@cache
def ours() -> Catalog:
    return catalogues.ours(ROOT)


def keys(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {
        (text.context, text.id if isinstance(text.id, str) else text.id[0]) for text in catalog if text.id
    }


def of(path: Path) -> str:
    return f"{catalogues.language(path)}/{path.stem}"


def test_the_english_catalogue_holds_the_texts_of_our_sources_no_more_and_no_fewer():
    assert keys(catalogues.read(ENGLISH)) ^ keys(ours()) == set(), "run bin/messages"


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_whatever_wagtail_and_django_leave_in_english_has_swedish_of_ours(domain):
    catalogue = catalogues.read(SWEDISH.with_stem(domain))
    needed = foreign_words.without_swedish(domain, catalogue)
    assert keys(catalogue) ^ keys(needed) == set(), "run bin/messages"


@pytest.mark.parametrize("path", CATALOGUES, ids=of)
def test_nothing_lacks_a_translation(path):
    assert [text.id for text in catalogues.untranslated(catalogues.read(path))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=of)
def test_a_translation_has_the_places_and_tags_of_its_source(path):
    assert [text.id for text in catalogues.read(path) if text.id and not fits(text)] == []


def fits(text: Message) -> bool:
    """A plural form may leave the number out; it must hold nothing that no form of the source holds."""
    if isinstance(text.id, str):
        return all(holes(text.id) == holes(said) for said in catalogues.translations(text))
    known = set(holes(text.id[0]) + holes(text.id[1]))
    return all(set(holes(said)) <= known for said in catalogues.translations(text))


def holes(text: str) -> list[str]:
    return sorted(HOLES.findall(text))


@pytest.mark.parametrize("path", CATALOGUES, ids=of)
def test_what_django_reads_is_compiled_from_what_we_keep(path):
    assert path.with_suffix(".mo").read_bytes() == catalogues.compiled(path), "run bin/messages"


def test_english_holds_no_swedish_but_names():
    said = [line for text in catalogues.read(ENGLISH) for line in catalogues.translations(text)]
    assert [line for line in said if re.search("[åäöÅÄÖ]", NAMES.sub("", line))] == []


def test_no_text_of_ours_is_changed_by_somebody_elses_swedish():
    """ "Fri" came out as "fre" once: Django's catalogue holds it as Friday. Give such a word a context."""
    with override("sv"):
        assert [text.id for text in ours() if text.id and swedish(text) != text.id] == []


def swedish(text: Message) -> str | tuple[str, str]:
    if isinstance(text.id, str):
        return pgettext(text.context, text.id) if text.context else gettext(text.id)
    one, many = text.id
    return ngettext(one, many, 1), ngettext(one, many, 2)


def test_a_visitor_meets_either_language():
    with override("en"):
        assert gettext("Ångra avtalet här") == "Withdraw from contract here"
    with override("sv"):
        assert gettext("Ångra avtalet här") == "Ångra avtalet här"
        assert gettext("Minimap") == "Översikt"


def test_the_admins_script_speaks_swedish(client):
    """Wagtail's own catalogue leaves this one in English."""
    script = client.get("/admin/jsi18n/").content.decode()
    assert '"Pin toolbar": "F\\u00e4st verktygsraden"' in script
