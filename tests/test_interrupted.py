"""Killed at any moment, a build or an export leaves what was there or what was to come, whole.

Imports, repairs, versions and the log of changes are killed in the tests of their own.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from shinchoku import building
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
from shinchoku import building
project, site = map(Path, sys.argv[1:])
building.build(project, project, site)
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


def test_a_build_killed_while_it_changes_places_brings_the_site_back(tmp_path):
    """The one moment a random kill hardly ever meets."""
    site, workshop = tmp_path / "site", tmp_path / ".site-building-x"
    (workshop / "previous").mkdir(parents=True)
    (workshop / "previous" / "index.html").write_text("旧", encoding="utf-8")
    building._clear_after_kill(site, ".site-building-")
    assert (site / "index.html").read_text(encoding="utf-8") == "旧"
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
