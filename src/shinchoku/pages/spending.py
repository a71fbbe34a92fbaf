"""What was settled: by area, by what is below an area, and by initiative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku import addresses, metrics
from shinchoku.metrics import Money
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Policy, Settlement
from shinchoku.pages import pictures, places, report_years
from shinchoku.pages.rendering import render

#: Bars that are still compared at a glance; the table below has every one.
_LARGEST = 10


@dataclass(frozen=True, slots=True)
class Part:
    """A node of the plan, where it stands, and what was settled for the initiatives printed there first."""

    policy: Policy
    area: Policy
    address: str
    money: Money


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative and its amount, if one is printed."""

    initiative: Initiative
    area: Policy
    settlement: Settlement


def part(package: Edition, policy: Policy, fiscal_year: int) -> Part:
    """What was settled below a node."""
    return Part(
        policy=policy,
        area=places.area_above(package, policy.policy_id),
        address=places.policy_address(package, policy.policy_id),
        money=metrics.settled(package, fiscal_year, metrics.initiatives_in(package, policy.policy_id)),
    )


def parts_below(package: Edition, areas: Iterable[Policy], fiscal_year: int) -> tuple[Part, ...]:
    """The nodes next below some areas that have initiatives of their own."""
    nodes = (node for area in areas for node in package.policy_children.get(area.policy_id, ()))
    found = (part(package, node, fiscal_year) for node in nodes)
    return tuple(item for item in found if item.money.reported or item.money.not_reported)


def _rows(package: Edition, fiscal_year: int) -> list[Row]:
    return [
        Row(package.initiative[item.initiative_id], package.area_of_initiative(item.initiative_id), item)
        for item in package.settlements
        if item.fiscal_year == fiscal_year
    ]


def _largest(package: Edition, reported: Iterable[Row], fiscal_year: int) -> list[tuple[str, Money]]:
    """Without loan funds, beside which the others could not be seen."""
    compared = [row.initiative for row in reported if not row.initiative.is_loan_fund][:_LARGEST]
    return [(item.name, metrics.settled(package, fiscal_year, [item.initiative_id])) for item in compared]


def spending(package: Edition) -> str:
    """The body of ``/spending/``."""
    year = package.newest_settlement_year
    rows = _rows(package, year)
    reported = sorted(
        (row for row in rows if row.settlement.amount_thousand_yen is not None),
        key=lambda row: (-row.settlement.amount_thousand_yen, row.settlement.source_line),
    )
    missing = sorted(
        (row for row in rows if row.settlement.amount_thousand_yen is None),
        key=lambda row: row.settlement.source_line,
    )
    areas = [part(package, area, year) for area in package.areas]
    below = parts_below(package, package.areas, year)
    pillars = [item for item in below if item.policy.level == "pillar"]
    largest = _largest(package, reported, year)
    return render(
        "spending.html",
        addresses.SPENDING,
        package=package,
        choices=report_years.choices_of_page(package, addresses.SPENDING, "#money"),
        year=year,
        money=metrics.settled(package, year),
        areas=areas,
        below=below,
        reported=reported,
        missing=missing,
        loan_funds=[row for row in reported if row.initiative.is_loan_fund],
        sources=[package.source[name] for name in sorted({row.settlement.source_id for row in rows})],
        level_labels=dictionary.labels(package, "policies", "level"),
        area_chart=pictures.of_money(
            [(item.policy.title, item.money) for item in areas], "分野ごとの決算見込額"
        ),
        pillar_chart=pictures.of_money(
            [(item.policy.title, item.money) for item in pillars], "柱ごとの決算見込額"
        )
        if pillars
        else None,
        largest_chart=pictures.of_money(largest, f"額の大きい{len(largest)}事業") if largest else None,
    )
