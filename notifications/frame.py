"""A letter's HTML in a frame of a page of ours."""

from __future__ import annotations

from django.http import HttpResponse

# The letter is data: nothing in it runs, nothing is fetched, and only a reader's own click leads out of the frame.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation"
)


def answer(html: str) -> HttpResponse:
    """Its links open in the whole window."""
    body = html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})
