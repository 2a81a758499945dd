"""A site on a slow line: of its second page the head comes at once and the body a moment later."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FIRST = '<html lang=sv><title>Först</title><form method=post action="/sedan/"><button>Vidare</button></form>'
SECONDS = 0.3


@contextmanager
def standing(second: str) -> Iterator[str]:
    """The address of a page with one button, "Vidare", which leads to `/sedan/`: the page of which the body is late."""

    class HeadFirst(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(FIRST.encode())
                return
            time.sleep(SECONDS)
            self.wfile.write(second.encode())

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_line: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), HeadFirst) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
