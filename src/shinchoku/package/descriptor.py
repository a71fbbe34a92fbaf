"""``datapackage.json`` of a package folder, with its schemas in it.

Whether it says what it means is for ``validation``; here what has not the form of a table cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from shinchoku import files
from shinchoku.fiscal_year import CalendarYear
from shinchoku.package.records import LOG, RECORD_TYPES
from shinchoku.paths import DESCRIPTOR, is_inside, links_outside
from shinchoku.schemas.reading import Unreadable, read_json


class PackageError(Exception):
    """The folder cannot be read as a package; the message is for a maintainer."""


def read_descriptor(directory: Path) -> dict[str, Any]:
    """``datapackage.json`` of a package folder, with the Table Schemas in it that it names by their paths.

    Raises ``PackageError``.
    """
    for link in links_outside(directory):
        raise PackageError(
            f"{directory / link}: フォルダの外を指すリンクです。ファイルそのものを置いてください。"
        )
    path = directory / DESCRIPTOR
    descriptor = value_of(path)
    try:
        for resource in descriptor["resources"]:
            if isinstance(resource["schema"], str):
                resource["schema"] = value_of(inside(directory, resource["schema"]))
        is_readable = all(map(_is_table, descriptor["resources"]))
    except (KeyError, TypeError, AttributeError):
        is_readable = False
    if not is_readable:
        remedy = "shinchoku validate で確かめてください。"
        raise PackageError(f"{path}: 表の定義（resources）として読めません。{remedy}")
    return without_derived(descriptor)


def value_of(path: Path, read: Callable[[Path], tuple[str, Any]] = read_json) -> Any:
    """What a JSON file says, or one of another kind. Raises ``PackageError``."""
    try:
        return read(path)[1]
    except OSError as error:
        raise PackageError(f"{path}: {files.reason(error)}") from None
    except Unreadable as error:
        raise PackageError(f"{path} {error}") from None


def inside(directory: Path, name: str) -> Path:
    """The file ``name`` of a package folder. Raises ``PackageError`` where that is outside of the folder."""
    path = directory / name
    if not is_inside(path, directory):
        raise PackageError(f"{path}: パッケージのフォルダの外にあるファイルです。")
    return path


def _is_table(resource: Any) -> bool:
    """Whether a resource says what is needed to read its table. Raises where it is of another form."""
    columns = [field[name] for field in resource["schema"]["fields"] for name in ("name", "type")]
    referring = [
        name for columns, table, others in foreign_keys(resource) for name in (*columns, table, *others)
    ]
    names = (resource["name"], resource["path"], *primary_key(resource), *columns, *referring)
    return all(type(name) is str for name in names)


def resources(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Table name → its resource in the descriptor."""
    return {resource["name"]: resource for resource in descriptor["resources"]}


def places(descriptor: Mapping[str, Any]) -> frozenset[str]:
    """What a package has a place for: each ``table``, ``table.column`` and ``table.column.code``, and a ``disruption``."""
    found = {"disruption"} & descriptor.keys()
    for table, resource in resources(descriptor).items():
        found.add(table)
        for column, field in fields(resource).items():
            found.add(f"{table}.{column}")
            found |= {f"{table}.{column}.{each['value']}" for each in field.get("categories", ())}
    return frozenset(found)


def has_place(places: Collection[str], declared: Mapping[str, Any]) -> bool:
    """Whether a package has what a column or key is ``from``, lists (``items``) or ``needs``."""
    sources = [".".join(declared[name]) for name in ("from", "items") if name in declared]
    return all(place in places for place in (*sources, *declared.get("needs", ())))


def is_derived(resource: Mapping[str, Any]) -> bool:
    """Whether a table of a published package is computed: a folder needs none, and its is not read."""
    name = resource.get("name")
    return name == LOG or (resource.get("derived") is True and name not in RECORD_TYPES)


def without_derived(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """A published descriptor without the tables that are computed, and what points at them."""
    derived = {each["name"] for each in descriptor["resources"] if is_derived(each)}
    found = [each for each in descriptor["resources"] if each["name"] not in derived]
    for number, each in enumerate(found):
        schema = {**each["schema"]}
        keys = schema.pop("foreignKeys", ())
        if kept := [key for key in keys if key["reference"].get("resource") not in derived]:
            schema["foreignKeys"] = kept
        found[number] = {**each, "schema": schema}
    return {**descriptor, "resources": found}


def fields(resource: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Column → its field in the Table Schema, in published order."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


@dataclass(frozen=True, slots=True)
class TabularResource:
    """A table as a descriptor has it, and its rows: values in the order of its columns."""

    resource: Mapping[str, Any]
    rows: Sequence[Sequence[Any]]

    @property
    def name(self) -> str:
        """What the table is called."""
        return str(self.resource["name"])


def publishers(descriptor: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The contributors whose roles name a publisher; there may be none."""
    return [each for each in descriptor["contributors"] if "publisher" in each.get("roles", ())]


def primary_key(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the primary key."""
    return _columns(resource["schema"]["primaryKey"])


#: A licence that is a text beside the descriptor, and no address.
LICENCE_FILE = re.compile(r"(?!\.)[A-Za-z0-9._-]+\.(?:md|txt)")


def licences(descriptor: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every licence of a package and of its tables."""
    holders = (descriptor, *descriptor["resources"])
    return [licence for holder in holders for licence in holder.get("licenses", ())]


def licence_files(descriptor: Mapping[str, Any]) -> list[str]:
    """The texts that are a licence, each once."""
    paths = dict.fromkeys(licence["path"] for licence in licences(descriptor))
    return [path for path in paths if LICENCE_FILE.fullmatch(path)]


class ForeignKey(NamedTuple):
    """Columns of a table that name a row of another one, or of their own."""

    columns: tuple[str, ...]
    table: str
    referenced: tuple[str, ...]


#: What the property ``identity`` of a column may say → the column of ids that are the same in every report. As each
#: report has a row of its own there, no foreign key can point at it; one to the identity table can, which is derived.
IDENTITIES = {
    "policy_ids": ("policies", "policy_id"),
    "initiative_ids": ("initiatives", "initiative_id"),
    "indicator_ids": ("indicators", "indicator_id"),
}


def foreign_keys(resource: Mapping[str, Any]) -> tuple[ForeignKey, ...]:
    """The foreign keys of a table in the order of its schema, then its ids that are no part of one of them."""
    ids = [
        ForeignKey((column,), table, (referenced,))
        for column, identity in identities(resource).items()
        for table, referenced in [IDENTITIES[identity]]
        if (resource["name"], column) != (table, referenced)
    ]
    return (*_declared_keys(resource), *ids)


def identities(resource: Mapping[str, Any]) -> dict[str, str]:
    """Column → identity table, of the ids of a table that are no part of a declared foreign key."""
    referring = {column for key in _declared_keys(resource) for column in key.columns}
    return {
        column: field["identity"]
        for column, field in fields(resource).items()
        if column not in referring and "identity" in field
    }


def _declared_keys(resource: Mapping[str, Any]) -> list[ForeignKey]:
    return [
        ForeignKey(
            _columns(key["fields"]),
            key["reference"].get("resource") or resource["name"],
            _columns(key["reference"]["fields"]),
        )
        for key in resource["schema"].get("foreignKeys", ())
    ]


#: The unit of a column of years from January to December; of all others it is that of fiscal years.
CALENDAR = "年"


def counts_calendar_years(descriptor: Mapping[str, Any]) -> bool:
    """Whether the values of a package are of calendar years."""
    return bool(fields(resources(descriptor)["observations"])["fiscal_year"].get("unit") == CALENDAR)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the plan's tree; ``under`` are the levels that may stand directly above (``None``: the top).

    Nodes of one that has a ``folder`` of addresses are areas: they have pages. ``is_filter`` says that
    initiatives are looked for by its nodes, too.
    """

    name: str
    label: str
    label_en: str
    under: tuple[str | None, ...]
    folder: str | None
    is_filter: bool


def levels(descriptor: Mapping[str, Any]) -> tuple[Level, ...]:
    """Those of a package from the top down: the categories of ``policies.level``."""
    found: list[Level] = []
    declared = resources(descriptor).get("policies")
    categories = fields(declared).get("level", {}).get("categories", ()) if declared else ()
    for each in categories:
        above: tuple[str | None, ...] = tuple(level.name for level in found) or (None,)
        found.append(
            Level(
                name=each["value"],
                label=each["label"],
                label_en=each.get("label_en", each["label"]),
                under=tuple(each.get("under", above)),
                folder=each.get("pages"),
                is_filter=each.get("filter", False),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Disruption:
    """Fiscal years, oldest first, that whoever keeps the data reads as upset by one great event."""

    title: str
    #: As it stands in the middle of a sentence.
    short: str
    fiscal_years: tuple[int, ...]

    @property
    def before(self) -> int:
        """The year of reference: the last one before the event."""
        return self.fiscal_years[0] - 1


def disruption(descriptor: Mapping[str, Any]) -> Disruption | None:
    """That of a package; ``None`` where it declares none."""
    declared = descriptor.get("disruption")
    if declared is None:
        return None
    kind = CalendarYear if counts_calendar_years(descriptor) else int
    return Disruption(declared["title"], declared["short"], tuple(map(kind, declared["fiscal_years"])))


def _columns(names: str | list[str]) -> tuple[str, ...]:
    """The columns of a key, which may be written as one name."""
    return (names,) if isinstance(names, str) else tuple(names)
