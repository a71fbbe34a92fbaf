"""How rules across tables are declared and run; the rules themselves are in ``rules``.

A rule is a small generator that is given the sound tables and yields what it
finds. ``needs`` names the tables without which it cannot judge; ``after`` names
rules whose findings would make its own mere consequences. Both keep one defect
from being reported many times. Must not know any single rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from shinchoku.package.cells import PARSERS
from shinchoku.package.descriptor import primary_key
from shinchoku.package.editions import Package
from shinchoku.package.records import RECORD_TYPES, columns
from shinchoku.package.writing import csv_bytes
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import ERROR, Problem, Rule, Stage, rule


def _records(table: Table) -> tuple[Any, ...]:
    """The rows as records of the package; every cell is known to have its form."""
    parsers = {field["name"]: PARSERS[field["type"]] for field in table.resource["schema"]["fields"]}
    record_type = RECORD_TYPES[table.name]
    return tuple(
        record_type(
            **{
                name: parse(cell) if cell else None
                for (name, parse), cell in zip(parsers.items(), row, strict=True)
            }
        )
        for row in table.rows
    )


@dataclass(frozen=True)
class Sound:
    """The tables that are free of errors so far, typed and joined; the others are empty."""

    directory: Path
    tables: Mapping[str, Table]
    #: Also those with errors, so that a reference to one is not called wrong.
    known_tables: frozenset[str]

    @cached_property
    def package(self) -> Package:
        tables: dict[str, Any] = {name: _records(table) for name, table in self.tables.items()}
        return Package(descriptor={"resources": [table.resource for table in self.tables.values()]}, **tables)

    def rows(self, name: str) -> Iterator[tuple[int, Any]]:
        """(physical line, record) of a table."""
        return zip(
            self.tables[name].lines if name in self.tables else (), getattr(self.package, name), strict=True
        )

    @cached_property
    def source_texts(self) -> dict[str, bytes]:
        """Source id → the bytes of its text, for the sources whose file is there."""
        paths = {item.source_id: self.directory / item.file for item in self.package.sources if item.file}
        return {source_id: path.read_bytes() for source_id, path in paths.items() if path.is_file()}

    @cached_property
    def source_lines(self) -> dict[str, list[str]]:
        """Source id → the lines of its text."""
        texts = self.source_texts.items()
        return {source_id: text.decode("utf-8", errors="replace").split("\n") for source_id, text in texts}

    def lines_of(self, record: Any, columns: Iterable[str]) -> tuple[tuple[int, str], ...]:
        """The lines of its source that a record names in these columns, with their numbers."""
        text = self.source_lines.get(getattr(record, "source_id", ""), ())
        numbers = (getattr(record, column) for column in columns)
        return tuple((number, text[number - 1]) for number in numbers if number and number <= len(text))

    @cached_property
    def cells(self) -> dict[str, dict[str, list[str]]]:
        """Table → key (its parts joined with ``:``) → the row as text."""
        found = {}
        for name, table in self.tables.items():
            indexes = [table.columns.index(column) for column in primary_key(table.resource)]
            found[name] = {":".join(row[index] for index in indexes): row for row in table.rows}
        return found

    def cell(self, item: Any) -> str | None:
        """The published text of the cell that a reading or correction is about, where it can be read."""
        row = self.cells.get(item.table_name, {}).get(item.record_key)
        if row is None:
            return None
        columns = self.tables[item.table_name].columns
        return row[columns.index(item.column_name)] if item.column_name in columns else None


#: What only a person can say in a correction that ``validate`` offers.
WRITE_REASON = "理由を書いてください"


def correction(table: Table, record: Any, column: str, printed: str, line_column: str) -> str:
    """The row of ``corrections.csv`` that lets a value differ from the print, but for its reason.

    ``printed`` is what the source says, ``line_column`` the column of its line.
    """
    key = ":".join(str(getattr(record, name)) for name in primary_key(table.resource))
    values = {
        "table_name": table.name,
        "record_key": key,
        "column_name": column,
        "source_value": printed,
        "published_value": getattr(record, column),
        "reason": WRITE_REASON,
        "corrected_on": date.today(),
        "source_id": record.source_id,
        "source_line": getattr(record, line_column),
    }
    row = csv_bytes([], [[values[name] for name in columns(RECORD_TYPES["corrections"])]])
    return row.decode("utf-8").strip("\n")


class Finding(NamedTuple):
    """What a rule found, and where."""

    table: str
    line: int | None
    column: str | None
    value: object
    message: str
    remedy: str | None = None
    paste: str | None = None


Find = Callable[[Sound], Iterator[Finding]]


class _CrossRule(NamedTuple):
    rule: Rule
    needs: tuple[str, ...]
    after: tuple[str, ...]
    find: Find


_RULES: list[_CrossRule] = []


def cross_table(
    rule_id: str,
    text: str,
    remedy: str,
    *,
    example: tuple[str, str],
    needs: Sequence[str] = (),
    after: Sequence[str] = (),
    severity: str = ERROR,
) -> Callable[[Find], Find]:
    """Declare a rule and the generator below as what applies it."""
    declared = rule(Stage.CROSS_TABLE, rule_id, text, remedy, example=example, severity=severity)

    def register(find: Find) -> Find:
        _RULES.append(_CrossRule(declared, tuple(needs), tuple(after), find))
        return find

    return register


def check(sound: Sound) -> list[Problem]:
    """What the rules find in tables that are sound by themselves."""
    problems: list[Problem] = []
    broken: set[str] = set()
    for declared, needs, after, find in _RULES:
        # What a package does not declare it has none of; what it declares and is not sound cannot be judged by.
        if (sound.known_tables - sound.tables.keys()).intersection(needs) or broken.intersection(after):
            continue
        for finding in find(sound):
            broken.add(declared.id)
            problems.append(
                declared.problem(
                    sound.tables[finding.table].file,
                    finding.message,
                    line=finding.line,
                    column=finding.column,
                    value=finding.value,
                    remedy=finding.remedy,
                    paste=finding.paste,
                )
            )
    return problems
