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


class NoHistory(Exception):
    """There is nothing to look a revision up in; the message is for a maintainer."""


def extract(repository: Path, revision: str, into: Path) -> None:
    """Write the package that ``repository`` (or the folder below it) held at ``revision``.

    Raises ``UnknownRevision`` or ``NoHistory``.
    """
    commit = _git(
        repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    archive = commit and _archive(repository, commit.decode("ascii").strip())
    if not archive:
        is_shallow = _git(repository, "rev-parse", "--is-shallow-repository")
        if is_shallow is not None and is_shallow.strip() == b"true":
            raise NoHistory(
                f"「{revision}」がありません。ここの履歴は途中までしか取り寄せていません。"
                "git fetch --unshallow のあと、もう一度お試しください。"
            )
        closed = "" if is_shallow else f"{repository} はGitで開けません（git status で確かめてください）。"
        raise UnknownRevision(
            f"「{revision}」というフォルダも、{DESCRIPTOR} と {DATA}/ のあるGitの版（ブランチ・タグ・コミット）も見つかりません。{closed}"
        )
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        package.extractall(into)


def _archive(repository: Path, commit: str) -> bytes | None:
    """The descriptor with the files beside it, one of which is the licence, and the tables, as a zip."""
    listed = _git(repository, "ls-tree", "-z", commit) or b""
    entries = [line.partition("\t") for line in listed.decode("utf-8", "surrogateescape").split("\0")]
    beside = [name for kind, _, name in entries if " blob " in kind and name != DESCRIPTOR]
    return _git(repository, "archive", "--format=zip", commit, "--", DESCRIPTOR, DATA, *beside)


def _git(repository: Path, *arguments: str) -> bytes | None:
    """What git answers; ``None`` where it fails. Raises ``NoHistory`` where it is not installed."""
    command = ["git", "-C", str(repository), "--literal-pathspecs", *arguments]
    try:
        answered = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError:
        message = "git が入っていないので、前の版が分かりません。git を入れるか、前のデータのフォルダを書いてください。"
        raise NoHistory(message) from None
    return answered.stdout if answered.returncode == 0 else None
