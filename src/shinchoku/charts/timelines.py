"""States in words over the fiscal years: a block for as long as a state lasts, its target beside it.

No state is worth more or less than another here; only their order in time is
drawn. Years without a state are dotted and say why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shinchoku import fiscal_year
from shinchoku.charts import layers, words
from shinchoku.charts.layers import ACTUAL, MARGIN, MUTED, SMALL_TEXT, TARGET, TEXT
from shinchoku.charts.series import Series, is_stated
from shinchoku.package.records import Observation

_INNER = layers.WIDTH - 2 * MARGIN
_YEARS = 66
_GAP = 8
_MIDDLE = _YEARS + (_INNER - _YEARS - _GAP) * 0.56
_LOWEST_ROW = 30
_LINE = 17
_PADDING = 8


@dataclass(frozen=True, slots=True)
class _Block:
    """A state and the years it lasts, between two x."""

    years: list[int]
    item: Observation | None
    left: float
    right: float

    def lines(self) -> list[str]:
        text = words.state(self.item) if is_stated(self.item) else words.gap(self.item)
        return layers.wrapped(layers.printable(text), (self.right - self.left - 2 * _PADDING) / TEXT)


def _row_heights(years: tuple[int, ...], blocks: list[_Block]) -> dict[int, float]:
    heights = dict.fromkeys(years, float(_LOWEST_ROW))
    for block in blocks:
        needed = (len(block.lines()) * _LINE + 12) / len(block.years)
        for year in block.years:
            heights[year] = max(heights[year], needed)
    return heights


def timeline(shown: Series) -> dict[str, Any]:
    """The spec of an indicator whose values are words."""
    actuals = [_Block(years, item, _YEARS, _MIDDLE) for years, item in shown.runs()]
    targets = [_Block([year], item, _MIDDLE + _GAP, _INNER) for year, item in shown.targets.items()]
    heights = _row_heights(shown.years, [*actuals, *targets])
    tops, end = {}, 0.0
    for year in shown.years:
        tops[year] = end
        end += heights[year]

    def edges(block: _Block) -> tuple[float, float]:
        return tops[block.years[0]] + 2, tops[block.years[-1]] + heights[block.years[-1]] - 2

    def boxes(blocks: list[_Block], **look: Any) -> list[layers.Layer]:
        rows = []
        for block in blocks:
            top, bottom = edges(block)
            rows.append({"left": block.left, "right": block.right, "top": top, "bottom": bottom})
        return layers.boxes(rows, **look)

    def texts(blocks: list[_Block], **look: Any) -> list[layers.Layer]:
        rows = []
        for block in blocks:
            lines = block.lines()
            first = sum(edges(block)) / 2 - (len(lines) - 1) * _LINE / 2 + 4.5
            rows += [
                {"x": block.left + _PADDING, "y": first + i * _LINE, "text": line}
                for i, line in enumerate(lines)
            ]
        return layers.texts(rows, align="left", **look)

    heads = [{"x": _YEARS, "y": -8, "text": "実績"}]
    heads += [{"x": _MIDDLE + _GAP, "y": -8, "text": "目標"}] if targets else []
    years = [
        {"x": 0, "y": tops[year] + heights[year] / 2 + 4.5, "text": fiscal_year.era(year)}
        for year in shown.years
    ]
    stated = [block for block in (*actuals, *targets) if is_stated(block.item)]
    missing = [block for block in (*actuals, *targets) if not is_stated(block.item)]
    drawn = [
        *layers.texts(heads, size=SMALL_TEXT, align="left"),
        *layers.texts(years, size=SMALL_TEXT, align="left"),
        *boxes(
            [block for block in actuals if is_stated(block.item)],
            color=ACTUAL,
            fillOpacity=0.15,
            stroke=ACTUAL,
            strokeWidth=1.5,
        ),
        *boxes(
            [block for block in targets if is_stated(block.item)],
            color="transparent",
            stroke=TARGET,
            strokeWidth=3,
        ),
        *boxes(missing, color="transparent", stroke=MUTED, strokeWidth=1, strokeDash=[2, 4]),
        *texts(stated, fontWeight=600),
        *texts(missing, size=SMALL_TEXT, color=MUTED),
    ]
    return layers.spec(drawn, width=layers.WIDTH, height=end, above=26, below=4)
