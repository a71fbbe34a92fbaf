"""How far the version of a package has to step, from what differs since the newest one. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from shinchoku.changes.comparing import Kind, TableChanges
from shinchoku.package.descriptor import fields, foreign_keys, resources
from shinchoku.package.releases import version_number

#: What people and readings say about the facts: a note more or less is an edit, not a new report.
ANNOTATIONS = frozenset({"initiative_grants", "source_notes", "readings", "corrections"})


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
    old: Mapping[str, Any], new: Mapping[str, Any], tables: Iterable[TableChanges]
) -> tuple[Demand, ...]:
    """What two descriptors, and how the tables between them differ, demand; the farthest step first."""
    was, is_now = resources(old), resources(new)
    # The tables whose ids other rows, and so other people, point at.
    referred = {key.table for resource in was.values() for key in foreign_keys(resource)}
    found = [
        demand
        for table in tables
        for demand in _demands_of(table, was.get(table.name), is_now.get(table.name), referred)
    ]
    return tuple(sorted(found, key=lambda demand: -demand.step))


def _demands_of(
    table: TableChanges,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    referred: set[str],
) -> Iterator[Demand]:
    name = table.name
    if table.after is None:
        yield Demand(Step.MAJOR, f"表 {name} がなくなりました。")
        return
    if table.before is None:
        yield Demand(Step.MINOR, f"表 {name} が加わりました。")
        return
    if table.before.key != table.after.key:
        yield Demand(Step.MAJOR, f"表 {name} の主キーが変わりました。")
    for column in table.columns_removed:
        yield Demand(Step.MAJOR, f"表 {name} の列 {column} がなくなりました。")
    for column in table.columns_added:
        yield Demand(Step.MINOR, f"表 {name} に列 {column} が加わりました。")
    # What of a column nobody may change unnoticed.
    before, after = (
        {column: (field.get("type"), field.get("unit")) for column, field in fields(each).items()}
        for each in (old, new)
        if each
    )
    for column in before.keys() & after.keys():
        if before[column] != after[column]:
            yield Demand(Step.MAJOR, f"表 {name} の列 {column} の型か単位が変わりました。")
    kinds = Counter(row.kind for row in table.rows)
    if kinds[Kind.REMOVED] and name in referred:
        yield Demand(Step.MAJOR, f"表 {name} から{kinds[Kind.REMOVED]}行のIDがなくなりました。")
    if kinds[Kind.ADDED] and name not in ANNOTATIONS:
        yield Demand(Step.MINOR, f"表 {name} に{kinds[Kind.ADDED]}行が加わりました。")


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
