"""Pages that are not in the page tree."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from wagtail.models import Site

from cms import searching
from shop.models import Company


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = searching.tidy(request.GET.get("q", ""))
    groups = searching.find(query, Site.find_for_request(request))
    context = {"query": query, "groups": groups, "hits": sum(len(group.pages) for group in groups)}
    return render(request, "cms/search.html", context)


def server_error(_request: HttpRequest) -> HttpResponse:
    """handler500: our own fault, told without anything that may be what is broken."""
    return HttpResponseServerError(render_to_string("500.html", {"phone": _phone()}))


def _phone() -> str:
    try:
        return Company.objects.values_list("phone", flat=True).first() or ""
    except DatabaseError:  # perhaps the very cause of this page
        return ""
