"""``/reports/…/``: what the report of a year says, initiative by initiative."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shinchoku import addresses, charts, fiscal_year, metrics, reports_compared, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import in_print_order
from shinchoku.pages.page import Page
from shinchoku.pages.parts import area_in_words, grades, many, places, report_choice, totals
from shinchoku.pages.parts.rendering import render


def pages(package: Edition) -> Iterator[Page]:
    """One for every report."""
    for year in package.report_years:
        era = fiscal_year.era(year)
        yield Page(
            addresses.report(year),
            f"{era}の報告",
            f"{era}の報告に載った{'' if many.is_cut(package.edition(year).initiatives, many.INITIATIVES) else '全'}事業の{_shown(package)}と、{places.area_levels(package)}ごとのまとめです。",
            body,
            (str(year),),
        )


def _shown(package: Edition) -> str:
    money = [dictionary.amounts(package)["settlement"]] if package.has.money else []
    return "、".join([*(("判定", "達成率") if package.is_judged else ("進み具合",)), *money])


def body(package: Edition, year: str) -> str:
    """The report of a fiscal year."""
    edition = package.edition(int(year))
    money_year = edition.newest_settlement_year
    whole, areas = totals.of(edition, money_year), totals.of_nodes(edition, edition.areas, money_year)
    return render(
        "report.html",
        addresses.report(edition.year),
        package=edition,
        sources=edition.reports_of(edition.year),
        choices=report_choice.choices(edition, lambda other: addresses.report(other.year)),
        whole=whole,
        chart=charts.assessment_chart(whole.counts, title=f"{words.number(whole.initiatives)}事業の判定"),
        area_chart=totals.chart_by_area(edition, areas),
        areas=areas,
        not_judged=area_in_words.not_judged_yet(edition),
        grades=grades.counted(edition, edition.initiative),
        grade_of=partial(grades.given, edition),
        money_year=money_year,
        initiatives=in_print_order(edition.initiatives),
        results_of=partial(metrics.results_of_initiative, edition),
        has_step=reports_compared.step(package, edition.year) is not None,
    )
