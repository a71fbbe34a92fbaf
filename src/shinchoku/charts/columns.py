"""Numbers over the fiscal years as columns, with their targets as lines across them.

Bars stand on a baseline at zero. Where a year has a value the baseline is
solid, where it has none it is dotted and says why, so 0 and missing never look
alike and nothing is drawn across a gap. A value that is not final is hollow
and says so. What the bars and lines mean stands above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from math import ceil

from shinchoku import fiscal_year
from shinchoku.charts import marks, words
from shinchoku.charts.chart import Picture
from shinchoku.charts.marks import NARROWEST, TEXT, WIDE, Number
from shinchoku.charts.series import Series
from shinchoku.words import value

_HEIGHT = 140
_LINE = 18
_WHOLE = Decimal(100)
_HALF = Decimal(1) / 2
_WIDEST_HALF_BAR = Decimal(9)
#: How far apart a bar's end and a target line must be for a label to stand between them, and how
#: near for one label to stand beyond both without seeming to belong to the line.
_BETWEEN, _TOUCHING = 19, 3


@dataclass(frozen=True)
class _Plot(Series):
    """Where things stand: across in percent, down in pixels from the top; levels are in the indicator's unit.

    ``least_width`` is that of the narrowest picture that all of it has to fit into.
    """

    least_width: Decimal

    @cached_property
    def column(self) -> Decimal:
        return _WHOLE / len(self.years)

    @cached_property
    def narrow_column(self) -> Decimal:
        """How wide a column is at least, in pixels."""
        return self.least_width / len(self.years)

    @cached_property
    def half_bar(self) -> Decimal:
        return min(self.column * Decimal("0.32"), _WIDEST_HALF_BAR)

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
        return {year: value(item) for year, item in self.values.items()}

    @cached_property
    def qualifiers(self) -> dict[int, str]:
        """What kind of value it is, where it is not a final actual."""
        return {year: kind for year, item in self.values.items() if (kind := self.kind(item))}

    @cached_property
    def ends(self) -> dict[int, Decimal]:
        """Where bars end: of a range the end that is further from zero, or the upper one on both sides of it."""
        uppers = self.numbers | self.upper_ends
        return {year: upper if upper > 0 else self.numbers[year] for year, upper in uppers.items()}

    def _near_end(self, year: int) -> Number:
        """Of a range the end that is nearer to zero: up to it the bar is full."""
        lower, upper = self.numbers[year], self.upper_ends.get(year, self.numbers[year])
        if lower > 0:
            return lower
        return upper if upper < 0 else 0

    @cached_property
    def gaps(self) -> dict[int, str]:
        """Why there is no value, where there is none; of a year that no report has come to, that it is to come."""
        return {
            year: words.gap(self, item) if item or not self.is_to_come(year) else "まだ"
            for year, item in self.actuals.items()
            if year not in self.numbers
        }

    def is_to_come(self, year: int) -> bool:
        """Whether it is later than any with an actual."""
        return year > (self.package.newest_actual_year or 0)

    @cached_property
    def _widest_label(self) -> Decimal:
        return max(map(marks.ems, self.labels.values()), default=Decimal(1)) * TEXT

    @cached_property
    def labels_are_turned(self) -> bool:
        return self._widest_label > self.narrow_column - 2

    @cached_property
    def label_room(self) -> Number:
        return self._widest_label + 4 if self.labels_are_turned else _LINE

    @cached_property
    def room(self) -> Number:
        """What labels may need beyond the highest or lowest bar."""
        return self.label_room + (_LINE if self.qualifiers else 0)

    def _distance_to_target(self, year: int) -> Number:
        """From the end of a bar up to its target line; negative where the bar is longer."""
        if year not in self.target_numbers or self.ends[year] < 0:
            return -1
        return self.y(self.ends[year]) - self.y(self.target_numbers[year])

    def is_inside(self, year: int) -> bool:
        """Whether the label stands in the bar, because it would seem to belong to the target line."""
        fits = (
            marks.ems(self.labels[year]) * TEXT <= 2 * self.half_bar * self.least_width / 100
            and self.y(0) - self.y(self.ends[year]) > _BETWEEN
            and not self.labels_are_turned
            and year not in self.qualifiers
            and year not in self.upper_ends
        )
        return fits and _TOUCHING < self._distance_to_target(year) < _BETWEEN

    def label_base(self, year: int) -> Decimal:
        """The level the label stands beyond: the end of the bar, or a target line it would touch."""
        needed = _BETWEEN + self.room - _LINE
        is_near = 0 <= self._distance_to_target(year) < needed and not self.is_inside(year)
        return self.target_numbers[year] if is_near else self.ends[year]

    def qualifier_base(self, year: int) -> Decimal:
        """The baseline of a qualifier, beyond the label."""
        at = self.y(self.label_base(year))
        return at - self.label_room - 3 if self.ends[year] >= 0 else at + self.label_room + TEXT + 2

    # -- marks ------------------------------------------------------------

    def bars(self, years: Iterable[int], look: str) -> str:
        rows = []
        for year in years:
            top, bottom = sorted([self.y(self._near_end(year)), self.y(0)])
            rows.append((self.x[year] - self.half_bar, top, self.x[year] + self.half_bar, bottom))
        return marks.boxes(rows, look)

    def ranges(self, look: str) -> str:
        """From one end of each range to the other."""
        rows = [
            (
                self.x[year] - self.half_bar,
                self.y(upper),
                self.x[year] + self.half_bar,
                self.y(self.numbers[year]),
            )
            for year, upper in self.upper_ends.items()
        ]
        return marks.boxes(rows, look)

    def feet(self, years: Iterable[int], look: str) -> str:
        """Where bars stand or would stand."""
        zero = self.y(0)
        return marks.lines(
            ((self.x[year] - self.half_bar, self.x[year] + self.half_bar, zero) for year in years), look
        )

    def target_lines(self) -> Iterator[tuple[Number, Number, Number]]:
        """Somewhat wider than the bars they cross."""
        reach = self.half_bar + self.column / 10
        for levels in (self.target_numbers, self.target_upper_ends):
            for year, level in levels.items():
                yield self.x[year] - reach, self.x[year] + reach, self.y(level)

    def texts(self, said: Mapping[int, str], levels: Mapping[int, Number], offset: Number, look: str) -> str:
        """Texts beyond their level by ``offset``, upwards where negative."""
        return marks.texts(
            [(self.x[year], self.y(levels[year]) + offset, text) for year, text in said.items()], look
        )

    def turned_texts(
        self, said: Mapping[int, str], levels: Mapping[int, Number], beyond: Number, look: str
    ) -> str:
        """Texts lengthwise, ``beyond`` their level: upwards, downwards where negative."""
        rows = [(self.x[year], self.y(levels[year]), text) for year, text in said.items()]
        return marks.turned_texts(rows, look, beyond=beyond)


def _bands(plot: _Plot, bottom: Number) -> str:
    """Behind the years upset by a great event; those that follow each other have one."""
    upset = plot.disruption.fiscal_years if plot.disruption else ()
    rows: list[marks.Box] = []
    for is_upset, columns in groupby(range(len(plot.years)), key=lambda i: plot.years[i] in upset):
        if is_upset:
            first, *others = columns
            end = first + len(others) + 1
            rows.append((first * plot.column, 0, end * plot.column, bottom))
    return marks.boxes(rows, "band")


def _bars(plot: _Plot) -> str:
    bases = [year for year, item in plot.values.items() if item.role == "base"]
    targets = list(plot.target_lines())
    return "".join(
        [
            plot.bars((year for year in plot.numbers if year not in plot.qualifiers), "actual"),
            plot.bars(bases, "light"),
            plot.bars((year for year in plot.qualifiers if year not in bases), "estimate"),
            plot.ranges("range"),
            plot.feet(plot.numbers, "foot"),
            plot.feet(plot.gaps, "gap"),
            marks.lines(targets, "clear"),
            marks.lines(targets, "target"),
        ]
    )


def _labels(plot: _Plot) -> str:
    bases = {year: plot.label_base(year) for year in plot.numbers}
    groups: dict[str, dict[int, str]] = {"inside": {}, "above": {}, "below": {}}
    for year, text in plot.labels.items():
        where = "below" if plot.ends[year] < 0 else "inside" if plot.is_inside(year) else "above"
        groups[where][year] = text
    if plot.labels_are_turned:
        labels = plot.turned_texts(groups["above"], bases, 6, "bold")
        labels += plot.turned_texts(groups["below"], bases, -6, "bold")
    else:
        labels = plot.texts(groups["above"], bases, -5, "bold")
        labels += plot.texts(groups["below"], bases, 16, "bold")
        labels += plot.texts(groups["inside"], bases, 16, "bold on-actual")
    drawn = [labels]
    for years, x, anchor in (
        (plot.years[1:-1], None, "muted"),
        # Those of the first and the last column may be wider than it: they begin and end where the picture does.
        (plot.years[:1], Decimal(0), "muted start"),
        (plot.years[-1:], _WHOLE, "muted end"),
    ):
        rows = [
            (plot.x[year] if x is None else x, plot.qualifier_base(year), plot.qualifiers[year])
            for year in years
            if year in plot.qualifiers
        ]
        drawn.append(marks.texts(rows, anchor))
    return "".join(drawn)


def _gaps(plot: _Plot) -> str:
    """Why a year has no bar, above its place: in as many lines as the column is narrow."""
    rows = []
    for year, text in plot.gaps.items():
        lines = marks.wrapped(text, max((plot.narrow_column - 4) / TEXT, Decimal(1)))
        bottom = plot.y(0) - 8 - (len(lines) - 1) * _LINE
        rows += [(plot.x[year], bottom + i * _LINE, line) for i, line in enumerate(lines)]
    return marks.texts(rows, "muted")


def _target(plot: _Plot) -> str:
    """``目標 1,600,000``; with its year where there are other targets, or later years."""
    if not plot.targets:
        return f"目標：{words.NO_ROW}"
    newest = max(plot.targets)
    is_only = (
        newest == plot.years[-1]
        and not plot.is_to_come(newest)
        and len(set(plot.target_numbers.values())) < 2
    )
    year = "" if is_only else f"（{fiscal_year.short(newest)}）"
    target = plot.targets[newest]
    if target.value is None:
        return f"目標{year}：{words.gap(plot, target)}"
    return f"目標{year} {value(target)}{plot.package.other_unit(target) or ''}"


def _key(plot: _Plot, bottom: Number) -> tuple[str, Number]:
    """What bars and lines mean, in one line or, where that is too wide, in two; and how high it is."""
    actual_text, target_text = words.actual(plot), _target(plot)
    swatch = 24 if plot.target_numbers else 0
    target_width = marks.ems(target_text) * TEXT
    has_two_lines = marks.ems(actual_text) * TEXT + 36 + target_width + swatch > plot.least_width
    top = bottom - _LINE - 4 if has_two_lines else bottom
    begin, dx = (Decimal(0), Decimal(0)) if has_two_lines else (_WHOLE, -target_width - swatch)
    drawn = [
        marks.swatches([top - 11], 12, "actual"),
        marks.texts([(0, top, actual_text)], "start", dx=18),
    ]
    if swatch:
        drawn.append(marks.dash(begin, bottom - 5, 18, "target", dx))
    drawn.append(marks.texts([(begin, bottom, target_text)], "start bold", dx=dx + swatch))
    return "".join(drawn), _LINE - top


def _years(plot: _Plot, top: Number) -> str:
    """Below every column its year in both eras, as far as there is room."""
    shown = list(plot.x.items())
    # Every second or third where not even the short ones fit.
    shown = shown[:: ceil(28 / plot.narrow_column)]
    is_short = plot.narrow_column < 46
    first = [
        (x, top + 20, fiscal_year.short(year) if is_short else fiscal_year.era(year).removesuffix("年度"))
        for year, x in shown
    ]
    second = [(x, top + 38, str(year)) for year, x in shown if plot.narrow_column >= 36]
    return marks.texts(first) + marks.texts(second, "muted")


def _picture(plot: _Plot) -> Picture:
    falls = any(level < 0 for level in plot.numbers.values())
    key, above = _key(plot, bottom=-plot.room - 14)
    below = plot.room if falls else 0
    foot = _HEIGHT + below
    drawn = [
        marks.shapes(_bands(plot, foot + 46), _bars(plot)),
        key,
        _labels(plot),
        _gaps(plot),
        _years(plot, foot),
    ]
    return Picture("".join(drawn), height=_HEIGHT, above=above, below=below + 46)


def columns(shown: Series) -> Picture:
    """The picture of an indicator with at least one number."""
    narrow, wide = (_Plot(shown.package, shown.indicator, width) for width in (NARROWEST, WIDE))
    has_more = narrow.labels_are_turned and not wide.labels_are_turned
    return replace(_picture(narrow), wide=_picture(wide) if has_more else None)
