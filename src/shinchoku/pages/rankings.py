"""``/rankings/``: the first rows of every ranking, which the list shows in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shinchoku import addresses
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import rankings
from shinchoku.pages.parts.rankings import Ranked, Ranking
from shinchoku.pages.parts.rendering import render

#: How many rows of each are shown.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of a ranking, and what would stand among them but for a doubt about its value."""

    ranking: Ranking
    total: int
    #: How many the list shows that have no place.
    without_place: int
    has_doubted: bool
    rows: list[Ranked]
    doubted: list[Ranked]


def _table(ranking: Ranking, everything: Sequence[Ranked]) -> Table:
    ranked = rankings.in_order(ranking, everything)
    listed = sum(map(ranking.lists, everything))
    certain, doubted = rankings.parted(ranked, ranking.is_doubted, SHOWN)
    return Table(
        ranking=ranking,
        total=len(ranked),
        without_place=listed - len(ranked),
        has_doubted=any(map(ranking.is_doubted, ranked)),
        rows=certain,
        doubted=doubted,
    )


def body(package: Edition) -> str:
    """Short tables, of which each leads to the list; also where nothing takes part, as links lead to each."""
    everything = rankings.all_ranked(package)
    return render(
        "rankings.html",
        addresses.RANKINGS,
        package=package,
        most_doubted=rankings.DOUBTED,
        tables=[_table(ranking, everything) for ranking in rankings.offered(package)],
    )


def pages(package: Edition) -> Iterator[Page]:
    """One, of whatever can be ranked."""
    shown = ["目標にあと少しだった事業", "遠かった事業"] if package.is_judged else []
    shown.append("前の年度から大きく変わった事業")
    if package.has.money:
        shown.append(f"{dictionary.amounts(package)['settlement']}の大きい事業")
    yield Page(addresses.RANKINGS, "ランキング", f"{'、'.join(shown)}です。", body)
