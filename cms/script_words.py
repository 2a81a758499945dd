"""The words of the admin's script: Wagtail reads its own catalogues alone, ours mend what is left in English."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response

catalogue = JavaScriptCatalog.as_view()


def script_words(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Every installed catalogue for scripts, locale/ last, in the language the editor has chosen."""
    response: HttpResponseBase = get_localized_response(catalogue, request, *args, **kwargs)
    return response
