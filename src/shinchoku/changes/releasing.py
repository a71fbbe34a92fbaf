"""Publishing a version of a package.

A version is a folder in ``releases/``: the package as a zip, ``release.json`` and ``SHA256SUMS``. How to cite it
stands in the zip and, the same, beside the descriptor, where those look who find the repository. Nothing here changes one that exists. How far the version has to step is for ``versions``; whether the
data is right is for the caller to ask before. What makes the zip is given, for exports know the log.
Must not print.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from shinchoku import files
from shinchoku.changes import log, versions
from shinchoku.changes.comparing import compare
from shinchoku.package.cells import read_cells
from shinchoku.package.descriptor import read_descriptor
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package
from shinchoku.package.records import LOG, Release
from shinchoku.package.releases import (
    base_version,
    checksums,
    read_released,
    read_releases,
    version_number,
)
from shinchoku.paths import CHECKSUMS, CITATION, DESCRIPTOR, RELEASE, RELEASES
from shinchoku.text import one_line

#: As long as the reason of a change, which it becomes, may be.
_LONGEST_SUMMARY = 600


class ReleaseError(Exception):
    """The version cannot be published; the message is for a maintainer."""


def release(
    directory: Path,
    version: str,
    summary: str,
    released_on: date,
    archive: Callable[[Package, Path], bytes],
) -> Release:
    """Publish the package as it is; ``archive`` makes the zip of a package that was read from a folder.

    Raises ``ReleaseError`` or ``PackageError``, and writes nothing then.
    """
    if not version_number(version):
        raise ReleaseError(f"「{version}」は版の番号ではありません。1.2.0 のように書いてください。")
    summary = one_line(summary).strip()
    if not summary or len(summary) > _LONGEST_SUMMARY or summary[0] in "=+@":
        raise ReleaseError(
            f"--summary に、この版の説明を{_LONGEST_SUMMARY}文字までで書いてください（初めの文字は = + @ のほか）。"
        )
    releases = read_releases(directory)
    if releases:
        _check_step(directory, releases[-1], version)
    else:
        _check_follows(directory, version)
    text = _with(files.read(directory / DESCRIPTOR).decode("utf-8"), "version", version)
    text = _with(text, "created", f"{released_on.isoformat()}T00:00:00Z")
    published = read_package(directory)
    dated = {name: json.loads(text)[name] for name in ("version", "created")}
    published = replace(published, descriptor={**published.descriptor, **dated})
    published = log.with_log(published, directory, released_on, summary)
    content = archive(published, directory)
    made = Release(
        version=version,
        released_on=released_on,
        summary=summary,
        archive=f"{published.descriptor['name']}-{version}.zip",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        last_change_number=len(published.changes) or None,
    )
    record = {**asdict(made), "released_on": released_on.isoformat()}
    contents = {
        made.archive: content,
        RELEASE: (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode(),
    }
    with zipfile.ZipFile(io.BytesIO(content)) as made_of:
        beside = {DESCRIPTOR: text.encode("utf-8"), CITATION: made_of.read(CITATION)}
    _put(directory, version, beside, contents | {CHECKSUMS: checksums(contents)})
    return made


def _check_follows(directory: Path, version: str) -> None:
    """Raises ``ReleaseError`` for a number before that of the version which a copy without any came after."""
    stated = read_descriptor(directory)["version"]
    if stated != (base := base_version(stated)) and version_number(version) <= version_number(base):
        raise ReleaseError(f"{version} は、このデータのもとの版 {base} より新しい番号ではありません。")


def _check_step(directory: Path, newest: Release, version: str) -> None:
    """Raises ``ReleaseError`` unless the version goes up as far as the changes demand."""
    if version_number(version) <= version_number(newest.version):
        raise ReleaseError(
            f"{version} は、いまの版 {newest.version} より新しい番号ではありません。出した版は変えられません。"
        )
    before, released = read_released(directory, newest)
    released.pop(LOG, None)
    tables = compare(released, read_cells(directory))
    for table in tables:
        if table.incomparable or not table.key:
            raise ReleaseError(
                f"表 {table.name} の行を、前の版の行と主キーで照らし合わせられません。"
                "主キーを変える前に行を整理し、その版を先に出してください。"
            )
    for demand in versions.demands(before, read_descriptor(directory), tables):
        if not versions.is_far_enough(newest.version, version, demand.step):
            raise ReleaseError(
                f"{newest.version} から {version} では足りません。{demand.why}"
                f"{versions.least_version(newest.version, demand.step)} 以上にしてください。"
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


def _put(directory: Path, version: str, beside: Mapping[str, bytes], contents: Mapping[str, bytes]) -> None:
    """Write the folder of a version, and the files that are ``beside`` all of them; all or none.

    The folder comes last: killed before it, the same command does everything again.
    """
    paths = [directory / name for name in beside]
    before = {path: files.read(path) for path in paths if path.exists()}
    try:
        with files.replacing(directory / RELEASES / version) as folder:
            for name, content in contents.items():
                (folder / name).write_bytes(content)
            files.replace(dict(zip(paths, beside.values(), strict=True)))
    except BaseException:
        for path in paths:
            if path not in before:
                path.unlink(missing_ok=True)
        files.replace(before)
        raise
