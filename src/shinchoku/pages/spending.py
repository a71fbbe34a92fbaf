"""``/spending/``: what was settled, by area, by what is below an area, and by initiative."""

from __future__ import annotations

from shinchoku import addresses, charts, metrics
from shinchoku.package.editions import Edition
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import report_choice, totals
from shinchoku.pages.parts.rendering import render

#: Bars that are still compared at a glance; the table below has every one.
_LARGEST = 10


def body(package: Edition) -> str:
    """The sums, and every amount."""
    year = package.newest_settlement_year
    rows = sorted(
        (row for row in package.settlements if row.fiscal_year == year),
        key=lambda row: (-(row.amount_thousand_yen or 0), row.source_line),
    )
    reported = [row for row in rows if row.amount_thousand_yen is not None]
    areas = totals.of_nodes(package, package.areas, year)
    below = totals.below(package, package.areas, year)
    # Without loan funds, beside which the others could not be seen.
    ordinary = [row for row in reported if not package.initiative[row.initiative_id].is_loan_fund]
    largest = [
        (package.initiative[row.initiative_id].name, metrics.settled(package, year, [row.initiative_id]))
        for row in ordinary[:_LARGEST]
    ]
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
        missing=[row for row in rows if row.amount_thousand_yen is None],
        sources=package.sources_of(rows),
        listed=totals.of_nodes(package, package.areas, year, include_relisted=True),
        area_chart=charts.money_chart(
            [(area.title, found.money) for area, found in areas.items()],
            title="分野ごとの決算見込額（最初に載った分野で数えたもの）",
        ),
        # All of them, so that it adds up to the whole as the chart of areas does.
        parts_chart=below
        and charts.money_chart(
            [(node.title, found.money) for node, found in below.items()],
            title="柱・基本施策ごとの決算見込額（最初に載った所で数えたもの）",
        ),
        largest_chart=largest and charts.money_chart(largest, title=f"額の大きい{len(largest)}事業"),
    )


pages = the_one(
    addresses.SPENDING,
    "使ったお金（決算見込額）",
    "決算見込額を、分野、柱と基本施策、事業ごとに示します。",
    body,
)
