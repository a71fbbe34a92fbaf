"""``/fields/…/sheet/`` and ``/strategies/…/sheet/``: an area on one sheet of paper, for who takes it along."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses, metrics, reports_compared
from shinchoku.package.editions import Edition
from shinchoku.pages.area import known
from shinchoku.pages.page import Page
from shinchoku.pages.parts import area_in_words, totals
from shinchoku.pages.parts.rendering import render


def pages(package: Edition) -> Iterator[Page]:
    """One for every area of any report, as the last one has it."""
    for area in known(package).values():
        yield Page(
            addresses.sheet(area),
            f"{area.title}（1枚のまとめ）",
            f"「{area.title}」の事業の実績、目標、判定、決算見込額を、A4 1枚に印刷できるまとめです。",
            body,
            (area.policy_id,),
        )


def body(package: Edition, policy_id: str) -> str:
    """All that is listed in an area, a row for each indicator."""
    package = reports_compared.latest_with(package, "policy", policy_id)
    area, year = package.policy[policy_id], package.newest_settlement_year
    first = metrics.initiatives_in(package, policy_id)
    return render(
        "sheet.html",
        addresses.sheet(area),
        package=package,
        area=area,
        year=year,
        first=totals.of(package, year, first),
        listed=(listed := totals.listed(package, area, year)),
        what_became=area_in_words.what_became(package, listed),
        rows=[
            (package.initiative[each], each not in first, result)
            for each in metrics.initiatives_in(package, policy_id, include_relisted=True)
            for result in metrics.results_of_initiative(package, each) or (None,)
        ],
        sources=package.sources_of([area]),
    )
