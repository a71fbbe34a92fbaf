"""``/spending/``: what was settled, by area, by what is below an area, and by initiative."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses, charts, metrics
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import many, places, report_choice, totals
from shinchoku.pages.parts.rendering import render

#: Bars that are still compared at a glance; the table below has every one.
_LARGEST = 10


def body(package: Edition) -> str:
    """The sums, and every amount."""
    year, settled = package.newest_settlement_year, dictionary.amounts(package)["settlement"]
    below_are = places.levels_below_areas(package)
    rows = sorted(
        (row for row in package.settlements if row.fiscal_year == year),
        key=lambda row: (-(row.amount_thousand_yen or 0), row.source_line),
    )
    reported = [row for row in rows if row.amount_thousand_yen is not None]
    areas = totals.of_nodes(package, package.areas, year)
    below = totals.below(package, package.areas, year)
    loan_funds = [row for row in reported if package.initiative[row.initiative_id].is_loan_fund]
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
        loan_funds=loan_funds,
        missing=[row for row in rows if row.amount_thousand_yen is None],
        sources=package.sources_of(rows),
        listed=totals.of_nodes(package, package.areas, year, include_relisted=True),
        area_chart=charts.money_chart(
            [(area.title, found.money) for area, found in areas.items()],
            title=totals.title_by_area(package),
            of=settled,
        ),
        # All of them, so that it adds up to the whole as the chart of areas does.
        parts_chart=below_are
        and below
        and not many.is_cut(below)
        and charts.money_chart(
            [(node.title, found.money) for node, found in below.items()],
            title=f"{below_are}ごとの{settled}"
            + ("（最初に載った所で数えたもの）" if package.has.relistings else ""),
            of=settled,
        ),
        below_are=below_are,
        budgeted=[
            found.amount_thousand_yen
            for row in rows
            if (found := package.budget.get((row.initiative_id, year)))
            and found.amount_thousand_yen is not None
        ],
        largest_chart=largest
        and charts.money_chart(largest, title=f"額の大きい{len(largest)}事業", of=settled),
    )


def pages(package: Edition) -> Iterator[Page]:
    """One, where anything was settled."""
    if package.has.money:
        settled = dictionary.amounts(package)["settlement"]
        parts = filter(None, (places.area_levels(package), places.levels_below_areas(package)))
        yield Page(
            addresses.SPENDING,
            f"使ったお金（{settled}）",
            f"{settled}を、{'、'.join(parts)}、事業ごとに示します。",
            body,
        )
