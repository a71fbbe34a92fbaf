"""States in words over the fiscal years: a block for as long as a state lasts, its target beside it.

No state is worth more or less than another here; only their order in time is
drawn. Years without a state are dotted and say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from shinchoku import fiscal_year
from shinchoku.charts import marks, words
from shinchoku.charts.chart import Picture
from shinchoku.charts.marks import BASELINE, NARROWEST, TEXT, WIDE
from shinchoku.charts.series import Series
from shinchoku.metrics import is_stated
from shinchoku.package.records import Observation
from shinchoku.words import value

#: Where the years end, and the actuals, in percent.
_YEARS = Decimal(20)
_MIDDLE = Decimal(63)
_GAP = 3
_WHOLE = Decimal(100)
_LOWEST_ROW = Decimal(32)
_LINE = 19
_PADDING = 8


@dataclass(frozen=True, slots=True)
class _Block:
    """A state and the years it lasts, between two x."""

    years: list[int]
    is_stated: bool
    left: Decimal
    right: Decimal
    lines: list[str]


def timeline(shown: Series) -> Picture:
    """The picture of an indicator whose values are words."""
    return replace(_picture(shown, NARROWEST), wide=_picture(shown, WIDE))


def _picture(shown: Series, least_width: Decimal) -> Picture:

    def block(years: list[int], item: Observation | None, left: Decimal, right: Decimal) -> _Block:
        text = words.gap(shown, item)
        if is_stated(item):
            text = value(item) + (f"（{shown.kind(item)}）" if item.role == "base" else "")
        room = (right - left) * least_width / 100 - 2 * _PADDING
        return _Block(years, is_stated(item), left, right, marks.wrapped(text, room / TEXT))

    actuals = [block(years, item, _YEARS, _MIDDLE) for years, item in shown.runs()]
    targets = [block([year], item, _MIDDLE + _GAP, _WHOLE) for year, item in shown.targets.items()]
    heights = dict.fromkeys(shown.years, _LOWEST_ROW)
    for each in (*actuals, *targets):
        for year in each.years:
            heights[year] = max(heights[year], Decimal(len(each.lines) * _LINE + 12) / len(each.years))
    tops, end = {}, Decimal(0)
    for year in shown.years:
        tops[year] = end
        end += heights[year]

    def edges(block: _Block) -> tuple[Decimal, Decimal]:
        return tops[block.years[0]] + 2, tops[block.years[-1]] + heights[block.years[-1]] - 2

    def boxes(blocks: Iterable[_Block], look: str) -> str:
        placed = ((block, *edges(block)) for block in blocks)
        return marks.boxes([(block.left, top, block.right, bottom) for block, top, bottom in placed], look)

    def texts(blocks: Iterable[_Block], look: str) -> str:
        rows = []
        for block in blocks:
            first = (sum(edges(block), Decimal(0)) - (len(block.lines) - 1) * _LINE) / 2 + BASELINE
            rows += [(block.left, first + i * _LINE, line) for i, line in enumerate(block.lines)]
        return marks.texts(rows, look, dx=_PADDING)

    heads = [(_YEARS, -8, "実績"), *([(_MIDDLE + _GAP, -8, "目標")] if targets else [])]
    years = [
        (0, tops[year] + heights[year] / 2 + BASELINE, fiscal_year.era(year).removesuffix("年度"))
        for year in shown.years
    ]
    stated = [block for block in (*actuals, *targets) if block.is_stated]
    missing = [block for block in (*actuals, *targets) if not block.is_stated]
    drawn = [
        marks.shapes(
            boxes((each for each in actuals if each.is_stated), "light"),
            boxes((each for each in targets if each.is_stated), "target"),
            boxes(missing, "blank"),
        ),
        marks.texts(heads, "start"),
        marks.texts(years, "start"),
        texts(stated, "start bold"),
        texts(missing, "start muted"),
    ]
    return Picture("".join(drawn), height=end, above=28, below=4)
