"""Writing files so that each is, at any moment, the old one or the new one, whole.

A command that is killed leaves at most files whose names begin with a dot; the same command run
again takes these over and finishes. Must not import anything of this project.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def _beside(path: Path, role: str) -> Path:
    return path.with_name(f".{role}-{path.name}")


def replace(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write files, and their folders; returns those that changed.

    All are written beside their places before the first takes its place, so that what cannot be
    written leaves all of them as they were. Raises ``OSError`` with the path of the file.
    """
    changed = []
    try:
        for path, content in contents.items():
            if path.exists() and not path.is_file():  # a terminal or /dev/null is written to, not replaced
                path.write_bytes(content)
            elif path.exists() and path.read_bytes() == content:
                _beside(path, "writing").unlink(missing_ok=True)
            else:
                changed.append(path)
                _write_beside(path, content)
        for path in changed:
            os.replace(_beside(path, "writing"), path)
    finally:
        for path in changed:
            _beside(path, "writing").unlink(missing_ok=True)
    return changed


def _write_beside(path: Path, content: bytes) -> None:
    written = _beside(path, "writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # on the disk before its name says so: the power may fail, too
        if path.exists():
            path.open("r+b").close()  # refused here, not later, where a spreadsheet program holds it open
            shutil.copymode(path, written)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file of a folder that is made anew by every run, unless it has these bytes already.

    Killed, it may leave half a file, which the next run replaces.
    """
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of ``folder``, if there is one, once the block is through."""
    new, old = _beside(folder, "writing"), _beside(folder, "previous")
    if old.exists() and not folder.exists():  # killed between the two moves below
        os.replace(old, folder)
    for left_behind in (new, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if folder.exists():
            os.replace(folder, old)
        os.replace(new, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        for left_behind in (new, old):
            shutil.rmtree(left_behind, ignore_errors=True)
