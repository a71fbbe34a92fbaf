"""Publishing a version of a package.

A version is a folder in ``releases/``: the package as a zip, ``release.json`` and ``SHA256SUMS``.
Nothing here changes one that exists. Whether the log tells every change, and how far the version has
to step, is for ``history``; whether the data is right is for the caller to ask before. Must not print.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from shinchoku import history, package
from shinchoku.exports import bundle, json_text
from shinchoku.model import Release, version_number
from shinchoku.paths import CHECKSUMS, DESCRIPTOR, RELEASE, RELEASES

#: Where files are made before they are moved into place; a dot, so that nobody takes it for a version.
_WORKSHOP = ".writing"


class ReleaseError(Exception):
    """The version cannot be published; the message is for a maintainer."""


def release(directory: Path, version: str, summary: str, released_on: date) -> Release:
    """Publish the package as it is. Raises ``ReleaseError`` or ``PackageError``, and writes nothing then."""
    if version_number(version) is None:
        raise ReleaseError(f"「{version}」は版の番号ではありません。1.2.0 のように書いてください。")
    if not summary.strip():
        raise ReleaseError("--summary に、この版の説明を書いてください。")
    releases = package.read_releases(directory)
    if releases:
        _check_step(directory, releases[-1], version)
    text = _with((directory / DESCRIPTOR).read_bytes().decode("utf-8"), "version", version)
    text = _with(text, "created", f"{released_on.isoformat()}T00:00:00Z")
    stated = {name: json.loads(text)[name] for name in ("version", "created")}
    descriptor = package.read_descriptor(directory) | stated
    made, files = _files(directory, descriptor, version, summary.strip(), released_on)
    _put(directory, version, text, files)
    return made


def _check_step(directory: Path, newest: Release, version: str) -> None:
    """Raises ``ReleaseError`` unless the version goes up as far as the changes demand, and all are told."""
    if version_number(version) <= version_number(newest.version):
        raise ReleaseError(
            f"{version} は、いまの版 {newest.version} より新しい番号ではありません。出した版は変えられません。"
        )
    before, released = package.read_released(directory, newest)
    current = package.read_cells(directory)
    if not history.check(released, current).is_complete:
        raise ReleaseError(
            "変更の記録にない変更か、合わない記録があります。shinchoku changes で確かめてください。"
        )
    for demand in history.demands(before, package.read_descriptor(directory), released, current):
        if not history.is_far_enough(newest.version, version, demand.step):
            raise ReleaseError(
                f"{newest.version} から {version} では足りません。{demand.why}"
                f"{history.least_version(newest.version, demand.step)} 以上にしてください。"
            )


def _with(text: str, name: str, value: str) -> str:
    """The descriptor with another value of a text property, and every other character as it is."""
    descriptor = json.loads(text)
    wanted = {**descriptor, name: value}
    for match in re.finditer(rf'"{name}"\s*:\s*"(?:[^"\\]|\\.)*"', text):
        changed = f'{text[: match.start()]}"{name}": "{value}"{text[match.end() :]}'
        if json.loads(changed) == wanted:  # and not a property of that name further down
            return changed
    raise ReleaseError(f'{DESCRIPTOR} に "{name}" がありません。')


def _files(
    directory: Path, descriptor: Mapping[str, Any], version: str, summary: str, released_on: date
) -> tuple[Release, dict[str, bytes]]:
    """The record of a version, and its files by name."""
    published = replace(package.read(directory), descriptor=descriptor)
    tables = bundle.table_files(published, directory)
    documents = bundle.document_files(published, directory)
    content = bundle.encode(published, tables, documents, homepage="")
    made = Release(
        version=version,
        released_on=released_on,
        summary=summary,
        archive=f"{descriptor['name']}-{version}.zip",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        last_change_number=max((item.change_number for item in published.changes), default=None),
    )
    files = {made.archive: content, RELEASE: json_text.encode(asdict(made))}
    return made, files | {CHECKSUMS: package.checksums(files)}


def _put(directory: Path, version: str, descriptor: str, files: Mapping[str, bytes]) -> None:
    """Write the descriptor and the folder of a version, each whole or not at all.

    The folder comes last: killed before it, the same command does everything again.
    """
    workshop = directory / RELEASES / _WORKSHOP
    shutil.rmtree(workshop, ignore_errors=True)
    (workshop / version).mkdir(parents=True)
    for name, content in files.items():
        (workshop / version / name).write_bytes(content)
    (workshop / DESCRIPTOR).write_bytes(descriptor.encode("utf-8"))
    os.replace(workshop / DESCRIPTOR, directory / DESCRIPTOR)
    os.replace(workshop / version, directory / RELEASES / version)
    workshop.rmdir()
