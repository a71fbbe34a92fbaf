"""Rankings of initiatives: what each is called, where the list shows it in full, and its first rows.

A rate says how an actual stands to a target, or to the year before, and nothing of
the worth of the work. What stands on a doubted number is kept apart. Must not render anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from shinchoku import metrics
from shinchoku.metrics import Assessment, IndicatorResult, Trend
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Amount, Initiative, Observation, Settlement, in_print_order

_Each = TypeVar("_Each")


#: As many doubted ones are shown beside the certain ones; of more, the first.
DOUBTED = (15, 5)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An initiative in a ranking; its first indicator, or what it settled."""

    initiative: Initiative
    result: IndicatorResult | None
    #: The actual of the year before.
    before: Observation | None
    change_rate: Decimal | None
    settlement: Settlement | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """``query`` is that of the list, which ``lists`` an initiative; ``place`` is where one of those stands.

    Without a place (``None``) it does not take part, and stands last in the list.
    """

    name: str
    title: str
    note: str
    query: str
    lists: Callable[[Ranked], bool]
    place: Callable[[Ranked], Decimal | int | None]

    def is_doubted(self, each: Ranked) -> bool:
        """Whether a note bears on a number that decides the place."""
        return not self.is_of_money and each.result is not None and each.result.is_doubted

    @property
    def is_of_money(self) -> bool:
        return self.name == "money"

    @property
    def is_of_change(self) -> bool:
        return self.name in ("better", "worse")


def _is_missed(each: Ranked) -> bool:
    return each.result is not None and each.result.assessment is Assessment.NOT_ACHIEVED


def _missed(sign: int) -> Callable[[Ranked], Decimal | None]:
    def place(each: Ranked) -> Decimal | None:
        rate = each.result.achievement_rate if each.result else None
        return None if rate is None else sign * rate

    return place


def _has_moved(trend: Trend) -> Callable[[Ranked], bool]:
    return lambda each: each.result is not None and each.result.trend is trend


def _moved(each: Ranked) -> Decimal | None:
    return None if each.change_rate is None else -abs(each.change_rate)


def _settled(each: Ranked) -> Amount | None:
    if each.settlement is None or each.settlement.amount_thousand_yen is None:
        return None
    return -each.settlement.amount_thousand_yen


#: Every ranking of a plan that has all; what is settled is called as the plan calls it.
RANKINGS = (
    Ranking(
        "nearest",
        "目標にあと少しだった事業",
        "目標に届かなかった事業を、達成率の高い順に並べています。",
        "verdict=not_achieved&sort=rate&order=desc",
        _is_missed,
        _missed(-1),
    ),
    Ranking(
        "farthest",
        "目標から遠かった事業",
        "目標に届かなかった事業を、達成率の低い順に並べています。",
        "verdict=not_achieved&sort=rate",
        _is_missed,
        _missed(1),
    ),
    Ranking(
        "better",
        "前の年度から大きく良くなった事業",
        "実績が前の年度より良くなった事業を、変化の割合の大きい順に並べています。",
        "trend=better&sort=change&order=desc",
        _has_moved(Trend.BETTER),
        _moved,
    ),
    Ranking(
        "worse",
        "前の年度から大きく悪くなった事業",
        "実績が前の年度より悪くなった事業を、変化の割合の大きい順に並べています。",
        "trend=worse&sort=change",
        _has_moved(Trend.WORSE),
        _moved,
    ),
    Ranking(
        "money",
        "{settled}の大きい事業",
        "{settled}の大きい順に並べています。",
        "sort=money&order=desc",
        lambda each: True,
        _settled,
    ),
)


def offered(package: Edition) -> tuple[Ranking, ...]:
    """Those that a plan has what it takes for."""
    settled = dictionary.amounts(package)["settlement"]
    needs = {"nearest": package.is_judged, "farthest": package.is_judged, "money": package.has.money}
    return tuple(
        replace(each, title=each.title.format(settled=settled), note=each.note.format(settled=settled))
        for each in RANKINGS
        if needs.get(each.name, True)
    )


def _ranked(package: Edition, initiative: Initiative) -> Ranked:
    key = initiative.initiative_id
    result = next(iter(metrics.results_of_initiative(package, key)), None)
    compared = metrics.compared_actuals(package, result) if result else None
    return Ranked(
        initiative=initiative,
        result=result,
        before=compared[0] if compared else None,
        change_rate=metrics.change_rate(package, result) if result else None,
        settlement=package.settlement.get((key, package.newest_settlement_year)),
    )


def all_ranked(package: Edition) -> tuple[Ranked, ...]:
    """Every initiative with its first indicator, in print order."""
    return tuple(_ranked(package, item) for item in in_print_order(package.initiatives))


def in_order(ranking: Ranking, ranked: Iterable[Ranked]) -> list[Ranked]:
    """All that take part, from the first place to the last; equal ones in the order given."""
    placed = [
        (place, each) for each in ranked if ranking.lists(each) and (place := ranking.place(each)) is not None
    ]
    return [each for _, each in sorted(placed, key=lambda pair: pair[0])]


def parted(
    ranked: Sequence[_Each], is_doubted: Callable[[_Each], bool], count: int
) -> tuple[list[_Each], list[_Each]]:
    """The first certain ones, and the doubted ones that would stand among them: all, where less are certain."""
    places = [place for place, each in enumerate(ranked) if not is_doubted(each)][:count]
    among = ranked[: places[-1]] if len(places) == count else ranked
    return [ranked[place] for place in places], [each for each in among if is_doubted(each)]
