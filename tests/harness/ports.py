"""Ports nobody listens on."""

from __future__ import annotations

import atexit
import socket
import sys


def free_port() -> int:
    """A port of this process's own until it ends: a program that is only starting must not find it taken meanwhile.

    It stays bound, without listening. Linux then gives it to nobody who asks for any port or connects, and still lets
    those who reuse addresses, as all servers do, listen there. Other systems let nobody else in: there it is let go.
    """
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    port = int(probe.getsockname()[1])
    if sys.platform == "linux":
        atexit.register(probe.close)
    else:
        probe.close()
    return port
