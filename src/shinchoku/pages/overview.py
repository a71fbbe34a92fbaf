"""The home page below its hand-written introduction: the state of the plan in one minute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shinchoku import addresses, metrics
from shinchoku.metrics import Assessment, IndicatorResult, Money
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Policy
from shinchoku.pages import pictures, report_years
from shinchoku.pages.rendering import render

REACHED = (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE)
#: How many of the highest and of the lowest rates are shown.
EXTREMES = 5
#: Below it, a rate jumps by tens of percent with every single case; an amount soon becomes many times it.
_FEW = Decimal(10)
#: What whole things are counted in; others measure, and between two of their values is always a third.
_COUNTERS = frozenset(
    ("人", "件", "社", "台", "回", "団体", "機関", "事業", "事業者", "世帯", "地区", "セット", "か所", "箇所")
)


@dataclass(frozen=True, slots=True)
class Part:
    """An area and what happened in it."""

    area: Policy
    initiatives: int
    counts: dict[Assessment, int]
    money: Money

    @property
    def reached(self) -> int:
        return sum(self.counts[item] for item in REACHED)

    @property
    def not_reached(self) -> int:
        return self.counts[Assessment.NOT_ACHIEVED]

    @property
    def undecided(self) -> int:
        return self.initiatives - self.reached - self.not_reached


@dataclass(frozen=True, slots=True)
class Extreme:
    """A high or low achievement rate, and why to read it with care."""

    initiative: Initiative
    result: IndicatorResult
    cautions: tuple[str, ...]
    doubts: int


def parts(package: Edition, fiscal_year: int) -> tuple[Part, ...]:
    """The areas in print order, with what was settled in a year."""
    found = []
    for area in package.areas:
        initiatives = metrics.initiatives_in(package, area.policy_id)
        counts = metrics.count_assessments(package, initiatives)
        money = metrics.settled(package, fiscal_year, initiatives)
        found.append(Part(area, len(initiatives), counts, money))
    return tuple(found)


def _is_count(result: IndicatorResult) -> bool:
    units = (result.indicator.unit or "").split("・")
    target = result.target.value
    return target == target.to_integral_value() and _COUNTERS.issuperset(units)


def _cautions(package: Edition, initiative: Initiative, result: IndicatorResult) -> Iterable[str]:
    if result.target.value < _FEW:
        yield "目標の件数が少ない" if _is_count(result) else "目標の数値が小さい"
    if result.indicator.accumulation == "cumulative":
        yield dictionary.labels(package, "indicators", "accumulation")["cumulative"]
    if initiative.lifecycle != "continuing":
        yield dictionary.labels(package, "initiatives", "lifecycle")[initiative.lifecycle]


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
        (initiative, result)
        for initiative in sorted(package.initiatives, key=lambda item: (item.source_id, item.source_line))
        for result in metrics.results_of_initiative(package, initiative.initiative_id)
        if result.achievement_rate is not None
    ]
    above = [pair for pair in found if pair[1].assessment is Assessment.ACHIEVED]
    below = [pair for pair in found if pair[1].assessment is Assessment.NOT_ACHIEVED]
    above.sort(key=lambda pair: -pair[1].achievement_rate)
    below.sort(key=lambda pair: pair[1].achievement_rate)
    return (
        [_extreme(package, *pair) for pair in above[:EXTREMES]],
        [_extreme(package, *pair) for pair in below[:EXTREMES]],
    )


def home(package: Edition) -> str:
    """The body of ``/`` below the words written by hand."""
    year = package.newest_settlement_year
    counts = metrics.count_assessments(package)
    reached = sum(counts[item] for item in REACHED)
    areas = parts(package, year)
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
        choices=report_years.choices_of_page(package, addresses.HOME),
        target_year=package.newest_target_year or year,
        few=_FEW,
        above=above,
        below=below,
        money=metrics.settled(package, year),
        loan_funds=tuple(item for item in package.initiatives if item.is_loan_fund),
        missing=metrics.missing_counts(package),
        observation_count=len(package.observations),
        relistings=sum(item.is_relisted for item in package.listings),
        chart=pictures.of_assessments(counts, f"{len(package.initiatives)}事業の判定"),
        area_chart=pictures.of_assessments_by_area(
            [(part.area.title, part.counts) for part in areas], "分野ごとの判定"
        ),
        money_chart=pictures.of_money(
            [(part.area.title, part.money) for part in areas], "分野ごとの決算見込額"
        ),
    )
