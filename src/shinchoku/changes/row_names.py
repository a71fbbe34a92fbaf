"""What a row is called and where it is shown, read from the schema and the cells alone.

Titles, labels of codes and references come from ``datapackage.json``, so a table nobody has
thought of here has names too. Works on cells and not on a ``Package``: a package may be of
an older schema, or have a value that is wrong. Must not import ``pages`` or ``metrics``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shinchoku import addresses, fiscal_year
from shinchoku.package.cells import Key, Row, Table, find
from shinchoku.package.descriptor import fields, foreign_keys, levels, resources
from shinchoku.package.dictionary import codes_of

#: A column that names its row by itself, and one that says what it is a part of.
_NAMES = ("name", "title")
_LABEL = "label"
#: Table → the column of its id, and the address of the page of a row.
_PAGES: dict[str, tuple[str, Callable[[str], str]]] = {
    "initiatives": ("initiative_id", addresses.initiative),
    "grants": ("grant_id", addresses.grant),
    "sources": ("source_id", addresses.source),
}
#: Which of the pages a row refers to is the nearest.
_NEAREST = ("initiatives", "grants", "policies", "sources")
_DOCUMENT = ("source_id", "source_line")
#: A row about a cell of another table.
_ABOUT = ("table_name", "record_key", "column_name")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: How far a row is followed from reference to reference, and a node up the plan.
_DEPTH = 5
_LEVELS = 20
_PAIRED = " › "
HOME_TITLE = "ホーム"


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and what in it: ``fragment`` may be empty."""

    page: str
    title: str
    fragment: str = ""

    @property
    def address(self) -> str:
        return f"{self.page}#{self.fragment}" if self.fragment else self.page


class RowNames:
    """The rows of one state of a package: their names, their pages, the words of its schema."""

    def __init__(self, descriptor: Mapping[str, Any], tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self._resources = resources(descriptor)
        self._fields = {name: fields(resource) for name, resource in self._resources.items()}
        self._references = {name: foreign_keys(resource) for name, resource in self._resources.items()}
        self._levels = {level.name: level for level in levels(descriptor)}
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[Key, Row]] = {}

    # -- the words of the schema ------------------------------------------

    def table_title(self, table: str) -> str:
        return self._resources.get(table, {}).get("title") or table

    def column_title(self, table: str, column: str) -> str:
        """With its unit: ``決算額（千円）``."""
        field = self._fields.get(table, {}).get(column, {})
        title = field.get("title") or column
        unit = field.get("unit")
        return f"{title}（{unit}）" if unit and unit not in title else title

    def label(self, table: str, column: str, cell: str) -> str:
        """What a code means; empty where the cell is no code."""
        found = codes_of(self._fields.get(table, {}).get(column, {})).get(cell)
        return found.label if found else ""

    # -- rows ---------------------------------------------------------------

    def _find(self, table: str, columns: tuple[str, ...], key: Key) -> Row | None:
        held = self.tables.get(table)
        if held is None or not set(columns) <= set(held.columns):
            return None
        if (table, columns) not in self._indexes:
            self._indexes[table, columns] = {
                tuple(row[column] for column in columns): row for row in held.rows
            }
        return self._indexes[table, columns].get(key)

    def _referred(self, table: str, row: Row) -> Iterator[tuple[str, Row]]:
        """The rows of other tables that a row refers to, in the order of the schema."""
        for reference in self._references.get(table, ()):
            key = tuple(row.get(column, "") for column in reference.columns)
            found = self._find(reference.table, reference.referenced, key) if all(key) else None
            if found is not None and reference.table != table:
                yield reference.table, found

    def _about(self, row: Row) -> tuple[str, Row] | None:
        """The row that a reading or a correction is about."""
        if not set(_ABOUT) <= row.keys():
            return None
        found = find(self.tables, row["table_name"], row["record_key"])
        return (row["table_name"], found) if found is not None else None

    def name(self, table: str, row: Row, depth: int = _DEPTH) -> str:
        """``さっぽろ雪まつり › 来場者数（万人） › 令和4年度（2022年度） › 実績``; ids where nothing else is known."""
        own = next((row[column] for column in _NAMES if row.get(column)), "")
        if own:
            return own
        about = self._about(row) if depth else None
        if about is not None:
            column = self.column_title(about[0], row["column_name"])
            return _PAIRED.join((self.table_title(about[0]), self.name(*about, depth - 1), column))
        above = list(self._referred(table, row)) if depth else []
        # The document is where a row stands; it names only what has nothing else to do.
        belongs_to = [each for each in above if each[0] != "sources"] or above
        parts = [self.name(*each, depth - 1) for each in belongs_to]
        if row.get(_LABEL):
            unit = row.get("unit")
            parts.append(f"{row[_LABEL]}（{unit}）" if unit else row[_LABEL])
        return _PAIRED.join([*parts, *self._rest_of_key(table, row, {each[0] for each in above})])

    def _rest_of_key(self, table: str, row: Row, named: set[str]) -> Iterator[str]:
        """What of the key the names above it do not say."""
        if row.get(_LABEL):
            return
        said = {
            column
            for reference in self._references.get(table, ())
            if reference.table in named
            for column in reference.columns
        }
        held = self.tables.get(table)
        for column in held.key if held else ():
            cell = row.get(column, "")
            if column not in said and cell:
                yield self._said(table, column, cell)

    def _said(self, table: str, column: str, cell: str) -> str:
        field = self._fields.get(table, {}).get(column, {})
        unit = field.get("unit")
        if unit == "年度":
            return year(cell)
        if unit == "行":
            return f"{cell}行目"
        title = field.get("title")
        is_counted = field.get("type") == "integer" and title
        return self.label(table, column, cell) or (f"{title} {cell}" if is_counted else cell)

    def printed_at(self, row: Row) -> str:
        """The line of the document a row was read from; empty where it is from none."""
        if not all(row.get(column) for column in _DOCUMENT):
            return ""
        document = self._find("sources", _DOCUMENT[:1], (row["source_id"],)) or {}
        return f"{document.get('title') or row['source_id']} {row['source_line']}行目"

    def place(self, table: str, row: Row, depth: int = _DEPTH) -> Place | None:
        """The page that shows a row; ``None`` where the row does not tell."""
        if table == "policies":
            return self._policy_place(row)
        if table == "grant_programmes":
            fragment = row["programme_id"] if _is_id(row, "programme_id") else ""
            return Place(addresses.GRANTS, self.table_title("grants"), fragment)
        if table in _PAGES:
            column, address = _PAGES[table]
            return Place(address(row[column]), self.name(table, row)) if _is_id(row, column) else None
        about = self._about(row)
        above = [about] if about else sorted(self._referred(table, row), key=lambda each: _rank(each[0]))
        for each in above if depth else ():
            place = self.place(*each, depth - 1)
            if place is not None:
                if each[0] == "sources" and (line := row.get("source_line", "")).isdecimal():
                    lines = each[1].get("line_count", "")
                    count = int(lines) if lines.isdecimal() else None
                    at = addresses.source_line(each[1]["source_id"], int(line), count)
                    page, _, fragment = at.partition("#")
                    return replace(place, page=page, fragment=fragment)
                return place
        return None

    def _policy_place(self, row: Row) -> Place | None:
        """The area a node belongs to, and the node in it; one above the areas stands on the home page."""
        node: Row | None = row
        for _ in range(_LEVELS):  # a tree that is wrong may go round in circles
            if node is None or not _is_id(node, "policy_id"):
                return None
            level = self._levels.get(node.get("level", ""))
            if level and level.folder:
                address = addresses.area_in(level, node["policy_id"])
                is_below = node is not row and _is_id(row, "policy_id")
                return Place(address, self.name("policies", node), row["policy_id"] if is_below else "")
            above = node.get("parent_policy_id", "")
            if not above:
                return Place(addresses.HOME, HOME_TITLE, "areas")
            node = self._find("policies", ("policy_id",), (above,))
        return None


def year(cell: str | int) -> str:
    """``令和4年度（2022年度）``; a year before all eras as it is: it is shown, not judged."""
    try:
        return fiscal_year.both(int(cell))
    except ValueError:
        return f"{cell}年度"


def _is_id(row: Row, column: str) -> bool:
    return _ID.fullmatch(row.get(column, "")) is not None


def _rank(table: str) -> int:
    """The nearest page first: what has none itself belongs to one, and the document comes last."""
    return _NEAREST.index(table) if table in _NEAREST else -1
