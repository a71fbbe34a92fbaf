"""Killed at any moment, a build or an export leaves what was there or what was to come, whole.

Imports, repairs and versions are killed in the tests of their own.
"""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from shinchoku import files
from small_project import small_project


def _killed_after(seconds: float, arguments: list[str]) -> None:
    command = [sys.executable, *arguments]
    # A session of its own, so that the site generator it starts is killed with it.
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)


def _pages(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


#: The command, but of a project that is built quickly.
BUILD = """
import sys
from pathlib import Path
from shinchoku.site import building
project, site = map(Path, sys.argv[1:])
building.build(project, site)
"""


@pytest.mark.process
def test_a_killed_build_leaves_the_earlier_site(tmp_path):
    project, site = small_project(tmp_path / "project"), tmp_path / "site"
    site.mkdir()
    moments = random.Random(7)
    start = time.perf_counter()
    arguments = ["-c", BUILD, str(project), str(site)]
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    whole = time.perf_counter() - start
    expected = _pages(site)
    for _ in range(3):
        _killed_after(whole * moments.uniform(0.2, 0.95), arguments)
        assert _pages(site) == expected
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    assert _pages(site) == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "site"]


@pytest.mark.process
def test_of_two_builds_at_once_one_waits_for_its_turn(tmp_path):
    """And the folders of a command that was killed alone, not with what it started, go with the next."""
    project, site = small_project(tmp_path / "project"), tmp_path / "site"
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    environment = {**os.environ, "TMPDIR": str(shelf)}
    command = [sys.executable, "-c", BUILD, str(project), str(site)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as first:
        assert first.stdout.readline()  # it has begun
        second = subprocess.run(command, capture_output=True, env=environment)
        assert second.returncode == 1 and b"BlockingIOError" in second.stderr.splitlines()[-1]
        first.kill()
    assert list(shelf.iterdir()) and list(tmp_path.glob(".writing-*"))
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (site / "index.html").is_file() and not list(shelf.iterdir())
    time.sleep(0.5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "shelf", "site"]


def test_a_build_killed_while_it_changes_places_brings_the_site_back(tmp_path):
    """The one moment a random kill hardly ever meets."""
    for name, text in ((".previous-site", "旧"), (".writing-site", "新")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(text, encoding="utf-8")
    with pytest.raises(ZeroDivisionError), files.replacing(tmp_path / "site") as new:
        assert list(new.iterdir()) == []
        1 / 0  # noqa: B018
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "旧"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.process
def test_a_killed_export_leaves_the_earlier_workbook(project, tmp_path):
    form = tmp_path / "form.xlsx"
    arguments = ["-m", "shinchoku", "export", "workbook", str(project), "--out", str(form)]
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    whole = time.perf_counter() - start
    before = form.read_bytes()
    moments = random.Random(11)
    for _ in range(5):
        _killed_after(whole * moments.uniform(0.6, 1.0), [*arguments, "--force"])
        assert form.read_bytes() == before  # the same package makes the same bytes
    assert "報告" in openpyxl.load_workbook(form).sheetnames


# -- several files ----------------------------------------------------------------

NAMES = ("a.csv", "b.csv", "c.csv")


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def _written(folder: Path, content: bytes) -> dict[Path, bytes]:
    return {folder / name: content for name in NAMES}


@pytest.mark.process
@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_replacement_killed_between_two_moves_is_finished_by_the_next_run(tmp_path, number):
    """The moments a random kill hardly ever meets."""
    files.replace(_written(tmp_path, b"old"))
    program = (
        "import os, pathlib\n"
        "from shinchoku import files\n"
        "replace, moves = os.replace, iter(range(9))\n"
        f"os.replace = lambda *paths: os._exit(9) if next(moves) == {number} else replace(*paths)\n"
        f"files.replace({{pathlib.Path(name): b'new' for name in {NAMES}}})\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=tmp_path).returncode == 9
    found = _contents(tmp_path)
    assert [found[name] for name in NAMES] == [b"new"] * number + [b"old"] * (len(NAMES) - number)
    assert files.replace(_written(tmp_path, b"new")) == [tmp_path / name for name in NAMES[number:]]
    assert _contents(tmp_path) == dict.fromkeys(NAMES, b"new")


def test_what_a_killed_run_left_goes_even_where_nothing_is_left_to_do(tmp_path):
    files.replace(_written(tmp_path, b"new"))
    (tmp_path / ".writing-b.csv").write_bytes(b"ne")
    assert files.replace(_written(tmp_path, b"new")) == []
    assert _contents(tmp_path) == dict.fromkeys(NAMES, b"new")


def test_a_file_that_cannot_be_replaced_is_named_before_any_is(tmp_path, monkeypatch):
    """As on Windows where a spreadsheet program holds one of them open."""
    files.replace(_written(tmp_path, b"old"))

    def held(path: Path, mode: str = "r", *rest: object, opened=Path.open):
        if path.name == "b.csv" and mode == "r+b":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, mode, *rest)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(PermissionError, match=r"b\.csv"):
        files.replace(_written(tmp_path, b"new"))
    monkeypatch.undo()
    assert _contents(tmp_path) == dict.fromkeys(NAMES, b"old")


@pytest.mark.parametrize("refused", [PermissionError(errno.EACCES, "Permission denied"), KeyboardInterrupt()])
def test_where_one_cannot_be_replaced_those_before_it_go_back(tmp_path, monkeypatch, refused):
    """As where a program holds it open in a way that only the last step notices; the first is a new file."""
    files.replace({tmp_path / name: b"old" for name in NAMES[1:]})

    def replace(source: Path, target: Path, move=os.replace):
        if target.name == "c.csv" and source.read_bytes() == b"new":
            raise refused
        move(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(type(refused)) as raised:
        files.replace(_written(tmp_path, b"new"))
    assert getattr(raised.value, "filename", str(tmp_path / "c.csv")) == str(tmp_path / "c.csv")
    assert _contents(tmp_path) == {"b.csv": b"old", "c.csv": b"old"}
