"""The data dictionary, generated from ``datapackage.json`` alone.

The schema is written once; tables, columns, units, labels of codes and
references are read from it and never repeated anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shinchoku.package.descriptor import fields, foreign_keys, primary_key, resources
from shinchoku.package.joins import Tables, kept


@dataclass(frozen=True, slots=True)
class Code:
    """A code in words: ``short`` stands where there is little room, ``meaning`` is a sentence (may be empty).

    ``symbol`` tells it apart without colour, where codes are shown side by side. Of an attribute, ``is_grade``
    says that it is the document's own judgement, and ``legend`` (value, meaning) what that prints of its values.
    """

    value: str
    label: str
    label_en: str
    short: str
    meaning: str = ""
    meaning_en: str = ""
    symbol: str = ""
    is_grade: bool = False
    legend: tuple[tuple[str, str], ...] = ()


#: A Table Schema has no words for the values of a boolean column.
_TRUTH = (Code("true", "はい", "Yes", "はい"), Code("false", "いいえ", "No", "いいえ"))


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """A column. ``references`` is the (table, column) it points at."""

    name: str
    type: str
    title: str
    title_en: str
    description: str
    description_en: str
    unit: str | None
    constraints_text: str
    categories: tuple[Code, ...]
    is_key: bool
    references: tuple[str, str] | None
    #: Of a column that says whether something is printed: the sign, and what the documents say of it.
    symbol: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class TableDoc:
    """A table, with its columns in published order."""

    name: str
    title: str
    title_en: str
    description: str
    description_en: str
    path: str
    row_count: int
    fields: tuple[FieldDoc, ...]


def _references(resource: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Column → the (table, column) of its foreign key.

    A key of its own says more of a column than one that it shares with others.
    """
    return {
        column: (key.table, referenced)
        for key in sorted(foreign_keys(resource), key=lambda key: -len(key.columns))
        for column, referenced in zip(key.columns, key.referenced, strict=True)
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


def _field(resource: Mapping[str, Any], column: str) -> FieldDoc:
    field = fields(resource)[column]
    is_key = column in primary_key(resource)
    return FieldDoc(
        name=column,
        type=field["type"],
        title=field["title"],
        title_en=field["title_en"],
        description=field["description"],
        description_en=field.get("description_en", ""),
        unit=field.get("unit"),
        constraints_text=_constraints_text(field.get("constraints", {}), is_key),
        categories=tuple(codes_of(field).values()),
        is_key=is_key,
        references=_references(resource).get(column),
        symbol=field.get("symbol", ""),
        meaning=field.get("meaning", ""),
    )


def codes_of(field: Mapping[str, Any]) -> dict[str, Code]:
    """Code → what it is called, of a column of a Table Schema; empty for a column without codes."""
    if field.get("type") == "boolean":
        return {code.value: code for code in _TRUTH}
    return {
        item["value"]: Code(
            value=item["value"],
            label=item["label"],
            label_en=item.get("label_en", ""),
            short=item.get("short", item["label"]),
            meaning=item.get("meaning", ""),
            meaning_en=item.get("meaning_en", ""),
            symbol=item.get("symbol", ""),
            is_grade=item.get("kind") == "grade",
            legend=tuple((each["value"], each["meaning"]) for each in item.get("legend", ())),
        )
        for item in field.get("categories", ())
    }


def table(resource: Mapping[str, Any], row_count: int) -> TableDoc:
    """One table, of a package or made of its tables."""
    return TableDoc(
        name=resource["name"],
        title=resource["title"],
        title_en=resource["title_en"],
        description=resource["description"],
        description_en=resource.get("description_en", ""),
        path=resource["path"],
        row_count=row_count,
        fields=tuple(_field(resource, column) for column in fields(resource)),
    )


def field(package: Tables, table: str, column: str) -> FieldDoc:
    """One column; only this one is made, for pages ask for many."""
    return _field(package.declared[table], column)


def of_the_plan(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """What a plan calls what general sentences speak of, by the ``{name}`` that stands for it in them."""
    declared = resources(descriptor)
    levels = [
        each
        for each in fields(declared["policies"]).get("level", {}).get("categories", ())
        if "pages" in each
    ]
    found = {
        "areas": "・".join(each.get("short", each["label"]) for each in levels),
        "areas_in_full": "・".join(each["label"] for each in levels),
        "areas_en": " or ".join(each.get("label_en", each["label"]).lower() for each in levels),
    }
    for name, table in (("settled", "settlements"), ("budgeted", "budgets")):
        if table in declared:
            column = fields(declared[table])["amount_thousand_yen"]
            found |= {name: column["title"], f"{name}_en": column["title_en"].lower()}
    return found


_IN_WORDS = ("title", "title_en", "description", "description_en")


def filled(field: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    """A field with the words of the plan in its title and description."""
    said = {name: field[name] for name in _IN_WORDS if name in field}
    for name, text in said.items():
        for place, word in called.items():
            text = text.replace(f"{{{place}}}", word)
        said[name] = text
    return {**field, **said}


@kept
def title(package: Tables, table: str, column: str | None = None) -> str:
    """What a column, or all that a table holds, is called; what it is named where the package has none such."""
    resource = package.declared.get(table, {})
    if column is None:
        return str(resource.get("heading", resource.get("title", table)))
    return str(fields(resource)[column]["title"]) if resource else column


@kept
def amounts(package: Tables) -> dict[str, str]:
    """What is called how of the money that the plan prints: of what was settled, and of what was planned."""
    tables = {"settlement": "settlements", "budget": "budgets"}
    return {kind: title(package, table, "amount_thousand_yen") for kind, table in tables.items()}


@kept
def mark(package: Tables) -> FieldDoc | None:
    """The column that says which initiatives bear the mark of the plan; ``None`` where none does."""
    return field(package, "initiatives", "has_mark") if package.has.marks else None


@kept
def codes(package: Tables, table: str, column: str) -> dict[str, Code]:
    """Code → what it is called, of a column; in the order of the schema.

    Empty for what is no column: a reading says in its cells which one it is about.
    """
    resource = package.declared.get(table)
    return codes_of(fields(resource).get(column, {})) if resource else {}


@kept
def titles(package: Tables) -> dict[tuple[str, str], str]:
    """(table, column) → its Japanese title."""
    return {
        (name, column): field["title"]
        for name, resource in package.declared.items()
        for column, field in fields(resource).items()
    }
