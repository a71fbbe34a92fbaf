"""One frozen record type per table.

What a row is, the column names, their meaning, units and allowed values are documented where they are
defined, in the schemas of ``datapackage.json``; a test keeps these records and those schemas the same.

Must not import anything of this project: every other module may know this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Record = TypeVar("_Record")

#: Thousand yen; not whole where a document counts in yen.
Amount = int | Decimal

#: Table name → record type, in the order the tables are published, which is that of this module.
RECORD_TYPES: dict[str, type] = {}

#: Every package has these tables; of the others those that its plan prints something for.
REQUIRED_TABLES = frozenset(("sources", "policies", "initiatives", "listings", "indicators", "observations"))


def _optional(default: Any = None) -> Any:
    """A column that a table need not have; without it, this is what every row says."""
    return field(default=default, kw_only=True)


@dataclass_transform(frozen_default=True, field_specifiers=(field, _optional))
def _table(name: str) -> Callable[[type[_Record]], type[_Record]]:
    """The class below is one row of the table ``name``."""

    def declare(kind: type[_Record]) -> type[_Record]:
        RECORD_TYPES[name] = dataclass(frozen=True, slots=True)(kind)
        return RECORD_TYPES[name]

    return declare


@_table("sources")
class Source:
    source_id: str
    title: str
    title_line: int
    publisher: str
    label_printed: str | None
    label_line: int | None
    issued_printed: str | None
    issued_line: int | None
    issued_month: str | None
    report_fiscal_year: int | None
    terms: str
    url: str | None
    file: str | None
    line_count: int | None
    sha256: str | None


@_table("policies")
class Policy:
    policy_id: str
    level: str
    parent_policy_id: str | None
    position: int
    number_printed: str | None
    title: str
    heading_printed: str | None
    source_id: str
    source_line: int
    toc_printed: str | None = _optional()
    toc_page: int | None = _optional()
    toc_line: int | None = _optional()
    omission_printed: str | None = _optional()
    omission_refers_to_policy_id: str | None = _optional()


@_table("initiatives")
class Initiative:
    initiative_id: str
    name: str
    has_mark: bool = _optional(False)
    is_loan_fund: bool = _optional(False)
    is_policy: bool = _optional(False)
    lifecycle: str
    last_fiscal_year: int | None
    merged_into_initiative_id: str | None
    lifecycle_printed: str | None
    source_id: str
    source_line: int


@_table("listings")
class Listing:
    source_id: str
    source_line: int
    initiative_id: str
    policy_id: str
    position: int
    indicator_position: int
    is_relisted: bool = _optional(False)


@_table("listing_differences")
class ListingDifference:
    source_id: str
    source_line: int
    printed_column: str
    printed: str | None


@_table("absences")
class Absence:
    source_id: str
    initiative_id: str
    outcome: str
    successor_initiative_id: str | None
    reason: str


@_table("indicators")
class Indicator:
    indicator_id: str
    initiative_id: str
    position: int
    name_printed: str
    label: str
    unit: str | None
    is_unit_printed: bool | None
    accumulation: str
    desired_direction: str
    value_kind: str
    source_id: str
    source_line: int


@_table("observations")
class Observation:
    indicator_id: str
    fiscal_year: int
    role: str
    value: Decimal | None
    upper_value: Decimal | None = _optional()
    text: str | None
    status: str
    qualifier: str | None
    as_of_date: date | None
    remark: str | None
    printed: str | None
    source_id: str
    source_line: int


@_table("settlements")
class Settlement:
    initiative_id: str
    fiscal_year: int
    amount_thousand_yen: Amount | None
    status: str
    printed: str | None
    source_id: str
    source_line: int


@_table("budgets")
class Budget:
    initiative_id: str
    fiscal_year: int
    amount_thousand_yen: Amount | None
    status: str
    printed: str | None
    source_id: str
    source_line: int


@_table("attributes")
class Attribute:
    source_id: str
    initiative_id: str
    attribute: str
    text: str
    source_line: int


@_table("activities")
class Activity:
    initiative_id: str
    fiscal_year: int
    position: int
    marker: str | None
    text: str
    split_basis: str
    source_id: str
    source_line: int


@_table("grant_programmes")
class GrantProgramme:
    programme_id: str
    name: str
    first_fiscal_year: int
    period_years: int
    national_share_printed: str
    period_printed: str
    heading_printed: str
    source_id: str
    source_line: int


@_table("grants")
class Grant:
    grant_id: str
    name: str
    programme_id: str
    membership_confidence: Decimal
    membership_reason: str
    applicant_type: str
    applicants_printed: str
    remark_printed: str | None
    amount_thousand_yen: int | Decimal
    partner_amount_thousand_yen: int | Decimal | None = _optional()
    amount_printed: str
    amount_line: int
    source_id: str
    source_line: int


@_table("grant_descriptions")
class GrantDescription:
    grant_id: str
    position: int
    text: str
    source_id: str
    source_line: int


@_table("initiative_grants")
class InitiativeGrant:
    initiative_id: str
    grant_id: str
    confidence: Decimal
    basis: str
    reason: str


@_table("source_notes")
class SourceNote:
    note_id: str
    source_id: str
    source_line: int
    printed_column: str | None
    category: str
    printed: str
    suspected: str | None
    reason: str


@_table("readings")
class Reading:
    table_name: str
    record_key: str
    column_name: str
    value: str
    reason: str


@_table("corrections")
class Correction:
    table_name: str
    record_key: str
    column_name: str
    source_value: str | None
    published_value: str | None
    reason: str
    corrected_on: date
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Changes of published values: one row of the published ``changes.csv``, which is computed.

    ``changed_on`` and ``reason`` may be empty while the change is in no version.
    """

    change_number: int
    changed_on: date | None
    table_name: str
    record_key: str
    column_name: str | None
    kind: str
    old_value: str | None
    new_value: str | None
    source_id: str | None
    source_line: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """A published version and its archive: one folder of ``releases/``, which never changes again.

    ``last_change_number`` is the newest change in it; ``None`` where there had been none.
    """

    version: str
    released_on: date
    summary: str
    archive: str
    bytes: int
    sha256: str
    last_change_number: int | None


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means: one entry of ``glossary.yml``, which is written by hand.

    ``printed_in`` names the source that says so, ``printed_line`` the line; without
    them the word is this site's own. A word that mostly means something else is not linked.
    """

    term_id: str
    term: str
    group: str
    meaning: str
    printed_in: str | None
    printed_line: int | None
    others: tuple[str, ...]
    #: What people type who mean this word; it stands in no text.
    aliases: tuple[str, ...] = ()
    is_linked: bool = True


#: The table that is computed when the package is published, and kept in none: what changed.
LOG = "changes"


def columns(record_type: type) -> tuple[str, ...]:
    """The column names of a record type, in the order they are published."""
    return tuple(item.name for item in fields(record_type))


def required_columns(record_type: type) -> frozenset[str]:
    """The columns of a record type in which a cell is never empty."""
    return frozenset(item.name for item in fields(record_type) if "None" not in str(item.type))


def optional_columns(record_type: type) -> frozenset[str]:
    """The columns of a record type that a table need not have."""
    return frozenset(item.name for item in fields(record_type) if item.default is not MISSING)


def in_print_order(records: Iterable[Any]) -> list[Any]:
    """Records document by document, by the line they are printed in."""
    return sorted(records, key=lambda record: (record.source_id, record.source_line))


def group_by(records: Iterable[Any], *keys: str) -> dict[Any, tuple[Any, ...]]:
    """Records by the value of ``keys`` (a tuple for several), order kept."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    of = attrgetter(*keys)
    for record in records:
        groups[of(record)].append(record)
    return {key: tuple(group) for key, group in groups.items()}
