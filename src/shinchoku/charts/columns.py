"""Numbers over the fiscal years as columns, with their targets as lines across them.

Bars stand on a baseline at zero. Where a year has a value the baseline is
solid, where it has none it is dotted and says why, so 0 and missing never look
alike and nothing is drawn across a gap. A value that is not final is hollow
and says so. What the bars and lines mean stands above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from shinchoku import fiscal_year
from shinchoku.charts import marks, words
from shinchoku.charts.chart import Picture
from shinchoku.charts.marks import ACTUAL, BOLD, MARGIN, MUTED, SMALL_TEXT, TARGET, Number
from shinchoku.charts.series import Series
from shinchoku.words import number

_HEIGHT = 128
_LINE = 16
_NARROWEST_COLUMN = 24
_WIDEST_BAR = Decimal(40)
_HALF = Decimal(1) / 2
#: How far apart a bar's end and a target line must be for a label to stand between them, and how
#: near for one label to stand beyond both without seeming to belong to the line.
_BETWEEN, _TOUCHING = 17, 3


class _Plot(Series):
    """Where things stand, in pixels from the left and the top; levels are in the indicator's unit."""

    @cached_property
    def width(self) -> Decimal:
        return max(marks.WIDTH, Decimal(len(self.years) * _NARROWEST_COLUMN + 2 * MARGIN))

    @cached_property
    def column(self) -> Decimal:
        return (self.width - 2 * MARGIN) / len(self.years)

    @cached_property
    def half_bar(self) -> Decimal:
        return min(self.column * Decimal("0.32"), _WIDEST_BAR / 2)

    @cached_property
    def x(self) -> dict[int, Decimal]:
        """The middle of every year's column."""
        return {year: self.column * (i + _HALF) for i, year in enumerate(self.years)}

    def y(self, level: Number) -> Decimal:
        lowest, highest = self.levels
        return (highest - level) * _HEIGHT / (highest - lowest)

    # -- labels -----------------------------------------------------------

    @cached_property
    def labels(self) -> dict[int, str]:
        return {year: number(level) for year, level in self.numbers.items()}

    @cached_property
    def qualifiers(self) -> dict[int, str]:
        """What kind of value it is, where it is not final."""
        values = self.values.items()
        return {year: self.code("qualifier", item.qualifier).label for year, item in values if item.qualifier}

    @cached_property
    def gaps(self) -> dict[int, str]:
        """Why there is no value, where there is none."""
        actuals = self.actuals.items()
        return {year: words.gap(self, item) for year, item in actuals if year not in self.numbers}

    @cached_property
    def _widest_label(self) -> Decimal:
        return max(map(marks.ems, self.labels.values()), default=Decimal(1))

    @cached_property
    def _fitting_size(self) -> Decimal:
        """The size at which the widest label leaves some room to its neighbours, in halves."""
        halves = min(2 * marks.TEXT, int(2 * (self.column - 6) / self._widest_label))
        return Decimal(halves) / 2

    @cached_property
    def labels_are_turned(self) -> bool:
        return self._fitting_size < marks.SMALLEST_TEXT

    @cached_property
    def label_size(self) -> Number:
        return SMALL_TEXT if self.labels_are_turned else self._fitting_size

    @cached_property
    def label_room(self) -> Number:
        return self._widest_label * self.label_size + 4 if self.labels_are_turned else _LINE

    @cached_property
    def room(self) -> Number:
        """What labels may need beyond the highest or lowest bar."""
        return self.label_room + (_LINE if self.qualifiers else 0)

    def _distance_to_target(self, year: int) -> Number:
        """From the end of a bar up to its target line; negative where the bar is longer."""
        if year not in self.target_numbers or self.numbers[year] < 0:
            return -1
        return self.y(self.numbers[year]) - self.y(self.target_numbers[year])

    def is_inside(self, year: int) -> bool:
        """Whether the label stands in the bar, because it would seem to belong to the target line."""
        fits = (
            marks.ems(self.labels[year]) * self.label_size <= 2 * self.half_bar
            and self.y(0) - self.y(self.numbers[year]) > _BETWEEN
            and not self.labels_are_turned
            and year not in self.qualifiers
        )
        return fits and _TOUCHING < self._distance_to_target(year) < _BETWEEN

    def label_base(self, year: int) -> Decimal:
        """The level the label stands beyond: the end of the bar, or a target line it would touch."""
        needed = _BETWEEN + self.room - _LINE
        is_near = 0 <= self._distance_to_target(year) < needed and not self.is_inside(year)
        return self.target_numbers[year] if is_near else self.numbers[year]

    # -- marks ------------------------------------------------------------

    def bars(self, years: Iterable[int], **look: str) -> str:
        rows = []
        for year in years:
            top, bottom = sorted([self.y(self.numbers[year]), self.y(0)])
            rows.append((self.x[year] - self.half_bar, top, self.x[year] + self.half_bar, bottom))
        return marks.boxes(rows, **look)

    def lines(self, levels: Mapping[int, Number], overhang: int = 0, **look: str) -> str:
        reach = self.half_bar + overhang
        rows = [(self.x[year] - reach, self.x[year] + reach, self.y(level)) for year, level in levels.items()]
        return marks.lines(rows, **look)

    def texts(
        self,
        said: dict[int, str],
        levels: Mapping[int, Number],
        offset: Number,
        is_turned: bool = False,
        **look: Any,
    ) -> str:
        """Texts beyond their level by ``offset``, upwards where negative; lengthwise where turned."""
        if is_turned:
            look |= {"turned": 6, "anchor": "start"} if offset < 0 else {"turned": -6, "anchor": "end"}
            offset = 0
        rows = [(self.x[year], self.y(levels[year]) + offset, text) for year, text in said.items()]
        return marks.texts(rows, **look)


def _bars(plot: _Plot) -> str:
    return "".join(
        [
            plot.bars((year for year in plot.numbers if year not in plot.qualifiers), fill=ACTUAL),
            plot.bars(plot.qualifiers, **marks.light(ACTUAL), stroke_dasharray="4,3"),
            plot.lines(dict.fromkeys(plot.numbers, 0), stroke=ACTUAL, stroke_width="3"),
            plot.lines(dict.fromkeys(plot.gaps, 0), stroke=MUTED, stroke_width="2", stroke_dasharray="2,4"),
            # A margin in the colour of the page keeps the line apart from the bar it crosses.
            plot.lines(plot.target_numbers, overhang=5, stroke=marks.PAPER, stroke_width="7"),
            plot.lines(plot.target_numbers, overhang=5, stroke=TARGET, stroke_width="3"),
        ]
    )


def _labels(plot: _Plot) -> str:
    bases = {year: plot.label_base(year) for year in plot.numbers}
    groups: dict[str, dict[int, str]] = {"inside": {}, "above": {}, "below": {}}
    for year, text in plot.labels.items():
        where = "below" if plot.numbers[year] < 0 else "inside" if plot.is_inside(year) else "above"
        groups[where][year] = text
    look: dict[str, Any] = {"size": plot.label_size, "font_weight": BOLD}
    small: dict[str, Any] = {"size": SMALL_TEXT, "fill": MUTED}
    widest_gap = max(map(marks.ems, plot.gaps.values()), default=Decimal(0))
    gaps_are_turned = widest_gap * SMALL_TEXT > plot.column - 4
    return "".join(
        [
            plot.texts(groups["above"], bases, -5, plot.labels_are_turned, **look),
            plot.texts(groups["below"], bases, 15, plot.labels_are_turned, **look),
            plot.texts(groups["inside"], bases, 15, **look, fill="var(--chart-on-actual)"),
            plot.texts(plot.qualifiers, bases, -plot.label_room - 3, **small),
            plot.texts(plot.gaps, dict.fromkeys(plot.gaps, 0), -8, gaps_are_turned, **small),
        ]
    )


def _target(plot: _Plot) -> str:
    """``目標 1,600,000``; with its year where there are other targets, or later years."""
    if not plot.targets:
        return f"目標：{words.NO_ROW}"
    newest = max(plot.targets)
    is_only = newest == plot.years[-1] and len(set(plot.target_numbers.values())) < 2
    year = "" if is_only else f"（{fiscal_year.short(newest)}）"
    target = plot.targets[newest]
    if target.value is None:
        return f"目標{year}：{words.gap(plot, target)}"
    return f"目標{year} {number(target.value)}{plot.package.other_unit(target) or ''}"


def _key(plot: _Plot, bottom: Number) -> tuple[str, Number]:
    """What bars and lines mean, in one line or, where that is too wide, in two; and how high it is."""
    inner, actual_text, target_text = plot.width - 2 * MARGIN, words.actual(plot), _target(plot)
    swatch = 22 if plot.target_numbers else 0
    target_width = marks.ems(target_text) * SMALL_TEXT + swatch
    note = words.LOWER_IS_BETTER if plot.indicator.desired_direction == "lower_is_better" else ""

    has_two_lines = marks.ems(actual_text) * SMALL_TEXT + 28 + target_width > inner
    step = _LINE + 2
    top = bottom - step * (has_two_lines + bool(note))
    left, y = (0, top + step) if has_two_lines else (inner - target_width, top)
    small: dict[str, Any] = {"size": SMALL_TEXT, "anchor": "start"}
    drawn = [
        marks.boxes([(0, top - 10 + _HALF, 10, top + _HALF)], fill=ACTUAL),
        marks.texts([(16, top, actual_text)], **small),
        marks.lines([(left, left + 16, y - 4)] if swatch else [], stroke=TARGET, stroke_width="3"),
        marks.texts([(left + swatch, y, target_text)], **small),
        marks.texts([(0, bottom, note)] if note else [], **small, fill=MUTED),
    ]
    return "".join(drawn), _LINE - top


def _years(plot: _Plot, top: Number) -> str:
    """Below every column its year in both eras, as far as there is room."""
    if plot.column < 40:
        eras, western = [fiscal_year.short(year) for year in plot.x], []
    else:
        eras = [fiscal_year.era(year).removesuffix("年度") for year in plot.x]
        western = [f"{year}年度" if plot.column > 54 else str(year) for year in plot.x]
    first = [(x, top + 18, text) for x, text in zip(plot.x.values(), eras, strict=True)]
    second = [(x, top + 33, text) for x, text in zip(plot.x.values(), western, strict=False)]
    return marks.texts(first, size=SMALL_TEXT) + marks.texts(second, size=SMALL_TEXT, fill=MUTED)


def columns(shown: Series) -> Picture:
    """The picture of an indicator with at least one number."""
    plot = _Plot(shown.package, shown.indicator)
    falls = any(level < 0 for level in plot.numbers.values())
    key, above = _key(plot, bottom=-plot.room - 12)
    below = plot.room if falls else 0
    drawn = key + _bars(plot) + _labels(plot) + _years(plot, _HEIGHT + below)
    return Picture(drawn, width=plot.width, height=_HEIGHT, above=above, below=below + 40)
