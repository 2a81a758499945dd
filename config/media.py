"""Uploaded files on their way out: pictures to everyone, originals to staff, documents and films by Wagtail's leave.

Nothing of it may run inside our origin, whatever somebody has managed to upload.
"""

from __future__ import annotations

import mimetypes
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.documents.views.serve import serve as serve_document

from config import ranges
from config.uploads import may_upload

# What pages show: Wagtail's folders of drawn sizes and of staff portraits, and our share pictures.
PICTURES = r"^media/(?P<path>(?:images|avatar_images|delning)/[^/\x00]+)$"
# The file as it came out of a camera may say where it was taken.
ORIGINALS = r"^media/(?P<path>original_images/[^/\x00]+)$"
# A picture that is changed gets a new name.
KEPT_SECONDS = 30 * 24 * 3600
SANDBOX = "default-src 'none'; sandbox"

# Python knows them first from 3.13, or where the system has a list of types.
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("image/avif", ".avif")


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    return _stored(request, path, f"public, max-age={KEPT_SECONDS}")


@require_safe
def original(request: HttpRequest, path: str) -> HttpResponseBase:
    if not may_upload(request):
        raise Http404
    return _stored(request, path, "private, no-cache")


def _stored(request: HttpRequest, path: str, caching: str) -> HttpResponseBase:
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = caching
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A document to keep, or a piece of a film: players ask for pieces, so that one can move about in it.

    Wagtail says who may read it and answers 304.
    """
    whole: HttpResponseBase = serve_document(request, document_id, document_filename)
    if whole.status_code != HttpResponse.status_code:
        return whole
    # Wagtail writes "None" when there is none.
    del whole.headers["Content-Encoding"]
    whole.headers["Accept-Ranges"] = "bytes"
    whole.headers["Cache-Control"] = "no-cache"
    whole.headers["Content-Security-Policy"] = SANDBOX
    return _piece(request, whole) if ranges.applies(request, whole) else whole


def _piece(request: HttpRequest, whole: Any) -> HttpResponseBase:
    """The part of `whole` that was asked for; all of it when the wish cannot be read."""
    try:
        wanted = ranges.wanted(request.headers["Range"], size=int(whole.headers["Content-Length"]))
    except ranges.Unsatisfiable as fault:
        whole.file_to_stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{fault.size}"})
    return ranges.cut(whole, wanted) if wanted else whole
