"""Numbers over the fiscal years as columns, with their targets as lines across them.

Bars stand on a baseline at zero. Where a year has a value the baseline is
solid, where it has none it is dotted and says why, so 0 and missing never look
alike and nothing is drawn across a gap. A value that is not final is hollow
and says so. What the bars and lines mean stands above them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shinchoku import fiscal_year, wording
from shinchoku.charts import layers, words
from shinchoku.charts.layers import ACTUAL, MARGIN, MUTED, SMALL_TEXT, TARGET, TEXT, Layer
from shinchoku.charts.series import Series

_HEIGHT = 128
_LINE = 16
_NARROWEST_COLUMN = 24
_WIDEST_BAR = 40
#: How far apart a bar's end and a target line must be for a label to stand between them, and how
#: near for one label to stand beyond both without seeming to belong to the line.
_BETWEEN, _TOUCHING = 17, 3


@dataclass(frozen=True)
class _Plot:
    """Where things stand. Columns are counted from 0 along x, y is in the indicator's unit."""

    shown: Series

    @cached_property
    def actuals(self) -> dict[int, float]:
        return {year: float(item.value) for year, item in self.shown.values.items()}

    @cached_property
    def targets(self) -> dict[int, float]:
        return {year: float(item.value) for year, item in self.shown.target_values.items()}

    @cached_property
    def place(self) -> dict[int, int]:
        return {year: position for position, year in enumerate(self.shown.years)}

    @cached_property
    def width(self) -> float:
        return max(layers.WIDTH, len(self.place) * _NARROWEST_COLUMN + 2 * MARGIN)

    @cached_property
    def column(self) -> float:
        return (self.width - 2 * MARGIN) / len(self.place)

    @cached_property
    def half_bar(self) -> float:
        return min(0.32, _WIDEST_BAR / 2 / self.column)

    @cached_property
    def x(self) -> tuple[float, float]:
        return (-0.5, len(self.place) - 0.5)

    @cached_property
    def y(self) -> tuple[float, float]:
        """From or to zero, and around every value and target."""
        levels = (0.0, *self.actuals.values(), *self.targets.values())
        return (min(levels), max(levels) if any(levels) else 1.0)

    def pixels(self, difference: float) -> float:
        return difference * _HEIGHT / (self.y[1] - self.y[0])

    # -- labels -----------------------------------------------------------

    @cached_property
    def labels(self) -> dict[int, str]:
        return {year: wording.number(item.value) for year, item in self.shown.values.items()}

    @cached_property
    def qualifiers(self) -> dict[int, str]:
        """What kind of value it is, where it is not final."""
        values = self.shown.values.items()
        return {year: words.qualifier(self.shown.package, item) for year, item in values if item.qualifier}

    @cached_property
    def _widest_label(self) -> float:
        return max(map(layers.ems, self.labels.values()), default=1.0)

    @cached_property
    def _fitting_size(self) -> float:
        """The size at which the widest label leaves some room to its neighbours, in halves."""
        return min(TEXT, int(2 * (self.column - 6) / self._widest_label) / 2)

    @cached_property
    def labels_are_turned(self) -> bool:
        return self._fitting_size < layers.SMALLEST_TEXT

    @cached_property
    def label_size(self) -> float:
        return SMALL_TEXT if self.labels_are_turned else self._fitting_size

    @cached_property
    def label_room(self) -> float:
        return self._widest_label * self.label_size + 4 if self.labels_are_turned else _LINE

    @cached_property
    def room(self) -> float:
        """What labels may need beyond the highest or lowest bar."""
        return self.label_room + (_LINE if self.qualifiers else 0)

    def _distance_to_target(self, year: int) -> float:
        """Pixels from the end of a bar up to its target line; negative where the bar is longer."""
        if year not in self.targets or self.actuals[year] < 0:
            return -1.0
        return self.pixels(self.targets[year] - self.actuals[year])

    def is_inside(self, year: int) -> bool:
        """Whether the label stands in the bar, because it would seem to belong to the target line."""
        fits = (
            layers.ems(self.labels[year]) * self.label_size <= 2 * self.half_bar * self.column
            and self.pixels(self.actuals[year]) > _BETWEEN
            and not self.labels_are_turned
            and year not in self.qualifiers
        )
        return fits and _TOUCHING < self._distance_to_target(year) < _BETWEEN

    def label_base(self, year: int) -> float:
        """What the label stands beyond: the end of the bar, or a target line it would touch."""
        needed = _BETWEEN + self.room - _LINE
        is_near = 0 <= self._distance_to_target(year) < needed and not self.is_inside(year)
        return self.targets[year] if is_near else self.actuals[year]

    # -- marks ------------------------------------------------------------

    def bars(self, years: Iterable[int], **look: Any) -> list[Layer]:
        rows = [
            {
                "left": self.place[year] - self.half_bar,
                "right": self.place[year] + self.half_bar,
                "top": max(self.actuals[year], 0.0),
                "bottom": min(self.actuals[year], 0.0),
            }
            for year in years
        ]
        return layers.boxes(rows, x=self.x, y=self.y, color=ACTUAL, **look)

    def lines(self, levels: dict[int, float], overhang: float = 0, **look: Any) -> list[Layer]:
        reach = self.half_bar + overhang / self.column
        rows = [
            {"left": self.place[year] - reach, "right": self.place[year] + reach, "y": level}
            for year, level in levels.items()
        ]
        return layers.lines(rows, x=self.x, y=self.y, **look)

    def texts(self, said: dict[int, str], bases: dict[int, float], **look: Any) -> list[Layer]:
        rows = [{"x": self.place[year], "y": bases[year], "text": text} for year, text in said.items()]
        return layers.texts(rows, x=self.x, y=self.y, **look)


def _turned_or(is_turned: bool, offset: float) -> dict[str, Any]:
    """Text beyond a point by ``offset`` upwards (negative) or downwards, lengthwise where turned."""
    if not is_turned:
        return {"dy": offset}
    return {"angle": 270, "dy": 4, "dx": 6 if offset < 0 else -6, "align": "left" if offset < 0 else "right"}


def _bars(plot: _Plot) -> list[Layer]:
    missing = [year for year in plot.place if year not in plot.actuals]
    hollow = {"fillOpacity": 0.15, "stroke": ACTUAL, "strokeWidth": 1.5, "strokeDash": [4, 3]}
    return [
        *plot.bars([year for year in plot.actuals if year not in plot.qualifiers]),
        *plot.bars(plot.qualifiers, **hollow),
        *plot.lines(dict.fromkeys(plot.actuals, 0.0), color=ACTUAL, strokeWidth=3),
        *plot.lines(dict.fromkeys(missing, 0.0), color=MUTED, strokeWidth=2, strokeDash=[2, 4]),
        # A margin in the colour of the page keeps the line apart from the bar it crosses.
        *plot.lines(plot.targets, overhang=5, color=layers.PAPER, strokeWidth=7),
        *plot.lines(plot.targets, overhang=5, color=TARGET, strokeWidth=3),
    ]


def _labels(plot: _Plot) -> list[Layer]:
    bases = {year: plot.label_base(year) for year in plot.actuals}
    groups: dict[str, dict[int, str]] = {"inside": {}, "above": {}, "below": {}}
    for year, text in plot.labels.items():
        where = "below" if plot.actuals[year] < 0 else "inside" if plot.is_inside(year) else "above"
        groups[where][year] = text
    look = {"size": plot.label_size, "fontWeight": 600}
    gap_words = {year: words.gap(plot.shown.actuals[year]) for year in plot.place if year not in plot.actuals}
    widest_gap = max(map(layers.ems, gap_words.values()), default=0.0)
    return [
        *plot.texts(groups["above"], bases, **look, **_turned_or(plot.labels_are_turned, -5)),
        *plot.texts(groups["below"], bases, **look, **_turned_or(plot.labels_are_turned, 15)),
        *plot.texts(groups["inside"], bases, **look, color="var(--chart-on-actual)", dy=15),
        *plot.texts(plot.qualifiers, bases, size=SMALL_TEXT, color=MUTED, dy=-plot.label_room - 3),
        *plot.texts(
            gap_words,
            dict.fromkeys(gap_words, 0.0),
            size=SMALL_TEXT,
            color=MUTED,
            **_turned_or(widest_gap * SMALL_TEXT > plot.column - 4, -8),
        ),
    ]


def _key(plot: _Plot, bottom: float) -> tuple[list[Layer], float]:
    """What bars and lines mean, in one line or, where that is too wide, in two; and how high it is."""
    shown, inner = plot.shown, plot.width - 2 * MARGIN
    unit = words.unit_and_kind(shown.package, shown.indicator)
    actual_text = f"実績（{unit}）" if unit else "実績"
    target = shown.newest_target
    # With targets that differ, or years after it, the key says of which year its number is.
    is_last = target is None or target.fiscal_year == shown.years[-1]
    is_only = len({item.value for item in shown.target_values.values()}) < 2
    target_text = words.target_key(target, needs_year=not (is_last and is_only))
    swatch = 22 if plot.targets else 0
    target_width = layers.ems(target_text) * SMALL_TEXT + swatch
    note = words.LOWER_IS_BETTER if shown.indicator.desired_direction == "lower_is_better" else ""

    has_two_lines = layers.ems(actual_text) * SMALL_TEXT + 28 + target_width > inner
    step = _LINE + 2
    top = bottom - step * (has_two_lines + bool(note))
    left, y = (0.0, top + step) if has_two_lines else (inner - target_width, top)
    drawn = [
        *layers.boxes([{"left": 0, "right": 10, "top": top - 9.5, "bottom": top + 0.5}], color=ACTUAL),
        *layers.texts([{"x": 16, "y": top, "text": actual_text}], size=SMALL_TEXT, align="left"),
        *layers.lines(
            [{"left": left, "right": left + 16, "y": y - 4}] if swatch else [], color=TARGET, strokeWidth=3
        ),
        *layers.texts([{"x": left + swatch, "y": y, "text": target_text}], size=SMALL_TEXT, align="left"),
        *layers.texts(
            [{"x": 0, "y": bottom, "text": note}] if note else [],
            size=SMALL_TEXT,
            color=MUTED,
            align="left",
        ),
    ]
    return drawn, _LINE - top


def _years(plot: _Plot, top: float) -> list[Layer]:
    """Below every column its year in both eras, as far as there is room."""
    years = plot.shown.years
    if plot.column < 40:
        eras, western = [fiscal_year.short(year) for year in years], []
    else:
        eras = [fiscal_year.era(year).removesuffix("年度") for year in years]
        western = [f"{year}年度" if plot.column > 54 else str(year) for year in years]
    rows = [{"x": i, "y": top + 18, "text": era} for i, era in enumerate(eras)]
    more = [{"x": i, "y": top + 33, "text": text} for i, text in enumerate(western)]
    return [
        *layers.texts(rows, x=plot.x, size=SMALL_TEXT),
        *layers.texts(more, x=plot.x, size=SMALL_TEXT, color=MUTED),
    ]


def columns(shown: Series) -> dict[str, Any]:
    """The spec of an indicator with at least one number."""
    plot = _Plot(shown)
    falls = any(value < 0 for value in plot.actuals.values())
    key, above = _key(plot, bottom=-plot.room - 12)
    below = plot.room if falls else 0
    drawn = [*key, *_bars(plot), *_labels(plot), *_years(plot, _HEIGHT + below)]
    return layers.spec(drawn, width=plot.width, height=_HEIGHT, above=above, below=below + 40)
