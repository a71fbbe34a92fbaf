"""The tables that are made of the others when the package is published, for those who would have to join them first.

``{ids}``                what is the same in every report: initiatives, indicators, policies; each id once
``initiatives_wide``     the newest report, a row for each indicator and fiscal year
``initiatives_newest``   the newest report, a row for each initiative

Their columns and what these mean stand in ``tables.json``, the values of the wide ones in ``wide``. A column that is
taken from a table is described as there. The log of changes is computed as well, by ``changes``.
Must not know how tables are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from operator import itemgetter
from typing import Any

from shinchoku import calculated
from shinchoku.derived import wide
from shinchoku.package.descriptor import (
    IDENTITIES,
    Level,
    TabularResource,
    fields,
    has_place,
    levels,
    places,
)
from shinchoku.package.descriptor import resources as tables_of
from shinchoku.package.dictionary import Code, codes_of, filled, of_the_plan
from shinchoku.package.editions import Edition, Package

_DECLARED: Mapping[str, Any] = json.loads(
    resources.files("shinchoku.derived").joinpath("tables.json").read_text(encoding="utf-8")
)
#: What says in ``tables.json`` how a column is made, and is nothing that its readers have to know.
_HOW_IT_IS_MADE = ("from", "needs", "calculated", "required", "more")
#: Which column of a table names what its id is.
_NAMES = {"policy_ids": "title", "initiative_ids": "name", "indicator_ids": "label"}


def declared(descriptor: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Name → resource, in published order; of any package, also one whose rows make no sense."""
    return {name: _resource(descriptor, name) for name in _DECLARED["tables"]}


def tables(edition: Edition, site_url: str = "") -> dict[str, TabularResource]:
    """Name → table, in published order, its rows by its key; ``edition`` is that of the newest report."""
    made = declared(edition.descriptor)
    found = {name: _identities(edition.package, name) for name in IDENTITIES}
    by_year = wide.by_year(edition, site_url)
    found["initiatives_wide"] = by_year
    found["initiatives_newest"] = wide.newest(edition, by_year)
    return {name: TabularResource(resource, _rows(resource, found[name])) for name, resource in made.items()}


def _rows(resource: Mapping[str, Any], found: list[dict[str, Any]]) -> tuple[tuple[Any, ...], ...]:
    ordered = sorted(found, key=itemgetter(*resource["schema"]["primaryKey"]))
    columns = tuple(fields(resource))
    return tuple(tuple(map(row.get, columns)) for row in ordered)


def _identities(package: Package, name: str) -> list[dict[str, Any]]:
    """Each id of any report, with its newest name."""
    table, column = IDENTITIES[name]
    years = {source.source_id: source.report_fiscal_year for source in package.sources}
    found: dict[str, list[tuple[int, str]]] = {}
    for record in getattr(package, table):
        known = found.setdefault(getattr(record, column), [])
        known.append((years.get(record.source_id) or 0, getattr(record, _NAMES[name])))
    return [
        {
            column: key,
            "name": max(known, key=itemgetter(0))[1],
            "first_report_fiscal_year": min((year for year, _ in known if year), default=None),
            "last_report_fiscal_year": max(known)[0] or None,
        }
        for key, known in found.items()
    ]


# -- what the columns are ---------------------------------------------------------------


def _resource(descriptor: Mapping[str, Any], name: str) -> dict[str, Any]:
    declared = dict(_DECLARED["tables"][name])
    key, columns = declared.pop("primaryKey"), list(_columns(descriptor, declared.pop("columns")))
    schema: dict[str, Any] = {
        "fields": [_field(descriptor, name, each) for each in columns],
        "missingValues": [""],
        "primaryKey": key,
    }
    if any(each["name"] == "source_id" for each in columns):
        to = {"resource": "sources", "fields": "source_id"}
        schema["foreignKeys"] = [{"fields": "source_id", "reference": to}]
    return {"name": name, **declared, **_DECLARED["resource"], "schema": schema}


def _columns(
    descriptor: Mapping[str, Any], columns: Iterable[str | Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """How the columns of a table are declared: of what a package has no place for there is none."""
    there = places(descriptor)
    for each in columns:
        if each == "levels":
            yield from (_named(each, level.name, level) for level in levels_to_filter(descriptor))
        elif each == "attributes":
            yield from (_named(each, f"attribute_{code.value}", code) for code in attributes(descriptor))
        else:
            own = {"name": each} if isinstance(each, str) else each
            declared = {**_DECLARED["columns"].get(own["name"], {}), **own}
            needed = calculated.DEFINITIONS[own["name"]] if declared.get("calculated") else {}
            if has_place(there, declared) and has_place(there, needed):
                yield declared


def levels_to_filter(descriptor: Mapping[str, Any]) -> list[Level]:
    """The levels that have a column of their name: those by which initiatives are looked for."""
    return [
        level for level in levels(descriptor) if level.is_filter and level.name not in _DECLARED["columns"]
    ]


def attributes(descriptor: Mapping[str, Any]) -> list[Code]:
    """What is printed of an initiative besides; each has a column."""
    resource = tables_of(descriptor).get("attributes")
    return list(codes_of(fields(resource)["attribute"]).values()) if resource else []


def _named(kind: str, name: str, of: Level | Code) -> Mapping[str, Any]:
    called = {"label": of.label, "label_en": of.label_en or of.label}
    return {"name": name, **filled(_DECLARED["each"][kind], called)}


def column(descriptor: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A column of the wide tables, as a Table Schema has it."""
    return _field(descriptor, "", {"name": name} | _DECLARED["columns"][name])


def _field(descriptor: Mapping[str, Any], of: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """A column of a Table Schema: as in the table it is ``from``, but for what is said of it here."""
    field: dict[str, Any] = {}
    if "from" in declared:
        table, column = declared["from"]
        field = {**fields(tables_of(descriptor)[table])[column]}
    elif declared.get("calculated"):
        field = calculated.field(declared["name"])
    constraints = {**field.pop("constraints", {})}
    if declared.get("required"):
        constraints = {"required": True, **constraints}
    else:  # what is always there in one table may be missing in another
        constraints = {
            name: each for name, each in constraints.items() if name not in ("required", "pattern")
        }
    if "more" in declared:
        field["categories"] = [*field["categories"], *(_DECLARED["codes"][name] for name in declared["more"])]
        constraints["enum"] = [each["value"] for each in field["categories"]]
    if field.get("identity") == of:  # it is what others point at
        del field["identity"]
    own = {name: value for name, value in declared.items() if name not in _HOW_IT_IS_MADE}
    field |= own | ({"constraints": constraints} if constraints else {})
    return filled(field, of_the_plan(descriptor))
