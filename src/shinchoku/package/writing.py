"""From records to ``data/*.csv``: UTF-8 without BOM, LF, RFC 4180, sorted by primary key.

What was read is written back byte for byte the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shinchoku import files
from shinchoku.package.cells import as_text
from shinchoku.package.descriptor import PackageError, fields, primary_key, read_descriptor, resources
from shinchoku.package.records import RECORD_TYPES, optional_columns
from shinchoku.paths import DESCRIPTOR, SCHEMAS

#: Types of which ``csv`` writes what ``as_text`` says: nearly all cells are of these.
_WRITTEN_ALIKE = frozenset({str, int, type(None)})


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
    writer.writerows(
        [cell if cell.__class__ in _WRITTEN_ALIKE else as_text(cell) for cell in row] for row in rows
    )
    return "".join(lines).encode("utf-8")


def table_bytes(records: Iterable[Any], resource: Mapping[str, Any]) -> bytes:
    """The CSV of a table, sorted by its primary key."""
    names = tuple(fields(resource))
    key = primary_key(resource)
    ordered = sorted(records, key=lambda record: tuple(getattr(record, name) for name in key))
    return csv_bytes(names, ([getattr(record, name) for name in names] for record in ordered))


def write_tables(directory: Path, tables: Mapping[str, Iterable[Any]]) -> list[Path]:
    """Write whole tables into a package folder; returns the files that changed.

    Raises ``PackageError`` where something is said for which the package has no table or column.
    """
    declared = resources(read_descriptor(directory))
    rows = {name: tuple(records) for name, records in tables.items()}
    if homeless := [name for name, records in rows.items() if records and name not in declared]:
        raise PackageError(
            f"{DESCRIPTOR}: 表 {', '.join(homeless)} の定義がありません。資料に書かれているので、"
            f"resources と {SCHEMAS}/ に加えてください。"
        )
    for name, records in rows.items():
        held = fields(declared[name]).keys() if name in declared else set[str]()
        for column in sorted(optional_columns(RECORD_TYPES[name]) - held):
            if any(getattr(record, column) for record in records):
                raise PackageError(
                    f"{DESCRIPTOR}: 表 {name} に列 {column} の定義がありません。資料に書かれているので、"
                    f"{SCHEMAS}/{name}.json に加えてください。"
                )
    return files.replace(
        {
            directory / declared[name]["path"]: table_bytes(records, declared[name])
            for name, records in rows.items()
            if name in declared
        }
    )
