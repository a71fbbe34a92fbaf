"""Changes as people read them, on the page and in the feed: names, titles and labels instead of keys.

What a row is called and where it is shown is for ``row_names``, how a cell is shown for ``visible``.
Values are text that is still to be escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from shinchoku.changes.comparing import Kind
from shinchoku.changes.log import IMPORTED, object_of
from shinchoku.changes.row_names import RowNames
from shinchoku.package.cells import Row, as_cells, find
from shinchoku.package.editions import Edition
from shinchoku.package.records import LogEntry
from shinchoku.text import excerpt, pair

#: What a whole row says of itself beside its name is not where it stands.
_PLACE = frozenset({"source_id", "source_line", "position"})
#: Tables whose rows have a page of their own, which goes with the row.
_WITH_PAGE = frozenset({"sources", "policies", "initiatives", "grants"})
#: What a reader looks for first: a value that is another one now.
_ORDER: dict[str, int] = {Kind.CHANGED: 0, Kind.REMOVED: 1, Kind.ADDED: 2}
#: What happened to a whole row.
_HAPPENED = {Kind.ADDED: "行を加えました", Kind.REMOVED: "行を除きました", IMPORTED: "取り込みました"}


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words. ``old`` and ``new`` are ``None`` where a cell is empty or a row is not there.

    ``column`` is empty where a whole row came or went, ``address`` where it is shown nowhere.
    """

    change: LogEntry
    table: str
    name: str
    address: str
    column: str
    old: str | None
    new: str | None

    @property
    def is_whole_row(self) -> bool:
        return not self.column

    @property
    def happened(self) -> str:
        """What happened to a whole row."""
        return _HAPPENED.get(self.change.kind, "")


class Teller:
    """Tells the changes of one package."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    @cached_property
    def _names(self) -> RowNames:
        return RowNames(self._edition.descriptor, as_cells(self._edition.package))

    def tell(self, change: LogEntry) -> Told:
        """One change, by the names that its row has now or had when it came or went."""
        of_row = {str(Kind.ADDED): change.new_value, str(Kind.REMOVED): change.old_value}.get(change.kind)
        names, table, column = self._names, change.table_name, change.column_name
        held = find(names.tables, table, change.record_key)
        row = object_of(of_row) or held
        is_gone = table in _WITH_PAGE and held is None
        place = names.place(table, row) if row and not is_gone else None
        old, new = self._values(change, row)
        return Told(
            change=change,
            table=names.table_title(table),
            name=names.name(table, row) if row else change.record_key,
            address=place.address if place else "",
            column=names.column_title(table, column) if column else "",
            old=old,
            new=new,
        )

    def _values(self, change: LogEntry, row: Row | None) -> tuple[str | None, str | None]:
        if change.kind == Kind.CHANGED:
            shown = pair(change.old_value or "", change.new_value or "")
            labels = (
                self._names.label(change.table_name, change.column_name or "", cell or "")
                for cell in (change.old_value, change.new_value)
            )
            old, new = (label or text or None for label, text in zip(labels, shown, strict=True))
            return old, new
        if change.kind == IMPORTED:
            counts = object_of(change.new_value).items()
            cells: Iterable[str] = (f"{self._names.table_title(table)} {count}行" for table, count in counts)
        else:
            cells = self._cells(change.table_name, row or {})
        whole = excerpt("、".join(cells)) or None
        return (whole, None) if change.kind == Kind.REMOVED else (None, whole)

    def _cells(self, table: str, row: Row) -> Iterator[str]:
        """What a row says beside its key, cell by cell."""
        held = self._names.tables.get(table)
        for column, cell in row.items():
            if column not in _PLACE and column not in (held.key if held else ()):
                title = self._names.column_title(table, column)
                yield f"{title} {self._names.label(table, column, cell) or cell}"

    def counts(self, changes: Iterable[LogEntry]) -> Mapping[str, int]:
        """Title of a table → how many of the changes are in it, in published order."""
        found = Counter(change.table_name for change in changes)
        known = [name for name in self._names.tables if name in found]
        return {self._names.table_title(name): found[name] for name in dict.fromkeys([*known, *found])}


def in_order(changes: Iterable[LogEntry]) -> list[LogEntry]:
    """Changed values first, then rows that went, then rows that came."""
    return sorted(changes, key=lambda change: (_ORDER.get(change.kind, len(_ORDER)), change.change_number))
