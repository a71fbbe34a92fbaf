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
from shinchoku.package.cells import PARSERS, Row, Table, as_cells
from shinchoku.package.dictionary import codes_of
from shinchoku.package.editions import Edition, Package
from shinchoku.package.records import LOG, LogEntry, Release
from shinchoku.package.releases import read_released

#: The resource of the log in the published descriptor; ``derived`` says that nobody writes the table.
RESOURCE: Mapping[str, Any] = json.loads(
    resources.files("shinchoku.changes").joinpath("table.json").read_text(encoding="utf-8")
)
#: What can happen, in words.
KINDS = next(codes_of(field) for field in RESOURCE["schema"]["fields"] if field["name"] == "kind")
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
        entries += _kept(released)
        entries += entries_between(released, current, len(entries) + 1, day, summary)
    described = [*published.descriptor["resources"], RESOURCE]
    return replace(
        published, descriptor={**published.descriptor, "resources": described}, changes=tuple(entries)
    )


def _kept(released: Tables) -> Iterator[LogEntry]:
    """The log of a version, by the schema of its time."""
    fields = RESOURCE["schema"]["fields"]
    for row in released[LOG].rows if LOG in released else ():
        cells = [(field["name"], row.get(field["name"], ""), field["type"]) for field in fields]
        values: dict[str, Any] = {name: PARSERS[kind](cell) if cell else None for name, cell, kind in cells}
        yield LogEntry(**values)


# -- what differs ----------------------------------------------------------------


def _changes(released: Tables, current: Tables) -> Iterator[RowChange]:
    """The rows that differ. A column that one state lacks is empty in it; the log is none of the tables."""
    before = {name: _filled(table, current.get(name, table)) for name, table in released.items()}
    after = {name: _filled(table, released.get(name, table)) for name, table in current.items()}
    for table in compare(before, after):
        if table.name != LOG:
            yield from table.rows


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
    reasons = _Reasons(changes, current)
    corrected: list[tuple[date, LogEntry]] = []
    others: list[LogEntry] = []
    for change in changes:
        if arrivals.count(change):
            continue
        for entry in _entries(change, reasons.place(change)):
            correction = reasons.correction(entry, change)
            if correction is None:
                others.append(
                    replace(entry, changed_on=day, reason=reasons.of_document(change) or summary or None)
                )
            else:
                on = date.fromisoformat(correction["corrected_on"])
                corrected.append((on, replace(entry, changed_on=on, reason=correction["reason"])))
    by_day = [entry for _, entry in sorted(corrected, key=itemgetter(0))]
    arrived = [replace(entry, changed_on=day) for entry in arrivals.entries()]
    return [replace(entry, change_number=n) for n, entry in enumerate([*by_day, *arrived, *others], first)]


class _Arrivals:
    """The documents that came: their rows are counted, and told by one entry each."""

    def __init__(self, changes: Iterable[RowChange]) -> None:
        added = [change for change in changes if change.kind is Kind.ADDED]
        self._documents = {change.key[0]: change.new for change in added if change.table == "sources"}
        self._counts: dict[str, Counter[str]] = {source_id: Counter() for source_id in self._documents}
        self._document_of = {
            (change.table, _joined(change.key)): change.new["source_id"]
            for change in added
            if change.new.get("source_id") in self._documents
        }

    def count(self, change: RowChange) -> bool:
        """Whether a row came with a document, or is a reading of one that did; it is counted then."""
        if change.kind is not Kind.ADDED:
            return False
        about = (change.new.get("table_name", ""), change.new.get("record_key", ""))
        document = self._document_of.get((change.table, _joined(change.key))) or self._document_of.get(about)
        if document is not None:
            self._counts[document][change.table] += 1
        return document is not None

    def entries(self) -> Iterator[LogEntry]:
        for source_id, row in self._documents.items():
            counts = json.dumps(self._counts[source_id])
            reason = f"「{row['title']}」（{source_id}）を取り込んだ。"
            yield _entry("sources", source_id, IMPORTED, new=counts, place=(source_id, ""), reason=reason)


class _Reasons:
    """Why a value is another one, and where it is printed now."""

    def __init__(self, changes: Iterable[RowChange], current: Tables) -> None:
        self._replaced = {
            change.key[0]: f"「{change.new['title']}」（{change.key[0]}）を差し替えた。"
            for change in changes
            if change.table == "sources" and change.kind is Kind.CHANGED and "sha256" in change.columns
        }
        self._rows = {
            name: {_joined(row[column] for column in table.key): row for row in table.rows}
            for name, table in current.items()
        }

    def correction(self, entry: LogEntry, change: RowChange) -> Row | None:
        """The correction that covers the cell, or is the row."""
        if change.table == _CORRECTIONS:
            return change.new or None
        key = _joined((entry.table_name, entry.record_key, entry.column_name or ""))
        return self._rows.get(_CORRECTIONS, {}).get(key)

    def of_document(self, change: RowChange) -> str | None:
        """That the document of a row was replaced."""
        return self._replaced.get((change.new or change.old).get("source_id", ""))

    def place(self, change: RowChange) -> Row:
        """The row that names where the new values are printed."""
        row = change.new
        if change.table != _CORRECTIONS and {"table_name", "record_key"} <= row.keys():
            return self._rows.get(row["table_name"], {}).get(row["record_key"], {})
        return row


def _entries(change: RowChange, printed: Row) -> Iterator[LogEntry]:
    """A line for each value, or for the row that came or went; without reason, day and number."""
    table, key = change.table, _joined(change.key)
    if change.kind is Kind.CHANGED:
        for column in change.columns:
            # ``amount_line`` is where ``amount_thousand_yen`` is printed, where a row has such a column.
            line = printed.get(f"{column.split('_')[0]}_line") or printed.get("source_line", "")
            old, new = change.old[column], change.new[column]
            yield _entry(table, key, change.kind, column, old, new, (printed.get("source_id", ""), line))
    else:
        place = (printed.get("source_id", ""), printed.get("source_line", ""))
        old, new = (row_text(row) if row else "" for row in (change.old, change.new))
        yield _entry(table, key, change.kind, old=old, new=new, place=place if change.new else ("", ""))


def _entry(
    table: str,
    key: str,
    kind: str,
    column: str = "",
    old: str = "",
    new: str = "",
    place: tuple[str, str] = ("", ""),
    reason: str = "",
) -> LogEntry:
    source_id, line = place if place[1] or kind == IMPORTED else ("", "")
    return LogEntry(
        change_number=0,
        changed_on=None,
        table_name=table,
        record_key=key,
        column_name=column or None,
        kind=str(kind),
        old_value=old or None,
        new_value=new or None,
        source_id=source_id or None,
        source_line=int(line) if line else None,
        reason=reason or None,
    )


def _joined(key: Iterable[str]) -> str:
    """A key as it is written in one cell."""
    return ":".join(key)


def row_text(row: Row) -> str:
    """All that a row says: its cells that are not empty, as JSON."""
    return json.dumps({column: cell for column, cell in row.items() if cell}, ensure_ascii=False)


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


def groups(package: Edition) -> tuple[Group, ...]:
    """The changes that belong together, the newest first."""
    releases = package.releases
    last = [release.last_change_number or 0 for release in releases]
    found: dict[tuple[int, str], list[LogEntry]] = defaultdict(list)
    for entry in package.changes:
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
