"""Which report a page shows, and the way to the same page of another year's report.

Must not render anything.
"""

from __future__ import annotations

from collections.abc import Callable

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.package.joins import kept
from shinchoku.package.records import Policy
from shinchoku.pages.parts import places

#: Editions with the address at which each shows the same, newest first; none where there is one report.
Choices = list[tuple[Edition, str]]


def choices(package: Edition, address_in: Callable[[Edition], str]) -> Choices:
    """The reports that can be chosen."""
    editions = [package.edition(year) for year in reversed(package.report_years)]
    return [(edition, address_in(edition)) for edition in editions] if len(editions) > 1 else []


def choices_of_page(package: Edition, newest: str, fragment: str = "") -> Choices:
    """Of a page that only the newest report has: the others lead to a part of their own page."""
    return choices(
        package,
        lambda edition: newest if edition.is_newest else f"{addresses.report(edition.year)}{fragment}",
    )


def choices_of_area(package: Edition, area: Policy) -> Choices:
    """Of the page of an area, or of a node below one; a report without it leads to its own page."""

    def address(edition: Edition) -> str:
        is_there = area.policy_id in edition.policy
        return places.policy_address(edition, area.policy_id) if is_there else addresses.report(edition.year)

    return choices(package, address)


@kept
def own_sources(package: Edition) -> set[str]:
    """The ids of the documents that are the edition's own report."""
    return {item.source_id for item in package.sources if item.report_fiscal_year == package.report_year}


@kept
def printed_years(package: Edition, role: str = "") -> list[int]:
    """The years for which the edition's own report prints actuals, targets or (without a role) settlements.

    An edition knows more: what the reports before it printed.
    """
    own = own_sources(package)
    records = package.settlements if not role else (row for row in package.observations if row.role == role)
    return sorted({row.fiscal_year for row in records if row.source_id in own})
