"""Pages that are not in the page tree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms import searching


def search(request: HttpRequest) -> HttpResponse:
    query = searching.tidy(request.GET.get("q", ""))
    groups = searching.find(query) if query else []
    context = {"query": query, "groups": groups, "hits": sum(len(group.pages) for group in groups)}
    return render(request, "cms/search.html", context)
