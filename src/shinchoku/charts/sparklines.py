"""The trend of an indicator beside its numbers in a table: columns, target lines, dotted gaps.

Written by hand, not by the renderer: three paths, and hundreds may stand on
one page. Says nothing to those who listen to the page; the numbers stand
beside it.
"""

from __future__ import annotations

from shinchoku.charts.series import series
from shinchoku.package.editions import Edition

_COLUMN = 12
_BAR = 8
_HEIGHT = 24
_BASE = 22.5


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"


def sparkline(package: Edition, indicator_id: str) -> str:
    """The SVG; empty where no year has a number, and for states in words."""
    shown = series(package, indicator_id)
    actuals = {year: float(item.value) for year, item in shown.values.items()}
    targets = {year: float(item.value) for year, item in shown.target_values.items()}
    if not actuals or not shown.is_numeric:
        return ""
    lowest = min(0.0, *actuals.values(), *targets.values())
    highest = max(0.0, *actuals.values(), *targets.values())
    scale = (_BASE - 2) / ((highest - lowest) or 1.0)
    zero = _BASE + lowest * scale
    left = {year: i * _COLUMN + (_COLUMN - _BAR) / 2 for i, year in enumerate(shown.years)}

    def bar(year: int) -> str:
        return (
            f"M{_number(left[year])} {_number(zero)}v{_number(-actuals[year] * scale)}h{_BAR}V{_number(zero)}"
        )

    bars = {False: "", True: ""}
    for year in actuals:
        bars[shown.values[year].qualifier is not None] += bar(year)
    paths = {
        "bar": bars[False],
        "provisional": bars[True],
        "foot": "".join(f"M{_number(left[year])} {_number(zero)}h{_BAR}" for year in actuals),
        "gap": "".join(
            f"M{_number(left[year])} {_number(zero)}h{_BAR}" for year in shown.years if year not in actuals
        ),
        "target": "".join(
            f"M{_number(left[year] - 2)} {_number(zero - value * scale)}h{_BAR + 4}"
            for year, value in targets.items()
        ),
    }
    drawn = "".join(f'<path class="sparkline__{kind}" d="{path}"/>' for kind, path in paths.items() if path)
    width = len(shown.years) * _COLUMN
    return f'<svg class="sparkline" viewBox="0 0 {width} {_HEIGHT}" aria-hidden="true">{drawn}</svg>'
