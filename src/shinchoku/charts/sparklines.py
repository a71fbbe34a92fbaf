"""The trend of an indicator beside its numbers in a table: columns, target lines, dotted gaps.

Hundreds may stand on one page, so each is a few paths whose look is the page's
style sheet. Says nothing to those who listen to the page; the numbers stand
beside it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from markupsafe import Markup

from shinchoku.charts import marks
from shinchoku.charts.series import series
from shinchoku.package.editions import Edition

_COLUMN = 12
_BAR = 8
_HEIGHT = 24
_BASE = Decimal("22.5")

_number = partial(marks.number, places=1)


def sparkline(package: Edition, indicator_id: str) -> Markup:
    """The SVG; empty where no year has a number, and for states in words."""
    shown = series(package, indicator_id)
    actuals, targets = shown.numbers, shown.target_numbers
    if not actuals or not shown.is_numeric:
        return Markup()
    lowest, highest = shown.levels

    def height(level: Decimal) -> Decimal:
        return level * (_BASE - 2) / (highest - lowest)

    zero = _BASE + height(lowest)
    left = {year: i * _COLUMN + (_COLUMN - _BAR) // 2 for i, year in enumerate(shown.years)}
    foot = {year: f"M{x} {_number(zero)}" for year, x in left.items()}
    paths = dict.fromkeys(("bar", "provisional", "foot", "gap", "target"), "")
    for year, level in actuals.items():
        kind = "provisional" if shown.kind(shown.values[year]) else "bar"
        paths[kind] += f"{foot[year]}v{_number(-height(level))}h{_BAR}V{_number(zero)}"
    for year in shown.years:
        paths["foot" if year in actuals else "gap"] += f"{foot[year]}h{_BAR}"
    for year, level in targets.items():
        paths["target"] += f"M{left[year] - 2} {_number(zero - height(level))}h{_BAR + 4}"
    drawn = "".join(f'<path class="sparkline__{kind}" d="{path}"/>' for kind, path in paths.items() if path)
    width = len(shown.years) * _COLUMN
    return Markup(f'<svg class="sparkline" viewBox="0 0 {width} {_HEIGHT}" aria-hidden="true">{drawn}</svg>')
