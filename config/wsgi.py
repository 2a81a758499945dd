"""Entry point for WSGI servers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

_CHARSET = re.compile(r';\s*charset\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)
_django = get_wsgi_application()

from config import closing  # noqa: E402 - both want what Django has loaded
from config.pages import door  # noqa: E402


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Read every address and form as UTF-8, as our pages send them, whatever charset the request claims.

    Django takes any codec's name for a charset: "hex" is a 500 on every page, before any middleware.
    """
    # The site lies at the root. Some servers let a request claim otherwise, and every kept link would follow.
    environ["SCRIPT_NAME"] = ""
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    kept = door.answer(environ, start_response) if closing.note() is None else None
    return _django(environ, start_response) if kept is None else kept
