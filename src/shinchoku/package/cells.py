"""Tables as text: cells as they stand in the CSVs, and the values they stand for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shinchoku.comparison import Table, UnreadableTable, parse_table
from shinchoku.package.descriptor import PackageError, inside, primary_key, read_descriptor, resources
from shinchoku.package.joins import Tables
from shinchoku.package.records import RECORD_TYPES, columns
from shinchoku.paths import DESCRIPTOR

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


def as_cells(data: Tables) -> dict[str, Table]:
    """The tables of a package that was read as text again, as they stand in its CSVs."""
    return {
        name: Table(
            columns(RECORD_TYPES[name]),
            primary_key(resource),
            tuple(
                {column: as_text(getattr(record, column)) for column in columns(RECORD_TYPES[name])}
                for record in getattr(data, name)
            ),
        )
        for name, resource in resources(data.descriptor).items()
    }
