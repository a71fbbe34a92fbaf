"""What documents print and a package has no level, table, column or code for yet is declared, in the words of its layout
or else of the program (``package.defaults``); a person may put better ones in their place.

What is declared already stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shinchoku import files, paths
from shinchoku.importing.layouts import ColumnForm, HeadingForm, Layout
from shinchoku.package import defaults
from shinchoku.package.descriptor import fields, read_descriptor, resources
from shinchoku.package.records import RECORD_TYPES, optional_columns
from shinchoku.schemas.writing import json_bytes

#: Until a report tells the levels of the plan, for a descriptor has at least one.
FIRST_LEVEL = {"value": "area", "label": "分野", "label_en": "Area", "pages": "areas"}


def declare_levels(folder: Path, layouts: Mapping[str, Layout]) -> None:
    """The levels of the plan, where none are declared yet: as they follow each other in documents (text → layout).

    The first has pages; which really have, and what may stand under what, is for people to say.
    """
    schema = json.loads((folder / paths.SCHEMAS / "policies.json").read_text(encoding="utf-8"))
    level = next(field for field in schema["fields"] if field["name"] == "level")
    if level["categories"] != [FIRST_LEVEL]:
        return
    forms: dict[str, HeadingForm] = {}
    for text, layout in layouts.items():
        for line in text.splitlines():
            if form := next((each for each in layout.headings if each.read(line.strip())), None):
                forms.setdefault(form.level, form)
    if not forms:
        return
    level["categories"] = [_level(form) for form in forms.values()]
    level["categories"][0]["pages"] = FIRST_LEVEL["pages"]
    level["constraints"]["enum"] = list(forms)
    _write(folder, {"policies": schema})


def _level(form: HeadingForm) -> dict[str, Any]:
    """A level as its heading calls it: ``施策{number} {title}`` is a 施策."""
    label = form.template.words or form.level
    return {"value": form.level, "label": label, "label_en": form.level.replace("_", " ").capitalize()}


def declare(folder: Path, tables: Mapping[str, Sequence[Any]], layouts: Sequence[Layout]) -> None:
    """Tables, columns and codes of records that are about to be written."""
    declared = resources(read_descriptor(folder))
    codes = _codes(layouts)
    level = fields(declared["policies"])["level"]
    known = {
        each["name"]: each for each in defaults.resources({"policies.level": level["categories"], **codes})
    }
    changed: dict[str, dict[str, Any]] = {}
    added: list[str] = []
    for name, records in tables.items():
        if records and name not in declared:
            added.append(name)
        if records:
            before = declared[name]["schema"] if name in declared else {**known[name]["schema"], "fields": []}
            schema = _schema(name, before, known[name]["schema"], records, is_new=name in added)
            if schema != before:
                changed[name] = schema
    _write(folder, changed)
    filled = {
        name
        for name, each in declared.items()
        if tables[name] and each.get("allowEmpty") and not known[name].get("allowEmpty")
    }
    if added or filled:
        descriptor = json.loads((folder / paths.DESCRIPTOR).read_text(encoding="utf-8"))
        for each in descriptor["resources"]:
            if each["name"] in filled:
                del each["allowEmpty"]
        descriptor["resources"] += [
            {**known[name], "schema": f"{paths.SCHEMAS}/{name}.json"} for name in added
        ]
        order = {name: number for number, name in enumerate(RECORD_TYPES)}
        descriptor["resources"].sort(key=lambda each: order.get(each["name"], len(order)))
        files.replace({folder / paths.DESCRIPTOR: json_bytes(descriptor)})


def _schema(
    name: str, before: Mapping[str, Any], known: Mapping[str, Any], records: Sequence[Any], is_new: bool
) -> dict[str, Any]:
    """The schema of a table, with the columns and the codes that its records use."""
    own = {field["name"]: field for field in before["fields"]}
    optional = optional_columns(RECORD_TYPES[name])
    found = []
    for field in known["fields"]:
        column = field["name"]
        used = {value for record in records if (value := getattr(record, column)) not in (None, False)}
        if column in own:
            found.append(_with_codes(own[column], field, used))
        elif is_new and column not in optional or used and column in optional:
            found.append(field)
    return {**before, "fields": found}


def _with_codes(field: Mapping[str, Any], known: Mapping[str, Any], used: set[Any]) -> Mapping[str, Any]:
    """A column with the codes that are used and known, but not declared."""
    allowed = field.get("constraints", {}).get("enum")
    more = [
        each
        for each in known.get("categories", ())
        if allowed is not None and each["value"] in used and each["value"] not in allowed
    ]
    if not more:
        return field
    categories = [*field.get("categories", ()), *more]
    enum = [each["value"] for each in categories]
    return {**field, "categories": categories, "constraints": {**field["constraints"], "enum": enum}}


def _codes(layouts: Sequence[Layout]) -> dict[str, list[dict[str, Any]]]:
    """The codes that only layouts know, called as they are printed."""
    attributes = {form.attribute: form for layout in layouts for form in layout.columns if form.attribute}
    applicants = {code: printed for layout in layouts for printed, code in layout.applicants.items()}
    found = {
        "attributes.attribute": [_attribute(name, form) for name, form in attributes.items()],
        "grants.applicant_type": [
            {"value": code, "label": str(printed), "label_en": code.replace("_", " ").capitalize()}
            for code, printed in applicants.items()
        ],
    }
    return {place: codes for place, codes in found.items() if codes}


def _attribute(name: str, form: ColumnForm) -> dict[str, Any]:
    """One that is called a grade is the city's own judgement; its legend, where one is printed, is for people to add."""
    label = form.template.words or name
    category = {"value": name, "label": label, "label_en": name.replace("_", " ").capitalize()}
    return category | ({"kind": "grade"} if "grade" in name else {})


def _write(folder: Path, schemas: Mapping[str, Any]) -> None:
    files.replace(
        {folder / paths.SCHEMAS / f"{name}.json": json_bytes(schema) for name, schema in schemas.items()}
    )
