"""Tables as text: cells as they stand in the CSVs, whatever the schema says they are, and the values they stand for.

So a table of an older schema, or with a value that is wrong, can be held against another one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from shinchoku import files
from shinchoku.package.descriptor import (
    PackageError,
    fields,
    inside,
    primary_key,
    read_descriptor,
    resources,
    without_derived,
)
from shinchoku.package.joins import Tables

#: The cells of a primary key.
Key = tuple[str, ...]
#: Column → cell.
Row = Mapping[str, str]


class UnreadableTable(ValueError):
    """The text is no table; the message is for a maintainer."""


@dataclass(frozen=True)
class Table:
    """The cells of a table, and the columns of its primary key.

    ``lines`` are the (first, last) line of each row in the file it was read from.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[tuple[int, int], ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Row]:
        """Primary key as it is written in one cell → row."""
        return {":".join(row[column] for column in self.key): row for row in self.rows}


def find(tables: Mapping[str, Table], name: str, record_key: str) -> Row | None:
    """The row of a table by its key as it is written in one cell."""
    return tables[name].by_key.get(record_key) if name in tables else None


def parse_table(text: str, key: Iterable[str]) -> Table:
    """The table in the text of a CSV. Raises ``UnreadableTable``."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[Row] = []
    lines: list[tuple[int, int]] = []
    try:
        columns = next(reader, [])
        if not columns or len(set(columns)) < len(columns):
            raise UnreadableTable("1行目:見出しがないか、同じ列の名前が2回あります。")
        last = reader.line_num
        for cells in reader:
            first, last = last + 1, reader.line_num
            if len(cells) < 2 and not "".join(cells).strip():  # a blank line is no row
                continue
            if len(cells) != len(columns):
                raise UnreadableTable(
                    f"{reader.line_num}行目:セルが{len(cells)}個ですが、見出しの列は{len(columns)}個です。"
                )
            rows.append(dict(zip(columns, cells, strict=True)))
            lines.append((first, last))
    except csv.Error as error:
        raise UnreadableTable(f"{reader.line_num}行目:CSVとして読めません（{error}）。") from None
    missing = [column for column in key if column not in columns]
    if missing:
        raise UnreadableTable(f"1行目:主キーの列 {', '.join(missing)} がありません。")
    return Table(tuple(columns), tuple(key), tuple(rows), tuple(lines))


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


def as_text(value: Any) -> str:
    """The cell of a value; ``None`` is an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def read_cells(directory: Path) -> dict[str, Table]:
    """The tables of the package in ``directory`` as text, by its own schema, which may be an older one.

    Raises ``PackageError``.
    """
    return {
        name: read_cells_of(directory, resource["path"], primary_key(resource))
        for name, resource in resources(read_descriptor(directory)).items()
    }


def read_cells_of(directory: Path, name: str, key: tuple[str, ...]) -> Table:
    """One table as text, given by its path in the package. Raises ``PackageError``."""
    path = inside(directory, name)
    try:
        return parse_table(files.read(path).decode("utf-8"), key)
    except FileNotFoundError:
        raise PackageError(f"{path}: ファイルがありません。") from None
    except UnicodeDecodeError:
        raise PackageError(f"{path}: UTF-8の文字として読めません。") from None
    except UnreadableTable as error:
        raise PackageError(f"{path} {error}") from None


class _Cells(Mapping[str, Table]):
    """Tables that are made when they are asked for."""

    def __init__(self, data: Tables) -> None:
        self._data = data
        self._resources = resources(without_derived(data.descriptor))
        self._made: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        if name not in self._made:
            resource = self._resources[name]
            columns, rows = tuple(fields(resource)), getattr(self._data, name)
            cells = tuple({name: as_text(getattr(row, name)) for name in columns} for row in rows)
            self._made[name] = Table(columns, primary_key(resource), cells)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)


def as_cells(data: Tables) -> Mapping[str, Table]:
    """The tables of a package that was read as text again, as they stand in its CSVs."""
    return _Cells(data)
