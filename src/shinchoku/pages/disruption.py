"""``/disruption/``: who fell in the years of a great event, by how much, and who is back.

Only where a package declares such years (``package.disruption``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from shinchoku import addresses, charts, fiscal_year, metrics
from shinchoku.metrics import Course, Passage
from shinchoku.package.descriptor import Disruption
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator, Initiative, Observation, SourceNote, in_print_order
from shinchoku.pages.page import Page
from shinchoku.pages.parts.rendering import render

#: In %: from here on a fall is told apart from a wavering.
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator with the actuals that are shown of it, by year, and the doubts about these."""

    initiative: Initiative
    indicator: Indicator
    passage: Passage
    actuals: dict[int, Observation | None]
    doubts: tuple[SourceNote, ...]
    #: The very same indicator, as other initiatives print it.
    alike: tuple[Indicator, ...]

    @property
    def is_percentage(self) -> bool:
        return self.indicator.value_kind == "percentage"

    @property
    def is_deep(self) -> bool:
        """Whether its worst number was a tenth off that of the reference year, or more."""
        before, worst = self.passage.before, self.passage.worst
        change = metrics.relative_change(before, worst) if before and worst else None
        return change is not None and abs(change) >= _TENTH


def pages(package: Edition) -> Iterator[Page]:
    """One, where there are such years."""
    if (disruption := package.disruption) is not None:
        years = "・".join(map(fiscal_year.era, disruption.fiscal_years))
        yield Page(
            addresses.DISRUPTION,
            f"{disruption.short}の年度の実績",
            f"{disruption.title}（{years}）に、どの指標がどれだけ下がり、その後戻ったかを示します。",
            body,
        )


def body(package: Edition) -> str:
    """What became of every indicator."""
    disruption = package.disruption
    assert disruption is not None, "there is no such page"
    newest = package.newest_actual_year
    if newest is not None and newest <= disruption.fiscal_years[-1]:
        newest = None
    # The years since can be many: the newest of them is shown, the others are in the picture.
    years = (disruption.before, *disruption.fiscal_years, *((newest,) if newest else ()))
    rows = list(_rows(package, disruption, years))
    courses = {course.value: [row for row in rows if row.passage.course is course] for course in Course}
    fallen = [row for row in rows if row.passage.has_fallen]
    return render(
        "disruption.html",
        addresses.DISRUPTION,
        package=package,
        disruption=disruption,
        years=years,
        newest=newest,
        courses=courses,
        fallen=fallen,
        alike=sum(bool(row.alike) for row in [*fallen, *courses[Course.HELD]]),
        deep=[row for row in fallen if row.is_deep],
        zero=[row for row in fallen if row.passage.zero_years],
        idle=[row for row in courses[Course.CUMULATIVE] if row.passage.idle_years],
        deepest_first=_deepest_first,
        relative_change=metrics.relative_change,
        small=partial(charts.sparkline, package),
    )


def _rows(package: Edition, disruption: Disruption, years: Iterable[int]) -> Iterator[Row]:
    """Every indicator, in print order."""
    for initiative in in_print_order(package.initiatives):
        for indicator in package.indicators_of_initiative.get(initiative.initiative_id, ()):
            key = indicator.indicator_id
            actuals = {year: package.actual.get((key, year)) for year in years}
            yield Row(
                initiative,
                indicator,
                metrics.passage(package, key, disruption),
                actuals,
                doubts=metrics.doubts(package, *actuals.values()),
                alike=package.indicators_alike.get(key, ()),
            )


def _deepest_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """What has fallen by what it counts in: amounts by the share that was lost, percentages by the points."""
    deepest = sorted(rows, key=_depth, reverse=True)
    return {
        "数や額の指標（変わった割合の大きい順）": [row for row in deepest if not row.is_percentage],
        "割合の指標（変わったポイントの大きい順）": [row for row in deepest if row.is_percentage],
    }


def _depth(row: Row) -> Decimal:
    before, worst = row.passage.before, row.passage.worst
    if before is None or worst is None:
        return Decimal(0)
    if row.is_percentage:
        return abs((worst.value or Decimal(0)) - (before.value or Decimal(0)))
    return abs(metrics.relative_change(before, worst) or Decimal(0))
