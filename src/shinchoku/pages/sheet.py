"""An area on one sheet of paper, for who takes it along."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shinchoku import addresses, metrics, reports_compared
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import area_in_words, grades, rows, totals, tree
from shinchoku.pages.parts.rendering import render


def _shown(package: Edition) -> str:
    money = [dictionary.amounts(package)["settlement"]] if package.has.money else []
    return "、".join(
        ["実績", *(["目標"] if package.has.targets else []), *(["判定"] if package.is_judged else []), *money]
    )


def pages(package: Edition) -> Iterator[Page]:
    """One for every area of any report, as the last one has it."""
    for _, area in reports_compared.all_areas(package):
        yield Page(
            addresses.sheet(package, area),
            f"{area.title}（1枚のまとめ）",
            f"「{area.title}」の事業の{_shown(package)}を、A4 1枚に印刷できるまとめです。",
            body,
            (area.policy_id,),
        )


def body(package: Edition, policy_id: str) -> str:
    """All that is listed in an area, a row for each indicator; of one that is cut its tree."""
    package = reports_compared.latest_with(package, "policy", policy_id)
    area, year = package.policy[policy_id], package.newest_settlement_year
    is_cut, first = addresses.is_cut(package, area), metrics.initiatives_in(package, policy_id)
    listed_ids = () if is_cut else metrics.initiatives_in(package, policy_id, include_relisted=True)
    shown = [
        row
        for key in listed_ids
        for row in rows.of(
            package, key, metrics.results_of_initiative(package, key), is_relisted=key not in first
        )
    ]
    return render(
        "sheet.html",
        addresses.sheet(package, area),
        package=package,
        area=area,
        year=year,
        heading_year=package.newest_target_year or package.newest_actual_year,
        first=totals.of(package, year, first),
        listed=(listed := totals.listed(package, area, year)),
        what_became=area_in_words.what_became(package, listed),
        rows=shown,
        branches=tree.branches(package, area) if is_cut else [],
        grades=grades.kinds(package),
        grade_of=partial(grades.given, package),
        is_doubted=any(row.result and row.result.is_doubted for row in shown),
        doubts=[(row.initiative, row.result.doubts[0]) for row in shown if row.result and row.result.doubts],
        sources=package.sources_of([area]),
    )
