"""From a package folder to a package: its tables, documents, glossary and published versions.

A cell that has not the type of its column raises ``PackageError`` with a message in Japanese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

from shinchoku import files
from shinchoku.fiscal_year import CalendarYear
from shinchoku.package.cells import PARSERS, Table, read_cells_of
from shinchoku.package.descriptor import (
    CALENDAR,
    PackageError,
    fields,
    primary_key,
    read_descriptor,
    resources,
)
from shinchoku.package.editions import Package
from shinchoku.package.glossary import read_glossary
from shinchoku.package.records import RECORD_TYPES, REQUIRED_TABLES, columns, optional_columns
from shinchoku.package.releases import read_releases
from shinchoku.paths import DESCRIPTOR, GLOSSARY


def read_package(directory: Path) -> Package:
    """The package in ``directory``. Raises ``PackageError``."""
    descriptor = read_descriptor(directory)
    declared = resources(descriptor)
    missing = sorted(REQUIRED_TABLES - declared.keys())
    if missing:
        raise PackageError(f"{directory / DESCRIPTOR}: 表 {', '.join(missing)} の定義がありません。")
    rows = {
        name: tuple(_records(directory, name, declared[name])) for name in RECORD_TYPES if name in declared
    }
    glossary, aliases = read_glossary(directory / GLOSSARY)
    tables = {name: tuple(record for record, _ in pairs) for name, pairs in rows.items()}
    return Package(
        descriptor=descriptor,
        source_lines={
            item.source_id: _lines(directory / item.file) for item in tables["sources"] if item.file
        },
        glossary=glossary,
        aliases=aliases,
        releases=read_releases(directory),
        row_lines={record: lines for pairs in rows.values() for record, lines in pairs},
        **tables,
    )


def read_table(directory: Path, name: str) -> tuple[Any, ...]:
    """The records of one table of the package in ``directory``; none where it has no such table.

    Raises ``PackageError``.
    """
    resource = resources(read_descriptor(directory)).get(name)
    return tuple(record for record, _ in _records(directory, name, resource)) if resource else ()


_CALENDAR_YEAR = "year"
_NOT_OF_ITS_TYPE = (ValueError, KeyError, InvalidOperation)
_PARSERS = {**PARSERS, _CALENDAR_YEAR: lambda cell: CalendarYear(int(cell))}


def _records(
    directory: Path, name: str, resource: Mapping[str, Any]
) -> Iterator[tuple[Any, tuple[int, int]]]:
    """Each record with the (first, last) line of its row."""
    path = directory / resource["path"]
    kind = RECORD_TYPES[name]
    types = {column: _kind(field) for column, field in fields(resource).items()}
    table = read_cells_of(directory, resource["path"], primary_key(resource))
    expected = tuple(each for each in columns(kind) if each in types or each not in optional_columns(kind))
    if not expected == table.columns == tuple(types):
        raise PackageError(f"{path}: 列が {','.join(expected)} ではありません。")
    try:
        values = [_values([row[column] for row in table.rows], types[column]) for column in types]
    except _NOT_OF_ITS_TYPE:
        raise _unreadable(path, table, types) from None
    for row, lines in zip(zip(*values, strict=True), table.lines, strict=True):
        yield kind(**dict(zip(types, row, strict=True))), lines


def _kind(field: Mapping[str, Any]) -> str:
    """The type of a column, as ``_PARSERS`` has it."""
    is_calendar = field["name"].endswith("fiscal_year") and field.get("unit") == CALENDAR
    return _CALENDAR_YEAR if is_calendar else str(field["type"])


def _values(cells: Sequence[str], kind: str) -> list[Any]:
    """What the cells of a column stand for. Most stand in many rows, and are read once."""
    parse = _PARSERS[kind]
    known = {cell: parse(cell) if cell else None for cell in dict.fromkeys(cells)}
    return [known[cell] for cell in cells]


def _unreadable(path: Path, table: Table, types: Mapping[str, str]) -> PackageError:
    """The first cell that has not the type of its column."""
    for row, lines in zip(table.rows, table.lines, strict=True):
        for column, kind in types.items():
            try:
                _values([row[column]], kind)
            except _NOT_OF_ITS_TYPE:
                where = f"{path.name} {lines[0]}行目 {column}列"
                return PackageError(f"{where}:「{row[column][:60]}」は{kind}として読めません。")
    raise AssertionError(path)


def _lines(path: Path) -> tuple[str, ...]:
    """A source document; a last line without a line end is a line."""
    try:
        return tuple(files.read(path).decode("utf-8-sig").removesuffix("\n").split("\n"))
    except FileNotFoundError:
        raise PackageError(f"{path}: 原資料のファイルがありません。") from None
    except UnicodeDecodeError:
        raise PackageError(f"{path}: UTF-8の文字として読めません。") from None
