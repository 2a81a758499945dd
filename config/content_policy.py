"""The Content-Security-Policy of every page but the admin's, as django-csp reads it from the settings.

Its own middleware reckons the policy anew for each answer, in case a view has asked for another. None of ours does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse


@cache
def policy() -> str:
    return str(build_policy())


def content_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    excluded = tuple(settings.CONTENT_SECURITY_POLICY["EXCLUDE_URL_PREFIXES"])

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path_info.startswith(excluded):
            response.headers.setdefault(HEADER, policy())
        return response

    return middleware
