"""bin/_environment.py: the bare checkout's first step. Empty requirement files: nothing is fetched here."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import place

WORDS = ["-c", "import sys; print('ran in', sys.prefix)"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(place.ROOT / "bin", tmp_path / "bin")
    for name in ("requirements.txt", "requirements-local.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def begin(checkout: Path, requirements: str = "requirements-local.txt") -> subprocess.Popen[str]:
    command = [sys.executable, "bin/_environment.py", requirements, *WORDS]
    return subprocess.Popen(
        command,
        cwd=checkout,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def outcome(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 0, output
    assert "ran in" in output
    return output


@pytest.mark.chaos
def test_two_starts_at_once_build_one_whole_environment_and_the_next_has_nothing_to_do(checkout):
    first, second = begin(checkout), begin(checkout)
    said = outcome(first), outcome(second)
    assert sum("Bygger en egen miljö" in text for text in said) == 1
    assert sum("Hämtar och installerar" in text for text in said) == 1
    assert outcome(begin(checkout)).startswith("ran in")
    assert outcome(begin(checkout, "requirements.txt")).startswith("ran in")


@pytest.mark.chaos
def test_a_changed_file_is_installed_anew_and_a_broken_environment_rebuilt(checkout):
    outcome(begin(checkout))
    (checkout / "requirements-local.txt").write_text("# another\n")
    said = outcome(begin(checkout))
    assert "Hämtar" in said
    assert "Bygger" not in said
    (checkout / ".venv" / "bin" / "python").unlink()
    assert "Bygger" in outcome(begin(checkout))


@pytest.mark.chaos
def test_a_package_whose_hash_is_wrong_stops_the_start_and_leaves_no_stamp(checkout):
    outcome(begin(checkout))
    wrong = f"pip==23.2.1 --hash=sha256:{'0' * 64}\nno-such-package-here==1 --hash=sha256:{'0' * 64}\n"
    (checkout / "requirements-local.txt").write_text(wrong)
    process = begin(checkout)
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 1
    assert "gick inte att installera" in output
    assert "Hämtar" in output
    (checkout / "requirements-local.txt").write_text("# nothing\n")
    outcome(begin(checkout))


@pytest.mark.chaos
def test_ctrl_c_while_building_ends_at_once_and_the_next_start_mends(checkout):
    process = begin(checkout)
    assert process.stdout
    assert "Bygger" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 1
    outcome(begin(checkout))


def test_a_version_managers_shim_that_refuses_is_passed_over(checkout, tmp_path):
    shims = tmp_path / "shims"
    shims.mkdir()
    (shims / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (shims / "python3.12").symlink_to(sys.executable)
    for shim in shims.iterdir():
        shim.chmod(0o755) if not shim.is_symlink() else None
    done = subprocess.run(
        ["/bin/sh", "-c", '. bin/_python; echo "$PYTHON"'],
        cwd=checkout,
        env={"PATH": str(shims)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "python3.12"


def test_without_any_python_there_is_a_sentence(checkout):
    done = subprocess.run(
        ["/bin/sh", "-c", ". bin/_python"],
        cwd=checkout,
        env={"PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Det behövs Python 3.11" in done.stderr
