"""Which published values differ between two states of a package: row by row, cell by cell.

Works on cells of text as they stand in the CSVs, so a package of an older schema can be
compared too. Rows are matched by their primary key: the newer schema's or, where only that
one tells the rows of both states apart, the older one's. An id that was renamed is a row
removed and a row added. What a change means (names, assessments, pages) is for others.

Must not import anything of this project, nor read or write files.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

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


class Kind(StrEnum):
    """What happened to a row."""

    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs, in both states (``None``: not there), and the columns that do.

    Of a row added or removed these are the columns beside its key that say something.
    """

    table: str
    key: Key
    kind: Kind
    old: Row | None
    new: Row | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableChanges:
    """How a table differs.

    ``key`` are the columns by which its rows were matched; with none, nothing tells the rows of
    both states apart. ``incomparable`` are keys that stand for several rows, and not for the same
    ones before and after; what became of those rows cannot be said. A table that is only in one
    state has no key in the other (``key_before`` or ``key_after`` is ``None``).
    """

    name: str
    key: tuple[str, ...]
    key_before: tuple[str, ...] | None
    key_after: tuple[str, ...] | None
    rows_before: int
    rows_after: int
    rows: tuple[RowChange, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    incomparable: tuple[Key, ...] = ()

    @property
    def is_schema_changed(self) -> bool:
        """Whether rows of the one state could not stand in the other as they are."""
        return bool(self.columns_added or self.columns_removed) or self.key_before != self.key_after

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.rows or self.incomparable or self.is_schema_changed)


@dataclass(frozen=True, slots=True)
class Change:
    """One value: ``old`` or ``new`` is ``None`` where there is no such row, ``""`` an empty cell."""

    table: str
    key: Key
    column: str
    old: str | None
    new: str | None
    kind: Kind


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


def compare(old: Mapping[str, Table], new: Mapping[str, Table]) -> tuple[TableChanges, ...]:
    """How every table differs, those of the newer state first, also where nothing does."""
    names = dict.fromkeys([*new, *old])
    return tuple(_compare_table(name, old.get(name), new.get(name)) for name in names)


def changed_values(old: Mapping[str, Table], new: Mapping[str, Table]) -> Iterator[Change]:
    """Every value that differs; of a row added or removed, each cell that is not empty.

    Columns only one of the states has are no changes of values: ``compare`` tells them.
    """
    for table in compare(old, new):
        for row in table.rows:
            for column in row.columns:
                before = None if row.old is None else row.old[column]
                after = None if row.new is None else row.new[column]
                yield Change(table.name, row.key, column, before, after, row.kind)


def _compare_table(name: str, old: Table | None, new: Table | None) -> TableChanges:
    before = old or Table(new.columns, new.key, ())
    after = new or Table(old.columns, old.key, ())
    key, old_rows, new_rows = _matched(before, after)
    is_ambiguous = [
        each
        for each in dict.fromkeys([*new_rows, *old_rows])
        if len(old_rows.get(each, ())) > 1 or len(new_rows.get(each, ())) > 1
    ]
    incomparable = [each for each in is_ambiguous if not _same(old_rows.get(each), new_rows.get(each))]
    for each in is_ambiguous:
        old_rows.pop(each, None)
        new_rows.pop(each, None)
    shared = [column for column in after.columns if column in before.columns]
    return TableChanges(
        name=name,
        key=key,
        key_before=old and old.key,
        key_after=new and new.key,
        rows_before=len(before.rows),
        rows_after=len(after.rows),
        rows=tuple(_row_changes(name, key, shared, old_rows, new_rows)),
        columns_added=tuple(column for column in after.columns if column not in before.columns),
        columns_removed=tuple(column for column in before.columns if column not in after.columns),
        incomparable=tuple(incomparable),
    )


_Rows = dict[Key, list[Row]]


def _matched(old: Table, new: Table) -> tuple[tuple[str, ...], _Rows, _Rows]:
    """The key to match rows by, and the rows by it: the first that is unique, or else that is there."""
    common = {*old.columns} & {*new.columns}
    found = [
        (key, _rows_by(key, old), _rows_by(key, new))
        for key in dict.fromkeys([new.key, old.key])
        if common.issuperset(key)
    ]
    unique = [each for each in found if len(each[1]) == len(old.rows) and len(each[2]) == len(new.rows)]
    return next(iter([*unique, *found]), ((), {}, {}))


def _rows_by(key: tuple[str, ...], table: Table) -> _Rows:
    rows: _Rows = defaultdict(list)
    for row in table.rows:
        rows[tuple(row[column] for column in key)].append(row)
    return rows


def _same(old: list[Row] | None, new: list[Row] | None) -> bool:
    """Whether the same rows stand on both sides, in whatever order."""
    return sorted(sorted(row.items()) for row in old or ()) == sorted(
        sorted(row.items()) for row in new or ()
    )


def _row_changes(
    table: str, key: tuple[str, ...], shared: list[str], old_rows: _Rows, new_rows: _Rows
) -> Iterator[RowChange]:
    for each, (new,) in new_rows.items():
        if each not in old_rows:
            yield RowChange(table, each, Kind.ADDED, None, new, _filled(new, key))
            continue
        (old,) = old_rows[each]
        columns = tuple(column for column in shared if old[column] != new[column])
        if columns:
            yield RowChange(table, each, Kind.CHANGED, old, new, columns)
    for each, (old,) in old_rows.items():
        if each not in new_rows:
            yield RowChange(table, each, Kind.REMOVED, old, None, _filled(old, key))


def _filled(row: Row, key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column, cell in row.items() if cell and column not in key)
