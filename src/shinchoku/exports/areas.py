"""The elements of ``data/areas.json``: an area, what became of its initiatives and what they cost.

All is counted in two ways, as the page of the area does: what is listed there first (the areas of a
report add up to the whole), and all that is listed there (the areas overlap).
"""

from __future__ import annotations

from typing import Any

from shinchoku import addresses, metrics
from shinchoku.exports.keys import known
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy


def element(package: Edition, area: Policy, site_url: str = "") -> dict[str, Any]:
    """An area as the report of the edition has it."""
    return {
        "area_id": area.policy_id,
        "area": area.title,
        "level": area.level,
        "number_printed": area.number_printed,
        "source_id": area.source_id,
        "source_line": area.source_line,
        "report_fiscal_year": package.report_year,
        "listed_first": _counted(package, area, include_relisted=False),
        "all_listed": _counted(package, area, include_relisted=True),
        "url": addresses.public(addresses.area(package, area), site_url),
    }


def _counted(package: Edition, area: Policy, include_relisted: bool) -> dict[str, Any]:
    ids = metrics.initiatives_in(package, area.policy_id, include_relisted)
    counted = {
        "initiative_count": len(ids),
        "assessments": metrics.count_assessments(package, ids),
        "settlements": [
            known(package, _settled(metrics.settled(package, year, ids))) for year in _years(package)
        ],
        "initiative_ids": ids,
    }
    return known(package, counted)


def _years(package: Edition) -> list[int]:
    """Those of which the edition's own report states settlements; of earlier ones it does not list all."""
    own = (
        row
        for row in package.settlements
        if package.source[row.source_id].report_fiscal_year == package.report_year
    )
    return sorted({row.fiscal_year for row in own})


def _settled(money: metrics.Money) -> dict[str, Any]:
    """Where no initiative states an amount the sum is not known, and not zero."""
    return {
        "fiscal_year": money.fiscal_year,
        "settlement_thousand_yen": money.total if money.reported else None,
        "settlement_without_loan_fund_thousand_yen": money.without_loan_fund if money.reported else None,
        "reported_count": money.reported,
        "not_reported_count": money.not_reported,
    }
