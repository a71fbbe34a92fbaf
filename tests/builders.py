"""Packages in a few words, for tests on inline data.

Each function makes one record from what the test is about and leaves the rest
to plausible defaults; ``package`` puts them together around one printed report
(``report``) with one part → field → measure → direction, and lists every
initiative once, so that a test reads like a sentence::

    package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[observation("a-1", 2022, "actual", "175"), observation("a-1", 2022, "target", "300")],
    )
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from frozen_project import FROZEN, LICENCE
from shinchoku.package.descriptor import primary_key, read_descriptor, resources
from shinchoku.package.editions import Edition, Package
from shinchoku.package.joins import Tables
from shinchoku.package.records import (
    RECORD_TYPES,
    Activity,
    Amount,
    Attribute,
    Budget,
    Grant,
    GrantDescription,
    GrantProgramme,
    Indicator,
    Initiative,
    InitiativeGrant,
    Listing,
    ListingDifference,
    Observation,
    Policy,
    Reading,
    Settlement,
    Source,
    SourceNote,
    Term,
    columns,
)
from shinchoku.package.writing import write_tables
from shinchoku.paths import DESCRIPTOR, SCHEMAS

SOURCE_ID = "report"


def descriptor() -> dict[str, Any]:
    """That of the frozen project, with its schemas in it: the schema is written once for all tests."""
    return read_descriptor(FROZEN)


def copy_descriptor(directory: Path) -> None:
    """The same as a file beside the schemas it names, for a package folder with its own sources."""
    descriptor = json.loads((FROZEN / DESCRIPTOR).read_text(encoding="utf-8"))
    if (directory / "data" / "sources.csv").exists():
        with (directory / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
            descriptor["sources"] = [
                {"title": row["title"], "path": row["file"]} for row in csv.DictReader(file)
            ]
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (directory / DESCRIPTOR).write_text(text, encoding="utf-8")
    shutil.copytree(FROZEN / SCHEMAS, directory / SCHEMAS, dirs_exist_ok=True)
    shutil.copy(FROZEN / LICENCE, directory)


def write_descriptor(directory: Path, descriptor: Mapping[str, Any]) -> None:
    """A whole descriptor as a package folder has it: each schema in a file of its own."""

    def write(path: str, value: Mapping[str, Any]) -> None:
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        (directory / path).write_text(text, encoding="utf-8")

    (directory / SCHEMAS).mkdir(parents=True, exist_ok=True)
    schemas = {f"{SCHEMAS}/{name}.json": item["schema"] for name, item in resources(descriptor).items()}
    for path, schema in schemas.items():
        write(path, schema)
    named = [{**item, "schema": path} for item, path in zip(descriptor["resources"], schemas, strict=True)]
    write(DESCRIPTOR, {**descriptor, "resources": named})
    shutil.copy(FROZEN / LICENCE, directory)


def source(source_id: str = SOURCE_ID, **values: Any) -> Source:
    defaults: dict[str, Any] = {
        "title": "進捗状況",
        "title_line": 1,
        "publisher": "見本市",
        "label_printed": None,
        "label_line": None,
        "issued_printed": None,
        "issued_line": None,
        "issued_month": None,
        "report_fiscal_year": 2022,
        "terms": "利用条件の印刷はありません。",
        "url": None,
        "file": f"data/sources/{source_id}.txt",
        "line_count": 100,
        "sha256": "0" * 64,
    }
    return Source(source_id=source_id, **{**defaults, **values})


def policy(
    policy_id: str, level: str, parent: str | None = None, *, position: int = 1, line: int = 2, **values: Any
) -> Policy:
    defaults: dict[str, Any] = {
        "number_printed": str(position),
        "title": policy_id,
        "heading_printed": f"{position}. {policy_id}",
        "source_id": SOURCE_ID,
        "toc_printed": None,
        "toc_page": None,
        "toc_line": None,
        "omission_printed": None,
        "omission_refers_to_policy_id": None,
    }
    return Policy(
        policy_id=policy_id,
        level=level,
        parent_policy_id=parent,
        position=position,
        source_line=line,
        **{**defaults, **values},
    )


def tree() -> list[Policy]:
    """The smallest plan: part ``fields`` → field ``tourism`` → a measure → a direction."""
    return [
        policy("fields", "part", line=2, title="重点分野"),
        policy("tourism", "field", "fields", line=3, title="観光"),
        policy("tourism-1", "measure", "tourism", line=4, title="魅力づくり"),
        policy("tourism-1-1", "direction", "tourism-1", line=5, title="魅力アップ"),
    ]


def initiative(initiative_id: str, name: str | None = None, *, line: int = 10, **values: Any) -> Initiative:
    defaults: dict[str, Any] = {
        "has_mark": False,
        "is_loan_fund": False,
        "lifecycle": "continuing",
        "last_fiscal_year": None,
        "merged_into_initiative_id": None,
        "lifecycle_printed": None,
        "source_id": SOURCE_ID,
    }
    return Initiative(
        initiative_id=initiative_id,
        name=name or f"事業{initiative_id}",
        source_line=line,
        **{**defaults, **values},
    )


def listing(
    initiative_id: str,
    line: int = 10,
    direction: str = "tourism-1-1",
    *,
    position: int = 1,
    indicator_position: int = 1,
    relisted: bool = False,
    source_id: str = SOURCE_ID,
) -> Listing:
    return Listing(
        source_id, line, initiative_id, direction, position, indicator_position, is_relisted=relisted
    )


def difference(line: int, column: str, printed: str | None, source_id: str = SOURCE_ID) -> ListingDifference:
    return ListingDifference(source_id, line, column, printed)


def indicator(
    indicator_id: str, initiative_id: str, label: str = "来場者数", unit: str | None = "人", **values: Any
) -> Indicator:
    defaults: dict[str, Any] = {
        "position": 1,
        "name_printed": f"{label}({unit})" if unit else label,
        "is_unit_printed": True if unit else None,
        "accumulation": "unspecified",
        "desired_direction": "higher_is_better",
        "value_kind": "number",
        "source_id": SOURCE_ID,
        "source_line": 10,
    }
    return Indicator(
        indicator_id=indicator_id,
        initiative_id=initiative_id,
        label=label,
        unit=unit,
        **{**defaults, **values},
    )


def observation(
    indicator_id: str,
    fiscal_year: int,
    role: str,
    value: str | None = None,
    *,
    text: str | None = None,
    status: str | None = None,
    **values: Any,
) -> Observation:
    """A number, a ``text`` or, with neither, a ``status`` that says why (``blank`` unless told)."""
    stated = value if value is not None else text
    defaults: dict[str, Any] = {
        "qualifier": None,
        "as_of_date": None,
        "remark": None,
        "printed": stated,
        "source_id": SOURCE_ID,
        "source_line": 10,
    }
    return Observation(
        indicator_id=indicator_id,
        fiscal_year=fiscal_year,
        role=role,
        value=None if value is None else Decimal(value),
        text=text,
        status=status or ("blank" if stated is None else "reported"),
        **{**defaults, **values},
    )


def settlement(
    initiative_id: str,
    fiscal_year: int,
    amount: Amount | None = None,
    *,
    status: str | None = None,
    **values: Any,
) -> Settlement:
    defaults: dict[str, Any] = {
        "printed": None if amount is None else f"{amount:,}",
        "source_id": SOURCE_ID,
        "source_line": 10,
    }
    return Settlement(
        initiative_id=initiative_id,
        fiscal_year=fiscal_year,
        amount_thousand_yen=amount,
        status=status or ("not_stated" if amount is None else "reported"),
        **{**defaults, **values},
    )


def budget(initiative_id: str, fiscal_year: int, amount: Amount | None = None, **values: Any) -> Budget:
    alike = settlement(initiative_id, fiscal_year, amount, **values)
    return Budget(*(getattr(alike, name) for name in columns(Budget)))


def attribute(initiative_id: str, name: str, text: str, line: int = 10) -> Attribute:
    return Attribute(SOURCE_ID, initiative_id, name, text, line)


def activity(
    initiative_id: str, text: str, *, fiscal_year: int = 2022, position: int = 1, marker: str | None = "・"
) -> Activity:
    basis = "marker" if marker else "whole_cell"
    return Activity(initiative_id, fiscal_year, position, marker, text, basis, SOURCE_ID, 10)


def programme(programme_id: str = "programme", name: str = "交付金", **values: Any) -> GrantProgramme:
    defaults: dict[str, Any] = {
        "first_fiscal_year": 2017,
        "period_years": 3,
        "national_share_printed": "国費1/2",
        "period_printed": "3年間",
        "heading_printed": name,
        "source_id": SOURCE_ID,
        "source_line": 50,
    }
    return GrantProgramme(programme_id=programme_id, name=name, **{**defaults, **values})


def grant(grant_id: str, programme_id: str = "programme", **values: Any) -> Grant:
    defaults: dict[str, Any] = {
        "name": f"交付金事業{grant_id}",
        "membership_confidence": Decimal("0.9"),
        "membership_reason": "見出しの順から読み取った。",
        "applicant_type": "city_alone",
        "applicants_printed": "単独申請",
        "remark_printed": None,
        "amount_thousand_yen": 1000,
        "partner_amount_thousand_yen": None,
        "amount_printed": "1,000千円",
        "amount_line": 61,
        "source_id": SOURCE_ID,
        "source_line": 60,
    }
    return Grant(grant_id=grant_id, programme_id=programme_id, **{**defaults, **values})


def grant_description(grant_id: str, text: str, *, position: int = 1, line: int = 62) -> GrantDescription:
    return GrantDescription(grant_id, position, text, SOURCE_ID, line)


def grant_link(
    initiative_id: str, grant_id: str, confidence: str = "0.6", reason: str = "名前が似ている。"
) -> InitiativeGrant:
    return InitiativeGrant(initiative_id, grant_id, Decimal(confidence), "name", reason)


def note(note_id: str, line: int = 10, **values: Any) -> SourceNote:
    defaults: dict[str, Any] = {
        "source_id": SOURCE_ID,
        "printed_column": "name",
        "category": "misprint",
        "printed": "エネルギーギー",
        "suspected": "エネルギー",
        "reason": "字が重なっている。",
    }
    return SourceNote(note_id=note_id, source_line=line, **{**defaults, **values})


def reading(
    table: str, key: str, column: str, value: str, reason: str = "ほかの行から読み取った。"
) -> Reading:
    return Reading(table, key, column, value, reason)


def package(
    source_lines: Mapping[str, tuple[str, ...]] | None = None,
    glossary: Iterable[Term] = (),
    schema: Mapping[str, Any] | None = None,
    **tables: Iterable[Any],
) -> Package:
    """A package of these records; sources, policies and listings have defaults, and so has its descriptor."""
    tables.setdefault("sources", [source()])
    tables.setdefault("policies", tree())
    initiatives = tables["initiatives"] = list(tables.get("initiatives", ()))
    tables.setdefault(
        "listings",
        [
            listing(item.initiative_id, 10 + index, position=index + 1)
            for index, item in enumerate(initiatives)
        ],
    )
    schema = schema or descriptor()
    declared = resources(schema)

    def ordered(name: str, records: Iterable[Any]) -> tuple[Any, ...]:
        key = primary_key(declared[name])
        return tuple(sorted(records, key=lambda record: tuple(getattr(record, column) for column in key)))

    return Package(
        schema,
        source_lines=source_lines or {},
        glossary=tuple(glossary),
        **{name: ordered(name, records) for name, records in tables.items()},
    )


def write(data: Tables, directory: Path) -> Path:
    """``data`` as a package folder, with source documents of as many lines as they claim."""
    (directory / "data/sources").mkdir(parents=True)
    write_descriptor(directory, data.descriptor)
    declared = resources(data.descriptor)
    write_tables(directory, {name: getattr(data, name) for name in RECORD_TYPES if name in declared})
    for item in data.sources:
        if item.file is None or item.line_count is None:
            continue
        lines = "".join(f"{number}行目\n" for number in range(1, item.line_count + 1))
        (directory / item.file).write_text(lines, encoding="utf-8")
    return directory


def edition(**parts: Any) -> Edition:
    """The newest edition of such a package, which is what pages show."""
    return package(**parts).newest
