"""A project that is built in a fraction of the time: the small package, and two pages by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import builders
import frozen_project
from shinchoku import paths

PROJECT = Path(__file__).resolve().parents[1]
SMALL = PROJECT / "tests" / "fixtures" / "small-package"


def small_package(target: Path) -> Path:
    """The small package with the project's schema."""
    shutil.copytree(SMALL / paths.DATA, target / paths.DATA)
    builders.copy_descriptor(target)
    return target


def small_project(target: Path) -> Path:
    """The small package with the theme and the settings of the project."""
    small_package(target)
    shutil.copytree(PROJECT / "overrides", target / "overrides")
    shutil.copytree(PROJECT / "docs" / "assets", target / "docs" / "assets")
    for page in ("index", "about"):
        (target / "docs" / f"{page}.md").write_text("# 題\n\n本文\n", encoding="utf-8")
    settings = frozen_project.settings({"tourism"}).replace("  - 直し方・加え方: contribute/index.md\n", "")
    (target / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return target
