"""What several charts say in Japanese: short words inside a picture, words for its description.

Pure functions from values to text. Must not know how anything is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shinchoku import fiscal_year
from shinchoku.charts.series import Series
from shinchoku.package import dictionary
from shinchoku.package.records import Indicator, Observation
from shinchoku.words import value

LOWER_IS_BETTER = "小さいほど良い指標です（このサイトの読み取り）"
NO_ROW = "欄なし"


def stated(observation: Observation, unit: str | None) -> str:
    """A value with its unit, or the printed words in quotation marks."""
    if observation.value is None:
        return f"「{observation.text}」"
    return f"{value(observation)}{unit or ''}"


def gap(shown: Series, observation: Observation | None) -> str:
    """The word that stands where a number is missing."""
    if observation is None:
        return NO_ROW
    if observation.status == "reported":
        return "言葉で記載" if observation.value is None else "別の単位"
    return shown.code("status", observation.status).short


def actual(shown: Series) -> str:
    """``実績（累計・人）``: how to read an actual of the indicator, as far as that is known."""
    indicator = shown.indicator
    kinds = dictionary.codes(shown.package, "indicators", "accumulation")
    kind = "" if indicator.accumulation == "unspecified" else kinds[indicator.accumulation].label
    said = "・".join(filter(None, [kind, indicator.unit]))
    return f"実績（{said}）" if said else "実績"


_NOTE_IN_NAME = re.compile(r"\s*[（(]([^（）()]*(?:年度|実績|目標)[^（）()]*)[）)]$")


def name(indicator: Indicator) -> str:
    """The indicator's label without what it notes of its own values."""
    return _NOTE_IN_NAME.sub("", indicator.label)


def note_in_name(indicator: Indicator) -> str:
    """What the indicator's label notes of its own values; mostly nothing."""
    noted = _NOTE_IN_NAME.search(indicator.label)
    return noted[1] if noted else ""


def notes(shown: Series) -> Iterator[str]:
    """What the documents print beside the values, and how to read the picture."""
    if noted := note_in_name(shown.indicator):
        yield f"資料の指標名にある注記：{noted}"
    for role, rows in (("実績", shown.values), ("目標", shown.targets)):
        for year, item in rows.items():
            kind = shown.code("qualifier", item.qualifier).label if item.qualifier else ""
            if item.remark and item.remark != kind:
                yield f"{fiscal_year.era(year)}の{role}にある注記：{item.remark}"
    if shown.indicator.desired_direction == "lower_is_better":
        yield LOWER_IS_BETTER
    upset = shown.disruption
    if upset and shown.is_numeric and (found := set(upset.fiscal_years) & set(shown.years)):
        yield f"色の帯（{years(found)}）は、{upset.title}。その前の{fiscal_year.era(upset.before)}が、比べるときの基準"


def years(values: Iterable[int]) -> str:
    """``平成30年度から令和2年度までと令和4年度``."""
    runs: list[list[int]] = []
    for year in sorted(values):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts: list[str] = []
    for run in runs:
        eras = [fiscal_year.era(year) for year in run]
        parts += eras if len(run) < 3 else [f"{eras[0]}から{eras[-1]}まで"]
    return "と".join(parts) if len(parts) < 3 else "、".join(parts)


def reason(shown: Series, observation: Observation | None) -> str:
    """Why there is no number, in the words of the schema and what is printed beside it."""
    if observation is None:
        return "資料にこの年度の欄がない"
    if observation.status == "reported" and observation.value is not None:
        return f"前の報告の別の単位で{stated(observation, shown.package.unit_of(observation))}"
    if observation.status == "reported":
        return f"数ではなく{stated(observation, None)}と記載"
    label = shown.code("status", observation.status).label
    return f"{label}。注記は「{observation.remark}」" if observation.remark else label
