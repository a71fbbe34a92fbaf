"""``/spending/``: what was settled, by area, by what is below an area, and by initiative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shinchoku import addresses, charts, metrics
from shinchoku.metrics import Money
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Policy, Settlement
from shinchoku.pages.page import Page
from shinchoku.pages.parts import report_choice, totals
from shinchoku.pages.parts.rendering import render

#: Bars that are still compared at a glance; the table below has every one.
_LARGEST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative and its amount, if one is printed."""

    initiative: Initiative
    area: Policy
    settlement: Settlement


def _rows(package: Edition, fiscal_year: int | None) -> list[Row]:
    return [
        Row(package.initiative[item.initiative_id], package.area_of_initiative(item.initiative_id), item)
        for item in package.settlements
        if item.fiscal_year == fiscal_year
    ]


def _largest(package: Edition, reported: Iterable[Row], fiscal_year: int | None) -> list[tuple[str, Money]]:
    """Without loan funds, beside which the others could not be seen."""
    compared = [row.initiative for row in reported if not row.initiative.is_loan_fund][:_LARGEST]
    return [(item.name, metrics.settled(package, fiscal_year, [item.initiative_id])) for item in compared]


def pages(package: Edition) -> Iterator[Page]:
    """The one page."""
    yield Page(
        addresses.SPENDING,
        "使ったお金（決算見込額）",
        "決算見込額を、分野、柱と基本施策、事業ごとに示します。",
        body,
    )


def body(package: Edition) -> str:
    """The sums, and every amount."""
    year = package.newest_settlement_year
    rows = _rows(package, year)
    reported = sorted(
        (row for row in rows if row.settlement.amount_thousand_yen is not None),
        key=lambda row: (-(row.settlement.amount_thousand_yen or 0), row.settlement.source_line),
    )
    missing = sorted(
        (row for row in rows if row.settlement.amount_thousand_yen is None),
        key=lambda row: row.settlement.source_line,
    )
    areas = [totals.settled(package, area, year) for area in package.areas]
    below = totals.settled_below(package, package.areas, year)
    pillars = [item for item in below if item.policy.level == "pillar"]
    largest = _largest(package, reported, year)
    return render(
        "spending.html",
        addresses.SPENDING,
        package=package,
        choices=report_choice.choices_of_page(package, addresses.SPENDING, "#money"),
        year=year,
        money=metrics.settled(package, year),
        areas=areas,
        below=below,
        reported=reported,
        missing=missing,
        loan_funds=[row for row in reported if row.initiative.is_loan_fund],
        sources=[package.source[name] for name in sorted({row.settlement.source_id for row in rows})],
        area_chart=charts.money_chart(
            [(item.policy.title, item.money) for item in areas], title="分野ごとの決算見込額"
        ),
        pillar_chart=charts.money_chart(
            [(item.policy.title, item.money) for item in pillars], title="柱ごとの決算見込額"
        )
        if pillars
        else None,
        largest_chart=charts.money_chart(largest, title=f"額の大きい{len(largest)}事業") if largest else None,
    )
