"""Makes .venv from one hashed requirements file, then becomes the program named after it.

    python3 bin/_environment.py requirements-local.txt -m config.launch

Runs on a bare Python 3.11: standard library only. Two starts at once wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path.cwd()
HOME = ROOT / ".venv"
LOCK = HOME / ".lock"
# Each file holds all of those before it, at the same versions (bin/lock), so one install answers for several.
LADDER = ["requirements.txt", "requirements-local.txt", "requirements-dev.txt"]
EVERY = 10  # packages between two progress lines


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a start-up script talks to the terminal


@contextmanager
def alone() -> Iterator[None]:
    """Hold the environment's lock; a dead holder lets go by itself."""
    HOME.mkdir(exist_ok=True)
    with LOCK.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("En annan start bygger miljön; väntar på den …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def own_python() -> Path:
    return HOME / "bin" / "python"


def usable() -> bool:
    """Whether .venv holds a Python of 3.11 or later with pip, not the rest of a broken one."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([own_python(), "-c", probe], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def build() -> None:
    say(f"Bygger en egen miljö i .venv med Python {sys.version.split()[0]} …")
    for path in set(HOME.iterdir()) - {LOCK}:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    venv.create(HOME, symlinks=True, with_pip=True)


def fingerprint(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def stamp(requirements: str) -> Path:
    return HOME / f".installed-{requirements}"


def installed(requirements: str) -> bool:
    path = stamp(requirements)
    return path.exists() and path.read_text() == fingerprint(requirements)


def mark(requirements: str) -> None:
    """Note what the environment now holds: this file and those below it; the ones above are unknown."""
    step = LADDER.index(requirements)
    for name in LADDER[: step + 1]:
        stamp(name).write_text(fingerprint(name))
    for name in LADDER[step + 1 :]:
        if not installed(name):
            stamp(name).unlink(missing_ok=True)


def wanted(requirements: str) -> int:
    return sum("==" in line for line in (ROOT / requirements).read_text().splitlines())


def install(requirements: str) -> None:
    """Run pip with hashes and count along. Raises SystemExit with pip's own last words when it fails."""
    total = wanted(requirements)
    say(f"Hämtar och installerar {total} paket ({requirements}); första gången tar det en minut eller två …")
    command = [str(own_python()), "-m", "pip", "install", "--require-hashes", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-r", requirements]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    try:
        said = list(follow(pip, total))
    finally:
        pip.terminate()
    if pip.wait() != 0:
        sys.exit("".join(said[-15:]) + "\nPaketen gick inte att installera; pips egna ord står ovan.")


def follow(pip: subprocess.Popen[str], total: int) -> Iterator[str]:
    seen = 0
    for line in pip.stdout or ():
        if line.startswith(("Collecting", "Requirement already")):
            seen += 1
            if seen % EVERY == 0:
                say(f"  {seen} av {total} paket")
        if line.startswith("Installing"):
            say("  packar upp …")
        yield line
    pip.wait()


def prepare(requirements: str) -> None:
    with alone():
        if not usable():
            build()
        if not installed(requirements):
            install(requirements)
            mark(requirements)


def leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit("\nAvbrutet.")


def main() -> None:
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    prepare(sys.argv[1])
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.execv(own_python(), [str(own_python()), *sys.argv[2:]])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
