"""An area on one sheet of paper, for who takes it along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, metrics, reports_compared
from shinchoku.metrics import IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Observation
from shinchoku.pages.area import known
from shinchoku.pages.page import Page
from shinchoku.pages.parts import area_in_words, grades, totals, values
from shinchoku.pages.parts.rendering import render


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of an initiative (``None``: it has none), and its cells in the year that is judged.

    Without any target nothing is judged: then those of the newest year with actuals. Where that is due
    later, the target is of a later year, and has a base value beside it.
    """

    initiative: Initiative
    is_relisted: bool
    result: IndicatorResult | None
    year: int | None
    base: Observation | None
    actual: Observation | None
    target: Observation | None


def _rows(package: Edition, policy_id: str) -> Iterator[Row]:
    first = metrics.initiatives_in(package, policy_id)
    for key in metrics.initiatives_in(package, policy_id, include_relisted=True):
        for result in metrics.results_of_initiative(package, key) or (None,):
            year = base = actual = target = None
            if result is not None:
                year = result.fiscal_year or package.newest_actual_year
                actual = package.observation.get((result.indicator.indicator_id, year or 0, "actual"))
                target = values.aim(package, result)
                stated = package.observations_of_indicator.get(result.indicator.indicator_id, ())
                base = next((each for each in stated if each.role == "base"), None)
            yield Row(package.initiative[key], key not in first, result, year, base, actual, target)


def _shown(package: Edition) -> str:
    money = [dictionary.amounts(package)["settlement"]] if package.has.money else []
    return "、".join(
        ["実績", *(["目標"] if package.has.targets else []), *(["判定"] if package.is_judged else []), *money]
    )


def pages(package: Edition) -> Iterator[Page]:
    """One for every area of any report, as the last one has it."""
    for area in known(package).values():
        yield Page(
            addresses.sheet(package, area),
            f"{area.title}（1枚のまとめ）",
            f"「{area.title}」の事業の{_shown(package)}を、A4 1枚に印刷できるまとめです。",
            body,
            (area.policy_id,),
        )


def body(package: Edition, policy_id: str) -> str:
    """All that is listed in an area, a row for each indicator."""
    package = reports_compared.latest_with(package, "policy", policy_id)
    area, year = package.policy[policy_id], package.newest_settlement_year
    rows = list(_rows(package, policy_id))
    return render(
        "sheet.html",
        addresses.sheet(package, area),
        package=package,
        area=area,
        year=year,
        heading_year=package.newest_target_year or package.newest_actual_year,
        first=totals.of(package, year, metrics.initiatives_in(package, policy_id)),
        listed=(listed := totals.listed(package, area, year)),
        what_became=area_in_words.what_became(package, listed),
        rows=rows,
        grades=grades.kinds(package),
        grade_of=partial(grades.given, package),
        is_doubted=any(row.result and row.result.is_doubted for row in rows),
        doubts=[(row.initiative, row.result.doubts[0]) for row in rows if row.result and row.result.doubts],
        sources=package.sources_of([area]),
    )
