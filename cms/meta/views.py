"""What search engines fetch beside the pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from cms.meta import robots as rules
from cms.meta import sitemap as site
from shop.responses import public_file

MAP_SECONDS = 600
RULES_SECONDS = 3600
MARK_SECONDS = 86_400


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    content = render_to_string("cms/sitemap.xml", {"entries": site.entries(request)})
    return public_file(request, content.encode(), "application/xml", seconds=MAP_SECONDS)


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    return public_file(request, rules.text().encode(), "text/plain; charset=utf-8", seconds=RULES_SECONDS)


@require_safe
def favicon(_request: HttpRequest) -> HttpResponseBase:
    """What browsers ask for of a document that names no icon, as a PDF or a print-out; our pages name theirs."""
    mark = HttpResponseRedirect(static("img/mark.svg"))
    mark.headers["Cache-Control"] = f"public, max-age={MARK_SECONDS}"
    return mark
