"""A Redis server's numbered databases, one for each test process.

A lock file that lives as long as the process says whose a number is; keys of anybody else keep us away.
"""

from __future__ import annotations

import fcntl
import hashlib
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import redis

from tests.harness import place

LOOPBACK = "redis://127.0.0.1:6379/0"
# 0 is left to whoever works on this machine; 15 is the last in Redis's default set-up.
NUMBERS = range(15, 0, -1)
OURS = "vardskapet-tests"
held: dict[str, IO[str]] = {}


def with_number(server: str, number: int) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{number}"))


def take(server: str) -> str:
    """The address of an empty database that nobody else has. Raises RuntimeError when all are taken."""
    for number in NUMBERS:
        address = with_number(server, number)
        if lock(address) and usable(address, clear=True):
            return address
        release(address)
    raise RuntimeError(f"no free database number on {urlsplit(server).hostname}; another run may hold them")


def any_free(server: str) -> bool:
    """Whether a later `take` may succeed; touches nothing."""
    return any(usable(with_number(server, number), clear=False) for number in NUMBERS)


def lock(address: str) -> bool:
    name = hashlib.sha256(address.encode()).hexdigest()[:12]
    handle = (place.shared_folder() / f"redis-{name}.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return False
    held[address] = handle
    return True


def release(address: str) -> None:
    if handle := held.pop(address, None):
        handle.close()


def usable(address: str, *, clear: bool) -> bool:
    """Whether it is empty, or holds only what an earlier run of ours left behind."""
    client = redis.Redis.from_url(address, socket_timeout=20)
    try:
        if client.dbsize() and not client.exists(OURS):
            return False
        if clear:
            client.flushdb()
            client.set(OURS, place.RUN)
        return True
    except redis.RedisError:
        return False
    finally:
        client.close()


def give_back() -> None:
    """Empty what this process has used."""
    for address in list(held):
        client = redis.Redis.from_url(address, socket_timeout=20)
        client.flushdb()
        client.close()
        release(address)
