"""All tables, and the joins that pages, metrics and exports share. Facts only: what is calculated is for ``metrics``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shinchoku.package.records import (
    AREA_LEVELS,
    Absence,
    Activity,
    Correction,
    Grant,
    GrantDescription,
    GrantProgramme,
    Indicator,
    Initiative,
    InitiativeGrant,
    Listing,
    ListingDifference,
    LogEntry,
    Observation,
    Policy,
    Reading,
    Release,
    Settlement,
    Source,
    SourceNote,
    Term,
    group_by,
    in_print_order,
)


def compared_year(actual_years: Collection[int], target_years: Collection[int]) -> int | None:
    """The newest year with a target that is due: not after the newest with an actual (whatever it says).

    Where all targets are for later years that newest year, which has none; without actuals any target's.
    """
    newest = max(actual_years, default=max(target_years, default=None))
    due = [year for year in target_years if newest is not None and year <= newest]
    return max(due, default=newest if target_years else None)


@dataclass(frozen=True)
class Tables:
    """Tables and their joins: of a whole package, of an edition of it, or of one document.

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

    def sources_of(self, records: Iterable[Any]) -> list[Source]:
        """The documents that print some records."""
        return [self.source[name] for name in sorted({record.source_id for record in records})]

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
    def settlement(self) -> dict[tuple[str, int | None], Settlement]:
        """(initiative id, fiscal year) → settlement."""
        return {(item.initiative_id, item.fiscal_year): item for item in self.settlements}

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
        return group_by(in_print_order(self.grants), "programme_id")

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

    def notes_of(self, lines: Iterable[tuple[str, int]]) -> list[SourceNote]:
        """The notes on some lines, each a source id and a number."""
        return [note for line in lines for note in self.notes_of_line.get(line, ())]

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

    @cached_property
    def report_years(self) -> tuple[int, ...]:
        """The fiscal years that have a report, oldest first."""
        years = {item.report_fiscal_year for item in self.sources}
        return tuple(sorted(year for year in years if year is not None))

    def reports_of(self, fiscal_year: int) -> tuple[Source, ...]:
        """The documents that are the report of a fiscal year."""
        return tuple(item for item in self.sources if item.report_fiscal_year == fiscal_year)

    @property
    def newest_report_year(self) -> int | None:
        """The newest year that has a report; ``None`` where there is none."""
        return max(self.report_years, default=None)

    @property
    def newest_actual_year(self) -> int | None:
        """The newest year with a column of actual values; ``None`` where nothing is observed."""
        return max(self.actual_years, default=None)

    @property
    def newest_target_year(self) -> int | None:
        """The newest year whose targets are due; ``None`` where there is none."""
        return compared_year(self.actual_years, self.target_years)

    @property
    def newest_settlement_year(self) -> int | None:
        """The newest year with settled amounts; ``None`` where there are none."""
        return max(self.settlement_years, default=None)
