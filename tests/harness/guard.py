"""Closes the outside world: a test that would reach beyond this machine fails and says where it was going."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class OutsideWorld(RuntimeError):
    """Not an OSError on purpose: code that is patient with networks must not swallow it."""


def is_near(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def is_number(host: object) -> bool:
    """An address in figures is looked up without asking anybody; to connect to it is another matter."""
    try:
        ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return True


def require_near(host: object) -> None:
    if not is_near(host):
        raise OutsideWorld(f"a test wanted to reach {host!r}; only loopback is open here")


def require_near_address(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6):
        require_near(address[0])


@contextmanager
def closed(allowed: set[str]) -> Iterator[None]:
    """Replace the ways out of `socket`; `allowed` are the hosts of servers named in the environment."""
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(sock: socket.socket, address: Any) -> None:
        if not address or address[0] not in allowed:
            require_near_address(sock.family, address)
        connect(sock, address)

    def guarded_ex(sock: socket.socket, address: Any) -> int:
        require_near_address(sock.family, address)
        return connect_ex(sock, address)

    def guarded_lookup(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in allowed and not is_number(host):
            require_near(host)
        return lookup(host, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield
