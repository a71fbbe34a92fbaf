"""The page of a 重点分野 or 横断的戦略: its whole tree in print order, and its summary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, dictionary, metrics
from shinchoku.model import Initiative, Listing, Package, Policy
from shinchoku.pages import pictures, places, spending
from shinchoku.pages.rendering import render


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; cells that differ from the original row are in ``differs`` by column."""

    listing: Listing
    fragment: str
    initiative: Initiative
    results: tuple[metrics.IndicatorResult, ...]
    original_address: str | None
    match: metrics.ListingMatch | None
    differs: dict[str, places.Difference]


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree with what is printed below it."""

    policy: Policy
    rows: tuple[Row, ...]
    children: tuple[Node, ...]
    omission_address: str | None


def _row(package: Package, listing: Listing) -> Row:
    original = package.original_listing[listing.initiative_id]
    place = places.place(package, listing)
    return Row(
        listing=listing,
        fragment=places.row_fragment(listing),
        initiative=package.initiative[listing.initiative_id],
        results=metrics.results_of_initiative(package, listing.initiative_id),
        original_address=places.place(package, original).address if listing.is_relisted else None,
        match=place.match,
        differs={item.column: item for item in place.differences},
    )


def _node(package: Package, policy: Policy) -> Node:
    listings = package.listings_of_direction.get(policy.policy_id, ())
    target = policy.omission_refers_to_policy_id
    return Node(
        policy=policy,
        rows=tuple(_row(package, item) for item in sorted(listings, key=lambda item: item.position)),
        children=tuple(_node(package, child) for child in package.policy_children.get(policy.policy_id, ())),
        omission_address=places.policy_address(package, target) if target else None,
    )


def _printed_rows(node: Node) -> int:
    return len(node.rows) + sum(_printed_rows(child) for child in node.children)


def area(package: Package, policy_id: str) -> str:
    """The body of the page of an area."""
    policy = package.policy[policy_id]
    node = _node(package, policy)
    initiatives = metrics.initiatives_in(package, policy_id)
    printed = _printed_rows(node)
    counts = metrics.count_assessments(package, initiatives)
    parts = [
        (part.policy.title, part.money)
        for part in spending.parts_below(package, [policy], package.settlement_years[-1])
    ]
    return render(
        "area.html",
        addresses.area(policy),
        package=package,
        node=node,
        part=package.policy_path(policy_id)[0],
        siblings=package.areas,
        level_labels=dictionary.labels(package, "policies", "level"),
        initiatives=initiatives,
        relisted=printed - len(initiatives),
        counts=counts,
        sources=[package.source[policy.source_id]],
        chart=pictures.of_assessments(counts, f"「{policy.title}」の{len(initiatives)}事業の判定"),
        money_chart=pictures.of_money(parts, f"「{policy.title}」の決算見込額の内訳") if parts else None,
        small=partial(pictures.small, package),
        money=[metrics.settled(package, year, initiatives) for year in package.settlement_years],
    )
