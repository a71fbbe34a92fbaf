"""Which published values differ between two states of a package: row by row, cell by cell.

Works on cells of text as they stand in the CSVs, so a package of an older schema can be
compared too. Rows are matched by their primary key: the newer schema's or, where only that
one tells the rows of both states apart, the older one's. An id that was renamed is a row
removed and a row added. What a change means (names, assessments, pages) is for others.

Must not read or write files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from shinchoku.package.cells import Key, Row, Table


class Kind(StrEnum):
    """What happened to a row."""

    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()


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


def compare(old: Mapping[str, Table], new: Mapping[str, Table]) -> tuple[TableChanges, ...]:
    """How every table differs, those of the newer state first, also where nothing does."""
    names = dict.fromkeys([*new, *old])
    return tuple(_compare_table(name, old, new) for name in names)


def _compare_table(name: str, old: Mapping[str, Table], new: Mapping[str, Table]) -> TableChanges:
    table = new[name] if name in new else old[name]
    without_rows = Table(table.columns, table.key, ())
    before, after = old.get(name, without_rows), new.get(name, without_rows)
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
        key_before=before.key if name in old else None,
        key_after=after.key if name in new else None,
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
            yield RowChange(table, each, Kind.ADDED, {}, new, _filled(new, key))
            continue
        (old,) = old_rows[each]
        columns = tuple(column for column in shared if old[column] != new[column])
        if columns:
            yield RowChange(table, each, Kind.CHANGED, old, new, columns)
    for each, (old,) in old_rows.items():
        if each not in new_rows:
            yield RowChange(table, each, Kind.REMOVED, old, {}, _filled(old, key))


def _filled(row: Row, key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column, cell in row.items() if cell and column not in key)
