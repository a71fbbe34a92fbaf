"""Where things are in a project and in a package folder.

Must not import anything of this project.
"""

from __future__ import annotations

import os
from pathlib import Path

DESCRIPTOR = "datapackage.json"
DATA = "data"
DECISIONS = "data/decisions"
LAYOUTS = "data/layouts"
SCHEMAS = "data/schemas"
SOURCES = "data/sources"
GLOSSARY = "data/glossary.yml"
RELEASES = "releases"
RELEASE = "release.json"
CHECKSUMS = "SHA256SUMS"
LICENCE = "LICENSE.txt"
CITATION = "CITATION.cff"


class NoProject(Exception):
    """This code is not checked out in a project; the message is for a maintainer."""


def project() -> Path:
    """The folder of the project this code is checked out in.

    Raises ``NoProject`` when the package is installed elsewhere.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "mkdocs.yml").exists() and not (root / DESCRIPTOR).exists():
        raise NoProject(
            "フォルダを指定するか、このプロジェクトのフォルダに入れた shinchoku を使ってください。"
        )
    return root


def links_outside(directory: Path) -> list[str]:
    """What of a package folder is a link to somewhere else, by its path in the folder.

    A package may come from a stranger; what lies outside its folder is not its data.
    """
    paths = [directory / DESCRIPTOR]
    for top in (directory / DATA, directory / RELEASES):
        paths.append(top)
        if not top.is_symlink():
            paths += [Path(folder) / name for folder, *names in os.walk(top) for name in sum(names, [])]
    links = (path for path in paths if path.is_symlink() and not is_inside(path, directory))
    return [path.relative_to(directory).as_posix() for path in links]


def is_inside(path: Path, directory: Path) -> bool:
    """Whether a path leads to something in a folder, wherever links on the way point."""
    try:
        return path.resolve().is_relative_to(directory.resolve())
    except (OSError, ValueError, RuntimeError):  # a name no file can have; links in a circle
        return False
