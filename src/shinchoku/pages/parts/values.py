"""A value of a document in words: whole, with its unit and with what is printed beside it. Must not render anything."""

from __future__ import annotations

from shinchoku import fiscal_year, metrics, words
from shinchoku.metrics import IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation

#: What a number that is not exact is printed as, after it.
_BOUNDS = ("at_least", "at_most", "more_than", "less_than")


def in_short(package: Edition, observation: Observation | None) -> str:
    """A cell in as few words as say all of it: its value, or the reason why there is none."""
    if observation is None:
        return "欄なし"
    if observation.status != "reported":
        return dictionary.codes(package, "observations", "status")[observation.status].short
    if observation.value is None:
        return observation.text or ""
    return qualified(package, observation, f"{words.value(observation)}{package.unit_of(observation) or ''}")


def aim(package: Edition, result: IndicatorResult) -> Observation | None:
    """The target of the year in question; where that states none, the next one after it that is stated."""
    rows = package.observations_of_indicator.get(result.indicator.indicator_id, ())
    later = (
        row
        for row in rows
        if row.role == "target" and row.fiscal_year > (result.fiscal_year or 0) and metrics.is_stated(row)
    )
    if metrics.is_stated(result.target):
        return result.target
    return min(later, key=lambda row: row.fiscal_year, default=result.target)


def aim_in_short(package: Edition, result: IndicatorResult) -> str:
    """``目標 18人``; of a later year than the actual with that year."""
    target = aim(package, result)
    is_later = target is not None and target.fiscal_year != result.fiscal_year
    year = f"{fiscal_year.era(target.fiscal_year)}の" if target is not None and is_later else ""
    return f"{year}目標 {in_short(package, target)}"


def qualified(package: Edition, observation: Observation, said: str, *, remark: str | None = None) -> str:
    """Its number as ``said``, and how far that is exact: ``約3``, ``3以上``, ``3（見込み値）`` or with another remark."""
    if observation.qualifier is None:
        return said
    if observation.qualifier == "approximate":
        return f"約{said}"
    label = dictionary.codes(package, "observations", "qualifier")[observation.qualifier].label
    return f"{said}{label}" if observation.qualifier in _BOUNDS else f"{said}（{remark or label}）"
