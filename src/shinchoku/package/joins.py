"""All tables, and the joins that pages, metrics and exports share. Facts only, but for ``indicators_alike``: what else is calculated is for ``metrics``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from shinchoku.package import descriptor as descriptors
from shinchoku.package import records
from shinchoku.package.records import RECORD_TYPES, Amount, Listing, Policy, Source, group_by
from shinchoku.text import without_format

_Record = TypeVar("_Record")
_Package = TypeVar("_Package", bound="Tables")
_Keys = ParamSpec("_Keys")
_Found = TypeVar("_Found")


def kept(
    find: Callable[Concatenate[_Package, _Keys], _Found],
) -> Callable[Concatenate[_Package, _Keys], _Found]:
    """What a function finds in a package by keys is found once, and kept with the package; nobody may change it."""

    @wraps(find)
    def found(package: _Package, *keys: _Keys.args, **named: _Keys.kwargs) -> _Found:
        place = (find, keys, *named.items())
        if place not in package.found:
            package.found[place] = find(package, *keys, **named)
        return package.found[place]

    return found


def _all_by(
    kind: type[_Record],
    *key: str,
    where: Callable[[_Record], object] | None = None,
    order: Callable[[_Record], Any] | None = None,
) -> cached_property[dict[Any, tuple[_Record, ...]]]:
    """Records by a column (or a tuple of several); in the order of their table unless told."""
    table = next(name for name, declared in RECORD_TYPES.items() if declared is kind)

    def join(tables: Tables) -> dict[Any, tuple[_Record, ...]]:
        found = filter(where, getattr(tables, table)) if where else getattr(tables, table)
        return group_by(sorted(found, key=order) if order else found, *key)

    return cached_property(join)


def _by(
    kind: type[_Record], *key: str, where: Callable[[_Record], object] | None = None
) -> cached_property[dict[Any, _Record]]:
    """The one record of each value of a column (or tuple of several)."""
    groups = _all_by(kind, *key, where=where)
    return cached_property(lambda tables: {at: found[-1] for at, found in groups.func(tables).items()})


def _years(years: Callable[[Tables], Iterable[int | None]]) -> cached_property[tuple[int, ...]]:
    """Fiscal years, each once, oldest first."""
    return cached_property(lambda tables: tuple(sorted({each for each in years(tables) if each is not None})))


def _newest(years: cached_property[tuple[int, ...]]) -> cached_property[int | None]:
    """The newest of such years; ``None`` where there is none."""
    return cached_property(lambda tables: max(years.__get__(tables), default=None))


def _is_first_row(listing: Listing) -> bool:
    """Whether a printed row begins a listing, and does not continue the one above with a further indicator."""
    return listing.indicator_position == 1


def compared_year(actual_years: Collection[int], target_years: Collection[int]) -> int | None:
    """The newest year with a target that is due: not after the newest with an actual (whatever it says).

    Where all targets are for later years that newest year, which has none; without actuals any target's.
    """
    newest = max(actual_years, default=max(target_years, default=None))
    due = [year for year in target_years if newest is not None and year <= newest]
    return max(due, default=newest if target_years else None)


@dataclass(frozen=True, slots=True)
class Modules:
    """What a plan may print or not, one by one."""

    money: bool
    budgets: bool
    grants: bool
    relistings: bool
    marks: bool
    targets: bool
    bases: bool
    attributes: bool
    texts: bool


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
    glossary: tuple[records.Term, ...] = ()
    #: What people type → the words of the texts that they mean by it.
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    #: The published versions, oldest first.
    releases: tuple[records.Release, ...] = ()
    sources: tuple[records.Source, ...] = ()
    policies: tuple[records.Policy, ...] = ()
    initiatives: tuple[records.Initiative, ...] = ()
    listings: tuple[records.Listing, ...] = ()
    listing_differences: tuple[records.ListingDifference, ...] = ()
    absences: tuple[records.Absence, ...] = ()
    indicators: tuple[records.Indicator, ...] = ()
    observations: tuple[records.Observation, ...] = ()
    settlements: tuple[records.Settlement, ...] = ()
    budgets: tuple[records.Budget, ...] = ()
    attributes: tuple[records.Attribute, ...] = ()
    activities: tuple[records.Activity, ...] = ()
    grant_programmes: tuple[records.GrantProgramme, ...] = ()
    grants: tuple[records.Grant, ...] = ()
    grant_descriptions: tuple[records.GrantDescription, ...] = ()
    initiative_grants: tuple[records.InitiativeGrant, ...] = ()
    source_notes: tuple[records.SourceNote, ...] = ()
    readings: tuple[records.Reading, ...] = ()
    corrections: tuple[records.Correction, ...] = ()
    #: What changed since the first version; empty until ``changes.log`` has computed it.
    changes: tuple[records.LogEntry, ...] = ()

    @cached_property
    def found(self) -> dict[Any, Any]:
        """What functions have found in these tables, of those that are ``kept``."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """What another process is given: not what was found, which may hold anything."""
        return {name: value for name, value in vars(self).items() if name != "found"}

    @cached_property
    def has(self) -> Modules:
        """What there is anything of; of the rest nothing is shown, said or asked for."""
        return Modules(
            money=bool(self.settlements),
            budgets=bool(self.budgets),
            grants=bool(self.grants),
            relistings=any(item.is_relisted for item in self.listings),
            marks=any(item.has_mark for item in self.initiatives),
            targets=any(item.role == "target" for item in self.observations),
            bases=any(item.role == "base" for item in self.observations),
            attributes=bool(self.attributes),
            texts=any(item.file for item in self.sources),
        )

    #: Table name → its resource in the descriptor.
    declared = cached_property(lambda of: descriptors.resources(of.descriptor))
    #: What there is a place for: tables, columns and codes.
    places = cached_property(lambda of: descriptors.places(of.descriptor))

    def by_column(self, record: Any, *without: str) -> dict[str, Any]:
        """The cells of a record by the columns that its table has in this package."""
        names = self._declared_columns[type(record)]
        return {name: getattr(record, name) for name in names if name not in without}

    @cached_property
    def _declared_columns(self) -> dict[type, tuple[str, ...]]:
        declared = descriptors.resources(self.descriptor)
        return {
            kind: tuple(descriptors.fields(declared[name]))
            for name, kind in RECORD_TYPES.items()
            if name in declared
        }

    # -- by id ------------------------------------------------------------

    source = _by(Source, "source_id")
    policy = _by(Policy, "policy_id")
    initiative = _by(records.Initiative, "initiative_id")
    indicator = _by(records.Indicator, "indicator_id")
    grant_programme = _by(records.GrantProgramme, "programme_id")
    grant = _by(records.Grant, "grant_id")

    def sources_of(self, printed: Iterable[Any]) -> list[Source]:
        """The documents that print some records."""
        return [self.source[name] for name in sorted({record.source_id for record in printed})]

    # -- the plan tree ----------------------------------------------------

    #: Level → what it is, from the top of the tree down.
    level = cached_property(lambda of: {item.name: item for item in descriptors.levels(of.descriptor)})
    #: Nodes by parent id (``None``: the top), in print order.
    policy_children = _all_by(Policy, "parent_policy_id", order=lambda item: item.position)

    def is_area(self, node: Policy) -> bool:
        """Whether a node of the tree has a page of its own."""
        return self.level[node.level].folder is not None

    @cached_property
    def areas(self) -> tuple[Policy, ...]:
        """The nodes that have pages, in print order."""
        return tuple(node for node in self.nodes() if self.is_area(node))

    def nodes(self, policy_id: str | None = None) -> Iterable[Policy]:
        """Those below a node, or all, in print order."""
        for node in self.policy_children.get(policy_id, ()):
            yield node
            yield from self.nodes(node.policy_id)

    def area_above(self, policy_id: str) -> Policy:
        """The area a node belongs to; the node itself if it is one."""
        return next(node for node in reversed(self.policy_path(policy_id)) if self.is_area(node))

    @cached_property
    def initiatives_below(self) -> dict[str, int]:
        """Policy id → how many initiatives are listed there or below, of what hangs on the tree."""
        found: dict[str, int] = {}

        def count(policy_id: str) -> set[str]:
            ids = {row.initiative_id for row in self.listings_of_policy.get(policy_id, ())}
            ids.update(*(count(child.policy_id) for child in self.policy_children.get(policy_id, ())))
            found[policy_id] = len(ids)
            return ids

        for node in self.policy_children.get(None, ()):
            count(node.policy_id)
        return found

    def policy_path(self, policy_id: str) -> tuple[Policy, ...]:
        """The nodes from the top down to this one, inclusive. Raises ``ValueError`` for one below itself."""
        path = [self.policy[policy_id]]
        while path[-1].parent_policy_id is not None:
            if len(path) > len(self.policies):
                raise ValueError(f"{policy_id} is below itself")
            path.append(self.policy[path[-1].parent_policy_id])
        return tuple(reversed(path))

    # -- listings ---------------------------------------------------------

    listing = _by(Listing, "source_id", "source_line")
    #: Every printed row, also those that continue the one above with a further indicator.
    rows_of_initiative = _all_by(Listing, "initiative_id")
    rows_of_policy = _all_by(Listing, "policy_id")
    listings_of_initiative = _all_by(Listing, "initiative_id", where=_is_first_row)
    listings_of_policy = _all_by(Listing, "policy_id", where=_is_first_row)
    #: Initiative id → the row that is not 【再掲】, its home in the tree.
    original_listing = _by(
        Listing, "initiative_id", where=lambda item: _is_first_row(item) and not item.is_relisted
    )
    differences_of_listing = _all_by(records.ListingDifference, "source_id", "source_line")

    def area_of_initiative(self, initiative_id: str) -> Policy:
        """The area under which the original row is printed."""
        return self.area_above(self.original_listing[initiative_id].policy_id)

    @cached_property
    def amounts_of_area(self) -> dict[tuple[str, int, bool], list[Amount]]:
        """(Area id, fiscal year, whether of loan funds) → the amounts settled by all listed there, smallest first."""
        area_of = {place: self.area_above(place).policy_id for place in self.listings_of_policy}
        listed = {(area_of[row.policy_id], row.initiative_id) for row in self.listings}
        found: dict[tuple[str, int, bool], list[Amount]] = {}
        for area_id, key in listed:
            for row in self.settlements_of_initiative.get(key, ()):
                if row.amount_thousand_yen is not None:
                    place = (area_id, row.fiscal_year, self.initiative[key].is_loan_fund)
                    found.setdefault(place, []).append(row.amount_thousand_yen)
        return {place: sorted(amounts) for place, amounts in found.items()}

    # -- what belongs to an initiative ------------------------------------

    indicators_of_initiative = _all_by(
        records.Indicator, "initiative_id", order=lambda item: (item.initiative_id, item.position)
    )
    observations_of_indicator = _all_by(records.Observation, "indicator_id")

    @cached_property
    def indicators_alike(self) -> dict[str, tuple[records.Indicator, ...]]:
        """Indicator id → those of other initiatives with the same label, unit and values: one measure, printed twice."""
        groups: dict[Any, list[records.Indicator]] = {}
        for item in self.indicators:
            rows = self.observations_of_indicator.get(item.indicator_id, ())
            if any(row.value is not None for row in rows):
                printed = frozenset(
                    (row.fiscal_year, row.role, row.value, row.upper_value, row.text) for row in rows
                )
                groups.setdefault((item.label, item.unit, printed), []).append(item)
        return {
            item.indicator_id: others
            for group in groups.values()
            for item in group
            if (others := tuple(each for each in group if each.initiative_id != item.initiative_id))
        }

    indicators_labelled = _all_by(records.Indicator, "label")
    observation = _by(records.Observation, "indicator_id", "fiscal_year", "role")

    @cached_property
    def actual(self) -> dict[tuple[str, int], records.Observation]:
        """(Indicator id, fiscal year) → its actual; where the year has no cell of one its base value, which is its actual."""
        return {
            (item.indicator_id, item.fiscal_year): item
            for role in ("base", "actual")
            for item in self.observations
            if item.role == role
        }

    settlements_of_initiative = _all_by(records.Settlement, "initiative_id")
    settlement = _by(records.Settlement, "initiative_id", "fiscal_year")
    budgets_of_initiative = _all_by(records.Budget, "initiative_id")
    budget = _by(records.Budget, "initiative_id", "fiscal_year")
    attributes_of_initiative = _all_by(records.Attribute, "initiative_id")
    #: What is printed of initiatives besides.
    attribute_names = cached_property(
        lambda of: tuple(dict.fromkeys(item.attribute for item in of.attributes))
    )
    activities_of_initiative = _all_by(records.Activity, "initiative_id")
    initiatives_merged_into = _all_by(
        records.Initiative, "merged_into_initiative_id", where=lambda item: item.merged_into_initiative_id
    )

    @cached_property
    def has_unit_column(self) -> bool:
        """Whether units are printed in a column of their own: where neither a name nor a value says one, they are."""

        def stands_apart(indicator: records.Indicator) -> bool:
            rows = self.observations_of_indicator.get(indicator.indicator_id, ())
            beside = "\t".join((indicator.name_printed, *(item.printed or "" for item in rows)))
            return without_format(indicator.unit or "") not in without_format(beside)

        return any(item.is_unit_printed and stands_apart(item) for item in self.indicators)

    # -- grants, notes, readings ------------------------------------------

    grants_of_programme = _all_by(
        records.Grant, "programme_id", order=lambda item: (item.source_id, item.source_line)
    )
    descriptions_of_grant = _all_by(records.GrantDescription, "grant_id")
    grant_links_of_initiative = _all_by(records.InitiativeGrant, "initiative_id")
    initiative_links_of_grant = _all_by(
        records.InitiativeGrant, "grant_id", order=lambda item: -item.confidence
    )
    notes_of_line = _all_by(records.SourceNote, "source_id", "source_line")

    def notes_of(self, lines: Iterable[tuple[str, int]]) -> list[records.SourceNote]:
        """The notes on some lines, each a source id and a number."""
        return [note for line in lines for note in self.notes_of_line.get(line, ())]

    readings_of_record = _all_by(records.Reading, "table_name", "record_key")
    corrections_of_record = _all_by(records.Correction, "table_name", "record_key")

    # -- years ------------------------------------------------------------

    #: The years of a great event, and the one before it; ``None`` where nothing is declared.
    disruption = cached_property(lambda of: descriptors.disruption(of.descriptor))

    actual_years = _years(lambda of: (item.fiscal_year for item in of.observations if item.role == "actual"))
    base_years = _years(lambda of: (item.fiscal_year for item in of.observations if item.role == "base"))
    target_years = _years(lambda of: (item.fiscal_year for item in of.observations if item.role == "target"))
    settlement_years = _years(lambda of: (item.fiscal_year for item in of.settlements))
    budget_years = _years(lambda of: (item.fiscal_year for item in of.budgets))
    #: The fiscal years that have a report.
    report_years = _years(lambda of: (item.report_fiscal_year for item in of.sources))
    newest_actual_year = _newest(actual_years)
    #: The newest year whose targets are due.
    newest_target_year = cached_property(lambda of: compared_year(of.actual_years, of.target_years))
    #: Whether any target is due: where all are for later years nothing is reached or missed yet.
    is_judged = cached_property(lambda of: of.newest_target_year in of.target_years)
    newest_settlement_year = _newest(settlement_years)
    newest_budget_year = _newest(budget_years)
    newest_report_year = _newest(report_years)

    def reports_of(self, fiscal_year: int) -> tuple[Source, ...]:
        """The documents that are the report of a fiscal year."""
        return tuple(item for item in self.sources if item.report_fiscal_year == fiscal_year)
