"""What a chart says in Japanese: short words inside the picture, sentences for its description.

Pure functions from values to text. Must not know how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable

from shinchoku import fiscal_year
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator, Observation
from shinchoku.words import number

LOWER_IS_BETTER = "小さいほど良い指標です（このサイトの読み取り）"
NO_ROW = "欄なし"


def state(observation: Observation) -> str:
    """A value as it stands in a picture."""
    return (observation.text or "") if observation.value is None else number(observation.value)


def stated(observation: Observation, unit: str | None) -> str:
    """A value with its unit, or the printed words in quotation marks."""
    if observation.value is None:
        return f"「{observation.text}」"
    return f"{number(observation.value)}{unit or ''}"


def gap(package: Edition, observation: Observation | None) -> str:
    """The word that stands where a number is missing."""
    if observation is None:
        return NO_ROW
    if observation.status == "reported":
        return "言葉で印刷" if observation.value is None else "別の単位"
    return dictionary.codes(package, "observations", "status")[observation.status].short


def unit_and_kind(package: Edition, indicator: Indicator) -> str:
    """``累計・人``: how to read a number of the indicator; empty where nothing is known."""
    kinds = dictionary.codes(package, "indicators", "accumulation")
    kind = "" if indicator.accumulation == "unspecified" else kinds[indicator.accumulation].label
    return "・".join(filter(None, [kind, indicator.unit]))


def years(values: Iterable[int]) -> str:
    """``平成30年度から令和2年度までと令和4年度``."""
    runs: list[list[int]] = []
    for year in sorted(values):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = []
    for run in runs:
        if len(run) > 2:
            parts.append(f"{fiscal_year.era(run[0])}から{fiscal_year.era(run[-1])}まで")
        else:
            parts.extend(fiscal_year.era(year) for year in run)
    return "と".join(parts) if len(parts) < 3 else "、".join(parts)


def reason(package: Edition, observation: Observation | None) -> str:
    """Why there is no number, in the words of the schema and what is printed beside it."""
    if observation is None:
        return "資料にこの年度の欄がない"
    if observation.status == "reported" and observation.value is not None:
        return f"前の報告の別の単位で{stated(observation, package.unit_of(observation))}"
    if observation.status == "reported":
        return f"数ではなく{stated(observation, None)}と印刷"
    label = dictionary.codes(package, "observations", "status")[observation.status].label
    return f"{label}。注記は「{observation.remark}」" if observation.remark else label


def gaps(package: Edition, cells: dict[int, Observation | None]) -> list[str]:
    """One sentence for every reason why years have no value."""
    by_reason: dict[str, list[int]] = {}
    for year, observation in cells.items():
        by_reason.setdefault(reason(package, observation), []).append(year)
    return [f"{years(found)}は値がありません。理由：{why}。" for why, found in by_reason.items()]


def qualified(package: Edition, observations: Iterable[Observation], unit: str | None) -> list[str]:
    """One sentence for every value that is an estimate or of another date than the year's end."""
    kinds = dictionary.codes(package, "observations", "qualifier")
    return [
        f"{fiscal_year.era(item.fiscal_year)}の{stated(item, unit)}は{kinds[item.qualifier].label}です"
        f"{f'（注記は「{item.remark}」）' if item.remark else ''}。"
        for item in observations
        if item.qualifier
    ]


def targets(package: Edition, observations: Iterable[Observation], unit: str | None) -> list[str]:
    """One sentence for every year with a target row: the target, or why there is none."""
    sentences = []
    for item in observations:
        year = fiscal_year.era(item.fiscal_year)
        if item.status == "reported":
            kind = f"（{qualifier(package, item)}）" if item.qualifier else ""
            sentences.append(f"{year}の目標は{stated(item, package.other_unit(item) or unit)}{kind}です。")
        else:
            sentences.append(f"{year}の目標は値がありません。理由：{reason(package, item)}。")
    return sentences or ["目標の欄は資料にありません。"]


def qualifier(package: Edition, observation: Observation) -> str:
    """``見込み値``: what kind of value it is, where it is not the final one of the year."""
    return dictionary.codes(package, "observations", "qualifier")[observation.qualifier or ""].label


def target_key(package: Edition, target: Observation | None, *, needs_year: bool) -> str:
    """``目標 1,600,000``; with its year where there are other targets, or later years."""
    if target is None:
        return f"目標：{NO_ROW}"
    year = f"（{fiscal_year.short(target.fiscal_year)}）" if needs_year else ""
    if target.value is None:
        return f"目標{year}：{gap(package, target)}"
    return f"目標{year} {number(target.value)}{package.other_unit(target) or ''}"
