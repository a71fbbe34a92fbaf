"""A package folder on disk: the only module that reads and writes ``data/*.csv``.

With the tables it reads the documents they were made from, the glossary, and the published versions
in ``releases/``, which it never writes.

Cells are read as text and given the types of the schema in
``datapackage.json``; tables are written back byte for byte the same (UTF-8
without BOM, LF, RFC 4180, sorted by primary key). Whether the content is
*right* is for ``validation``; here a cell that has not the type of its column
raises ``PackageError`` with a message in Japanese.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pandas

from shinchoku.comparison import Table, UnreadableTable, parse_table
from shinchoku.model import RECORD_TYPES, Package, Release, Term, columns, version_number
from shinchoku.paths import CHECKSUMS, DATA, DESCRIPTOR, GLOSSARY, RELEASE, RELEASES
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import Unreadable, read_json, read_yaml
from shinchoku.wording import one_line

_STAGING = ".writing-"
#: The folder of complete files on their way to their places, and the list of these in it.
_MOVING, _MOVES = ".moving", "moves.json"
_DATA_FILE = re.compile(rf"{DATA}(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


class PackageError(Exception):
    """The folder cannot be read as a package; the message is for a maintainer."""


_BOOLEANS = {"true": True, "false": False}


def _number(cell: str) -> Decimal:
    value = Decimal(cell)
    if not value.is_finite():
        raise ValueError(cell)
    return value


#: Type of a column in the schema → what makes a value of the text of a cell.
PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "yearmonth": str,
    "integer": int,
    "number": _number,
    "boolean": _BOOLEANS.__getitem__,
    "date": date.fromisoformat,
}


def read_descriptor(directory: Path) -> dict[str, Any]:
    """``datapackage.json`` of a package folder, with the Table Schemas in it that it names by their paths.

    Raises ``PackageError``.
    """
    path = directory / DESCRIPTOR
    descriptor = _json(path)
    try:
        for resource in descriptor["resources"]:
            if isinstance(resource["schema"], str):
                resource["schema"] = _json(inside(directory, resource["schema"]))
        is_readable = all(map(_is_table, descriptor["resources"]))
    except (KeyError, TypeError):
        is_readable = False
    if not is_readable:
        remedy = "shinchoku validate で確かめてください。"
        raise PackageError(f"{path}: 表の定義（resources）として読めません。{remedy}")
    return descriptor


def _json(path: Path) -> Any:
    try:
        return read_json(path)[1]
    except OSError:
        raise PackageError(f"{path}: ファイルがありません。") from None
    except Unreadable as error:
        raise PackageError(f"{path} {error}") from None


def inside(directory: Path, name: str) -> Path:
    """The file ``name`` of a package folder. Raises ``PackageError`` where that is outside of the folder.

    A package may come from a stranger; what lies outside its folder is not its data.
    """
    path = directory / name
    try:
        is_inside = path.resolve().is_relative_to(directory.resolve())
    except (OSError, ValueError, RuntimeError):  # a name no file can have; links in a circle
        is_inside = False
    if not is_inside:
        raise PackageError(f"{path}: パッケージのフォルダの外にあるファイルです。")
    return path


def _is_table(resource: Any) -> bool:
    """Whether a resource says what is needed to read its table. Raises where it is of another form."""
    fields = [field[name] for field in resource["schema"]["fields"] for name in ("name", "type")]
    names = (resource["name"], resource["path"], *primary_key(resource), *fields)
    return all(type(name) is str for name in names)


def resources(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Table name → its resource in the descriptor."""
    return {resource["name"]: resource for resource in descriptor["resources"]}


def primary_key(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the primary key, also where it is written as one name."""
    key = resource["schema"]["primaryKey"]
    return (key,) if isinstance(key, str) else tuple(key)


def _records(directory: Path, name: str, resource: Mapping[str, Any]) -> tuple[Any, ...]:
    path = directory / resource["path"]
    try:
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        raise PackageError(f"{path}: ファイルがありません。") from None
    except (UnicodeDecodeError, pandas.errors.ParserError, pandas.errors.EmptyDataError) as error:
        raise PackageError(f"{path}: CSVとして読めません（{error}）。") from None
    record_type = RECORD_TYPES[name]
    if tuple(frame.columns) != columns(record_type):
        raise PackageError(f"{path}: 列が {','.join(columns(record_type))} ではありません。")
    cells = [
        [_typed(cell, field["type"], path, line, field["name"]) for line, cell in enumerate(column, 2)]
        for field, (_, column) in zip(resource["schema"]["fields"], frame.items(), strict=True)
    ]
    return tuple(record_type(*row) for row in zip(*cells, strict=True))


def _typed(cell: str, kind: str, path: Path, line: int, column: str) -> Any:
    if cell == "":
        return None
    try:
        return PARSERS[kind](cell)
    except (ValueError, KeyError, InvalidOperation):
        raise PackageError(
            f"{path.name} {line}行目 {column}列:「{cell[:60]}」は{kind}として読めません。"
        ) from None


def read_table(directory: Path, name: str) -> tuple[Any, ...]:
    """The records of one table of the package in ``directory``. Raises ``PackageError``."""
    return _records(directory, name, resources(read_descriptor(directory))[name])


def read_cells(directory: Path) -> dict[str, Table]:
    """The tables of the package in ``directory`` as text, by its own schema, which may be an older one.

    Raises ``PackageError``.
    """
    try:
        declared = [
            (name, resource["path"], primary_key(resource))
            for name, resource in resources(read_descriptor(directory)).items()
        ]
    except (KeyError, TypeError, AttributeError):
        raise PackageError(
            f"{directory / DESCRIPTOR}: 表の定義（path・schema・primaryKey）が読めません。"
        ) from None
    return {name: _cells(directory, path, key) for name, path, key in declared}


def _cells(directory: Path, name: str, key: tuple[str, ...]) -> Table:
    path = inside(directory, name)
    try:
        return parse_table(path.read_bytes().decode("utf-8"), key)
    except FileNotFoundError:
        raise PackageError(f"{path}: ファイルがありません。") from None
    except UnicodeDecodeError:
        raise PackageError(f"{path}: UTF-8の文字として読めません。") from None
    except UnreadableTable as error:
        raise PackageError(f"{path} {error}") from None


def read(directory: Path) -> Package:
    """The package in ``directory``. Raises ``PackageError``."""
    descriptor = read_descriptor(directory)
    declared = resources(descriptor)
    missing = [name for name in RECORD_TYPES if name not in declared]
    if missing:
        raise PackageError(f"{directory / DESCRIPTOR}: 表 {', '.join(missing)} の定義がありません。")
    tables = {name: _records(directory, name, declared[name]) for name in RECORD_TYPES}
    return Package(
        descriptor=descriptor,
        source_lines={item.source_id: _lines(directory / item.file) for item in tables["sources"]},
        glossary=_terms(directory / GLOSSARY),
        releases=read_releases(directory),
        row_lines={
            record: lines
            for name, records in tables.items()
            for record, lines in _row_lines(directory / declared[name]["path"], records)
        },
        **tables,
    )


def _row_lines(path: Path, records: Sequence[Any]) -> Iterable[tuple[Any, tuple[int, int]]]:
    """Each record and its (first, last) line in the file; none where the file's rows are not these, in order.

    The file is read once more, because what makes the records of it counts no lines.
    """
    spans, keys, last = [], [], 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                first, last = last + 1, reader.line_num
                if cells:
                    spans.append((first, last))
                    keys.append(cells[0])
    except csv.Error:
        return ()
    leading = [_text(getattr(record, columns(type(record))[0])) for record in records]
    return zip(records, spans[1:], strict=True) if keys[1:] == leading else ()


def _lines(path: Path) -> tuple[str, ...]:
    """A source document; a last line without a line end is a line."""
    try:
        return tuple(path.read_text(encoding="utf-8-sig").removesuffix("\n").split("\n"))
    except FileNotFoundError:
        raise PackageError(f"{path}: 原資料のファイルがありません。") from None
    except UnicodeDecodeError:
        raise PackageError(f"{path}: UTF-8の文字として読めません。") from None


def _terms(path: Path) -> tuple[Term, ...]:
    """The glossary; a package may be without one."""
    if not path.exists():
        return ()
    try:
        groups = read_yaml(path)[1]
    except Unreadable as error:
        raise PackageError(f"{path} {error}") from None
    for found in findings("glossary", groups):
        raise PackageError(f"{path}: {name_of(groups, found.place)}{found.message}")
    return tuple(_term(group["group"], entry) for group in groups for entry in group["terms"])


def _term(group: str, entry: Mapping[str, Any]) -> Term:
    printed = entry.get("printed", {})
    return Term(
        term_id=entry["id"],
        term=entry["term"],
        group=group,
        meaning=one_line(entry["meaning"]),
        printed_in=printed.get("source"),
        printed_line=printed.get("line"),
        others=tuple(entry.get("others", ())),
        is_linked=entry.get("linked", True),
    )


def as_cells(data: Package) -> dict[str, Table]:
    """The tables of a package that was read as text again, as they stand in its CSVs."""
    return {
        name: Table(
            columns(RECORD_TYPES[name]),
            primary_key(resource),
            tuple(
                {column: _text(getattr(record, column)) for column in columns(RECORD_TYPES[name])}
                for record in getattr(data, name)
            ),
        )
        for name, resource in resources(data.descriptor).items()
    }


# -- published versions --------------------------------------------------------


def read_releases(directory: Path) -> tuple[Release, ...]:
    """The published versions of a package, oldest first; a package may have none."""
    folder = directory / RELEASES
    # What a killed command left begins with a dot.
    names = [path.name for path in folder.iterdir() if path.name[0] != "."] if folder.is_dir() else []
    return tuple(
        sorted(
            (_release(folder / name) for name in names),
            key=lambda release: version_number(release.version),
        )
    )


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
        files = {name: (folder / name).read_bytes() for name in (release.archive, RELEASE, CHECKSUMS)}
    except OSError:
        raise PackageError(f"{folder}: ファイルが足りません。元に戻してください。") from None
    others = {name: content for name, content in files.items() if name != CHECKSUMS}
    found = hashlib.sha256(files[release.archive]).hexdigest()
    if files[CHECKSUMS] != checksums(others) or found != release.sha256:
        raise PackageError(f"{folder}: 版を出したときのファイルと違います。元に戻してください。")
    return files


def checksums(files: Mapping[str, bytes]) -> bytes:
    """In the format of ``sha256sum``, so that ``sha256sum -c SHA256SUMS`` checks a folder."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    return "".join(lines).encode("utf-8")


def read_released(directory: Path, release: Release) -> tuple[dict[str, Any], dict[str, Table]]:
    """The descriptor and the tables of a published version, by the schema of its time."""
    content = release_files(directory, release)[release.archive]
    with tempfile.TemporaryDirectory(prefix="shinchoku-release-") as name:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(name)
        except (zipfile.BadZipFile, NotImplementedError, OSError):
            raise PackageError(f"{directory / RELEASES / release.version}: 版を取り出せません。") from None
        return read_descriptor(Path(name)), read_cells(Path(name))


# -- writing ---------------------------------------------------------------------


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


class _Lines(list[str]):
    """What ``csv.writer`` writes, with a line feed at the end of each row."""

    def write(self, row: str) -> None:
        self.append(row.removesuffix("\r\n") + "\n")


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as canonical CSV; ``None`` is an empty cell."""
    lines = _Lines()
    # Before Python 3.13 a cell is quoted only for the line ends that are written after rows.
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return "".join(lines).encode("utf-8")


def table_bytes(records: Iterable[Any], resource: Mapping[str, Any]) -> bytes:
    """The CSV of a table, sorted by its primary key."""
    names = tuple(field["name"] for field in resource["schema"]["fields"])
    key = primary_key(resource)
    ordered = sorted(records, key=lambda record: tuple(getattr(record, name) for name in key))
    return csv_bytes(names, ([getattr(record, name) for name in names] for record in ordered))


def write_tables(directory: Path, tables: Mapping[str, Iterable[Any]]) -> list[Path]:
    """Write whole tables into a package folder; returns the files that changed."""
    declared = resources(read_descriptor(directory))
    return replace_files(
        directory,
        {declared[name]["path"]: table_bytes(records, declared[name]) for name, records in tables.items()},
    )


def replace_files(directory: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files of a package folder, given by their path in it; returns those that changed.

    All of them or none, also where the process is killed: the files are written beside their places
    first; once the last of them is complete the folder that holds them is renamed to ``_MOVING``, and
    from then on ``finish`` puts them into place, now or when the package is next used.
    """
    finish(directory)
    for left_behind in (directory / DATA).glob(f"{_STAGING}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    changed = {
        path: content
        for path, content in contents.items()
        if not (directory / path).exists() or (directory / path).read_bytes() != content
    }
    if not changed:
        return []
    data = directory / DATA
    data.mkdir(exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=data))
    try:
        for number, (path, content) in enumerate(changed.items()):
            _write(staging / str(number), content)
            if (directory / path).exists():
                shutil.copymode(directory / path, staging / str(number))
            else:
                (staging / str(number)).chmod(0o644)
        _write(staging / _MOVES, json.dumps(list(changed)).encode("utf-8"))
        os.replace(staging, data / _MOVING)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    finish(directory)
    return [directory / path for path in changed]


def finish(directory: Path) -> bool:
    """Put into place what a killed ``replace_files`` had completed.

    Returns whether there was something to put into place. Raises ``PackageError`` where the list
    is not one that ``replace_files`` writes: a folder may come from anywhere.
    """
    moving = directory / DATA / _MOVING
    if not (moving / _MOVES).is_file():
        shutil.rmtree(moving, ignore_errors=True)
        return False
    for number, path in enumerate(_moves(moving)):
        if (moving / str(number)).exists():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(moving / str(number), directory / path)
    shutil.rmtree(moving, ignore_errors=True)
    return True


def _moves(moving: Path) -> list[str]:
    """The paths in the package of the files in ``moving``, by their numbers."""
    try:
        paths = json.loads((moving / _MOVES).read_text(encoding="utf-8"))
    except ValueError:
        paths = None
    if not isinstance(paths, list) or not all(isinstance(path, str) and _is_inside(path) for path in paths):
        raise PackageError(
            f"{moving}: このフォルダは、途中で止まった書き換えのものではありません。消してください。"
        )
    return paths


def _is_inside(path: str) -> bool:
    """Whether a path is one of a package: its descriptor, or a file in the folder of its data."""
    return path == DESCRIPTOR or bool(_DATA_FILE.fullmatch(path))


def _write(path: Path, content: bytes) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
