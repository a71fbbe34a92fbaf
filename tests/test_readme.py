"""What the documents name exists, and what exists is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from shinchoku import cli
from shinchoku.changes import versions

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE-DATA.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "scripts/README.md",
)


def _text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def _named(pattern: str) -> set[str]:
    return {found for document in DOCUMENTS for found in re.findall(pattern, _text(document))}


def _targets() -> dict[str, str]:
    """Make target → the command it runs."""
    return dict(re.findall(r"^([a-z-]+):.*\n\t@?(.*)", _text("Makefile"), re.MULTILINE))


def test_every_make_target_that_is_named_exists():
    assert _named(r"`make ([a-z-]+)") | _named(r"^make ([a-z-]+)") <= set(_targets())


def test_every_make_target_is_explained():
    explained = set(re.findall(r"`make ([a-z-]+)", _text("README.md")))
    assert explained == set(_targets())
    assert all("## " in line for line in _text("Makefile").splitlines() if re.match(r"[a-z-]+:", line))


def test_each_command_without_make_is_what_make_runs():
    """The table for Windows: `make test-fast` and `python scripts/test.py --fast` must do the same."""
    rows = re.findall(r"\| `make ([a-z-]+)` \| `python (\S+\.py[^`]*)`", _text("README.md"))
    runs = {
        target: command.removeprefix("$(PYTHON) ").removesuffix(" $(ARGS)")
        for target, command in _targets().items()
        if command.startswith("$(PYTHON)")
    }
    assert dict(rows) == runs


def test_every_script_that_is_named_exists_and_the_other_way_round():
    scripts = {path.name for path in (PROJECT / "scripts").glob("*.py")}
    assert {name for name in _named(r"scripts/(\w+\.py)")} <= scripts
    assert set(re.findall(r"`(\w+\.py)`", _text("scripts/README.md"))) == scripts


@pytest.mark.parametrize("command", sorted(_named(r"`shinchoku ([a-z]+(?: [a-z]+)?)")))
def test_every_command_that_is_named_exists(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out


def test_the_version_of_the_program_is_the_same_everywhere():
    """The data have versions of their own: tests/test_releases.py."""
    project = tomllib.loads(_text("pyproject.toml"))["project"]["version"]
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", _text("CHANGELOG.md"), re.MULTILINE)
    assert project == released[0]


@pytest.mark.parametrize("step", versions.Step)
def test_what_a_version_means_is_told_as_on_the_site(step):
    assert f"（{step.name}） | {versions.MEANINGS[step]} |" in _text("CONTRIBUTING.md")
