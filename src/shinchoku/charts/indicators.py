"""An indicator over the fiscal years, with its targets: what is drawn, said and tabulated.

Must not judge: whether a target is reached is for ``metrics``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shinchoku import fiscal_year
from shinchoku.charts import words
from shinchoku.charts.chart import Chart, ChartTable, chart
from shinchoku.charts.columns import columns
from shinchoku.charts.series import Series, series
from shinchoku.charts.timelines import timeline
from shinchoku.metrics import is_stated
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation


def indicator_chart(package: Edition, indicator_id: str) -> Chart | None:
    """The chart of an indicator; ``None`` when no year has a value, nor a target."""
    shown = series(package, indicator_id)
    if not shown.is_stated:
        return None
    return chart(
        columns(shown) if shown.is_numeric else timeline(shown),
        name=indicator_id,
        title=f"{words.name(shown.indicator)}の{'推移' if shown.is_numeric else '進み方'}",
        description="".join(_numbers(shown) if shown.is_numeric else _states(shown)),
        table=partial(_table, shown),
        notes=words.notes(shown),
    )


# -- in words -------------------------------------------------------------


def _numbers(shown: Series) -> Iterator[str]:
    unit, values = shown.indicator.unit, shown.values
    said = {year: words.stated(item, unit) for year, item in values.items()}
    yield "年度ごとの実績を、0から始まる棒の高さで示した図です。"
    if len(said) == 1:
        (only,) = said
        yield f"実績の値があるのは{fiscal_year.era(only)}だけで、{said[only]}です。"
    elif said:
        first, last = min(said), max(said)
        yield f"最初の値は{fiscal_year.era(first)}の{said[first]}、"
        yield f"最後の値は{fiscal_year.era(last)}の{said[last]}です。"
    if zeros := [year for year, level in shown.numbers.items() if level == 0]:
        yield f"{words.years(zeros)}の値は0です。"
    for year, item in values.items():
        if kind := shown.kind(item):
            note = f"（注記は「{item.remark}」）" if item.remark else ""
            yield f"{fiscal_year.era(year)}の{said[year]}は{kind}です{note}。"
    yield from _gaps(shown, {year for year in shown.years if year not in values})
    yield from _targets(shown, unit)
    if shown.indicator.desired_direction == "lower_is_better":
        yield f"{words.LOWER_IS_BETTER}。"


def _states(shown: Series) -> Iterator[str]:
    yield "年度ごとの段階を、言葉のまま上から順に並べた図です。"
    for years, item in shown.runs():
        if is_stated(item):
            kind = f"（{shown.kind(item)}）" if item.role == "base" else ""
            yield f"{words.years(years)}は{words.stated(item, None)}{kind}です。"
    yield from _gaps(shown, {year for year, item in shown.actuals.items() if not is_stated(item)})
    yield from _targets(shown, None)


def _gaps(shown: Series, years: set[int]) -> Iterator[str]:
    """One sentence for every reason why years have no value."""
    by_reason: dict[str, list[int]] = {}
    for year in sorted(years):
        by_reason.setdefault(words.reason(shown, shown.actuals[year]), []).append(year)
    for why, found in by_reason.items():
        yield f"{words.years(found)}は値がありません。理由：{why}。"


def _targets(shown: Series, unit: str | None) -> Iterator[str]:
    """One sentence for every year with a target row: the target, or why there is none."""
    for year, item in shown.targets.items():
        if is_stated(item):
            value = words.stated(item, shown.package.other_unit(item) or unit)
            kind = f"（{shown.code('qualifier', item.qualifier).label}）" if item.qualifier else ""
            yield f"{fiscal_year.era(year)}の目標は{value}{kind}です。"
        else:
            yield f"{fiscal_year.era(year)}の目標は値がありません。理由：{words.reason(shown, item)}。"
    if not shown.targets:
        yield "目標の欄は資料にありません。"


def _table(shown: Series) -> ChartTable:
    package, unit = shown.package, shown.indicator.unit

    def cell(item: Observation | None) -> str:
        if is_stated(item):
            kind = f"（{shown.kind(item)}）" if item.role == "base" else ""
            return words.stated(item, package.other_unit(item) or unit) + kind
        return words.reason(shown, item)

    return ChartTable(
        ("年度", words.actual(shown), "目標"),
        tuple(
            (
                fiscal_year.both(year),
                cell(item),
                cell(shown.targets[year]) if year in shown.targets else words.NO_ROW,
            )
            for year, item in shown.actuals.items()
        ),
    )
