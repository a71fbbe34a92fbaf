"""A project that is built in a fraction of the time: the small package, and two pages by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import builders
from frozen_project import FROZEN
from shinchoku import paths

SMALL = FROZEN.parent / "small-package"


def small_package(target: Path) -> Path:
    """The small package with the project's schema."""
    shutil.copytree(SMALL / paths.DATA, target / paths.DATA)
    builders.copy_descriptor(target)
    return target


def small_project(target: Path) -> Path:
    """The same with settings, and two texts of its own."""
    small_package(target)
    (target / paths.TEXTS).mkdir()
    for page in ("index", "about"):
        (target / paths.TEXTS / f"{page}.md").write_text("# 題\n\n本文\n", encoding="utf-8")
    shutil.copy(FROZEN / paths.SETTINGS, target)
    return target
