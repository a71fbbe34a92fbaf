"""``/initiatives/…/``: a 事業 as the newest report that lists it has it, with what earlier reports printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shinchoku import addresses, charts, metrics, reports_compared, reprint
from shinchoku.charts import Chart
from shinchoku.exports.initiatives import readings_of
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Absence, Indicator, Initiative, Listing, Observation
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, repository
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import Revision, RevisionKind


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year of an indicator: what is known of it now, and how it was assessed before that changed.

    ``revisions`` are by role, the newest of each.
    """

    fiscal_year: int
    result: metrics.IndicatorResult
    revisions: dict[str, Revision]
    assessed_before: tuple[int, metrics.Assessment] | None

    @property
    def has_target(self) -> bool:
        return self.result.target is not None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator with its result, what is printed of it, and the change against the year before.

    ``last_report`` is the report after which it is not printed any more.
    """

    number: int
    package: Edition
    indicator: Indicator
    result: metrics.IndicatorResult
    observations: tuple[Observation, ...]
    changes: dict[int, metrics.Change]
    chart: Chart | None
    years: tuple[Year, ...]
    revisions: tuple[Revision, ...]
    last_report: int | None

    @property
    def has_gaps(self) -> bool:
        return any(item.status != "reported" for item in self.observations)

    @property
    def since_first(self) -> metrics.Change | None:
        """The newest number against the first in its unit; ``None`` where there are not two."""
        newest = max(self.changes.values(), key=lambda change: change.fiscal_year, default=None)
        return newest if newest and newest.from_first is not None else None

    @property
    def first_year(self) -> int:
        """The first with a number in the unit of the newest."""
        return max(year for year, change in self.changes.items() if change.from_first is None)

    @property
    def since_first_is_estimated(self) -> bool:
        ends = (self.first_year, max(self.changes))
        return any(
            item.role == "actual"
            and item.fiscal_year in ends
            and item.qualifier in ("estimate", "provisional")
            for item in self.observations
        )


def _years(package: Edition, indicator_id: str, revisions: Iterable[Revision]) -> Iterable[Year]:
    """Every year any report prints of an indicator, oldest first."""
    assessed = {
        result.fiscal_year: (report_year, result.assessment)
        for report_year, result in reports_compared.results_by_report(package, indicator_id)
    }
    marked: dict[int, dict[str, Revision]] = {}
    for item in revisions:
        if item.kind is not RevisionKind.REWORDED:
            marked.setdefault(item.after.fiscal_year, {})[item.after.role] = item
    printed = package.observations_of_indicator.get(indicator_id, ())
    for fiscal_year in sorted({item.fiscal_year for item in printed}):
        result = metrics.result(package, indicator_id, fiscal_year)
        before = assessed.get(fiscal_year)
        yield Year(
            fiscal_year=fiscal_year,
            result=result,
            revisions=marked.get(fiscal_year, {}),
            assessed_before=before if before and before[1] != result.assessment else None,
        )


def _view(package: Edition, number: int, indicator_id: str, last_report: int | None = None) -> IndicatorView:
    revisions = reports_compared.revisions_of(package, indicator_id)
    return IndicatorView(
        number=number,
        package=package,
        indicator=package.indicator[indicator_id],
        result=metrics.result(package, indicator_id),
        observations=package.observations_of_indicator.get(indicator_id, ()),
        changes={change.fiscal_year: change for change in metrics.changes(package, indicator_id)},
        chart=charts.indicator_chart(package, indicator_id),
        years=tuple(_years(package, indicator_id, revisions)),
        revisions=revisions,
        last_report=last_report,
    )


def _views(package: Edition, initiative_id: str) -> list[IndicatorView]:
    """The indicators of the report, then those that only earlier ones print."""
    own = package.indicators_of_initiative.get(initiative_id, ())
    views = [_view(package, number, item.indicator_id) for number, item in enumerate(own, 1)]
    former = enumerate(reports_compared.former_indicators(package, initiative_id), len(own) + 1)
    return views + [_view(edition, number, key, edition.report_year) for number, (edition, key) in former]


@dataclass(frozen=True, slots=True)
class Ending:
    """After which report an initiative is not listed any more, and what that was read to mean."""

    last_report: int
    absence: Absence | None
    successor: str | None


def _ending(package: Edition, initiative_id: str) -> Ending | None:
    if package.is_newest:
        return None
    absence = reports_compared.absence_of(package, initiative_id)
    successor = absence.successor_initiative_id if absence else None
    return Ending(
        last_report=package.year,
        absence=absence,
        successor=places.initiative_name(package.newest, successor) if successor else None,
    )


def _earlier_names(package: Edition, initiative_id: str) -> list[tuple[int, str]]:
    """(report year, name) of the reports that call an initiative something else, newest first."""
    name, found = package.initiative[initiative_id].name, []
    for year in reversed(package.report_years):
        other = package.edition(year).initiative.get(initiative_id)
        if other is not None and other.name != name:
            found.append((year, other.name))
    return found


def _quoted(package: Edition, initiative_id: str) -> list[tuple[Listing, list[str]]]:
    """Each row that is not relisted, with the cells of its line."""
    return [
        (row, cells)
        for row in package.rows_of_initiative[initiative_id]
        if not row.is_relisted and (cells := reprint.cells_on_line(package, row))
    ]


def _origins(package: Edition, item: Initiative) -> tuple[repository.Origin, ...]:
    indicators = package.indicators_of_initiative.get(item.initiative_id, ())
    return repository.of_rows(
        package,
        initiatives=[item],
        indicators=indicators,
        observations=[
            row for one in indicators for row in package.observations_of_indicator.get(one.indicator_id, ())
        ],
        settlements=package.settlements_of_initiative.get(item.initiative_id, ()),
        activities=package.activities_of_initiative.get(item.initiative_id, ()),
    )


def pages(package: Edition) -> Iterator[Page]:
    """One for every initiative of any report."""
    for key in reports_compared.all_initiatives(package):
        initiative = reports_compared.latest_with(package, "initiative", key).initiative[key]
        yield Page(
            addresses.initiative(key),
            initiative.name,
            f"「{initiative.name}」の指標の実績と目標、内容、決算見込額、印刷された行です。",
            body,
            (key,),
        )


def body(package: Edition, initiative_id: str) -> str:
    """An initiative, also one that the newest report does not list any more."""
    package = reports_compared.latest_with(package, "initiative", initiative_id)
    item = package.initiative[initiative_id]
    original = package.original_listing[initiative_id]
    rows = [places.place(package, row) for row in package.rows_of_initiative[initiative_id]]
    every_row = package.package.rows_of_initiative[initiative_id]
    reports = {row.source_id: package.source[row.source_id] for row in every_row}
    return render(
        "initiative.html",
        addresses.initiative(initiative_id),
        package=package,
        item=item,
        home=places.place(package, original),
        relistings=[row for row in rows if row.listing.is_relisted and (row.is_first or row.differences)],
        policy_address=lambda policy_id: places.policy_address(package, policy_id),
        initiative_name=lambda other: places.initiative_name(package.newest, other),
        ending=_ending(package, initiative_id),
        earlier_names=_earlier_names(package, initiative_id),
        succeeded=[row for row in package.absences if row.successor_initiative_id == initiative_id],
        views=_views(package, initiative_id),
        has_reports=len(package.report_years) > 1,
        activities=package.activities_of_initiative.get(initiative_id, ()),
        settlements=package.settlements_of_initiative.get(initiative_id, ()),
        merged_from=package.initiatives_merged_into.get(initiative_id, ()),
        grant_links=package.grant_links_of_initiative.get(initiative_id, ()),
        notes=[
            note
            for row in every_row
            for note in package.notes_of_line.get((row.source_id, row.source_line), ())
        ],
        readings=readings_of(package, item),
        field_titles=dictionary.titles(package),
        printed_rows=_quoted(package, initiative_id),
        source=package.source[original.source_id],
        sources=sorted(reports.values(), key=lambda source: -(source.report_fiscal_year or 0)),
        origins=_origins(package, item),
    )
