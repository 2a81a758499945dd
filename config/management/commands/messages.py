from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management.base import BaseCommand

from config import catalogues, foreign_words


class Command(BaseCommand):
    help = "Hämtar texterna ur källorna till locale/, kompilerar och säger vad som saknar översättning."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        for path in sorted(Path(settings.BASE_DIR, "locale").rglob("*.po")):
            catalog = catalogues.refresh(path, self._template(path))
            path.with_suffix(".mo").write_bytes(catalogues.compiled(path))
            self._tell(path, catalog)

    def _template(self, path: Path) -> Catalog:
        if catalogues.language(path) == "sv":
            return foreign_words.without_swedish(path.stem, catalogues.read(path))
        return catalogues.ours(settings.BASE_DIR)

    def _tell(self, path: Path, catalog: Catalog) -> None:
        missing = catalogues.untranslated(catalog)
        for text in missing:
            self.stdout.write(f"  saknas: {text.id}")
        name = f"{catalogues.language(path)}/{path.name}"
        self.stdout.write(f"{name}: {len(catalog)} texter, {len(missing)} utan översättning.")
