"""The log of changes, computed: what differs between one version and the next, and between the newest and today.

It begins with the log in the archive of the newest version, which never changes, so a change keeps its
number and its words from the version on that first has it. What differs since then follows, in this order:

1. values with a correction, by its day; the reason is the correction's;
2. documents that came: one entry for all their rows, which counts them by table;
3. the other values, and rows that came or went, table by table. Their reason is that a document was
   replaced, or the summary of the version; as long as they are in none, they have neither reason nor day.

Numbers go on from the version's. They are fixed once the change is in a version; until then a correction or
a document that comes later may take its place before the others. Takes time linear in the rows.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from operator import itemgetter
from pathlib import Path
from typing import Any

from shinchoku.changes.comparing import Kind, RowChange, compare
from shinchoku.package.cells import PARSERS, Row, Table, as_cells, as_text, find
from shinchoku.package.descriptor import fields
from shinchoku.package.dictionary import codes_of
from shinchoku.package.editions import Edition, Package
from shinchoku.package.records import LOG, LogEntry, Release
from shinchoku.package.releases import read_released

#: The resource of the log in the published descriptor; ``derived`` says that nobody writes the table.
RESOURCE: Mapping[str, Any] = json.loads(
    resources.files("shinchoku.changes").joinpath("table.json").read_text(encoding="utf-8")
)
#: Names that a version changed: of the columns of a table, or of the keys of a JSON file (``in``).
RENAMED: tuple[Mapping[str, str], ...] = tuple(
    json.loads(resources.files("shinchoku.changes").joinpath("renamed.json").read_text(encoding="utf-8"))
)
#: What can happen, in words.
KINDS = codes_of(fields(RESOURCE)["kind"])
#: Beside the kinds of ``Kind``: all rows of a document came at once.
IMPORTED = "imported"
_CORRECTIONS = "corrections"

Tables = Mapping[str, Table]


def with_log(published: Package, directory: Path, day: date | None = None, summary: str = "") -> Package:
    """A whole package that was read from ``directory``, with its log and the description of it.

    ``day`` and ``summary`` are those of the version that is being made. Raises ``PackageError`` where the
    newest version is not as it was.
    """
    entries: list[LogEntry] = []
    for newest in published.releases[-1:]:
        _, released = read_released(directory, newest)
        current = as_cells(published)
        entries += map(_entry, released[LOG].rows if LOG in released else ())
        entries += entries_between(released, current, len(entries) + 1, day, summary)
    described = [*published.descriptor["resources"], RESOURCE]
    return replace(
        published, descriptor={**published.descriptor, "resources": described}, changes=tuple(entries)
    )


def _entry(cells: Row) -> LogEntry:
    """A line of the log from its cells; those that are not there, as in the log of an older schema, are empty."""
    values: list[Any] = [
        PARSERS[field["type"]](cell) if (cell := cells.get(name)) else None
        for name, field in fields(RESOURCE).items()
    ]
    return LogEntry(*values)


# -- what differs ----------------------------------------------------------------


def _changes(released: Tables, current: Tables) -> Iterator[RowChange]:
    """The rows that differ. A column that one state lacks is empty in it; the log is none of the tables."""
    released = {name: _renamed(name, table) for name, table in released.items()}
    before = {name: _filled(table, current.get(name, table)) for name, table in released.items()}
    after = {name: _filled(table, released.get(name, table)) for name, table in current.items()}
    for table in compare(before, after):
        if table.name != LOG:
            yield from table.rows


def renamed(table: str) -> dict[str, str]:
    """What columns of a table were once called → what they are called today."""
    today: dict[str, str] = {}
    for each in RENAMED:  # the oldest first: what was renamed may be renamed again
        if each["in"] == table:
            today = {old: each["new"] if new == each["old"] else new for old, new in today.items()}
            today[each["old"]] = each["new"]
    return today


def _renamed(name: str, table: Table) -> Table:
    """With the column names of today: that a column is called otherwise changes no value."""
    today = renamed(name)
    if today.keys().isdisjoint(table.columns):
        return table
    rows = ({today.get(column, column): cell for column, cell in row.items()} for row in table.rows)
    return Table(tuple(today.get(column, column) for column in table.columns), table.key, tuple(rows))


def _filled(table: Table, other: Table) -> Table:
    """With the columns of the other state, but for those of its key, by which rows are told apart."""
    extra = {name: "" for name in other.columns if name not in table.columns and name not in other.key}
    if not extra:
        return table
    return Table((*table.columns, *extra), table.key, tuple({**row, **extra} for row in table.rows))


def entries_between(
    released: Tables, current: Tables, first: int = 1, day: date | None = None, summary: str = ""
) -> list[LogEntry]:
    """The lines of the log from one state to the next, in its order, numbered from ``first``."""
    changes = [*_changes(released, current)]
    arrivals = _Arrivals(changes)
    replaced = _replaced(changes)
    corrected: list[Row] = []
    others: list[Row] = []
    for change in changes:
        if arrivals.count(change):
            continue
        reason = replaced.get((change.new or change.old).get("source_id", ""), summary)
        for cells in _lines(change, _printed(change, current)):
            correction = _correction(change, cells["column_name"], current)
            if correction is None:
                others.append({**cells, "changed_on": as_text(day), "reason": reason})
            else:
                told = {"changed_on": correction["corrected_on"], "reason": correction["reason"]}
                corrected.append({**cells, **told})
    by_day = sorted(corrected, key=itemgetter("changed_on"))
    arrived = [{**cells, "changed_on": as_text(day)} for cells in arrivals.lines()]
    return [
        _entry({**cells, "change_number": str(number)})
        for number, cells in enumerate([*by_day, *arrived, *others], first)
    ]


class _Arrivals:
    """The documents that came: their rows are counted, and told by one entry each."""

    def __init__(self, changes: Iterable[RowChange]) -> None:
        added = [change for change in changes if change.kind is Kind.ADDED]
        self._documents = {change.key[0]: change.new for change in added if change.table == "sources"}
        self._counts: dict[str, Counter[str]] = {source_id: Counter() for source_id in self._documents}
        self._document_of = {
            (change.table, change.record_key): change.new["source_id"]
            for change in added
            if change.new.get("source_id") in self._documents
        }

    def count(self, change: RowChange) -> bool:
        """Whether a row came with a document, or is a reading of one that did; it is counted then."""
        if change.kind is not Kind.ADDED:
            return False
        about = (change.new.get("table_name", ""), change.new.get("record_key", ""))
        document = self._document_of.get((change.table, change.record_key)) or self._document_of.get(about)
        if document is not None:
            self._counts[document][change.table] += 1
        return document is not None

    def lines(self) -> Iterator[Row]:
        for source_id, row in self._documents.items():
            yield {
                "table_name": "sources",
                "record_key": source_id,
                "kind": IMPORTED,
                "new_value": json.dumps(self._counts[source_id]),
                "source_id": source_id,
                "reason": f"「{row['title']}」（{source_id}）を取り込んだ。",
            }


def _replaced(changes: Iterable[RowChange]) -> dict[str, str]:
    """Source id → that the document was replaced."""
    return {
        change.key[0]: f"「{change.new['title']}」（{change.key[0]}）を差し替えた。"
        for change in changes
        if change.table == "sources" and change.kind is Kind.CHANGED and "sha256" in change.columns
    }


def _correction(change: RowChange, column: str, current: Tables) -> Row | None:
    """The correction that covers the cell, or is the row."""
    if change.table == _CORRECTIONS:
        return change.new or None
    return find(current, _CORRECTIONS, f"{change.table}:{change.record_key}:{column}")


def _printed(change: RowChange, current: Tables) -> Row:
    """The row that names where the new values are printed."""
    row = change.new
    if change.table != _CORRECTIONS and {"table_name", "record_key"} <= row.keys():
        return find(current, row["table_name"], row["record_key"]) or {}
    return row


def _lines(change: RowChange, printed: Row) -> Iterator[Row]:
    """The cells of a line for each value, or for the row that came or went; without reason, day and number."""
    if change.kind is Kind.CHANGED:
        values = [(column, change.old[column], change.new[column]) for column in change.columns]
    else:
        values = [("", row_text(change.old), row_text(change.new))]
    for column, old, new in values:
        # ``amount_line`` is where ``amount_thousand_yen`` is printed, where a row has such a column.
        line = printed.get(f"{column.split('_')[0]}_line") or printed.get("source_line")
        yield {
            "table_name": change.table,
            "record_key": change.record_key,
            "column_name": column,
            "kind": str(change.kind),
            "old_value": old,
            "new_value": new,
            **({"source_id": printed.get("source_id", ""), "source_line": line} if line else {}),
        }


def row_text(row: Row) -> str:
    """All that a row says: its cells that are not empty, as JSON; empty for no row."""
    said = {column: cell for column, cell in row.items() if cell}
    return json.dumps(said, ensure_ascii=False) if row else ""


def object_of(text: str | None) -> dict[str, str]:
    """The row, or the numbers of rows by table, in a value of the log; empty where it is no such thing."""
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


# -- for readers -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Changes between two versions for one reason, in the order of the log.

    ``since`` is the version before them, ``release`` the first that has them (``None``: not yet in one).
    """

    since: str
    release: Release | None
    reason: str
    entries: tuple[LogEntry, ...]

    @property
    def first_number(self) -> int:
        return self.entries[0].change_number

    @property
    def title(self) -> str:
        """The reason, or that it is still to be said by the version."""
        return self.reason or "まだ版に入っていない変更"

    @property
    def day(self) -> date | None:
        """The newest day; ``None`` while it is not known."""
        return max((entry.changed_on for entry in self.entries if entry.changed_on), default=None)

    @property
    def name(self) -> str:
        """The same before and after the version that first has the changes."""
        is_of_version = self.release is not None and self.reason == self.release.summary
        return f"since-{self.since}-{'' if is_of_version else self.reason}"


def groups(edition: Edition) -> tuple[Group, ...]:
    """The changes that belong together, the newest first."""
    releases = edition.releases
    last = [release.last_change_number or 0 for release in releases]
    found: dict[tuple[int, str], list[LogEntry]] = defaultdict(list)
    for entry in edition.changes:
        found[bisect_left(last, entry.change_number), entry.reason or ""].append(entry)
    made = [
        Group(
            since=releases[index - 1].version if index else "",
            release=releases[index] if index < len(releases) else None,
            reason=reason,
            entries=tuple(entries),
        )
        for (index, reason), entries in found.items()
    ]
    return tuple(sorted(made, key=lambda group: group.first_number, reverse=True))
