"""Uploaded pictures. Documents beside them are not served here: at /dokument/ Wagtail asks who may read them."""

from __future__ import annotations

import mimetypes

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# Wagtail's folders of originals, renditions and staff portraits, and our share pictures.
PICTURES = r"^media/(?P<path>(?:original_images|images|avatar_images|delning)/[^/\x00]+)$"
# A picture that is changed gets a new name.
KEPT_SECONDS = 30 * 24 * 3600

# Python knows them first from 3.13, or where the system has a list of types.
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("image/avif", ".avif")


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
