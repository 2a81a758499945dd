"""What Wagtail asks of config: how its pages are served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail import hooks
from wagtail.models import Page

from shop.responses import for_everybody

Serve = Callable[[Page, HttpRequest, Any, Any], HttpResponseBase]


# Outermost: a page that only some may see has been answered or marked as private by then.
@hooks.register("on_serve_page", order=-100)
def read_by_everybody(serve: Serve) -> Serve:
    """Every page type is a reading page: it depends on nothing but its address."""

    def served(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
        response = serve(page, request, args, kwargs)
        return for_everybody(response) if request.method in {"GET", "HEAD"} else response

    return served
