"""Counts the database's part in a page: python -m bench.queries "<path> <cookie>" … with the site's environment.

In this process, through the same WSGI application that gunicorn serves. Prints [[cold, warm], …] as JSON.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.wsgi import application  # loads Django


def main(*pages: str) -> None:
    print(json.dumps([count(*page.split(" ", 1)) for page in pages]))


def count(path: str, cookie: str) -> tuple[int, int]:
    """Cold is the second time with an address that is never kept: what a process reads once, it has read."""
    ask(path, "x=1", cookie)
    cold = queries(path, "x=2", cookie)
    ask(path, "", cookie)
    return cold, queries(path, "", cookie)


def queries(path: str, query: str, cookie: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(path, query, cookie)
    return len(captured)


def ask(path: str, query: str, cookie: str) -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    statuses: list[str] = []
    answer: Any = application(environ, lambda status, _headers: statuses.append(status))
    if hasattr(answer, "close"):
        answer.close()
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{path}: {statuses[0]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
