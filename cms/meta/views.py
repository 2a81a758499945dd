"""What search engines fetch beside the pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from cms.meta import robots as rules
from cms.meta import sitemap as site
from shop.responses import public_file

MAP_SECONDS = 600
RULES_SECONDS = 3600


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    content = render_to_string("cms/sitemap.xml", {"entries": site.entries(request)})
    return public_file(request, content.encode(), "application/xml", seconds=MAP_SECONDS)


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    return public_file(request, rules.text().encode(), "text/plain; charset=utf-8", seconds=RULES_SECONDS)
