"""A package as it was at a revision of its Git repository.

Runs the program ``git`` and writes into a folder it is given; must not change the repository.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

from shinchoku.paths import DATA, DESCRIPTOR


class UnknownRevision(Exception):
    """There is no such revision here; the message is for a maintainer."""


def extract(repository: Path, revision: str, into: Path) -> None:
    """Write the package that ``repository`` (or the folder below it) held at ``revision``. Raises ``UnknownRevision``."""
    commit = _git(
        repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    archive = commit and _git(
        repository, "archive", "--format=zip", commit.decode("ascii").strip(), DESCRIPTOR, DATA
    )
    if not archive:
        raise UnknownRevision(
            f"「{revision}」というフォルダも、{DESCRIPTOR} と {DATA}/ のあるGitの版（ブランチ・タグ・コミット）も見つかりません。"
        )
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        package.extractall(into)


def _git(repository: Path, *arguments: str) -> bytes | None:
    """What git answers; ``None`` where it fails or is not installed."""
    try:
        answered = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True)
    except FileNotFoundError:
        return None
    return answered.stdout if answered.returncode == 0 else None
