"""The published versions of a package, in ``releases/``; they are read and never written here."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from shinchoku import files
from shinchoku.package.cells import Table, read_cells, read_cells_of
from shinchoku.package.descriptor import PackageError, read_descriptor
from shinchoku.package.records import LOG, Release
from shinchoku.paths import CHECKSUMS, DATA, RELEASE, RELEASES
from shinchoku.schemas.checking import findings
from shinchoku.schemas.reading import Unreadable, read_json

_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


def version_number(version: str) -> tuple[int, ...]:
    """``(1, 2, 0)`` for ``1.2.0``; empty for what is no version."""
    match = _VERSION.fullmatch(version)
    return tuple(map(int, match.groups())) if match else ()


def base_version(version: str) -> str:
    """``1.2.0`` for ``1.2.0+0123abcd``, which is what a site calls content that is in no version yet."""
    return version.partition("+")[0]


def read_releases(directory: Path) -> tuple[Release, ...]:
    """The published versions of a package, oldest first; a package may have none."""
    folder = directory / RELEASES
    # What a killed command left begins with a dot.
    names = [path.name for path in folder.iterdir() if path.name[0] != "."] if folder.is_dir() else []
    found = [_release(folder / name) for name in names]
    return tuple(sorted(found, key=lambda release: version_number(release.version)))


def _release(folder: Path) -> Release:
    path = folder / RELEASE
    try:
        stated = read_json(path)[1]
        if findings("release", stated) or stated["version"] != folder.name:
            raise ValueError(stated)
        values = {field.name: stated[field.name] for field in fields(Release)}
        return Release(**values | {"released_on": date.fromisoformat(stated["released_on"])})
    except OSError:
        raise PackageError(f"{path}: ファイルがありません。元に戻してください。") from None
    except (Unreadable, ValueError):
        raise PackageError(f"{path}: 版の記録として読めません。元に戻してください。") from None


def release_files(directory: Path, release: Release) -> dict[str, bytes]:
    """The files of a published version by name. Raises ``PackageError`` where one is not as it was."""
    folder = directory / RELEASES / release.version
    try:
        kept = {name: files.read(folder / name) for name in (release.archive, RELEASE, CHECKSUMS)}
    except OSError:
        raise PackageError(f"{folder}: ファイルが足りません。元に戻してください。") from None
    others = {name: content for name, content in kept.items() if name != CHECKSUMS}
    found = hashlib.sha256(kept[release.archive]).hexdigest()
    if kept[CHECKSUMS] != checksums(others) or found != release.sha256:
        raise PackageError(f"{folder}: 版を出したときのファイルと違います。元に戻してください。")
    return kept


def checksums(contents: Mapping[str, bytes]) -> bytes:
    """In the format of ``sha256sum``, so that ``sha256sum -c SHA256SUMS`` checks a folder."""
    return checksums_of({path: hashlib.sha256(content).hexdigest() for path, content in contents.items()})


def checksums_of(hashes: Mapping[str, str]) -> bytes:
    """The same, of files whose hashes are known."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(hashes.items())).encode("utf-8")


def read_released(directory: Path, release: Release) -> tuple[dict[str, Any], dict[str, Table]]:
    """The descriptor and the tables of a published version, its log among them, by the schema of its time."""
    content = release_files(directory, release)[release.archive]
    with files.workshop() as folder:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(folder)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
        ):  # the last: locked, or of another method
            raise PackageError(f"{directory / RELEASES / release.version}: 版を取り出せません。") from None
        tables = read_cells(folder)
        if (folder / DATA / f"{LOG}.csv").exists():
            tables[LOG] = read_cells_of(folder, f"{DATA}/{LOG}.csv", ("change_number",))
        return read_descriptor(folder), tables
