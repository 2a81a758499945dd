"""Our texts are Swedish source strings: no library's catalogue may take one for an English word of its own."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils.translation import gettext, override

from tests.harness.place import ROOT

APPS = ("shop", "orders", "cms", "library", "notifications", "config", "templates")
IN_TEMPLATES = re.compile(r'{% translate "([^"]+)" (?:as \w+ )?%}')
IN_CODE = re.compile(r'\b(?:_|gettext_lazy|gettext)\(\s*"([^"]+)"\s*\)')


def source_strings() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.*"):
            pattern = {".html": IN_TEMPLATES, ".txt": IN_TEMPLATES, ".py": IN_CODE}.get(path.suffix)
            if pattern:
                found |= dict.fromkeys(pattern.findall(path.read_text()), path)
    return found


def test_no_text_of_ours_is_changed_by_somebody_elses_swedish():
    """ "Fri" came out as "fre" once: Django's catalogue holds it as Friday. Give such a word a context."""
    with override("sv"):
        changed = {text: gettext(text) for text in source_strings() if gettext(text) != text}
    assert not changed
