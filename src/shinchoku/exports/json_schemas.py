"""The JSON Schemas (draft 2020-12) of the JSON files: what they hold, strictly, so that a client can rely on it.

The shape is written here. What a column is says its Table Schema, what is calculated ``calculated``, what any
other key is ``json_keys.json``; a key with ``from`` is a column under another name. Keywords are standard ones
only, for there are validators that refuse others, and nothing hangs on ``format``, which most do not check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shinchoku import addresses, calculated, derived
from shinchoku.exports.initiatives import STATED
from shinchoku.exports.keys import KEYS, absent
from shinchoku.metrics import Assessment
from shinchoku.package.descriptor import fields, places
from shinchoku.package.descriptor import resources as tables_of
from shinchoku.package.dictionary import codes_of, filled, of_the_plan
from shinchoku.package.editions import Edition

_Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Constraint of a Table Schema that is a keyword of JSON Schema by the same name.
_SHARED = ("enum", "minimum", "maximum", "maxLength", "pattern")
_DAY = r"^\d{4}-\d{2}-\d{2}$"


def schemas(package: Edition, site_url: str = "") -> dict[str, _Schema]:
    """Name of a JSON file (``initiative`` is each ``data.json``) → its schema."""
    keys = _Keys(package.descriptor)
    called = of_the_plan(package.descriptor)
    return {
        name: {
            "$schema": _DIALECT,
            "$id": addresses.public(addresses.json_schema(name), site_url),
            "title": title.format_map(called),
            **shape(keys),
        }
        for name, (title, shape) in _FILES.items()
        if name != "grants" or "grants" in package.places
    }


class _Keys:
    """What the keys are, from the Table Schemas of a package and their definitions and ``json_keys.json``."""

    def __init__(self, descriptor: Mapping[str, Any]) -> None:
        self._descriptor = descriptor
        self._tables = {name: fields(resource) for name, resource in tables_of(descriptor).items()}
        self._absent = absent(places(descriptor))
        self._called = of_the_plan(descriptor)

    def row(self, table: str, *without: str) -> _Schema:
        """The properties of a row of a table; none of one that the package has not."""
        found = self._tables.get(table, {})
        return {name: _value(field) for name, field in found.items() if name not in without}

    def cells(self, table: str, *names: str) -> _Schema:
        """Some of them."""
        return self.row(table, *self._tables.get(table, {}).keys() - set(names))

    def of(self, *names: str) -> _Schema:
        """The properties of these names in their definitions and ``json_keys.json`` that the package has."""
        return {name: self._key(name) for name in names if name not in self._absent}

    def list(self, name: str, properties: _Schema, optional: Iterable[str] = ()) -> _Schema:
        """A property that is a list of objects."""
        if name in self._absent:
            return {}
        said = _said(filled(KEYS[name], self._called))
        return {name: {**said, "type": "array", "items": _object(properties, optional)}}

    def one(
        self, name: str, properties: _Schema, or_none: bool = False, optional: Iterable[str] = ()
    ) -> _Schema:
        """A property that is an object; or ``null``."""
        if name in self._absent:
            return {}
        found = _object(properties, optional)
        said = _said(filled(KEYS[name], self._called))
        return {name: {**said, **(found | {"type": ["object", "null"]} if or_none else found)}}

    def _key(self, name: str) -> _Schema:
        key = filled(KEYS.get(name, {}), self._called)
        field: Mapping[str, Any] = {"type": "string"}
        if name in calculated.DEFINITIONS:
            field = calculated.field(name)
        elif not key:
            field = derived.column(self._descriptor, name)
        elif "from" in key:
            table, column = key["from"]
            field = self._tables[table][column]
        if "items" in key:
            table, column = key["items"]
            return {**_said({**field, **key}), "type": "array", "items": _value(self._tables[table][column])}
        own = {word: key[word] for word in ("required", *_SHARED) if word in key}
        return _value({**field, **key, "constraints": {**field.get("constraints", {}), **own}})


def _said(field: Mapping[str, Any]) -> _Schema:
    """Title and description in both languages: there is no keyword for a second one."""
    unit = f"（{field['unit']}）" if "unit" in field else ""
    named = codes_of(field).values() if "categories" in field else ()
    codes = "、".join(f"{code.value}＝{code.label}（{code.label_en}）" for code in named)
    told = (field["description"], codes, field.get("description_en", ""))
    return {
        "title": f"{field['title']}{unit} / {field['title_en']}",
        "description": "\n".join(text for text in told if text),
    }


def _value(field: Mapping[str, Any]) -> _Schema:
    """A cell of a column: ``null`` where it may be empty."""
    constraints = field.get("constraints", {})
    kind = "string" if field["type"] == "date" else field["type"]
    found = (
        _said(field) | {"type": kind} | {word: constraints[word] for word in _SHARED if word in constraints}
    )
    if field["type"] == "date":
        found["pattern"] = _DAY
    if not constraints.get("required"):
        found["type"] = [kind, "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


def _object(properties: _Schema, optional: Iterable[str] = ()) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _array(properties: _Schema) -> _Schema:
    return {"type": "array", "items": _object(properties)}


# -- the shapes -------------------------------------------------------------

_VERDICT = ("assessed_fiscal_year", "assessment", "achievement_rate", "reached_before_fiscal_year", "trend")
_MONEY = ("settlement_fiscal_year", "settlement_thousand_yen")


def _indicator(keys: _Keys) -> _Schema:
    return {
        **keys.row("indicators", "initiative_id"),
        **keys.of("unit_multiplier"),
        **keys.of(*_VERDICT, "progress", "missed_since_fiscal_years", "shortfall", "change_rate"),
        **keys.of("reference_fiscal_year", "trend_from_reference", "course"),
        **keys.of("has_doubts", "has_cautions", "same_indicator_ids"),
    }


def _observation(keys: _Keys) -> _Schema:
    return keys.row("observations") | keys.cells("indicators", "unit")


def _initiative(keys: _Keys) -> _Schema:
    """The element of ``initiatives.json``."""
    observation = _observation(keys)
    return {
        **keys.row("initiatives"),
        **keys.of("report_fiscal_year", "area_id", "area", "policy_id", "policy_path", "listings"),
        **keys.of(*_MONEY, *_VERDICT),
        **keys.one(
            "indicator",
            keys.cells("indicators", "indicator_id", "label", "unit", "desired_direction"),
            or_none=True,
        ),
        **keys.list("indicators", _indicator(keys)),
        **keys.list("observations", observation, optional=observation.keys() - set(STATED)),
        **keys.of("url"),
    }


def _detail(keys: _Keys) -> _Schema:
    """The object of ``initiatives/{id}/data.json``."""
    initiative = _initiative(keys)
    printed = keys.row("observations", "indicator_id", "fiscal_year", "role")
    not_always = printed.keys() - {*STATED, "source_id", "source_line"}
    link = keys.row("initiative_grants", "initiative_id") | keys.of("grant_name", "url")
    difference = keys.row("listing_differences", "source_id", "source_line") | keys.of("printed_in_original")
    judged = {
        **keys.cells("indicators", "indicator_id", "label"),
        **keys.of("assessed_fiscal_year", "assessment", "achievement_rate"),
        **keys.one("actual", printed, or_none=True, optional=not_always),
        **keys.one("target", printed, or_none=True, optional=not_always),
    }
    told = {
        **keys.of("report_fiscal_year"),
        **keys.cells("initiatives", "name"),
        **keys.of("assessment", "achievement_rate", *_MONEY),
        **keys.list("indicators", judged),
    }
    revision = {
        **keys.cells("observations", "indicator_id", "fiscal_year", "role"),
        **keys.of("kind"),
        **keys.one("before", printed, optional=not_always),
        **keys.one("after", printed, optional=not_always),
    }
    row = {
        **keys.row("listings", "initiative_id"),
        **keys.of("policy_path", "match"),
        **keys.list("differences", difference),
    }
    observations = {name: each for name, each in initiative.items() if name == "observations"}
    former = keys.of("report_fiscal_year") | _indicator(keys) | observations
    return {
        **initiative,
        **keys.list("former_indicators", former),
        **keys.list("history", told),
        **keys.list("revisions", revision),
        **keys.one("absence", keys.row("absences", "initiative_id"), or_none=True),
        **keys.list("settlements", keys.row("settlements", "initiative_id")),
        **keys.list("budgets", keys.row("budgets", "initiative_id")),
        **keys.list("attributes", keys.row("attributes", "initiative_id")),
        **keys.list("activities", keys.row("activities", "initiative_id")),
        **keys.list("listing_rows", row),
        **keys.list("source_notes", keys.row("source_notes")),
        **keys.list("grant_links", link),
        **keys.list("readings", keys.row("readings")),
        **keys.one("source", keys.cells("sources", "source_id", "title", "publisher", "file", "url")),
        **keys.of("attribution", "licence", "calculation_note", "grant_links_note"),
    }


def _grant(keys: _Keys) -> _Schema:
    link = keys.row("initiative_grants", "grant_id") | keys.of("initiative_name", "url")
    return {
        **keys.row("grants"),
        **keys.one("programme", keys.row("grant_programmes", "programme_id")),
        **keys.list("descriptions", keys.row("grant_descriptions", "grant_id")),
        **keys.list("initiative_links", link),
        **keys.list("source_notes", keys.row("source_notes")),
        **keys.of("url"),
    }


def _area(keys: _Keys) -> _Schema:
    policy = keys.row("policies")
    count = keys.of("initiative_count")["initiative_count"]
    settled = {
        **keys.cells("settlements", "fiscal_year"),
        **keys.of("settlement_thousand_yen", "settlement_without_loan_fund_thousand_yen"),
        **keys.of("reported_count", "not_reported_count"),
    }
    counted = {
        **keys.of("initiative_count"),
        **keys.one("assessments", {code.value: count for code in Assessment}),
        **keys.list("settlements", settled),
        **keys.of("initiative_ids"),
    }
    return {
        "area_id": policy["policy_id"],
        "area": policy["title"],
        **keys.cells("policies", "level", "number_printed", "source_id", "source_line"),
        **keys.of("report_fiscal_year"),
        **keys.one("listed_first", counted),
        **keys.one("all_listed", counted),
        **keys.of("url"),
    }


def _index(keys: _Keys) -> _Schema:
    file = keys.of("path", "url", "title", "mediatype", "schema", "bytes", "rows", "sha256", "date")
    return {
        **keys.of("name", "title", "title_en", "version", "date", "url"),
        **keys.of("citation", "licence", "calculation_note", "grant_links_note", "disruption_note"),
        **keys.list("files", file),
    }


#: Name of the schema → the title of it, and its shape.
_FILES: Mapping[str, tuple[str, Callable[[_Keys], _Schema]]] = {
    "initiatives": ("全ての事業（data/initiatives.json）", lambda keys: _array(_initiative(keys))),
    "initiative": (
        "1つの事業（initiatives/{{initiative_id}}/data.json）",
        lambda keys: _object(_detail(keys)),
    ),
    "grants": ("交付金事業（data/grants.json）", lambda keys: _array(_grant(keys))),
    "areas": ("{areas}（data/areas.json）", lambda keys: _array(_area(keys))),
    "index": ("ダウンロードできるファイルの一覧（data/index.json）", lambda keys: _object(_index(keys))),
}
