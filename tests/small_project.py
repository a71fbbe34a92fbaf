"""A project that is built in a fraction of the time: the small package, and two pages by hand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import builders
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
    settings = (PROJECT / "mkdocs.yml").read_text(encoding="utf-8")
    missing = r"food|environment-energy|health-medical|it-creative|contribute/index"
    settings = re.sub(rf"(?m)^ +- .*\b({missing})\.md\n", "", settings)
    settings = re.sub(r"(?m)^ +- 横断的戦略:\n(?: +- strategies/.*\n)+", "", settings)
    (target / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return target
