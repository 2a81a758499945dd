"""The catalogues under locale/: gathered from the sources, kept as text, compiled for Django. See docs/translating.md.

Babel does what the gettext programs would do, so that a bare checkout needs nothing but Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

TEMPLATES = {".html", ".txt", ".xml"}
# Which of each function's arguments are text; "c" marks a context. None: the first one.
FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = """\
# {title}
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
TITLES = {
    "en": "English for our Swedish source strings.",
    "sv": "Swedish for what Wagtail, Django and their kin leave in English or say wrongly.",
}
# Babel writes an hour into what it compiles. Always the same one, or the same text would become other bytes.
NO_HOUR = datetime(2026, 1, 1, tzinfo=UTC)


def ours(root: Path) -> Catalog:
    """The texts of our own apps and templates."""
    return gather(root, sources(*sorted(app.parent for app in root.glob("*/apps.py")), root / "templates"))


def sources(*folders: Path) -> Iterator[Path]:
    """Every file in the folders that may hold texts, in an order that is the same everywhere."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", *TEMPLATES} and "migrations" not in path.parts:
                yield path


def gather(root: Path, paths: Iterable[Path]) -> Catalog:
    """The texts that `paths` mark for translation, each with the files, relative to `root`, that hold it."""
    found = Catalog()
    for path in paths:
        for _line, text, _comments, context in extract("python", _as_python(path), keywords=FUNCTIONS):
            found.add(text, locations=[(path.relative_to(root).as_posix(), 0)], context=context)
    return found


def _as_python(path: Path) -> BytesIO:
    """The file for the extractor: Django turns a template into calls, and a bracket makes them one expression."""
    text = path.read_text(encoding="utf-8")
    return BytesIO((f"({templatize(text)}\n)" if path.suffix in TEMPLATES else text).encode())


def language(path: Path) -> str:
    """`en` for locale/en/LC_MESSAGES/django.po."""
    return path.parent.parent.name


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language(path))


def refresh(path: Path, template: Catalog) -> Catalog:
    """Give the catalogue the template's texts, no more and no fewer; what is translated stays."""
    catalog = read(path)
    catalog.update(template, no_fuzzy_matching=True)
    text = BytesIO()
    write_po(text, catalog, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    header = HEADER.format(title=TITLES[language(path)], language=language(path))
    path.write_text(header + text.getvalue().decode().strip() + "\n", encoding="utf-8")
    return catalog


def compiled(path: Path) -> bytes:
    """The bytes that belong in the .mo beside this .po."""
    catalog = read(path)
    catalog.creation_date = catalog.revision_date = NO_HOUR
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[Message]:
    """The texts without a translation, or with one that somebody has to look at."""
    return [text for text in catalog if text.id and (text.fuzzy or not all(translations(text)))]


def translations(text: Message) -> Iterable[str]:
    """Its one translation, or those of its plural forms; empty strings where there is none."""
    return [text.string or ""] if isinstance(text.string, str | None) else text.string
