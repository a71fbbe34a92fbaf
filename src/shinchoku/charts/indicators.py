"""An indicator over the fiscal years, with its targets: what is drawn, said and tabulated.

Must not judge: whether a target is reached is for ``metrics``.
"""

from __future__ import annotations

from shinchoku import fiscal_year
from shinchoku.charts import words
from shinchoku.charts.chart import Chart, ChartTable, chart
from shinchoku.charts.columns import columns
from shinchoku.charts.series import Series, is_stated, series
from shinchoku.charts.timelines import timeline
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
        title=f"{shown.indicator.label}の{'推移' if shown.is_numeric else '進み方'}",
        description="".join(_numeric_sentences(shown) if shown.is_numeric else _qualitative_sentences(shown)),
        table=_table(shown),
    )


# -- in words -------------------------------------------------------------


def _numeric_sentences(shown: Series) -> list[str]:
    package, unit, values = shown.package, shown.unit, shown.values
    sentences = ["年度ごとの実績を、0から始まる棒の高さで示した図です。"]
    if len(values) > 1:
        first, last = values[min(values)], values[max(values)]
        sentences.append(
            f"最初の値は{fiscal_year.era(first.fiscal_year)}の{words.stated(first, unit)}、"
            f"最後の値は{fiscal_year.era(last.fiscal_year)}の{words.stated(last, unit)}です。"
        )
    for year, only in values.items() if len(values) == 1 else ():
        sentences.append(f"実績の値があるのは{fiscal_year.era(year)}だけで、{words.stated(only, unit)}です。")
    if zeros := [year for year, item in values.items() if item.value == 0]:
        sentences.append(f"{words.years(zeros)}の値は0です。")
    sentences += words.qualified(package, values.values(), unit)
    sentences += words.gaps(package, {y: item for y, item in shown.actuals.items() if y not in values})
    sentences += words.targets(package, shown.targets.values(), unit)
    if shown.indicator.desired_direction == "lower_is_better":
        sentences.append(f"{words.LOWER_IS_BETTER}。")
    return sentences


def _qualitative_sentences(shown: Series) -> list[str]:
    package = shown.package
    stated = [(years, item) for years, item in shown.runs() if is_stated(item)]
    sentences = ["年度ごとの段階を、言葉のまま上から順に並べた図です。"]
    sentences += [f"{words.years(years)}は{words.stated(item, None)}です。" for years, item in stated]
    known = {year for years, _ in stated for year in years}
    sentences += words.gaps(package, {y: item for y, item in shown.actuals.items() if y not in known})
    sentences += words.targets(package, shown.targets.values(), None)
    return sentences


def _table(shown: Series) -> ChartTable:
    unit = words.unit_and_kind(shown.package, shown.indicator)

    def cell(item: Observation | None, is_expected: bool = True) -> str:
        if is_stated(item):
            return words.stated(item, shown.package.other_unit(item) or shown.unit)
        return words.reason(shown.package, item) if is_expected else words.NO_ROW

    return ChartTable(
        ("年度", f"実績（{unit}）" if unit else "実績", "目標"),
        tuple(
            (
                fiscal_year.both(year),
                cell(shown.actuals[year]),
                cell(shown.targets.get(year), is_expected=year in shown.targets),
            )
            for year in shown.years
        ),
    )
