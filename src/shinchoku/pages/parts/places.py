"""Where something stands: addresses and fragments of rows and of nodes of the tree.

Must not render anything.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from shinchoku import addresses, fiscal_year, metrics, reports_compared, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.joins import kept
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


def has_page_of_its_own(package: Edition, node: Policy) -> bool:
    """Whether a node is an area, or stands next below what is cut."""
    return shown_on(package, node.policy_id) == node


@kept
def shown_on(package: Edition, policy_id: str) -> Policy | None:
    """The node whose page shows a node and its rows; ``None`` above the areas."""
    path = package.policy_path(policy_id)
    first = next((at for at, node in reversed(list(enumerate(path))) if package.is_area(node)), None)
    if first is None:
        return None
    return next((node for node in path[first:] if not addresses.is_cut(package, node)), path[-1])


def parts(package: Edition, node: Policy) -> int:
    """On how many pages the rows printed right at a node stand."""
    rows = package.rows_of_policy.get(node.policy_id, ()) if addresses.is_cut(package, node) else ()
    return max(1, -(-len(rows) // addresses.INITIATIVES_ON_A_PAGE))


def rows_of_part(package: Edition, node: Policy, part: int) -> tuple[Listing, ...]:
    """Those of a node that is cut."""
    rows, size = package.rows_of_policy.get(node.policy_id, ()), addresses.INITIATIVES_ON_A_PAGE
    return rows[(part - 1) * size : part * size]


def _part(package: Edition, listing: Listing) -> int:
    """On which of these pages a row stands."""
    rows = package.rows_of_policy[listing.policy_id]
    place = bisect_left(rows, (listing.source_id, listing.source_line), key=_line)
    return place // addresses.INITIATIVES_ON_A_PAGE + 1


def _line(listing: Listing) -> tuple[str, int]:
    return listing.source_id, listing.source_line


def area_address(package: Edition, area: Policy, part: int = 1) -> str:
    """The page that shows an area, or a node below one, as the edition's report has it."""
    return (
        addresses.area(package, area, part)
        if package.is_newest
        else addresses.report_area(package, package.year, area, part)
    )


def policy_address(package: Edition, policy_id: str) -> str:
    """The page, and the heading in it, where a node is shown; one above the areas has none of its own."""
    node = shown_on(package, policy_id)
    if node is None:
        return f"{addresses.HOME if package.is_newest else addresses.report(package.year)}#areas"
    page = area_address(package, node)
    return page if node.policy_id == policy_id else f"{page}#{policy_id}"


def listing_address(package: Edition, listing: Listing) -> str:
    """The page, and the row in it, where a row is shown."""
    node = shown_on(package, listing.policy_id)
    assert node is not None  # a row stands at an area or below one
    part = _part(package, listing) if addresses.is_cut(package, node) else 1
    return f"{area_address(package, node, part)}#{row_fragment(listing)}"


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
