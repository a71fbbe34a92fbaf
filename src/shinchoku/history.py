"""What the log of changes says happened to the published values, and whether that is all that did.

The newest release and the lines written since must give today's tables, cell by cell. What they
do not give is unrecorded; a line that does not fit what was published before it is a disagreement.
Works on cells as they stand in the CSVs; a column that one of the states lacks is empty in it.
Says also how far the version has to step, and which changes belong together.

Pure functions. Must not import anything of this project except the package's records and the comparison.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import groupby, zip_longest
from typing import Any

from shinchoku.comparison import Kind, Row, Table, TableChanges, compare
from shinchoku.package.records import Change, Release
from shinchoku.package.releases import version_number

#: The log itself; it does not record its own lines.
LOG = "changes"
#: What people and readings say about the facts: a note more or less is an edit, not a new report.
ANNOTATIONS = frozenset({"initiative_grants", "source_notes", "readings", "corrections"})

Tables = Mapping[str, Table]
#: Table → key as written in the log → row.
_State = dict[str, dict[str, dict[str, str]]]


# -- is the log complete ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A difference the log does not tell; ``column`` is empty where a whole row came or went.

    ``old`` and ``new`` are cells, and of a whole row all its cells as JSON. ``row`` is the row as
    it is now, or was before it went.
    """

    table: str
    record_key: str
    column: str
    kind: Kind
    old: str
    new: str
    row: Row


@dataclass(frozen=True, slots=True)
class Findings:
    """Where the log and the tables part; ``disagreements`` are told to a maintainer."""

    unrecorded: tuple[Unrecorded, ...]
    disagreements: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.unrecorded and not self.disagreements


def check(released: Tables, current: Tables) -> Findings:
    """What the log in ``current`` leaves out of, or has wrong about, the way from ``released`` to it."""
    disagreements: list[str] = []
    before, log = _rows(released), _rows(current)
    since = _since(before, log, disagreements)
    keys = {name: table.key for name, table in (released | current).items() if name != LOG}
    state = _state(released, keys, disagreements)
    for line in since:
        fault = _apply(line, state, keys)
        if fault:
            disagreements.append(f"変更番号{line.get('change_number', '')}の記録：{fault}")
    unrecorded = []
    for table in compare(*_aligned(state, current, keys)):
        unrecorded += _differences(table)
        for key in table.incomparable:
            disagreements.append(f"表 {table.name} に、主キーが「{':'.join(key)}」の行が2つ以上あります。")
    return Findings(tuple(unrecorded), tuple(disagreements))


def row_text(row: Row) -> str:
    """All that a row says, for the log: its cells that are not empty, as JSON."""
    return json.dumps({column: cell for column, cell in row.items() if cell}, ensure_ascii=False)


def cells_of(text: str) -> dict[str, str] | None:
    """The cells in what ``row_text`` wrote; ``None`` where it is nothing of the kind."""
    try:
        cells = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(cells, dict) or not all(isinstance(cell, str) and cell for cell in cells.values()):
        return None
    return cells


def _rows(tables: Tables) -> tuple[Row, ...]:
    return tables[LOG].rows if LOG in tables else ()


def _since(before: Sequence[Row], log: Sequence[Row], disagreements: list[str]) -> Sequence[Row]:
    """The lines written since a release, whose own lines must still be there as they were."""
    for was, now in zip_longest(before, log[: len(before)], fillvalue={}):
        if any(now.get(column, "") != cell for column, cell in was.items()):
            disagreements.append(
                f"変更番号{was.get('change_number', '')}の記録は前の版にありますが、"
                "変わったか、消えたか、場所が違います。元に戻してください。"
            )
    return log[len(before) :]


def _state(released: Tables, keys: Mapping[str, Sequence[str]], disagreements: list[str]) -> _State:
    """The released rows by today's keys, so that a longer key alone is no change of a value."""
    state: _State = {name: {} for name in keys}
    for name, table in released.items():
        for row in table.rows if name in keys else ():
            key = _key(row, keys[name])
            if key in state[name]:
                disagreements.append(
                    f"前の版の表 {name} に、今の主キーでは「{key}」となる行が2つ以上あります。"
                    "主キーを変える前に行を整理し、その版を先に出してください。"
                )
            state[name][key] = dict(row)
    return state


def _key(row: Row, columns: Sequence[str]) -> str:
    return ":".join(row.get(column, "") for column in columns)


def _apply(line: Row, state: _State, keys: Mapping[str, Sequence[str]]) -> str | None:
    """Take one line of the log into the state; what does not fit is said, and the new value stands."""
    table, key, column = line.get("table_name", ""), line.get("record_key", ""), line.get("column_name", "")
    old, new = line.get("old_value", ""), line.get("new_value", "")
    if table not in state:
        return f"表「{table}」はありません。"
    rows = state[table]
    row = rows.get(key)
    if line.get("kind") == Kind.ADDED:
        cells = cells_of(new)
        if cells is None or _key(cells, keys[table]) != key:
            return "new_value が、加えた行をJSONで書いたものではありません。"
        rows[key] = cells
        return f"行「{key}」は、加える前からあります。" if row is not None else None
    if row is None:
        return f"表 {table} に行「{key}」はありません。"
    if line.get("kind") == Kind.REMOVED:
        del rows[key]
        same = cells_of(old) == {column: cell for column, cell in row.items() if cell}
        return None if same else f"old_value が、除いた行「{key}」の中身と違います。"
    if not column or column in keys[table]:
        return "column_name が、値を変えられる列ではありません。"
    was = row.get(column, "")
    row[column] = new
    return None if was == old else f"前の値は「{old}」ではなく「{was}」でした。"


def _aligned(
    state: _State, current: Tables, keys: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Table], dict[str, Table]]:
    """What the log gives and what there is, with the same columns and keys."""
    recorded, actual = {}, {}
    for name, key in keys.items():
        held = current[name].rows if name in current else ()
        rows = state[name].values()
        columns = tuple(dict.fromkeys([*key, *(column for row in (*held, *rows) for column in row)]))
        for tables, of_state in ((recorded, rows), (actual, held)):
            filled = tuple({column: row.get(column, "") for column in columns} for row in of_state)
            tables[name] = Table(columns, tuple(key), filled)
    return recorded, actual


def _differences(table: TableChanges) -> Iterator[Unrecorded]:
    for row in table.rows:
        key, cells = ":".join(row.key), row.new if row.old is None else row.old
        if row.kind is Kind.CHANGED:
            for column in row.columns:
                yield Unrecorded(table.name, key, column, row.kind, row.old[column], row.new[column], row.new)
        elif row.kind is Kind.ADDED:
            yield Unrecorded(table.name, key, "", row.kind, "", row_text(cells), cells)
        else:
            yield Unrecorded(table.name, key, "", row.kind, row_text(cells), "", cells)


# -- what to write into it ------------------------------------------------------


def entries(
    unrecorded: Iterable[Unrecorded], current: Tables, changed_on: date, reason: str
) -> tuple[Change, ...]:
    """The lines to append. The reason of a correction goes before ``reason``, which may be empty."""
    first = max((int(line["change_number"]) for line in _rows(current)), default=0) + 1
    corrected = {
        (row["table_name"], row["record_key"], row["column_name"]): row["reason"]
        for row in (current["corrections"].rows if "corrections" in current else ())
    }
    found = []
    for number, item in enumerate(unrecorded, first):
        source_id, source_line = _place(item, current)
        of_correction = (
            item.row["reason"]
            if item.table == "corrections" and item.kind is not Kind.REMOVED
            else corrected.get((item.table, item.record_key, item.column))
        )
        found.append(
            Change(
                change_number=number,
                changed_on=changed_on,
                table_name=item.table,
                record_key=item.record_key,
                column_name=item.column or None,
                kind=item.kind.value,
                old_value=item.old or None,
                new_value=item.new or None,
                source_id=source_id or None,
                source_line=int(source_line) if source_line else None,
                reason=of_correction or reason,
            )
        )
    return tuple(found)


def _place(item: Unrecorded, current: Tables) -> tuple[str, str]:
    """The document and line where the new value is printed; empty where it is nowhere."""
    row = item.row
    if item.kind is Kind.REMOVED:
        return "", ""
    if item.table != "corrections" and {"table_name", "record_key"} <= row.keys():
        about = current.get(row["table_name"])
        row = (
            next((each for each in about.rows if _key(each, about.key) == row["record_key"]), {})
            if about
            else {}
        )
    # ``amount_line`` is where ``amount_thousand_yen`` is printed, where a row has such a column.
    line = row.get(f"{item.column.split('_')[0]}_line") or row.get("source_line", "")
    return (row.get("source_id", ""), line) if line else ("", "")


# -- versions --------------------------------------------------------------------


class Step(IntEnum):
    """How far a version steps: which of its three numbers goes up."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


#: What each of the three numbers of a version means.
MEANINGS: dict[Step, str] = {
    Step.MAJOR: "表・列・主キー・型・単位をなくすか変えたとき、または事業などのIDをなくしたとき。"
    "前の版のために書いたプログラムや参照が、そのままでは使えないかもしれません。",
    Step.MINOR: "新しい報告など、表・列・行を加えたとき。前からある値の意味と場所は変わりません。",
    Step.PATCH: "値を訂正したとき、注記・読み取り・説明を直したとき。",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """A reason why the version has to step at least so far."""

    step: Step
    why: str


def demands(
    old: Mapping[str, Any], new: Mapping[str, Any], released: Tables, current: Tables
) -> tuple[Demand, ...]:
    """What the two descriptors and their tables demand, the farthest step first."""
    found: list[Demand] = []
    fields = [_fields(descriptor) for descriptor in (old, new)]
    referred = _referred(old)
    for table in compare(released, current):
        if table.name != LOG:
            found += _demands_of(
                table, *(each.get(table.name, {}) for each in fields), table.name in referred
            )
    return tuple(sorted(found, key=lambda demand: -demand.step))


def _demands_of(
    table: TableChanges, old: Mapping[str, Any], new: Mapping[str, Any], is_referred: bool
) -> Iterator[Demand]:
    name = table.name
    if table.key_after is None:
        yield Demand(Step.MAJOR, f"表 {name} がなくなりました。")
        return
    if table.key_before is None:
        yield Demand(Step.MINOR, f"表 {name} が加わりました。")
        return
    if table.key_before != table.key_after:
        yield Demand(Step.MAJOR, f"表 {name} の主キーが変わりました。")
    for column in table.columns_removed:
        yield Demand(Step.MAJOR, f"表 {name} の列 {column} がなくなりました。")
    for column in table.columns_added:
        yield Demand(Step.MINOR, f"表 {name} に列 {column} が加わりました。")
    for column in old.keys() & new.keys():
        if old[column] != new[column]:
            yield Demand(Step.MAJOR, f"表 {name} の列 {column} の型か単位が変わりました。")
    kinds = Counter(row.kind for row in table.rows)
    if kinds[Kind.REMOVED] and is_referred:
        yield Demand(Step.MAJOR, f"表 {name} から{kinds[Kind.REMOVED]}行のIDがなくなりました。")
    if kinds[Kind.ADDED] and name not in ANNOTATIONS:
        yield Demand(Step.MINOR, f"表 {name} に{kinds[Kind.ADDED]}行が加わりました。")


def _fields(descriptor: Mapping[str, Any]) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Table → column → what of it nobody may change unnoticed: its type and its unit."""
    return {
        resource["name"]: {
            field["name"]: (field.get("type"), field.get("unit")) for field in resource["schema"]["fields"]
        }
        for resource in descriptor["resources"]
    }


def _referred(descriptor: Mapping[str, Any]) -> set[str]:
    """The tables whose ids other rows, and so other people, point at."""
    return {
        key["reference"].get("resource") or resource["name"]
        for resource in descriptor["resources"]
        for key in resource["schema"].get("foreignKeys", ())
    }


def is_far_enough(old: str, new: str, step: Step) -> bool:
    """Whether from ``old`` to ``new`` the version goes up by at least ``step``. Both are versions."""
    length = len(Step) + 1 - step
    return version_number(new)[:length] > version_number(old)[:length]


def least_version(old: str, step: Step) -> str:
    """The next version after ``old`` that goes up by ``step``: ``1.3.0`` after ``1.2.5`` for ``MINOR``."""
    length = len(Step) + 1 - step
    kept = version_number(old)[:length]
    numbers = [*kept[:-1], kept[-1] + 1, *[0] * (len(Step) - length)]
    return ".".join(map(str, numbers))


# -- for readers -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one day for one reason, in the order they were made."""

    changed_on: date
    reason: str
    changes: tuple[Change, ...]

    @property
    def first_number(self) -> int:
        """Names the group: more changes may join it, this one stays the first."""
        return self.changes[0].change_number


def groups(changes: Iterable[Change]) -> tuple[Group, ...]:
    """The changes that belong together, the newest first."""
    ordered = sorted(changes, key=lambda item: (item.changed_on, item.reason, item.change_number))
    found = [
        Group(*key, tuple(items))
        for key, items in groupby(ordered, key=lambda item: (item.changed_on, item.reason))
    ]
    return tuple(sorted(found, key=lambda group: (group.changed_on, group.first_number), reverse=True))


def first_release_with(releases: Iterable[Release], change_number: int) -> Release | None:
    """The release in which a change first was; ``None`` while it is in none."""
    return next((item for item in releases if (item.last_change_number or 0) >= change_number), None)
