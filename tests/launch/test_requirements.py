"""The exported requirements*.txt against pyproject.toml: bin/lock must have been run after the last change."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.harness import place

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)
GROUPS = {
    "requirements.txt": [],
    "requirements-local.txt": ["local"],
    "requirements-dev.txt": ["local", "test", "lint"],
}


@cache
def project() -> dict[str, list[str]]:
    """What pyproject asks for, by group; '' are the product's own dependencies."""
    read = tomllib.loads((place.ROOT / "pyproject.toml").read_text())
    return {"": read["project"]["dependencies"], **read["dependency-groups"]}


@cache
def pins(file: str) -> dict[str, Version]:
    text = (place.ROOT / file).read_text()
    return {canonicalize_name(found["name"]): Version(found["version"]) for found in PINNED.finditer(text)}


def asked(file: str) -> list[Requirement]:
    return [Requirement(line) for group in ["", *GROUPS[file]] for line in project()[group]]


def needed_by(requirement: Requirement) -> list[Requirement]:
    """What an installed package itself asks for here, with the extras that were asked of it."""
    extras = [{"extra": extra} for extra in ("", *requirement.extras)]
    below = [Requirement(line) for line in metadata.requires(requirement.name) or []]
    return [each for each in below if each.marker is None or any(map(each.marker.evaluate, extras))]


@pytest.mark.parametrize("file", GROUPS)
def test_each_dependency_of_pyproject_is_pinned_to_a_version_it_allows(file):
    stale = [
        str(each)
        for each in asked(file)
        if (version := pins(file).get(canonicalize_name(each.name))) is None or version not in each.specifier
    ]
    assert stale == [], f"{file}: run bin/lock"


@pytest.mark.parametrize("file", GROUPS)
def test_what_the_dependencies_need_is_pinned_too(file):
    waiting, seen, missing = asked(file), set(), set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        if canonicalize_name(requirement.name) not in pins(file):
            missing.add(requirement.name)
            continue
        waiting += needed_by(requirement)
    assert missing == set(), f"{file}: run bin/lock"


def test_a_larger_file_holds_the_smaller_ones_at_the_same_versions():
    """bin/_environment.py counts on it: one install answers for all files below it."""
    base, local, dev = (pins(file) for file in GROUPS)
    assert base.items() <= local.items() <= dev.items()


@pytest.mark.parametrize("file", GROUPS)
def test_every_pin_has_hashes_and_no_address_is_named(file):
    text = (place.ROOT / file).read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text) if "==" in block.split("\n")[0]]
    assert len(blocks) == len(PINNED.findall(text))
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "index-url" not in text
