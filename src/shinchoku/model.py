"""The published package in memory: one frozen record type per table, joined once.

Facts only. Anything calculated lives in ``metrics``. The column names, their
meaning, units and allowed values are documented where they are defined, in
``datapackage.json``; a test keeps these records and that schema the same.

Must not import anything of this project: every other module may know this one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Source documents: one row of ``sources.csv``."""

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
    file: str
    line_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Policy tree: one row of ``policies.csv``."""

    policy_id: str
    level: str
    parent_policy_id: str | None
    position: int
    number_printed: str
    title: str
    heading_printed: str | None
    source_id: str
    source_line: int
    toc_printed: str | None
    toc_page: int | None
    toc_line: int | None
    omission_printed: str | None
    omission_refers_to_policy_id: str | None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Initiatives: one row of ``initiatives.csv``."""

    initiative_id: str
    name: str
    is_flagship: bool
    is_loan_fund: bool
    lifecycle: str
    last_fiscal_year: int | None
    merged_into_initiative_id: str | None
    lifecycle_printed: str | None
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Listings: one row of ``listings.csv``."""

    source_id: str
    source_line: int
    initiative_id: str
    direction_policy_id: str
    position: int
    indicator_position: int
    is_relisted: bool


@dataclass(frozen=True, slots=True)
class ListingDifference:
    """Listing differences: one row of ``listing_differences.csv``."""

    source_id: str
    source_line: int
    printed_column: str
    printed: str | None


@dataclass(frozen=True, slots=True)
class Absence:
    """Initiatives no longer listed: one row of ``absences.csv``."""

    source_id: str
    initiative_id: str
    outcome: str
    successor_initiative_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """Indicators: one row of ``indicators.csv``."""

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


@dataclass(frozen=True, slots=True)
class Observation:
    """Observations: one row of ``observations.csv``."""

    indicator_id: str
    fiscal_year: int
    role: str
    value: Decimal | None
    text: str | None
    status: str
    qualifier: str | None
    remark: str | None
    printed: str | None
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """Settlements: one row of ``settlements.csv``."""

    initiative_id: str
    fiscal_year: int
    amount_thousand_yen: int | None
    status: str
    printed: str | None
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Activities: one row of ``activities.csv``."""

    initiative_id: str
    fiscal_year: int
    position: int
    marker: str | None
    text: str
    split_basis: str
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class GrantProgramme:
    """Grant programmes: one row of ``grant_programmes.csv``."""

    programme_id: str
    name: str
    first_fiscal_year: int
    period_years: int
    national_share_printed: str
    period_printed: str
    heading_printed: str
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Grants: one row of ``grants.csv``."""

    grant_id: str
    name: str
    programme_id: str
    membership_confidence: Decimal
    membership_reason: str
    applicant_type: str
    applicants_printed: str
    remark_printed: str | None
    amount_thousand_yen: int
    hokkaido_amount_thousand_yen: int | None
    amount_printed: str
    amount_line: int
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class GrantDescription:
    """Grant descriptions: one row of ``grant_descriptions.csv``."""

    grant_id: str
    position: int
    text: str
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True)
class InitiativeGrant:
    """Candidate links: one row of ``initiative_grants.csv``."""

    initiative_id: str
    grant_id: str
    confidence: Decimal
    basis: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Source notes: one row of ``source_notes.csv``."""

    note_id: str
    source_id: str
    source_line: int
    printed_column: str | None
    category: str
    printed: str
    suspected: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Readings: one row of ``readings.csv``."""

    table_name: str
    record_key: str
    column_name: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Corrections: one row of ``corrections.csv``."""

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


_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


def version_number(version: str) -> tuple[int, int, int] | None:
    """``(1, 2, 0)`` for ``1.2.0``; ``None`` for what is no version."""
    match = _VERSION.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


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
    is_linked: bool = True


#: Table name → record type, in the order the tables are published.
RECORD_TYPES: dict[str, type] = {
    "sources": Source,
    "policies": Policy,
    "initiatives": Initiative,
    "listings": Listing,
    "listing_differences": ListingDifference,
    "absences": Absence,
    "indicators": Indicator,
    "observations": Observation,
    "settlements": Settlement,
    "activities": Activity,
    "grant_programmes": GrantProgramme,
    "grants": Grant,
    "grant_descriptions": GrantDescription,
    "initiative_grants": InitiativeGrant,
    "source_notes": SourceNote,
    "readings": Reading,
    "corrections": Correction,
}

#: The table that is computed when the package is published, and kept in none: what changed.
LOG = "changes"

AREA_LEVELS = ("field", "strategy")

#: Tables of which an edition holds what its own report prints.
_OF_ONE_REPORT = ("policies", "initiatives", "listings", "listing_differences", "indicators")
#: Tables of which an edition holds, for each of these keys, what the latest report up to its own prints.
_STATED_AGAIN = {
    "observations": ("indicator_id", "fiscal_year", "role"),
    "settlements": ("initiative_id", "fiscal_year"),
    "activities": ("initiative_id", "fiscal_year"),
}


def columns(record_type: type) -> tuple[str, ...]:
    """The column names of a record type, in the order they are published."""
    return tuple(item.name for item in fields(record_type))


def group_by(records: Iterable[Any], *keys: str) -> dict[Any, tuple[Any, ...]]:
    """Records by the value of ``keys`` (a tuple for several), order kept."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for record in records:
        values = tuple(getattr(record, key) for key in keys)
        groups[values[0] if len(keys) == 1 else values].append(record)
    return {key: tuple(group) for key, group in groups.items()}


@dataclass(frozen=True)
class Package:
    """Every table, and the joins that pages, metrics and exports share.

    ``descriptor`` is the parsed ``datapackage.json``. Tables are tuples in
    primary-key order; the joins below are made once, on first use, so that a
    page costs what it shows and not what the package holds.
    """

    descriptor: Mapping[str, Any] = field(repr=False)
    #: Source id → the lines of the document, for those who want to see where a value is printed.
    source_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    #: Row of a table → its (first, last) line in the file it was read from.
    row_lines: Mapping[Any, tuple[int, int]] = field(default_factory=dict, repr=False)
    #: What words mean, in the order in which they are explained.
    glossary: tuple[Term, ...] = ()
    #: The published versions, oldest first.
    releases: tuple[Release, ...] = ()
    sources: tuple[Source, ...] = ()
    policies: tuple[Policy, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    listings: tuple[Listing, ...] = ()
    listing_differences: tuple[ListingDifference, ...] = ()
    absences: tuple[Absence, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    observations: tuple[Observation, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    activities: tuple[Activity, ...] = ()
    grant_programmes: tuple[GrantProgramme, ...] = ()
    grants: tuple[Grant, ...] = ()
    grant_descriptions: tuple[GrantDescription, ...] = ()
    initiative_grants: tuple[InitiativeGrant, ...] = ()
    source_notes: tuple[SourceNote, ...] = ()
    readings: tuple[Reading, ...] = ()
    corrections: tuple[Correction, ...] = ()
    #: What changed since the first version; empty until ``changes.log`` has computed it.
    changes: tuple[LogEntry, ...] = ()
    #: Of an edition: the package it was taken from, and the report year it shows.
    whole_package: Package | None = field(default=None, repr=False)
    edition_year: int | None = None

    # -- editions ---------------------------------------------------------

    @property
    def whole(self) -> Package:
        """The package with every report; itself where this is no edition."""
        return self.whole_package or self

    @cached_property
    def report_years(self) -> tuple[int, ...]:
        """The fiscal years that have a report, oldest first; of the whole package."""
        years = {item.report_fiscal_year for item in self.sources} - {None}
        return tuple(sorted(years))

    @property
    def report_year(self) -> int | None:
        """The year whose report this edition shows; the newest where it is no edition."""
        return self.edition_year or (self.report_years[-1] if self.report_years else None)

    @property
    def is_newest(self) -> bool:
        """Whether no later report is known."""
        return not self.report_years or self.report_year == self.report_years[-1]

    @property
    def newest(self) -> Package:
        """The edition of the newest report; the package itself where there is no report."""
        return self.as_of(self.report_years[-1]) if self.report_years else self

    def reports_of(self, fiscal_year: int) -> tuple[Source, ...]:
        """The documents that are the report of a fiscal year."""
        return tuple(item for item in self.sources if item.report_fiscal_year == fiscal_year)

    def as_of(self, fiscal_year: int) -> Package:
        """The edition of the report of ``fiscal_year``: its tree and rows, and what was known by then.

        A value that several reports print is the one of the latest of them; the
        initiatives, indicators, listings and policies are those of this report.
        """
        return self.whole._editions(fiscal_year)

    @cached_property
    def _known_editions(self) -> dict[int, Package]:
        return {}

    def _editions(self, fiscal_year: int) -> Package:
        if fiscal_year not in self._known_editions:
            self._known_editions[fiscal_year] = self._edition(fiscal_year)
        return self._known_editions[fiscal_year]

    def _edition(self, fiscal_year: int) -> Package:
        year_of = {item.source_id: item.report_fiscal_year for item in self.sources}
        here = {name for name, year in year_of.items() if year == fiscal_year}
        tables: dict[str, tuple[Any, ...]] = {
            name: tuple(item for item in getattr(self, name) if item.source_id in here)
            for name in _OF_ONE_REPORT
        }
        ids = {
            "indicator_id": {item.indicator_id for item in tables["indicators"]},
            "initiative_id": {item.initiative_id for item in tables["initiatives"]},
        }
        for name, key in _STATED_AGAIN.items():
            latest: dict[Any, int] = {}
            known = [
                (year, item)
                for item in getattr(self, name)
                if (year := year_of[item.source_id]) is not None
                and year <= fiscal_year
                and getattr(item, key[0]) in ids[key[0]]
            ]
            for year, item in known:
                place = tuple(getattr(item, column) for column in key)
                latest[place] = max(year, latest.get(place, year))
            tables[name] = tuple(
                sorted(
                    (
                        item
                        for year, item in known
                        if latest[tuple(getattr(item, column) for column in key)] == year
                    ),
                    key=lambda item, key=key: tuple(getattr(item, column) for column in key),
                )
            )
        return replace(self, **tables, whole_package=self, edition_year=fiscal_year)

    @cached_property
    def _printed_in(self) -> dict[str, Package]:
        by_source = {
            name: group_by(getattr(self, name), "source_id") for name in (*_OF_ONE_REPORT, *_STATED_AGAIN)
        }
        years = {item.source_id: item.report_fiscal_year for item in self.sources}
        return {
            source_id: replace(
                self,
                **{name: groups.get(source_id, ()) for name, groups in by_source.items()},
                whole_package=self,
                edition_year=years.get(source_id),
            )
            for source_id in years.keys() | {name for groups in by_source.values() for name in groups}
        }

    def printed_in(self, source_id: str) -> Package:
        """What one document prints and nothing else. Raises ``KeyError`` for an unknown one."""
        return self.whole._printed_in[source_id]

    @property
    def statements_of_indicator(self) -> dict[str, tuple[Observation, ...]]:
        """Indicator id → what every report prints of it, oldest report first; of the whole package."""
        return self.whole._statements_of_indicator

    @cached_property
    def _statements_of_indicator(self) -> dict[str, tuple[Observation, ...]]:
        years = {item.source_id: item.report_fiscal_year or 0 for item in self.sources}
        ordered = sorted(self.observations, key=lambda item: years[item.source_id])
        return group_by(ordered, "indicator_id")

    @property
    def last_report_year(self) -> dict[str, int]:
        """Initiative id → the newest year whose report lists it; of the whole package."""
        return self.whole._last_report_year

    @cached_property
    def _last_report_year(self) -> dict[str, int]:
        years = {item.source_id: item.report_fiscal_year for item in self.sources}
        found: dict[str, int] = {}
        for item in self.initiatives:
            if (year := years[item.source_id]) is not None:
                found[item.initiative_id] = max(year, found.get(item.initiative_id, year))
        return found

    # -- by id ------------------------------------------------------------

    @cached_property
    def source(self) -> dict[str, Source]:
        return {item.source_id: item for item in self.sources}

    @cached_property
    def policy(self) -> dict[str, Policy]:
        return {item.policy_id: item for item in self.policies}

    @cached_property
    def initiative(self) -> dict[str, Initiative]:
        return {item.initiative_id: item for item in self.initiatives}

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        return {item.indicator_id: item for item in self.indicators}

    @cached_property
    def grant_programme(self) -> dict[str, GrantProgramme]:
        return {item.programme_id: item for item in self.grant_programmes}

    @cached_property
    def grant(self) -> dict[str, Grant]:
        return {item.grant_id: item for item in self.grants}

    # -- the plan tree ----------------------------------------------------

    @cached_property
    def policy_children(self) -> dict[str | None, tuple[Policy, ...]]:
        """Nodes by parent id (``None``: the parts), in print order."""
        ordered = sorted(self.policies, key=lambda item: item.position)
        return group_by(ordered, "parent_policy_id")

    @cached_property
    def areas(self) -> tuple[Policy, ...]:
        """The 重点分野 and 横断的戦略, in print order."""
        return tuple(
            node
            for part in self.policy_children.get(None, ())
            for node in self.policy_children.get(part.policy_id, ())
            if node.level in AREA_LEVELS
        )

    def policy_path(self, policy_id: str) -> tuple[Policy, ...]:
        """The nodes from the part down to this one, inclusive."""
        path = [self.policy[policy_id]]
        while path[-1].parent_policy_id is not None:
            path.append(self.policy[path[-1].parent_policy_id])
        return tuple(reversed(path))

    # -- listings ---------------------------------------------------------

    @cached_property
    def listing(self) -> dict[tuple[str, int], Listing]:
        return {(item.source_id, item.source_line): item for item in self.listings}

    @cached_property
    def rows_of_initiative(self) -> dict[str, tuple[Listing, ...]]:
        """Every printed row, also those that continue the one above with a further indicator."""
        return group_by(self.listings, "initiative_id")

    @cached_property
    def rows_of_direction(self) -> dict[str, tuple[Listing, ...]]:
        return group_by(self.listings, "direction_policy_id")

    @cached_property
    def listings_of_initiative(self) -> dict[str, tuple[Listing, ...]]:
        return group_by([item for item in self.listings if item.indicator_position == 1], "initiative_id")

    @cached_property
    def listings_of_direction(self) -> dict[str, tuple[Listing, ...]]:
        return group_by(
            [item for item in self.listings if item.indicator_position == 1], "direction_policy_id"
        )

    @cached_property
    def original_listing(self) -> dict[str, Listing]:
        """Initiative id → the row that is not 【再掲】, its home in the tree."""
        return {
            item.initiative_id: item
            for item in self.listings
            if not item.is_relisted and item.indicator_position == 1
        }

    @cached_property
    def differences_of_listing(self) -> dict[tuple[str, int], tuple[ListingDifference, ...]]:
        return group_by(self.listing_differences, "source_id", "source_line")

    def area_of_initiative(self, initiative_id: str) -> Policy:
        """The 重点分野 or 横断的戦略 under which the original row is printed."""
        home = self.original_listing[initiative_id].direction_policy_id
        return next(node for node in self.policy_path(home) if node.level in AREA_LEVELS)

    # -- what belongs to an initiative ------------------------------------

    @cached_property
    def indicators_of_initiative(self) -> dict[str, tuple[Indicator, ...]]:
        ordered = sorted(self.indicators, key=lambda item: (item.initiative_id, item.position))
        return group_by(ordered, "initiative_id")

    @cached_property
    def observations_of_indicator(self) -> dict[str, tuple[Observation, ...]]:
        return group_by(self.observations, "indicator_id")

    @cached_property
    def observation(self) -> dict[tuple[str, int, str], Observation]:
        """(indicator id, fiscal year, role) → observation."""
        return {(item.indicator_id, item.fiscal_year, item.role): item for item in self.observations}

    @cached_property
    def settlements_of_initiative(self) -> dict[str, tuple[Settlement, ...]]:
        return group_by(self.settlements, "initiative_id")

    @cached_property
    def activities_of_initiative(self) -> dict[str, tuple[Activity, ...]]:
        return group_by(self.activities, "initiative_id")

    @cached_property
    def initiatives_merged_into(self) -> dict[str, tuple[Initiative, ...]]:
        return group_by(
            [item for item in self.initiatives if item.merged_into_initiative_id],
            "merged_into_initiative_id",
        )

    # -- grants, notes, readings ------------------------------------------

    @cached_property
    def grants_of_programme(self) -> dict[str, tuple[Grant, ...]]:
        ordered = sorted(self.grants, key=lambda item: (item.source_id, item.source_line))
        return group_by(ordered, "programme_id")

    @cached_property
    def descriptions_of_grant(self) -> dict[str, tuple[GrantDescription, ...]]:
        return group_by(self.grant_descriptions, "grant_id")

    @cached_property
    def grant_links_of_initiative(self) -> dict[str, tuple[InitiativeGrant, ...]]:
        return group_by(self.initiative_grants, "initiative_id")

    @cached_property
    def initiative_links_of_grant(self) -> dict[str, tuple[InitiativeGrant, ...]]:
        ordered = sorted(self.initiative_grants, key=lambda item: -item.confidence)
        return group_by(ordered, "grant_id")

    @cached_property
    def notes_of_line(self) -> dict[tuple[str, int], tuple[SourceNote, ...]]:
        return group_by(self.source_notes, "source_id", "source_line")

    @cached_property
    def readings_of_record(self) -> dict[tuple[str, str], tuple[Reading, ...]]:
        return group_by(self.readings, "table_name", "record_key")

    @cached_property
    def corrections_of_record(self) -> dict[tuple[str, str], tuple[Correction, ...]]:
        return group_by(self.corrections, "table_name", "record_key")

    # -- years ------------------------------------------------------------

    @cached_property
    def actual_years(self) -> tuple[int, ...]:
        return tuple(sorted({item.fiscal_year for item in self.observations if item.role == "actual"}))

    @cached_property
    def target_years(self) -> tuple[int, ...]:
        return tuple(sorted({item.fiscal_year for item in self.observations if item.role == "target"}))

    @cached_property
    def settlement_years(self) -> tuple[int, ...]:
        return tuple(sorted({item.fiscal_year for item in self.settlements}))
