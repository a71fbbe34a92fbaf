"""``/reports/…/``: what the report of a year says, initiative by initiative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, charts, fiscal_year, metrics, reports_compared
from shinchoku.metrics import Assessment, IndicatorResult
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Policy, Settlement
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, report_choice, totals
from shinchoku.pages.parts.rendering import render


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative as a report has it; ``result`` is that of its first indicator."""

    initiative: Initiative
    area: Policy
    assessment: Assessment
    result: IndicatorResult | None
    settlement: Settlement | None


def _rows(edition: Edition, money_year: int | None) -> list[Row]:
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


def pages(package: Edition) -> Iterator[Page]:
    """One for every report."""
    for year in package.report_years:
        era = fiscal_year.era(year)
        yield Page(
            addresses.report(year),
            f"{era}の報告",
            f"{era}の報告に載った全事業の判定、達成率、決算見込額と、分野ごとのまとめです。",
            body,
            (str(year),),
        )


def body(package: Edition, year: str) -> str:
    """The report of a fiscal year."""
    edition = package.edition(int(year))
    money_year = edition.newest_settlement_year
    counts = metrics.count_assessments(edition)
    return render(
        "report.html",
        addresses.report(edition.year),
        package=edition,
        sources=edition.reports_of(edition.year),
        choices=report_choice.choices(edition, lambda other: addresses.report(other.year)),
        area_address=partial(places.area_address, edition),
        counts=counts,
        chart=charts.assessment_chart(counts, title=f"{len(edition.initiatives)}事業の判定"),
        parts=totals.of_areas(edition, money_year),
        money_year=money_year,
        money=metrics.settled(edition, money_year),
        rows=_rows(edition, money_year),
        has_step=reports_compared.step(package, edition.year) is not None,
    )
