"""``/initiatives/…/``: a 事業 as the newest report that lists it has it, with what earlier reports printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, charts, metrics, reports_compared
from shinchoku.charts import Chart
from shinchoku.exports.initiatives import readings_of
from shinchoku.metrics import Trend
from shinchoku.package import dictionary, reprint
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator, Observation, Policy, Reading
from shinchoku.pages.page import Page
from shinchoku.pages.parts import in_plain_words, places, previews, repository, searched_text
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import Revision, RevisionKind

#: Characters of a description that are shown, or a few more.
_ROOM = 160
#: Up to so many indicators of one name are worth telling apart.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year of an indicator: what is known of it now.

    With several reports also its ``result``, how it was assessed before that changed, and ``revisions`` by role,
    the newest of each. ``base`` is a base value of this year.
    """

    fiscal_year: int
    base: Observation | None
    actual: Observation | None
    target: Observation | None
    revisions: Mapping[str, Revision]
    result: metrics.IndicatorResult | None = None
    assessed_before: tuple[int, metrics.Assessment] | None = None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator with its result, what is printed of it, and the change against the year before.

    ``said`` is the result in sentences, ``trends`` the year it is compared with and how it stands to it,
    ``alike`` the same indicator of other initiatives, ``namesakes`` others of its name; ``last_report`` is the report after which it is
    not printed any more.
    """

    number: int
    result: metrics.IndicatorResult
    said: list[str]
    trends: list[tuple[int, Trend]]
    alike: tuple[Indicator, ...]
    namesakes: tuple[Indicator, ...]
    #: Whether a value is missing somewhere, for one reason or another.
    lacks_some: bool
    changes: dict[int, metrics.Change]
    #: The unit of the newest of them.
    unit: str | None
    chart: Chart | None
    years: list[Year]
    revisions: tuple[Revision, ...]
    last_report: int | None

    @property
    def since_first(self) -> metrics.Change | None:
        """The newest number against the first in its unit; ``None`` where there are not two."""
        newest = self.changes[max(self.changes)] if self.changes else None
        return newest if newest and newest.from_first is not None else None

    @property
    def first_year(self) -> int:
        """The first with a number in the unit of the newest."""
        return max(year for year, change in self.changes.items() if change.from_first is None)

    @property
    def since_first_is_estimated(self) -> bool:
        ends = (self.first_year, max(self.changes))
        return any(metrics.is_estimate(item.actual) for item in self.years if item.fiscal_year in ends)


def _years(package: Edition, indicator_id: str, revisions: tuple[Revision, ...]) -> Iterator[Year]:
    """Every year any report prints of an indicator, oldest first."""
    assessed = {
        result.fiscal_year: (report_year, result.assessment)
        for report_year, result in reports_compared.results_by_report(package, indicator_id)
    }
    printed = package.observations_of_indicator.get(indicator_id, ())
    for year in sorted({item.fiscal_year for item in printed}):
        base, actual, target = (
            package.observation.get((indicator_id, year, role)) for role in ("base", "actual", "target")
        )
        if len(package.report_years) < 2:
            yield Year(year, base, actual, target, {})
            continue
        result = metrics.result(package, indicator_id, year)
        before = assessed.get(year)
        marked = {
            item.after.role: item
            for item in revisions
            if item.kind is not RevisionKind.REWORDED and item.after.fiscal_year == year
        }
        is_other = before is not None and before[1] != result.assessment
        yield Year(year, base, actual, target, marked, result, before if is_other else None)


def _namesakes(package: Edition, indicator: Indicator) -> tuple[Indicator, ...]:
    """What another initiative calls the same and gives other values for; a name that many have tells nothing."""
    named = package.indicators_labelled[indicator.label]
    alike = {indicator, *package.indicators_alike.get(indicator.indicator_id, ())}
    others = (each for each in named if each not in alike and each.unit == indicator.unit)
    is_rare = len(named) <= _FEW
    return tuple(each for each in others if is_rare and each.initiative_id != indicator.initiative_id)


def _view(
    package: Edition, number: int, initiative_id: str, indicator_id: str, last_report: int | None
) -> IndicatorView:
    revisions = reports_compared.revisions_of(package, indicator_id)
    observations = package.observations_of_indicator.get(indicator_id, ())
    result = metrics.result(package, indicator_id)
    changes = {change.fiscal_year: change for change in metrics.changes(package, indicator_id)}
    return IndicatorView(
        number=number,
        result=result,
        said=in_plain_words.of_initiative(package, initiative_id)
        # What an earlier report prints is not what the initiative is judged by now.
        if number == 1 and last_report is None
        else in_plain_words.of_indicator(package, result),
        trends=in_plain_words.trends(package, result),
        alike=package.indicators_alike.get(indicator_id, ()),
        namesakes=_namesakes(package, result.indicator),
        lacks_some=any(item.status != "reported" for item in observations),
        changes=changes,
        unit=package.unit_of(package.actual[indicator_id, max(changes)]) if changes else None,
        chart=charts.indicator_chart(package, indicator_id),
        years=list(_years(package, indicator_id, revisions)),
        revisions=revisions,
        last_report=last_report,
    )


def _alike(readings: Iterable[Reading]) -> list[list[Reading]]:
    """What was read several times for one reason is said once."""
    groups: dict[tuple[str, ...], list[Reading]] = {}
    for row in readings:
        groups.setdefault((row.table_name, row.column_name, row.value, row.reason), []).append(row)
    return list(groups.values())


def _description(package: Edition, initiative_id: str, name: str) -> str:
    """What is shown of the page where somebody shares it: as many of its sentences as there is room for."""
    said = f"「{name}」"
    for sentence in in_plain_words.of_initiative(package, initiative_id):
        if len(said) + len(sentence) > _ROOM:
            break
        said += sentence
    return said


def _trail(package: Edition, path: Iterable[Policy]) -> Iterator[tuple[str, str | None]]:
    """Where an initiative stands, each with its address: what stands above the areas has no page of its own."""
    is_below = False
    for node in path:
        is_below |= package.is_area(node)
        yield node.title, places.policy_address(package, node.policy_id) if is_below else None


def pages(package: Edition) -> Iterator[Page]:
    """One for every initiative of any report."""
    for key, edition in reports_compared.all_with(package, "initiative").items():
        name = edition.initiative[key].name
        yield Page(
            addresses.initiative(key),
            name,
            partial(_description, edition, key, name),
            body,
            (key,),
            previews.of_initiative,
        )


def body(package: Edition, initiative_id: str) -> str:
    """An initiative, also one that the newest report does not list any more."""
    package = reports_compared.latest_with(package, "initiative", initiative_id)
    item = package.initiative[initiative_id]
    rows = [places.place(package, row) for row in package.rows_of_initiative[initiative_id]]
    home = places.place(package, package.original_listing[initiative_id])
    every_row = package.package.rows_of_initiative[initiative_id]
    reports = {row.source_id: package.source[row.source_id] for row in every_row}
    indicators = package.indicators_of_initiative.get(initiative_id, ())
    settlements = package.settlements_of_initiative.get(initiative_id, ())
    budgets = package.budgets_of_initiative.get(initiative_id, ())
    attributes = package.attributes_of_initiative.get(initiative_id, ())
    kinds = dictionary.codes(package, "attributes", "attribute")
    grades = [row for row in attributes if kinds[row.attribute].is_grade]
    activities = package.activities_of_initiative.get(initiative_id, ())
    known = reports_compared.indicators_of(package, initiative_id)
    earlier = [package.edition(year) for year in reversed(package.report_years)]
    views = [
        _view(
            edition,
            number,
            initiative_id,
            each.indicator_id,
            None if edition is package else edition.report_year,
        )
        for number, (edition, each) in enumerate(known, 1)
    ]
    return render(
        "initiative.html",
        addresses.initiative(initiative_id),
        package=package,
        item=item,
        home=home,
        trail=list(_trail(package, home.path[:-1])),
        chapter=next((node for node in reversed(home.path) if node.toc_page), None),
        relistings=[row for row in rows if row.listing.is_relisted and (row.is_first or row.differences)],
        absence=None if package.is_newest else reports_compared.absence_of(package, initiative_id),
        named=[(edition.year, edition.initiative.get(initiative_id, item).name) for edition in earlier],
        succeeded=[row for row in package.absences if row.successor_initiative_id == initiative_id],
        views=views,
        at_once=searched_text.at_once(package, (view.result for view in views if view.last_report is None)),
        said_without_indicator=() if views else in_plain_words.of_initiative(package, initiative_id),
        has_reports=len(package.report_years) > 1,
        activities=activities,
        amounts=[
            (year, package.budget.get((initiative_id, year)), package.settlement.get((initiative_id, year)))
            for year in sorted(
                {row.fiscal_year for rows in (budgets, settlements) for row in rows}, reverse=True
            )
        ],
        grades=grades,
        attributes=[row for row in attributes if row not in grades],
        merged_from=package.initiatives_merged_into.get(initiative_id, ()),
        grant_links=package.grant_links_of_initiative.get(initiative_id, ()),
        notes=package.notes_of((row.source_id, row.source_line) for row in every_row),
        readings=_alike(readings_of(package, item)),
        cells_of=partial(reprint.cells_on_line, package),
        sources=sorted(reports.values(), key=lambda source: -(source.report_fiscal_year or 0)),
        origins=repository.of_rows(
            package,
            initiatives=[item],
            indicators=indicators,
            observations=[
                row
                for each in indicators
                for row in package.observations_of_indicator.get(each.indicator_id, ())
            ],
            settlements=settlements,
            budgets=budgets,
            attributes=attributes,
            activities=activities,
        ),
    )
