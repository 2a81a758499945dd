"""Two templates, built once and kept between runs: one migrated, one with the demo's site. Every test process works
on copies of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.harness import place, restoring

PREFIX = f"vardskapet_{place.CHECKOUT}_"
KEPT = {False: "kept_migrated", True: "kept_seeded"}


class Databases(Protocol):
    """Makes and removes copies of the template on one kind of server."""

    def url(self, name: str) -> str:
        """The DATABASE_URL of the copy called `name`."""
        ...

    def renew(self, name: str, *, seeded: bool = False) -> None:
        """Make the copy anew, as the template is: empty, or with the demo's site."""
        ...

    def drop(self, name: str) -> None: ...

    def sweep(self) -> None:
        """Remove what dead runs have left."""
        ...


def own_name(what: str = "") -> str:
    return f"r{place.RUN}_{place.WORKER}{what}"


def template_name(*, seeded: bool = False) -> str:
    migrated = f"t{place.fingerprint()}"
    return f"{migrated}_seeded_{place.seed_fingerprint()}" if seeded else migrated


def fill(url: str, *, seeded: bool) -> None:
    """Make a template of the database there: an empty one is migrated, a migrated one seeded."""
    manage(url, "seed") if seeded else manage(url, "migrate", "--no-input")


def manage(url: str, command: str, *words: str) -> None:
    """Run in a process of its own: this one may be bound to another kind of database."""
    whole = [sys.executable, "-m", "django", command, *words, "--skip-checks", "--verbosity", "0"]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(whole, cwd=place.ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} failed for the test template:\n{done.stderr[-4000:]}")


@dataclass(frozen=True, slots=True)
class Postgres:
    """Copies by CREATE DATABASE … TEMPLATE, put back in place afterwards. `server` names any database in it."""

    server: str

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{PREFIX}{name}"))

    def admin(self) -> psycopg.Connection:
        address = urlunsplit(urlsplit(self.server)._replace(path="/postgres"))
        return psycopg.connect(address, autocommit=True, connect_timeout=60)

    def renew(self, name: str, *, seeded: bool = False) -> None:
        with self.admin() as admin:
            if self._exists(admin, name) and restoring.put_back(self.url(name), KEPT[seeded]):
                return
            self._copy_template(admin, name, seeded=seeded)

    def _copy_template(self, admin: psycopg.Connection, name: str, *, seeded: bool) -> None:
        template = template_name(seeded=seeded)
        self._ensure_template(admin, seeded=seeded)
        run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", PREFIX + name)
        run(admin, "CREATE DATABASE {} TEMPLATE {}", PREFIX + name, PREFIX + template)
        # What a crash of the server would lose is of no interest here; the waiting would be.
        run(admin, "ALTER DATABASE {} SET synchronous_commit = off", PREFIX + name)
        # Compiling costs more than all that it could save on some hundred rows.
        run(admin, "ALTER DATABASE {} SET jit = off", PREFIX + name)

    def drop(self, name: str) -> None:
        with self.admin() as admin:
            run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", PREFIX + name)

    def _ensure_template(self, admin: psycopg.Connection, *, seeded: bool) -> None:
        template = template_name(seeded=seeded)
        if self._exists(admin, template):
            return
        if seeded:
            self._ensure_template(admin, seeded=False)
        with place.locked(f"template-{place.CHECKOUT}"):
            if not self._exists(admin, template):
                self._build_template(admin, template, seeded=seeded)

    def _build_template(self, admin: psycopg.Connection, template: str, *, seeded: bool) -> None:
        unfinished = f"{template}_wip"
        base = PREFIX + template_name() if seeded else "template0"
        run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", PREFIX + unfinished)
        run(admin, "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", PREFIX + unfinished, base)
        fill(self.url(unfinished), seeded=seeded)
        restoring.keep(self.url(unfinished), KEPT[seeded])
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        admin.execute(comment.format(sql.Identifier(PREFIX + unfinished), sql.Literal(str(place.ROOT))))
        # The name is the promise that it is whole.
        run(admin, "ALTER DATABASE {} RENAME TO {}", PREFIX + unfinished, PREFIX + template)

    def _exists(self, admin: psycopg.Connection, name: str) -> bool:
        return PREFIX + name in self._names(admin, PREFIX)

    def _names(self, admin: psycopg.Connection, prefix: str) -> list[str]:
        found = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return [row[0] for row in found]

    def sweep(self) -> None:
        with place.locked(f"template-{place.CHECKOUT}"), self.admin() as admin:
            names = [name.removeprefix(PREFIX) for name in self._names(admin, PREFIX)]
            for name in stale(names):
                self._drop_unused(admin, PREFIX + name)
            for name in self._of_vanished_checkouts(admin):
                self._drop_unused(admin, name)

    def _of_vanished_checkouts(self, admin: psycopg.Connection) -> list[str]:
        """Templates whose checkout, noted in their comment, is no longer on this machine."""
        noted = admin.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE starts_with(datname, 'vardskapet_')"
        )
        return [name for name, path in noted if path and path.startswith("/") and not Path(path).exists()]

    def _drop_unused(self, admin: psycopg.Connection, name: str) -> None:
        try:
            run(admin, "DROP DATABASE IF EXISTS {}", name)
        except psycopg.errors.ObjectInUse:
            return


def run(admin: psycopg.Connection, statement: str, *names: str) -> None:
    admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def stale(names: list[str]) -> list[str]:
    """Copies of dead runs; templates of other code too, unless a run that may need one is alive."""
    runs = {name: name[1:].split("_")[0] for name in names if name.startswith("r")}
    dead = [name for name, run_id in runs.items() if not place.alive(run_id)]
    others_alive = any(run_id != place.RUN for name, run_id in runs.items() if name not in dead)
    current = (template_name(), template_name(seeded=True))
    old = [name for name in names if name.startswith("t") and name.removesuffix("_wip") not in current]
    return dead if others_alive else dead + old


@dataclass(frozen=True, slots=True)
class Sqlite:
    """Copies of a file. A real file, not memory: workers and threads connect to it too."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def url(self, name: str) -> str:
        return f"sqlite:///{quote(str(self.path(name)))}"

    def renew(self, name: str, *, seeded: bool = False) -> None:
        template = self._ensure_template(seeded=seeded)
        self.drop(name)
        shutil.copyfile(template, self.path(name))

    def _ensure_template(self, *, seeded: bool) -> Path:
        template = self.path(template_name(seeded=seeded))
        if not template.exists():
            base = self._ensure_template(seeded=False) if seeded else None
            with place.locked(f"template-{place.CHECKOUT}"):
                self._build_template(template, base)
        return template

    def _build_template(self, template: Path, base: Path | None) -> None:
        if template.exists():
            return
        unfinished = f"{template.stem}_wip"
        self.drop(unfinished)
        if base:
            shutil.copyfile(base, self.path(unfinished))
        fill(self.url(unfinished), seeded=bool(base))
        self.path(unfinished).replace(template)

    def drop(self, name: str) -> None:
        for path in with_companions(self.path(name)):
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        for name in stale([path.stem for path in self.folder.glob("*.sqlite3")]):
            self.drop(name)


def with_companions(path: Path) -> list[Path]:
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]


def sqlite() -> Sqlite:
    return Sqlite(place.checkout_folder())


def sweep_folders() -> None:
    """Remove the VAR_DIRs of dead runs, and all that belongs to checkouts that are gone."""
    for folder in place.checkout_folder().glob("run-*"):
        if not place.alive(folder.name.split("-")[1]):
            shutil.rmtree(folder, ignore_errors=True)
    for note in place.shared_folder().glob(f"*/{place.NOTE}"):
        if not Path(note.read_text()).exists():
            shutil.rmtree(note.parent, ignore_errors=True)


OPENERS: dict[str, Callable[[str], Databases]] = {"postgresql": Postgres, "sqlite": lambda _server: sqlite()}
