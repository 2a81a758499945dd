"""robots.txt: what search engines need not ask for."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cms.meta.nodes import absolute

# Names of addresses that are one visitor's own, or answer without end.
KEPT_OUT = ["shop:basket", "orders:checkout", "cms:search"]
ORDER = ("orders:status", "nyckel")


def text() -> str:
    lines = ["User-agent: *", f"Disallow: {reverse('wagtailadmin_home')}"]
    lines += [f"Disallow: {path}" for path in _kept_out()]
    return "\n".join([*lines, "", f"Sitemap: {absolute(reverse('meta:sitemap'))}", ""])


def _kept_out() -> list[str]:
    """In every language, each once."""
    found: list[str] = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found += [reverse(name) for name in KEPT_OUT]
            name, key = ORDER
            found.append(reverse(name, args=[key]).partition(key)[0])
    return list(dict.fromkeys(found))
