"""Where something stands: addresses and fragments of rows and of nodes of the tree.

Must not render anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from shinchoku import addresses, fiscal_year, metrics, reports_compared, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Grant, Listing, Policy


@dataclass(frozen=True, slots=True)
class Place:
    """A printed row: where it stands in the tree and on the site, and how it differs, by column."""

    listing: Listing
    path: tuple[Policy, ...]
    address: str
    match: metrics.ListingMatch | None
    differences: dict[str, metrics.Difference]

    @property
    def is_first(self) -> bool:
        """Whether it is no continuation of the row above with a further indicator."""
        return self.listing.indicator_position == 1


def area_levels(package: Edition) -> str:
    """What the areas of the plan are called, in short: ``分野・戦略``."""
    levels = dictionary.codes(package, "policies", "level")
    return "・".join(levels[name].short for name, level in package.level.items() if level.folder)


def levels_below_areas(package: Edition) -> str:
    """What stands directly below the areas is called; empty where nothing does."""
    nodes = (node for area in package.areas for node in package.policy_children.get(area.policy_id, ()))
    found = {node.level for node in nodes}
    return "・".join(level.label for name, level in package.level.items() if name in found)


def row_fragment(listing: Listing) -> str:
    """The id of a printed row within its page."""
    return f"{listing.source_id}-{listing.source_line}"


def area_address(package: Edition, area: Policy) -> str:
    """The page that shows an area as the edition's report has it."""
    return (
        addresses.area(package, area)
        if package.is_newest
        else addresses.report_area(package, package.year, area)
    )


def policy_address(package: Edition, policy_id: str) -> str:
    """The page, and the heading in it, where a node is shown; one above the areas has none of its own."""
    area = next(filter(package.is_area, reversed(package.policy_path(policy_id))), None)
    if area is None:
        return f"{addresses.HOME if package.is_newest else addresses.report(package.year)}#areas"
    page = area_address(package, area)
    return page if area.policy_id == policy_id else f"{page}#{policy_id}"


def listing_address(package: Edition, listing: Listing) -> str:
    """The page of an area, and the row in it, where a row is shown."""
    area = package.area_above(listing.policy_id)
    return f"{area_address(package, area)}#{row_fragment(listing)}"


def place(package: Edition, listing: Listing) -> Place:
    """Everything a page says about where a row is printed."""
    return Place(
        listing=listing,
        path=package.policy_path(listing.policy_id),
        address=listing_address(package, listing),
        match=metrics.listing_match(package, listing) if listing.is_relisted else None,
        differences={item.column: item for item in metrics.differences(package, listing)},
    )


def initiative_name(package: Edition, initiative_id: str) -> str:
    """What an initiative is called; one that the edition does not list, as its last report does."""
    return reports_compared.latest_with(package, "initiative", initiative_id).initiative[initiative_id].name


def row_of(package: Edition, record: Listing | Grant) -> str:
    """The printed line of a record as it is said to people: ``資料1（令和4年度）の50行目``."""
    source = package.source[record.source_id]
    name = (source.label_printed or "").strip("【】") or f"「{source.title}」"
    year = f"（{fiscal_year.era(source.report_fiscal_year)}）" if source.report_fiscal_year else ""
    return f"{name}{year}の{words.line(record.source_line)}"
