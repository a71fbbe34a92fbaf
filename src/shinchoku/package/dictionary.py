"""The data dictionary, generated from ``datapackage.json`` alone.

The schema is written once; tables, columns, units, labels of codes and
references are read from it and never repeated anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shinchoku.package.descriptor import primary_key, resources
from shinchoku.package.editions import View
from shinchoku.package.joins import Tables


@dataclass(frozen=True, slots=True)
class Code:
    """A code in words: ``short`` stands where there is little room, ``meaning`` is a sentence (may be empty).

    ``symbol`` tells it apart without colour, where codes are shown side by side.
    """

    value: str
    label: str
    label_en: str
    short: str
    meaning: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """A column. ``references`` is the (table, column) it points at."""

    name: str
    type: str
    title: str
    title_en: str
    description: str
    unit: str | None
    constraints_text: str
    categories: tuple[Code, ...]
    is_key: bool
    references: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class TableDoc:
    """A table, with its columns in published order."""

    name: str
    title: str
    title_en: str
    description: str
    path: str
    row_count: int
    fields: tuple[FieldDoc, ...]


def _columns(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _references(table: str, schema: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Column → the (table, column) of its foreign key; ``""`` means the table itself.

    A key of its own says more of a column than one that it shares with others.
    """
    keys = sorted(schema.get("foreignKeys", ()), key=lambda key: -len(_columns(key["fields"])))
    return {
        column: (key["reference"].get("resource") or table, referenced)
        for key in keys
        for column, referenced in zip(
            _columns(key["fields"]), _columns(key["reference"]["fields"]), strict=True
        )
    }


def _bounds(constraints: Mapping[str, Any]) -> str:
    minimum, maximum = constraints.get("minimum"), constraints.get("maximum")
    if minimum is not None and maximum is not None:
        return f"{minimum}〜{maximum}"
    if minimum is not None:
        return f"{minimum}以上"
    return f"{maximum}以下" if maximum is not None else ""


def _constraints_text(constraints: Mapping[str, Any], is_key: bool) -> str:
    parts = [
        "主キー" if is_key else "",
        "必須" if constraints.get("required") else "空でもよい",
        _bounds(constraints),
        f"{constraints['maxLength']}文字まで" if "maxLength" in constraints else "",
        f"形式 {constraints['pattern']}" if "pattern" in constraints else "",
    ]
    return "、".join(part for part in parts if part)


def _field(field: Mapping[str, Any], is_key: bool, references: tuple[str, str] | None) -> FieldDoc:
    constraints = field.get("constraints", {})
    return FieldDoc(
        name=field["name"],
        type=field["type"],
        title=field["title"],
        title_en=field["title_en"],
        description=field["description"],
        unit=field.get("unit"),
        constraints_text=_constraints_text(constraints, is_key),
        categories=tuple(codes_of(field).values()),
        is_key=is_key,
        references=references,
    )


def codes_of(field: Mapping[str, Any]) -> dict[str, Code]:
    """Code → what it is called, of a column of a Table Schema; empty for a column without codes."""
    return {
        item["value"]: Code(
            value=item["value"],
            label=item["label"],
            label_en=item.get("label_en", ""),
            short=item.get("short", item["label"]),
            meaning=item.get("meaning", ""),
        )
        for item in field.get("categories", ())
    }


def _table(package: View, resource: Mapping[str, Any]) -> TableDoc:
    name, schema = resource["name"], resource["schema"]
    key = primary_key(resource)
    references = _references(name, schema)
    return TableDoc(
        name=name,
        title=resource["title"],
        title_en=resource["title_en"],
        description=resource["description"],
        path=resource["path"],
        row_count=len(getattr(package.package, name)),
        fields=tuple(
            _field(field, field["name"] in key, references.get(field["name"])) for field in schema["fields"]
        ),
    )


def tables(package: View) -> list[TableDoc]:
    """Every table in published order."""
    return [_table(package, resource) for resource in package.descriptor["resources"]]


def field(package: Tables, table: str, column: str) -> FieldDoc:
    """One column; only this one is made, for pages ask for many."""
    resource = resources(package.descriptor)[table]
    references = _references(table, resource["schema"])
    described = next(item for item in resource["schema"]["fields"] if item["name"] == column)
    return _field(described, column in primary_key(resource), references.get(column))


def codes(package: Tables, table: str, column: str) -> dict[str, Code]:
    """Code → what it is called, of a column; in the order of the schema.

    Empty for what is no column: a reading says in its cells which one it is about.
    """
    resource = resources(package.descriptor).get(table, {"schema": {"fields": ()}})
    described = (item for item in resource["schema"]["fields"] if item["name"] == column)
    return codes_of(next(described, {}))


def titles(package: Tables) -> dict[tuple[str, str], str]:
    """(table, column) → its Japanese title."""
    return {
        (name, field["name"]): field["title"]
        for name, resource in resources(package.descriptor).items()
        for field in resource["schema"]["fields"]
    }
