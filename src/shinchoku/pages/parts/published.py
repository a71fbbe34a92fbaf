"""The tables as they are published, those of the package and those derived from it, and what refers to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shinchoku import derived
from shinchoku.package import dictionary
from shinchoku.package.cells import as_text
from shinchoku.package.descriptor import ForeignKey, fields, foreign_keys, resources
from shinchoku.package.dictionary import TableDoc
from shinchoku.package.editions import Edition
from shinchoku.pages.parts import repository


@dataclass(frozen=True, slots=True)
class Table:
    """A published table; its rows are values in the order of its columns."""

    doc: TableDoc
    resource: Mapping[str, Any]
    rows: Sequence[Sequence[Any]]

    @property
    def is_derived(self) -> bool:
        return bool(self.resource.get("derived"))

    @property
    def file(self) -> str:
        """Its file in the folder of the downloads."""
        return self.doc.path.rpartition("/")[2]

    def counts(self, column: str) -> Counter[str]:
        """How often each value stands in a column today, but for what is not there; nothing without the column."""
        places = [place for place, field in enumerate(self.doc.fields) if field.name == column]
        return Counter(as_text(row[place]) for row in self.rows for place in places if row[place] is not None)

    def examples(self) -> list[tuple[int, list[str]]]:
        """The number and the cells of the first row, of one in the middle and of the last."""
        last = len(self.rows) - 1
        places = sorted({0, last // 2, last}) if self.rows else []
        return [(place + 1, [as_text(value) for value in self.rows[place]]) for place in places]


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns of a table that name a row of another one."""

    table: str
    key: ForeignKey


#: The package and the address of the site → its tables. Holds one entry: all pages of a site show the same.
_made: list[tuple[Edition, str, dict[str, Table]]] = []


def tables(package: Edition) -> dict[str, Table]:
    """Name → table: those derived from the others first, then these in published order."""
    newest, site_url = package.package.newest, repository.public("")
    if not _made or _made[0][0] is not newest or _made[0][1] != site_url:
        _made[:] = [(newest, site_url, {table.doc.name: table for table in _tables(newest, site_url)})]
    return _made[0][2]


def _tables(package: Edition, site_url: str) -> Iterator[Table]:
    for made in derived.tables(package, site_url).values():
        yield Table(dictionary.table(made.resource, len(made.rows)), made.resource, made.rows)
    for doc in dictionary.tables(package):
        columns = [field.name for field in doc.fields]
        rows = [[getattr(row, column) for column in columns] for row in getattr(package.package, doc.name)]
        yield Table(doc, resources(package.descriptor)[doc.name], rows)


def references(package: Edition) -> list[Reference]:
    """Every reference between published tables, in their order; an id that all reports share is one to its table."""
    published = tables(package)
    return [
        Reference(name, key)
        for name, table in published.items()
        for key in _keys(table.resource, published)
    ]


def _keys(resource: Mapping[str, Any], published: Mapping[str, Table]) -> Iterator[ForeignKey]:
    for key in foreign_keys(resource):
        identity = fields(resource)[key.columns[0]].get("identity")
        if len(key.columns) == 1 and identity in published:
            primary = published[identity].doc.fields[0].name
            yield ForeignKey(key.columns, identity, (primary,))
        elif key.table in published:
            yield key


def about(package: Edition, name: str) -> tuple[list[Reference], list[Reference]]:
    """What a table refers to, and what refers to it; itself only once."""
    found = references(package)
    return (
        [each for each in found if each.table == name],
        [each for each in found if each.key.table == name != each.table],
    )
