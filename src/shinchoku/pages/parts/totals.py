"""What was assessed and settled in the plan and its parts. Must not render anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from shinchoku import charts, metrics, words
from shinchoku.metrics import Assessment, Money, Trend
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Amount, Initiative, Policy
from shinchoku.pages.parts import places
from shinchoku.words import OUTCOMES, Outcome

_Code = TypeVar("_Code", Assessment, Trend)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many initiatives there are, what happened to them, and what to know when reading the counts.

    ``trends`` are against the year before, ``trends_from_reference`` against the reference year;
    ``reached_before`` counts those that reached a target they had reached before. Of those that are
    judged (reached or not), some have ``ended``, some share their indicator with another one
    counted here (``shared``), some stand on a number with a note of doubt (``doubted``), and
    others on what has one (``cautioned``). Of those better than the year before, some are
    cumulative; of those compared, some are ``estimates``.
    """

    initiatives: int
    counts: dict[Assessment, int]
    money: Money
    trends: dict[Trend, int]
    trends_from_reference: dict[Trend, int]
    cumulative_better: int
    estimates: int
    reached_before: int
    #: How many are how far on the way from their base value to their target, in the words for it; also where none.
    stages: dict[str, int]
    ended: tuple[Initiative, ...]
    shared: tuple[Initiative, ...]
    doubted: tuple[Initiative, ...]
    cautioned: tuple[Initiative, ...]
    #: What takes most of the money, loan funds apart, with its amount in thousand yen.
    largest: tuple[Initiative, Amount] | None

    def counted(self, outcome: Outcome) -> int:
        """How many initiatives came to an outcome."""
        return sum(self.counts[item] for item in outcome.assessments)

    @property
    def reached(self) -> int:
        return self.counted(OUTCOMES[0])

    @property
    def not_reached(self) -> int:
        return self.counted(OUTCOMES[1])

    @property
    def undecided(self) -> int:
        return self.counted(OUTCOMES[2])


def of(package: Edition, fiscal_year: int | None, initiatives: Iterable[str] | None = None) -> Totals:
    """Of some initiatives (all, unless told), with what was settled in a year."""
    ids = tuple(dict.fromkeys(package.initiative if initiatives is None else initiatives))
    results = {key: found[0] for key in ids if (found := metrics.results_of_initiative(package, key))}
    judged = {package.initiative[key]: result for key, result in results.items() if result.is_judged}
    alike = package.indicators_alike
    return Totals(
        initiatives=len(ids),
        # What has no indicator is judged as none.
        counts=_counted(
            Assessment, (results[key].assessment if key in results else Assessment.NONE for key in ids)
        ),
        money=metrics.settled(package, fiscal_year, ids),
        trends=_counted(Trend, (result.trend for result in results.values())),
        trends_from_reference=_counted(Trend, (result.trend_from_reference for result in results.values())),
        cumulative_better=sum(
            result.is_cumulative and result.trend is Trend.BETTER for result in results.values()
        ),
        estimates=sum(
            result.is_estimate and result.trend is not Trend.NOT_COMPARABLE for result in results.values()
        ),
        reached_before=sum(
            result.is_reached and result.reached_before is not None for result in results.values()
        ),
        stages={word: 0 for _, word in words.STAGES}
        | Counter(words.stage(each.progress) for each in results.values() if each.progress is not None),
        ended=tuple(item for item in judged if item.lifecycle != "continuing"),
        shared=tuple(
            item
            for item, result in judged.items()
            if any(other.initiative_id in results for other in alike.get(result.indicator.indicator_id, ()))
        ),
        doubted=tuple(item for item, result in judged.items() if result.doubts),
        cautioned=tuple(item for item, result in judged.items() if result.cautions and not result.doubts),
        largest=_largest(package, fiscal_year, ids),
    )


def _largest(
    package: Edition, fiscal_year: int | None, ids: Iterable[str]
) -> tuple[Initiative, Amount] | None:
    amounts = [
        (item, row.amount_thousand_yen)
        for item in map(package.initiative.__getitem__, ids)
        if not item.is_loan_fund
        and (row := package.settlement.get((item.initiative_id, fiscal_year)))
        and row.amount_thousand_yen is not None
    ]
    return max(amounts, key=lambda each: each[1], default=None)


def _counted(codes: Iterable[_Code], found: Iterable[_Code]) -> dict[_Code, int]:
    """How often each is found, also where never."""
    return dict.fromkeys(codes, 0) | Counter(found)


def title_by_area(package: Edition) -> str:
    """What a picture of the money by area says: ``分野・戦略ごとの決算見込額（…）``."""
    areas, settled = places.area_levels(package), dictionary.amounts(package)["settlement"]
    return f"{areas}ごとの{settled}" + (
        f"（最初に載った{areas}で数えたもの）" if package.has.relistings else ""
    )


def chart_by_area(package: Edition, areas: Mapping[Policy, Totals]) -> charts.Chart:
    """A bar for each area, by how its initiatives were judged."""
    return charts.assessment_by_area(
        [(area.title, found.counts) for area, found in areas.items()],
        title=f"{places.area_levels(package)}ごとの判定",
    )


def of_nodes(
    package: Edition, nodes: Iterable[Policy], fiscal_year: int | None, include_relisted: bool = False
) -> dict[Policy, Totals]:
    """Of what is printed first below each of some nodes; or of all that is listed below it."""
    return {
        node: of(package, fiscal_year, metrics.initiatives_in(package, node.policy_id, include_relisted))
        for node in nodes
    }


def listed(package: Edition, node: Policy, fiscal_year: int | None) -> Totals:
    """Of all that is listed below a node, also what is printed first elsewhere."""
    return of(package, fiscal_year, metrics.initiatives_in(package, node.policy_id, include_relisted=True))


def parts(package: Edition, area: Policy) -> tuple[Policy, ...]:
    """The nodes next below an area, which have all of it between them; the area itself where it lists any directly."""
    if area.policy_id in package.rows_of_policy:
        return (area,)
    return package.policy_children.get(area.policy_id, ())


def below(package: Edition, areas: Iterable[Policy], fiscal_year: int | None) -> dict[Policy, Totals]:
    """Of the parts of some areas that have initiatives of their own."""
    nodes = (node for area in areas for node in parts(package, area))
    found = of_nodes(package, nodes, fiscal_year)
    return {node: totals for node, totals in found.items() if totals.initiatives}
