"""The tables as the program knows them, for a package that begins: every column, in the words of no plan (``tables.json``).

A project keeps its own copies in ``data/schemas/`` and may say there what its plan says: a title, a unit, what a mark means.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from importlib import resources as files
from typing import Any

from shinchoku.package.records import RECORD_TYPES, REQUIRED_TABLES, optional_columns

_DECLARED: Mapping[str, Any] = json.loads(
    files.files("shinchoku.package").joinpath("tables.json").read_text(encoding="utf-8")
)


def resources(
    codes: Mapping[str, Sequence[Mapping[str, Any]]],
    tables: Collection[str] = tuple(RECORD_TYPES),
    columns: Collection[str] | None = None,
    licence: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The resources of a descriptor, each schema in its own, in published order.

    ``codes`` are the categories of ``table.column``, at least of ``policies.level`` (from the top down).
    Of ``tables`` those that are always needed may be left out; of the columns that a table need not have
    only ``columns`` (``table.column``) are declared, ``None`` takes all. ``licence`` is for the tables that
    are wholly the project's own work.
    """
    return [
        _resource(name, codes, columns, licence)
        for name in RECORD_TYPES
        if name in REQUIRED_TABLES or name in tables
    ]


def _resource(
    name: str,
    codes: Mapping[str, Sequence[Mapping[str, Any]]],
    wanted: Collection[str] | None,
    licence: Mapping[str, str] | None,
) -> dict[str, Any]:
    declared = dict(_DECLARED["tables"][name])
    schema: dict[str, Any] = {"fields": [], "missingValues": [""]}
    for field in map(_field, declared.pop("fields")):
        place = f"{name}.{field['name']}"
        if (
            wanted is not None
            and place not in wanted
            and field["name"] in optional_columns(RECORD_TYPES[name])
        ):
            continue
        if categories := codes.get(place, field.get("categories")):
            field["categories"] = list(categories)
            values = [each["value"] for each in categories]
            field["constraints"] = {**field.get("constraints", {}), "enum": values}
        schema["fields"].append(field)
    schema |= {key: declared.pop(key) for key in ("primaryKey", "foreignKeys") if key in declared}
    licences = {"licenses": [licence]} if declared.pop("own", False) and licence else {}
    path = f"data/{name}.csv"
    return {"name": name, "path": path, **declared, **licences, **_DECLARED["resource"], "schema": schema}


def _field(declared: str | Mapping[str, Any]) -> dict[str, Any]:
    """A column as a Table Schema has it; the name alone is one that several tables have."""
    return {"name": declared, **_DECLARED["columns"][declared]} if isinstance(declared, str) else {**declared}
