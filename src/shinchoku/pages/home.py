"""``/``, below its hand-written introduction: the state of the plan in one minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from shinchoku import addresses, charts, metrics
from shinchoku.metrics import Assessment, IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative
from shinchoku.pages.page import Page
from shinchoku.pages.parts import report_choice, totals
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
    doubts: int


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


def _extreme(package: Edition, initiative: Initiative, result: IndicatorResult) -> Extreme:
    return Extreme(
        initiative=initiative,
        result=result,
        cautions=tuple(_cautions(package, initiative, result)),
        doubts=len(package.notes_of_line.get((initiative.source_id, initiative.source_line), ())),
    )


def extremes(package: Edition) -> tuple[list[Extreme], list[Extreme]]:
    """The highest rates of what was achieved and the lowest of what was not, each from the most extreme.

    Estimates are neither: they are not assessed. Equal rates stand in print order.
    """
    found = [
        (result.achievement_rate, initiative, result)
        for initiative in sorted(package.initiatives, key=lambda item: (item.source_id, item.source_line))
        for result in metrics.results_of_initiative(package, initiative.initiative_id)
        if result.achievement_rate is not None
    ]
    above = [each for each in found if each[2].assessment is Assessment.ACHIEVED]
    below = [each for each in found if each[2].assessment is Assessment.NOT_ACHIEVED]
    above.sort(key=lambda each: -each[0])
    below.sort(key=lambda each: each[0])
    return (
        [_extreme(package, initiative, result) for _, initiative, result in above[:EXTREMES]],
        [_extreme(package, initiative, result) for _, initiative, result in below[:EXTREMES]],
    )


def pages(package: Edition) -> Iterator[Page]:
    """The one page; its file is written by hand, and calls the body."""
    yield Page(addresses.HOME, "ホーム", "", body)


def body(package: Edition) -> str:
    """What stands below the words written by hand."""
    year = package.newest_settlement_year
    counts = metrics.count_assessments(package)
    reached = sum(counts[item] for item in totals.REACHED)
    areas = totals.of_areas(package, year)
    above, below = extremes(package)
    return render(
        "home.html",
        addresses.HOME,
        package=package,
        year=year,
        counts=counts,
        reached=reached,
        undecided=len(package.initiatives) - reached - counts[Assessment.NOT_ACHIEVED],
        held_back=counts[Assessment.PROVISIONAL],
        parts=areas,
        choices=report_choice.choices_of_page(package, addresses.HOME),
        target_year=package.newest_target_year or year,
        few=_FEW,
        above=above,
        below=below,
        money=metrics.settled(package, year),
        loan_funds=tuple(item for item in package.initiatives if item.is_loan_fund),
        missing=metrics.missing_counts(package),
        observation_count=len(package.observations),
        relistings=sum(item.is_relisted for item in package.listings),
        chart=charts.assessment_chart(counts, title=f"{len(package.initiatives)}事業の判定"),
        area_chart=charts.assessment_by_area(
            [(part.area.title, part.counts) for part in areas], title="分野ごとの判定"
        ),
        money_chart=charts.money_chart(
            [(part.area.title, part.money) for part in areas], title="分野ごとの決算見込額"
        ),
    )
