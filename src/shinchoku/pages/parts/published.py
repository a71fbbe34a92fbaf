"""The tables as they are published, those of the package and those derived from it, and what refers to what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from shinchoku import derived
from shinchoku.exports import bundle
from shinchoku.package import dictionary
from shinchoku.package.cells import as_text
from shinchoku.package.descriptor import ForeignKey, TabularResource, foreign_keys, resources
from shinchoku.package.dictionary import Code, TableDoc
from shinchoku.package.editions import Edition
from shinchoku.pages.parts import repository


@dataclass(frozen=True, slots=True)
class Table(TabularResource):
    """A published table, with what is said of it."""

    doc: TableDoc

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
        found = Counter(row[place] for row in self.rows for place in places)
        return Counter({as_text(value): count for value, count in found.items() if value is not None})

    @property
    def codes(self) -> dict[tuple[Code, ...], list[str]]:
        """Codes with their meanings → the columns that have them, but for the two values of a boolean."""
        found: dict[tuple[Code, ...], list[str]] = {}
        for field in self.doc.fields:
            if field.categories and field.type != "boolean":
                found.setdefault(field.categories, []).append(field.name)
        return found

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
    """Name → table: the wide ones first, then the others in published order."""
    newest, site_url = package.package.newest, repository.public("")
    if not _made or _made[0][0] is not newest or _made[0][1] != site_url:
        _made[:] = [(newest, site_url, _tables(newest, site_url))]
    return _made[0][2]


def titles(package: Edition) -> dict[str, str]:
    """Name → title of every published table; none of their rows is looked at."""
    declared = resources(package.descriptor) | derived.declared(package.descriptor)
    return {name: resource["title"] for name, resource in declared.items()}


def _tables(package: Edition, site_url: str) -> dict[str, Table]:
    ordered = sorted(bundle.tables(package, site_url), key=lambda table: table.name not in bundle.FIRST)
    return {
        each.name: Table(each.resource, each.rows, dictionary.table(each.resource, len(each.rows)))
        for each in ordered
    }


def references(package: Edition) -> list[Reference]:
    """Every reference between published tables, in their order."""
    return [
        Reference(name, key)
        for name, table in tables(package).items()
        for key in foreign_keys(table.resource)
    ]


def about(package: Edition, name: str) -> tuple[list[Reference], list[Reference]]:
    """What a table refers to, and what refers to it; itself only once."""
    found = references(package)
    return (
        [each for each in found if each.table == name],
        [each for each in found if each.key.table == name != each.table],
    )
