"""Which published values differ between two states of a package: row by row, cell by cell.

Works on cells of text as they stand in the CSVs, so a package of an older schema can be
compared too. Rows are matched by their primary key: the newer schema's or, where only that
one tells the rows of both states apart, the older one's. An id that was renamed is a row
removed and a row added. What a change means (names, assessments, pages) is for others.

Must not read or write files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from shinchoku.package.cells import Key, Row, Table


class Kind(StrEnum):
    """What happened to a row."""

    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()

    @classmethod
    def of(cls, old: object, new: object) -> Kind:
        """What happened to what differs; it is empty in the state in which it is not there."""
        return cls.CHANGED if old and new else cls.ADDED if new else cls.REMOVED


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs, in both states (empty where it is not there), and the columns that do.

    Of a row added or removed these are the columns beside its key that say something.
    """

    table: str
    key: Key
    kind: Kind
    old: Row
    new: Row
    columns: tuple[str, ...]

    @property
    def record_key(self) -> str:
        """The key as it is written in one cell."""
        return ":".join(self.key)


@dataclass(frozen=True, slots=True)
class TableChanges:
    """How a table differs; ``before`` or ``after`` is ``None`` where it is only in the other state.

    ``key`` are the columns by which its rows were matched; with none, nothing tells the rows of
    both states apart. ``incomparable`` are keys that stand for several rows, and not for the same
    ones before and after; what became of those rows cannot be said.
    """

    name: str
    before: Table | None
    after: Table | None
    key: tuple[str, ...]
    rows: tuple[RowChange, ...]
    incomparable: tuple[Key, ...]

    @property
    def columns_added(self) -> tuple[str, ...]:
        """Of a table that is in both states."""
        return _lacking(self.before, self.after)

    @property
    def columns_removed(self) -> tuple[str, ...]:
        """Of a table that is in both states."""
        return _lacking(self.after, self.before)

    @property
    def is_schema_changed(self) -> bool:
        """Whether rows of the one state could not stand in the other as they are."""
        if self.before is None or self.after is None:
            return True
        return {*self.before.columns} != {*self.after.columns} or self.before.key != self.after.key

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.rows or self.incomparable or self.is_schema_changed)


def _lacking(table: Table | None, other: Table | None) -> tuple[str, ...]:
    """The columns of the other that a table has not."""
    if table is None or other is None:
        return ()
    return tuple(column for column in other.columns if column not in table.columns)


def compare(old: Mapping[str, Table], new: Mapping[str, Table]) -> tuple[TableChanges, ...]:
    """How every table differs, those of the newer state first, also where nothing does."""
    return tuple(_compare_table(name, old.get(name), new.get(name)) for name in dict.fromkeys([*new, *old]))


def _compare_table(name: str, before: Table | None, after: Table | None) -> TableChanges:
    key, old_rows, new_rows = _matched(before, after)
    rows: list[RowChange] = []
    incomparable: list[Key] = []
    for each in dict.fromkeys([*new_rows, *old_rows]):
        was, is_now = old_rows.get(each, []), new_rows.get(each, [])
        if len(was) > 1 or len(is_now) > 1:
            # The same rows may stand on both sides, in whatever order.
            if sorted(sorted(row.items()) for row in was) != sorted(sorted(row.items()) for row in is_now):
                incomparable.append(each)
            continue
        old, new = (found[0] if found else {} for found in (was, is_now))
        kind = Kind.of(old, new)
        if kind is Kind.CHANGED:
            columns = tuple(column for column in new if column in old and old[column] != new[column])
        else:
            columns = tuple(column for column, cell in (new or old).items() if cell and column not in key)
        if columns or kind is not Kind.CHANGED:
            rows.append(RowChange(name, each, kind, old, new, columns))
    return TableChanges(name, before, after, key, tuple(rows), tuple(incomparable))


_Rows = dict[Key, list[Row]]


def _matched(old: Table | None, new: Table | None) -> tuple[tuple[str, ...], _Rows, _Rows]:
    """The key to match rows by, and the rows by it: the first that is unique, or else that is there."""
    tables = [table for table in (new, old) if table]
    common = set.intersection(*({*table.columns} for table in tables))
    found = [
        (key, _rows_by(key, old), _rows_by(key, new))
        for key in dict.fromkeys(table.key for table in tables)
        if common.issuperset(key)
    ]
    count = sum(len(table.rows) for table in tables)
    unique = [each for each in found if len(each[1]) + len(each[2]) == count]
    return next(iter([*unique, *found]), ((), {}, {}))


def _rows_by(key: tuple[str, ...], table: Table | None) -> _Rows:
    rows: _Rows = defaultdict(list)
    for row in table.rows if table else ():
        rows[tuple(row[column] for column in key)].append(row)
    return rows
