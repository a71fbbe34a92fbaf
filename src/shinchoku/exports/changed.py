"""Changes as people read them, on the page and in the feed: names, titles and labels instead of keys.

What a row is called and where it is shown is for ``records``, how a cell is shown for ``visible``.
Values are text that is still to be escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from shinchoku import visible
from shinchoku.comparison import Kind, Row
from shinchoku.history import cells_of
from shinchoku.package.cells import as_cells
from shinchoku.package.editions import Edition
from shinchoku.package.records import Change
from shinchoku.records import Records

#: What a whole row says of itself beside its name is not where it stands.
_PLACE = frozenset({"source_id", "source_line", "position"})
#: Tables whose rows have a page of their own, which goes with the row.
_WITH_PAGE = frozenset({"sources", "policies", "initiatives", "grants"})
#: What a reader looks for first: a value that is another one now.
_ORDER = {Kind.CHANGED: 0, Kind.REMOVED: 1, Kind.ADDED: 2}


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words. ``old`` and ``new`` are ``None`` where a cell is empty or a row is not there.

    ``column`` is empty where a whole row came or went, ``address`` where it is shown nowhere.
    """

    change: Change
    table: str
    name: str
    address: str
    column: str
    old: str | None
    new: str | None

    @property
    def is_whole_row(self) -> bool:
        return not self.column


class Teller:
    """Tells the changes of one package."""

    def __init__(self, package: Edition) -> None:
        self._package = package

    @cached_property
    def _records(self) -> Records:
        return Records(self._package.descriptor, as_cells(self._package.package))

    @cached_property
    def _rows(self) -> dict[str, dict[str, Row]]:
        return {
            name: {":".join(row[column] for column in table.key): row for row in table.rows}
            for name, table in self._records.tables.items()
        }

    def _held(self, table: str) -> Mapping[str, Row]:
        """Key as written in the log → row, of the rows there are now."""
        return self._rows.get(table, {})

    def tell(self, change: Change) -> Told:
        """One change, by the names that its row has now or had when it came or went."""
        of_row = {Kind.ADDED: change.new_value, Kind.REMOVED: change.old_value}.get(change.kind)
        row = cells_of(of_row or "") or self._held(change.table_name).get(change.record_key)
        is_gone = change.table_name in _WITH_PAGE and change.record_key not in self._held(change.table_name)
        place = self._records.place(change.table_name, row) if row and not is_gone else None
        old, new = self._values(change, row)
        return Told(
            change=change,
            table=self._records.table_title(change.table_name),
            name=self._records.name(change.table_name, row) if row else change.record_key,
            address=place.address if place else "",
            column=self._records.column_title(change.table_name, change.column_name)
            if change.column_name
            else "",
            old=old,
            new=new,
        )

    def _values(self, change: Change, row: Row | None) -> tuple[str | None, str | None]:
        if change.kind == Kind.CHANGED:
            shown = visible.pair(change.old_value or "", change.new_value or "")
            labels = (
                self._records.label(change.table_name, change.column_name or "", cell or "")
                for cell in (change.old_value, change.new_value)
            )
            old, new = (label or text or None for label, text in zip(labels, shown, strict=True))
            return old, new
        whole = visible.excerpt("、".join(self._cells(change.table_name, row or {}))) or None
        return (None, whole) if change.kind == Kind.ADDED else (whole, None)

    def _cells(self, table: str, row: Row) -> Iterator[str]:
        """What a row says beside its key, cell by cell."""
        held = self._records.tables.get(table)
        for column, cell in row.items():
            if column not in _PLACE and column not in (held.key if held else ()):
                title = self._records.column_title(table, column)
                yield f"{title} {self._records.label(table, column, cell) or cell}"

    def counts(self, changes: Iterable[Change]) -> Mapping[str, int]:
        """Title of a table → how many of the changes are in it, in published order."""
        found = Counter(change.table_name for change in changes)
        known = [name for name in self._records.tables if name in found]
        return {self._records.table_title(name): found[name] for name in dict.fromkeys([*known, *found])}


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Changed values first, then rows that went, then rows that came."""
    return sorted(changes, key=lambda change: (_ORDER.get(change.kind, len(_ORDER)), change.change_number))
