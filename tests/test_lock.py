"""The lock files: complete, hashed, one version for the site and the tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = {name: PROJECT / "requirements" / f"{name}.txt" for name in ("site", "test", "tools")}


def test_a_wheel_holds_every_file_of_the_program():
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    program = PROJECT / "src" / "shinchoku"
    held = {path for pattern in settings["package-data"]["shinchoku"] for path in program.glob(pattern)}
    files = {path for path in program.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path for path in files - held if path.suffix != ".py"} == set()


def _pins(lock: str) -> dict[str, list[str]]:
    """Package → each ``package==version ; marker`` that the lock gives it."""
    pins: dict[str, list[str]] = {}
    for line in LOCKS[lock].read_text(encoding="utf-8").splitlines():
        if re.match(r"[\w.-]+==", line):
            pinned = Requirement(line.removesuffix("\\"))
            pins.setdefault(canonicalize_name(pinned.name), []).append(str(pinned))
    return pins


def _declared(lock: str) -> list[Requirement]:
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = pyproject["dependency-groups"]
    site = [*pyproject["project"]["dependencies"], *pyproject["build-system"]["requires"], *groups["build"]]
    listed = {"site": site, "test": site + groups["test"], "tools": groups["tools"]}
    return [Requirement(line) for line in listed[lock]]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_as_it_is_declared(lock):
    pins = _pins(lock)
    stale = [
        str(requirement)
        for requirement in _declared(lock)
        for pinned in pins.get(canonicalize_name(requirement.name), ["missing"])
        if not any(
            requirement.specifier.contains(specifier.version) for specifier in Requirement(pinned).specifier
        )
    ]
    assert stale == [], "run `make lock`"


def test_the_tests_run_with_what_builds_the_site():
    """So that one .venv serves both, and what was tested is what is published."""
    site, test = _pins("site"), _pins("test")
    assert {name: test.get(name) for name in site} == site


def _versions(lock: str) -> dict[str, set[str]]:
    return {
        name: {pin.partition(" ")[0].partition(";")[0] for pin in pins} for name, pins in _pins(lock).items()
    }


def test_the_tools_go_into_the_same_environment():
    """What they share with the tests has the same version."""
    test, tools = _versions("test"), _versions("tools")
    assert [name for name in tools.keys() & test.keys() if not tools[name] <= test[name]] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_installed_unchecked(lock):
    text = LOCKS[lock].read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)
    assert [entry for entry in entries[1:] if "--hash=sha256:" not in entry] == []
    # Source archives would run their own code while being installed.
    assert "--only-binary :all:" in entries[0]
