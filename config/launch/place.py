"""The two things a copy of the site must have to itself: its folder and its port."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.launch.plan import BadPlan, Plan

PORT_TROUBLE = {
    errno.EADDRINUSE: "Porten {port} på {host} är upptagen. Välj en annan, till exempel: PORT={other} bin/start",
    errno.EACCES: "Porten {port} kräver administratörsrättigheter. Välj en högre, till exempel: PORT=8000 bin/start",
    errno.EADDRNOTAVAIL: "Adressen HOST={host} finns inte på den här datorn. Den vanliga är HOST=127.0.0.1.",
}


def require_free_port(plan: Plan) -> None:
    """Raises BadPlan when the web could not listen there."""
    try:
        listen_once(plan.host, plan.port)
    except socket.gaierror as error:
        raise BadPlan(f"HOST={plan.host} går inte att slå upp. Den vanliga är HOST=127.0.0.1.") from error
    except OSError as error:
        text = PORT_TROUBLE.get(error.errno or 0, "Det går inte att lyssna på {host}:{port}: {error}")
        other = plan.port + 1 if plan.port < 65535 else 8000
        raise BadPlan(text.format(host=plan.host, port=plan.port, other=other, error=error)) from error


def listen_once(host: str, port: int) -> None:
    family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        # As gunicorn does: closed connections of the last run must not hold the port for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


@contextmanager
def own_folder(var_dir: Path) -> Iterator[None]:
    """Hold VAR_DIR for as long as the copy runs. Raises BadPlan when another start has it."""
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        handle = (var_dir / "start.lock").open("a+")
    except OSError as error:
        raise BadPlan(f"Mappen {var_dir} (VAR_DIR) går inte att skriva i: {error.strerror}.") from error
    with handle:
        lock(handle.fileno(), var_dir)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def lock(number: int, var_dir: Path) -> None:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = (var_dir / "start.lock").read_text() or "okänd"
        raise BadPlan(
            f"Mappen {var_dir} används redan av en annan start (process {holder}). "
            "Ge den här kopian en egen, till exempel: VAR_DIR=var2 PORT=8001 bin/start"
        ) from error
