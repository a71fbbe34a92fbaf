"""``/``, below its hand-written introduction: the state of the plan in one minute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shinchoku import addresses, charts, metrics
from shinchoku.metrics import Assessment, IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, group_by, in_print_order
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import (
    area_in_words,
    grades,
    many,
    places,
    rankings,
    report_choice,
    squares,
    totals,
)
from shinchoku.pages.parts.rendering import render

#: How many of the highest and of the lowest rates are shown.
EXTREMES = 5
#: Below it, a rate jumps by tens of percent with every single case; an amount soon becomes many times it.
_FEW = Decimal(10)
#: What whole things are counted in; others measure, and between two of their values is always a third.
_COUNTERS = frozenset(
    ("人", "件", "社", "台", "回", "団体", "機関", "事業", "事業者", "世帯", "地区", "セット", "か所", "箇所")
)


@dataclass(frozen=True, slots=True)
class Extreme:
    """A high or low achievement rate, and why to read it with care."""

    initiative: Initiative
    result: IndicatorResult
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extremes:
    """The most extreme rates, and apart from them those that would stand among them but for a doubt."""

    shown: list[Extreme]
    doubted: list[Extreme]


def _target(result: IndicatorResult) -> Decimal:
    """Of a result with a rate, which is made from it."""
    return (result.target and result.target.value) or Decimal(0)


def _is_count(result: IndicatorResult) -> bool:
    units = (result.indicator.unit or "").split("・")
    target = _target(result)
    return target == target.to_integral_value() and _COUNTERS.issuperset(units)


def _cautions(package: Edition, initiative: Initiative, result: IndicatorResult) -> Iterable[str]:
    if _target(result) < _FEW:
        yield "目標の件数が少ない" if _is_count(result) else "目標の数値が小さい"
    if result.indicator.accumulation == "cumulative":
        yield dictionary.codes(package, "indicators", "accumulation")["cumulative"].label
    if initiative.lifecycle != "continuing":
        yield dictionary.codes(package, "initiatives", "lifecycle")[initiative.lifecycle].label


def extremes(package: Edition) -> tuple[Extremes, Extremes]:
    """The highest rates of what was achieved and the lowest of what was not, each from the most extreme.

    Estimates are neither: they are not assessed. Equal rates stand in print order.
    """
    rated = [
        (result.achievement_rate, initiative, result)
        for initiative in in_print_order(package.initiatives)
        for result in metrics.results_of_initiative(package, initiative.initiative_id)
        if result.achievement_rate is not None
    ]

    def most(assessment: Assessment, sign: int) -> Extremes:
        found = [each for each in rated if each[2].assessment is assessment]
        found.sort(key=lambda each: sign * each[0])
        parts = rankings.parted(found, lambda each: each[2].is_doubted, EXTREMES)
        return Extremes(
            *(
                [
                    Extreme(initiative, result, tuple(_cautions(package, initiative, result)))
                    for _, initiative, result in rows
                ]
                for rows in parts
            )
        )

    return most(Assessment.ACHIEVED, -1), most(Assessment.NOT_ACHIEVED, 1)


def body(package: Edition) -> str:
    """What stands below the words written by hand."""
    year = package.newest_settlement_year
    whole, areas = totals.of(package, year), totals.of_nodes(package, package.areas, year)
    above, below = extremes(package)
    is_cut = many.is_cut(package.initiatives, many.INITIATIVES)
    return render(
        "home.html",
        addresses.HOME,
        package=package,
        year=year,
        whole=whole,
        is_cut=is_cut,
        loan_funds=[item for item in package.initiatives if item.is_loan_fund],
        areas=areas,
        levels_of_areas=group_by(package.areas, "level"),
        listed=totals.of_nodes(package, package.areas, year, include_relisted=True),
        choices=report_choice.choices_of_page(package, addresses.HOME),
        few=_FEW,
        above=above,
        most_doubted=rankings.DOUBTED,
        below=below,
        grades=grades.counted(package, package.initiative),
        not_judged=area_in_words.not_judged_yet(package),
        on_the_way=area_in_words.on_the_way(whole),
        missing=metrics.missing_counts(package),
        squares=None if is_cut else squares.groups(package, package.areas),
        area_chart=is_cut and package.is_judged and totals.chart_by_area(package, areas),
        money_chart=charts.money_chart(
            [(area.title, found.money) for area, found in areas.items()],
            title=totals.title_by_area(package),
            of=dictionary.amounts(package)["settlement"],
        ),
        below_are=places.levels_below_areas(package),
    )


pages = the_one(addresses.HOME, "ホーム", "", body)
