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
SETTINGS = "mkdocs.yml"
TEXTS = "docs"
PROGRAM = Path(__file__).resolve().parent


class NoProject(Exception):
    """No project is known; the message is for a maintainer."""


def project() -> Path:
    """The project of a command that is given none: the folder it is run in, else what this code is checked out in.

    Raises ``NoProject`` where neither is one.
    """
    for folder in (Path.cwd(), PROGRAM.parents[1]):
        if (folder / DESCRIPTOR).exists():
            return folder
    raise NoProject(f"{DESCRIPTOR} のあるフォルダの中で実行するか、そのフォルダを指定してください。")


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
