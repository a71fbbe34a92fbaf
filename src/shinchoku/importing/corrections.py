"""Corrections: published values that differ from the print on purpose.

A correction names a cell by table, key and column, and what is printed there;
where that is no longer so it raises ``ImportProblem`` instead of guessing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Any, get_args, get_type_hints

from shinchoku.importing.problem import ImportProblem
from shinchoku.package.records import Correction, columns

#: Table name → its records.
Tables = dict[str, list[Any]]
#: The tables that people edit as they are published: links, notes of doubt, corrections.
EditorialTables = Mapping[str, Sequence[Any]]
#: Table name → where in it the (first) row of a key stands.
Places = dict[str, dict[str, int]]
#: Table name → the columns of its primary key.
PrimaryKeys = Mapping[str, Sequence[str]]

_PARSERS: Mapping[type, Callable[[str], Any]] = {
    str: str,
    int: int,
    Decimal: Decimal,
    bool: {"true": True, "false": False}.__getitem__,
    date: date.fromisoformat,
}


def _text(value: Any) -> str | None:
    """A value as it stands in a CSV; ``None`` where the cell is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def _typed(record: Any, column: str, text: str | None) -> Any:
    hint = get_type_hints(type(record))[column]
    kinds = set(get_args(hint) or (hint,))
    if text is None:
        if NoneType not in kinds:
            raise ValueError(column)
        return None
    kinds -= {NoneType}
    if kinds == {int, Decimal}:
        number = Decimal(text)
        return number if number % 1 else int(number)
    (kind,) = kinds
    return _PARSERS[kind](text)


def apply(
    correction: Correction,
    tables: Tables,
    primary_keys: PrimaryKeys,
    places: Places,
    file: str,
    line: int,
) -> None:
    """Set the cell that ``correction`` (on ``line`` of ``file``) names, and keep the correction.

    ``places`` is what one call hands on to the next.
    """
    table, column = correction.table_name, correction.column_name
    place = f"{table} の {correction.record_key} の {column}"
    records, key = tables.get(table, []), primary_keys.get(table, ())
    if table not in places:
        names = (":".join(str(getattr(record, name)) for name in key) for record in records)
        places[table] = {name: number for number, name in reversed([*enumerate(names)])}
    index = places[table].get(correction.record_key)
    if index is None or column not in columns(type(records[index])):
        raise ImportProblem(
            file, line, f"訂正の場所（{place}）がありません。", "表・行のキー・列を確かめてください。"
        )
    printed = _text(getattr(records[index], column))
    if printed != correction.source_value:
        raise ImportProblem(
            file,
            line,
            f"訂正の場所（{place}）の原資料の値は「{printed or '空'}」で、"
            f"「{correction.source_value or '空'}」ではありません。",
            "source_value を原資料の値に直すか、要らない訂正なら消してください。",
        )
    try:
        value = _typed(records[index], column, correction.published_value)
    except (ValueError, KeyError, InvalidOperation):
        raise ImportProblem(
            file,
            line,
            f"訂正の値「{correction.published_value or '空'}」は {column} に書けません。",
            "published_value を直してください。",
        ) from None
    records[index] = replace(records[index], **{column: value})
    tables["corrections"].append(correction)
    places.pop("corrections", None)
    if column in key:
        places.pop(table, None)
