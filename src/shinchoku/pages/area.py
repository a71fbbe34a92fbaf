"""``/fields/…/`` and ``/strategies/…/``, and the same of a report: the whole tree of an area, and its summary.

One page for every report. The newest one also answers for the rows and nodes
that earlier reports had on it, so that a link to one of them still leads somewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from shinchoku import addresses, charts, fiscal_year, metrics, reports_compared
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Listing, Policy
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, report_choice, repository, totals
from shinchoku.pages.parts.rendering import render


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; cells that differ from the original row are in ``differs`` by column.

    ``earlier_fragments`` are the rows of earlier reports in whose place it stands.
    """

    listing: Listing
    fragment: str
    earlier_fragments: tuple[str, ...]
    initiative: Initiative
    results: tuple[metrics.IndicatorResult, ...]
    original_address: str | None
    match: metrics.ListingMatch | None
    differs: dict[str, places.Difference]

    @property
    def is_first(self) -> bool:
        """Whether it is no continuation of the row above with a further indicator."""
        return self.listing.indicator_position == 1


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree with what is printed below it."""

    policy: Policy
    rows: tuple[Row, ...]
    children: tuple[Node, ...]
    omission_address: str | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What an earlier report had on this page: where it is now (``None``: nowhere), and where it was."""

    fragment: str
    title: str
    address: str | None
    fiscal_year: int
    earlier_address: str


@dataclass
class Earlier:
    """The places of earlier reports on one page: those a row takes over, and the others."""

    taken_over: Mapping[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    gone: list[Gone] = field(default_factory=list)


# -- rows and nodes -------------------------------------------------------------


def _results(package: Edition, listing: Listing) -> tuple[metrics.IndicatorResult, ...]:
    """Of the indicator in this row; the first row of an initiative has all that no row is printed for."""
    results = metrics.results_of_initiative(package, listing.initiative_id)
    position = listing.indicator_position
    if position > 1:
        return results[position - 1 : position]
    rows = package.rows_of_initiative[listing.initiative_id]
    return results[:1] + results[max(row.indicator_position for row in rows) :]


def _row(package: Edition, listing: Listing, earlier: Earlier) -> Row:
    original = package.original_listing[listing.initiative_id]
    place = places.place(package, listing)
    return Row(
        listing=listing,
        fragment=places.row_fragment(listing),
        earlier_fragments=tuple(earlier.taken_over.get((listing.source_id, listing.source_line), ())),
        initiative=package.initiative[listing.initiative_id],
        results=_results(package, listing),
        original_address=places.place(package, original).address if listing.is_relisted else None,
        match=place.match,
        differs={item.column: item for item in place.differences},
    )


def _node(package: Edition, policy: Policy, earlier: Earlier) -> Node:
    listings = package.rows_of_direction.get(policy.policy_id, ())
    target = policy.omission_refers_to_policy_id
    return Node(
        policy=policy,
        rows=tuple(
            _row(package, item, earlier) for item in sorted(listings, key=lambda item: item.source_line)
        ),
        children=tuple(
            _node(package, child, earlier) for child in package.policy_children.get(policy.policy_id, ())
        ),
        omission_address=places.policy_address(package, target) if target else None,
    )


def _printed_rows(node: Node) -> int:
    return sum(row.is_first for row in node.rows) + sum(_printed_rows(child) for child in node.children)


# -- what earlier reports had here ------------------------------------------------


def _policies_below(package: Edition, policy_id: str) -> Iterator[Policy]:
    for child in package.policy_children.get(policy_id, ()):
        yield child
        yield from _policies_below(package, child.policy_id)


def _rows_below(package: Edition, policy_id: str) -> Iterator[Listing]:
    for node in _policies_below(package, policy_id):
        yield from package.rows_of_direction.get(node.policy_id, ())


def _successor(rows: list[Listing], gone: Listing) -> Listing | None:
    """The row that stands for an earlier one: of the same initiative, best in the same place of the plan."""

    def likeness(row: Listing) -> tuple[bool, ...]:
        return (
            row.direction_policy_id == gone.direction_policy_id,
            row.indicator_position == gone.indicator_position,
            row.is_relisted == gone.is_relisted,
        )

    return max((row for row in rows if row.initiative_id == gone.initiative_id), key=likeness, default=None)


def _earlier(package: Edition, area: Policy) -> Earlier:
    """The rows and nodes that earlier reports had on the page of ``area``."""
    found = Earlier()
    here = {node.policy_id for node in _policies_below(package, area.policy_id)}
    rows = list(_rows_below(package, area.policy_id))
    for year in package.report_years:
        edition = package.edition(year)
        if edition.is_newest or area.policy_id not in edition.policy:
            continue
        page = addresses.report_area(year, area)
        for node in _policies_below(edition, area.policy_id):
            if node.policy_id not in here:
                here.add(node.policy_id)
                is_known = node.policy_id in package.policy
                address = places.policy_address(package, node.policy_id) if is_known else None
                found.gone.append(Gone(node.policy_id, node.title, address, year, f"{page}#{node.policy_id}"))
        for listing in _rows_below(edition, area.policy_id):
            fragment = places.row_fragment(listing)
            row = _successor(rows, listing)
            if row is not None:
                found.taken_over[row.source_id, row.source_line].append(fragment)
                continue
            found.gone.append(
                Gone(
                    fragment=fragment,
                    title=edition.initiative[listing.initiative_id].name,
                    address=addresses.initiative(listing.initiative_id),
                    fiscal_year=year,
                    earlier_address=f"{page}#{fragment}",
                )
            )
    return found


# -- the page -----------------------------------------------------------------------


def pages(package: Edition) -> Iterator[Page]:
    """Of every report but the newest, then the newest's areas with those that only earlier reports have."""
    for year in package.report_years:
        edition, era = package.edition(year), fiscal_year.era(year)
        for area in () if edition.is_newest else edition.areas:
            yield Page(
                addresses.report_area(year, area),
                f"{area.title}（{era}の報告）",
                f"{era}の報告の「{area.title}」の基本施策、事業ごとの実績と目標、決算見込額です。",
                body,
                (area.policy_id, str(year)),
            )
    earlier = (package.edition(year) for year in reversed(package.report_years))
    known: dict[str, Policy] = {}
    for edition in (package, *earlier):
        for area in edition.areas:
            known.setdefault(addresses.area(area), area)
    for address, area in known.items():
        yield Page(
            address,
            area.title,
            f"「{area.title}」の基本施策、取組の方向、事業ごとの実績と目標、決算見込額です。",
            body,
            (area.policy_id,),
        )


def body(package: Edition, policy_id: str, year: str = "") -> str:
    """An area as the newest report has it, or as that of a fiscal ``year`` does.

    An area that the newest report does not have stays as its last report had it.
    """
    edition = (
        package.edition(int(year)) if year else reports_compared.latest_with(package, "policy", policy_id)
    )
    policy = edition.policy[policy_id]
    earlier = _earlier(edition, policy) if edition.is_newest else Earlier()
    node = _node(edition, policy, earlier)
    initiatives = metrics.initiatives_in(edition, policy_id)
    printed = _printed_rows(node)
    counts = metrics.count_assessments(edition, initiatives)
    money_year = edition.newest_settlement_year
    parts = [(part.policy.title, part.money) for part in totals.settled_below(edition, [policy], money_year)]
    return render(
        "area.html",
        addresses.report_area(int(year), policy) if year else addresses.area(policy),
        package=edition,
        node=node,
        is_found=not year,
        part=edition.policy_path(policy_id)[0],
        siblings=edition.areas,
        area_address=partial(places.area_address, edition),
        choices=report_choice.choices_of_area(edition, policy),
        newest_address=addresses.area(policy) if policy_id in package.newest.policy else None,
        gone=earlier.gone,
        years=report_choice.printed_years(edition, "actual"),
        target_years=report_choice.printed_years(edition, "target"),
        initiatives=initiatives,
        relisted=printed - len(initiatives),
        counts=counts,
        sources=[edition.source[policy.source_id]],
        chart=charts.assessment_chart(counts, title=f"「{policy.title}」の{len(initiatives)}事業の判定"),
        money_chart=charts.money_chart(parts, title=f"「{policy.title}」の決算見込額の内訳")
        if parts
        else None,
        small=partial(charts.sparkline, edition),
        own_sources=report_choice.own_sources(edition),
        money_years=report_choice.printed_years(edition),
        origins=repository.of_rows(
            edition,
            policies=[policy, *_policies_below(edition, policy_id)],
            listings=_rows_below(edition, policy_id),
        ),
        money=[metrics.settled(edition, item, initiatives) for item in report_choice.printed_years(edition)],
    )
