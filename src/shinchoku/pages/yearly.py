"""The page of each year's report, and the one that puts the reports side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, metrics, reports_compared
from shinchoku.metrics import Assessment, IndicatorResult, Money
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Policy, Settlement, Source
from shinchoku.pages import overview, pictures, places, report_years
from shinchoku.pages.rendering import render
from shinchoku.reports_compared import RevisionKind, Step

# -- one report -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative as a report has it; ``result`` is that of its first indicator."""

    initiative: Initiative
    area: Policy
    assessment: Assessment
    result: IndicatorResult | None
    settlement: Settlement | None


def _rows(edition: Edition, money_year: int) -> list[Row]:
    rows = []
    for item in sorted(edition.initiatives, key=lambda item: (item.source_id, item.source_line)):
        key = item.initiative_id
        results = metrics.results_of_initiative(edition, key)
        settlements = edition.settlements_of_initiative.get(key, ())
        rows.append(
            Row(
                initiative=item,
                area=edition.area_of_initiative(key),
                assessment=metrics.assessment_of_initiative(edition, key),
                result=results[0] if results else None,
                settlement=next((row for row in settlements if row.fiscal_year == money_year), None),
            )
        )
    return rows


def report(package: Edition, fiscal_year: str) -> str:
    """The body of the page of a year's report."""
    edition = package.edition(int(fiscal_year))
    money_year = edition.newest_settlement_year
    counts = metrics.count_assessments(edition)
    return render(
        "report.html",
        addresses.report(edition.report_year),
        package=edition,
        sources=edition.reports_of(edition.report_year),
        choices=report_years.choices(edition, lambda other: addresses.report(other.report_year)),
        area_address=partial(places.area_address, edition),
        counts=counts,
        chart=pictures.of_assessments(counts, f"{len(edition.initiatives)}事業の判定"),
        parts=overview.parts(edition, money_year),
        money_year=money_year,
        money=metrics.settled(edition, money_year),
        rows=_rows(edition, money_year),
        has_step=reports_compared.step(package, edition.report_year) is not None,
    )


# -- all reports --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A report in figures; ``step`` is what it changes against the one before (``None``: the first)."""

    edition: Edition
    sources: tuple[Source, ...]
    counts: dict[Assessment, int]
    money: Money
    step: Step | None

    @property
    def fiscal_year(self) -> int:
        return self.edition.report_year

    @property
    def relistings(self) -> int:
        return sum(item.is_relisted and item.indicator_position == 1 for item in self.edition.listings)


@dataclass(frozen=True, slots=True)
class Moved:
    """A node of the plan whose number or place is another one than in the report before."""

    policy: Policy
    address: str
    before: Policy
    above: str
    above_before: str


@dataclass(frozen=True, slots=True)
class StepView:
    """What a report changes against the one before, with both editions to name it."""

    step: Step
    before: Edition
    after: Edition
    moved: tuple[Moved, ...]
    revisions: dict[RevisionKind, int]


def _column(package: Edition, fiscal_year: int) -> Column:
    edition = package.edition(fiscal_year)
    return Column(
        edition=edition,
        sources=edition.reports_of(fiscal_year),
        counts=metrics.count_assessments(edition),
        money=metrics.settled(edition, edition.newest_settlement_year),
        step=reports_compared.step(package, fiscal_year),
    )


def _above(edition: Edition, policy: Policy) -> str:
    return edition.policy[policy.parent_policy_id].title if policy.parent_policy_id else ""


def _moved(before: Edition, after: Edition, policy_id: str) -> Moved:
    policy, earlier = after.policy[policy_id], before.policy[policy_id]
    is_part = policy.level == "part"
    return Moved(
        policy=policy,
        address=places.home_address(after) if is_part else places.policy_address(after, policy_id),
        before=earlier,
        above=_above(after, policy),
        above_before=_above(before, earlier),
    )


def _step_view(package: Edition, step: Step) -> StepView:
    before, after = package.edition(step.year_before), package.edition(step.year)
    kinds = Counter(item.kind for item in step.revisions)
    return StepView(
        step=step,
        before=before,
        after=after,
        moved=tuple(_moved(before, after, key) for key in step.moved_policies),
        revisions={kind: kinds[kind] for kind in RevisionKind if kinds[kind]},
    )


def report_list(package: Edition) -> str:
    """The body of ``/reports/``."""
    columns = [_column(package, year) for year in package.report_years]
    return render(
        "reports.html",
        addresses.REPORTS,
        package=package,
        columns=columns,
        assessments=[item for item in Assessment if any(column.counts[item] for column in columns)],
        steps=[_step_view(package, column.step) for column in reversed(columns) if column.step],
        initiative_name=partial(places.initiative_name, package),
        policy_address=places.policy_address,
        level_labels=dictionary.labels(package, "policies", "level"),
        outcome_labels=dictionary.labels(package, "absences", "outcome"),
    )
