"""Where things are in a project and in a package folder.

Must not import anything of this project.
"""

from __future__ import annotations

from pathlib import Path

DESCRIPTOR = "datapackage.json"
DATA = "data"
DECISIONS = "data/decisions"
SCHEMAS = "data/schemas"
SOURCES = "data/sources"
GLOSSARY = "data/glossary.yml"
RELEASES = "releases"
RELEASE = "release.json"
CHECKSUMS = "SHA256SUMS"


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
