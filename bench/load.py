"""A light reader in a process of its own: python -m bench.load <port> <seconds> <path> [<header: value> …]

Keeps eight connections open and asks on each as soon as it has answered. `#` in the path becomes a number
that is new for each request. Prints requests, seconds and the bytes of one answer's body as JSON.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import BinaryIO

CONNECTIONS = 8


class Unfit(Exception):
    """The page did not answer 200."""


def main(port: str, seconds: str, path: str, *headers: str) -> None:
    ask = asker(path, headers)
    lines = [Line(int(port)) for _number in range(CONNECTIONS)]
    for line in lines:
        line.send(ask())
    size, done, began = 0, 0, time.monotonic()
    end = began + float(seconds)
    while not done or time.monotonic() < end:
        for line in lines:
            size = line.receive()
            line.send(ask())
        done += len(lines)
    print(json.dumps({"requests": done, "seconds": time.monotonic() - began, "bytes": size}))


def asker(path: str, headers: tuple[str, ...]) -> Callable[[], bytes]:
    lines = "".join(f"{header}\r\n" for header in headers)
    numbers: Iterator[int] = count(time.monotonic_ns())

    def ask() -> bytes:
        where = path.replace("#", str(next(numbers))) if "#" in path else path
        return f"GET {where} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode("latin-1")

    return ask


class Line:
    """One connection; the server may close it between two requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file: BinaryIO = self.socket.makefile("rb")

    def send(self, question: bytes) -> None:
        self.socket.sendall(question)

    def receive(self) -> int:
        """Read one answer; return the size of its body. Raises Unfit."""
        status = self.file.readline()
        length, closes = 0, False
        while (header := self.file.readline()) not in {b"\r\n", b""}:
            name, _colon, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            closes = closes or (name.lower() == b"connection" and value.strip() == b"close")
        self.file.read(length)
        if b" 200 " not in status:
            raise Unfit(status.decode("latin-1"))
        if closes:
            self.socket.close()
            self.open()
        return length


if __name__ == "__main__":
    main(*sys.argv[1:])
