"""The texts of Wagtail, Django and their kin that come without Swedish: locale/sv holds ours for them."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations, translation
from pathlib import Path

import django
import wagtail
from babel.messages.catalog import Catalog
from django.apps import apps

from config import catalogues

PACKAGES = Path(django.__file__).parent.parent
# Libraries whose texts are met in the admin, though they are no installed apps.
LIBRARIES = ("core", "db", "forms", "utils", "views")
MORE = ("django_filters", "treebeard", "modelsearch", "permissionedforms", "django_tasks")
UNMET = {"test", "tests", "project_template", "management", "gis"}
SCRIPT = Path(wagtail.__file__).parent / "admin/locale/en/LC_MESSAGES/djangojs.po"


def places() -> list[Path]:
    """The folders of what is installed beside our own apps, and of the libraries below it."""
    foreign = [path for app in apps.get_app_configs() if (path := Path(app.path)).is_relative_to(PACKAGES)]
    return [*foreign, *(PACKAGES / "django" / name for name in LIBRARIES), *map(PACKAGES.joinpath, MORE)]


def files() -> Iterator[Path]:
    """Their sources, each once; the parts of Wagtail that are not installed stay out."""
    folders = places()
    for path in sorted(set(catalogues.sources(*folders))):
        if UNMET.isdisjoint(path.relative_to(PACKAGES).parts) and _installed(path, folders):
            yield path


def _installed(path: Path, folders: list[Path]) -> bool:
    homes = [folder for folder in folders if "contrib" in folder.parts]
    return "contrib" not in path.parts or any(path.is_relative_to(home) for home in homes)


def texts(domain: str) -> Catalog:
    """Every foreign text: `django` for pages and code, `djangojs` for Wagtail's script."""
    return catalogues.read(SCRIPT) if domain == "djangojs" else catalogues.gather(PACKAGES, files())


def without_swedish(domain: str, ours: Catalog) -> Catalog:
    """The foreign texts that locale/sv has to hold: those without Swedish, and those that it already mends."""
    found, theirs = Catalog(), shipped(domain)
    for text in texts(domain):
        word = text.id if isinstance(text.id, str) else text.id[0]
        if word and (ours.get(word, text.context) or not said(theirs, word, text.context)):
            found.add(text.id, locations=text.locations, context=text.context)
    return found


class Silence(NullTranslations):
    """Ends a chain of catalogues: an empty string for what none of them holds."""

    def gettext(self, message: str) -> str:
        return ""

    def pgettext(self, context: str, message: str) -> str:
        return ""


def shipped(domain: str) -> NullTranslations:
    """The Swedish catalogues that come with what is installed, as one."""
    chain: NullTranslations = Silence()
    for home in (PACKAGES / "django/conf", *(Path(app.path) for app in apps.get_app_configs())):
        catalogue = translation(domain, home / "locale", ["sv"], fallback=True)
        catalogue.add_fallback(chain)
        chain = catalogue
    return chain


def said(chain: NullTranslations, word: str, context: str | None) -> str:
    return chain.pgettext(context, word) if context else chain.gettext(word)
