"""A table as text: the cells of a CSV as they stand in it, whatever its schema says they are.

So a table of an older schema, or with a value that is wrong, can be held against another one.
Must not import anything of this project, nor read or write files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: The cells of a primary key.
Key = tuple[str, ...]
#: Column → cell.
Row = Mapping[str, str]


class UnreadableTable(ValueError):
    """The text is no table; the message is for a maintainer."""


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, and the columns of its primary key."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]


def parse_table(text: str, key: Iterable[str]) -> Table:
    """The table in the text of a CSV. Raises ``UnreadableTable``."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[Row] = []
    try:
        columns = next(reader, [])
        if not columns or len(set(columns)) < len(columns):
            raise UnreadableTable("1行目:見出しがないか、同じ列の名前が2回あります。")
        for cells in filter(None, reader):  # a blank line is no row
            if len(cells) != len(columns):
                raise UnreadableTable(
                    f"{reader.line_num}行目:セルが{len(cells)}個ですが、見出しの列は{len(columns)}個です。"
                )
            rows.append(dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise UnreadableTable(f"{reader.line_num}行目:CSVとして読めません（{error}）。") from None
    missing = [column for column in key if column not in columns]
    if missing:
        raise UnreadableTable(f"1行目:主キーの列 {', '.join(missing)} がありません。")
    return Table(tuple(columns), tuple(key), tuple(rows))
