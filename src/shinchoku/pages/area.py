"""The page of an area, and the same of a report: its whole tree, and its summary.

One page for every report. The newest one also answers for the rows and nodes
that earlier reports had on it, so that a link to one of them still leads somewhere.
An area of very many initiatives is cut (``addresses.is_cut``): its page has the summary
and how many are where, and each node next below has a page like it, which is cut
in its turn or lists what is there, a line each. What is printed right at a node that is
cut stands there in parts of so many rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from shinchoku import addresses, charts, fiscal_year, metrics, reports_compared
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Listing, Policy
from shinchoku.pages.page import Page
from shinchoku.pages.parts import (
    area_in_words,
    grades,
    places,
    previews,
    report_choice,
    repository,
    squares,
    totals,
    tree,
)
from shinchoku.pages.parts import rows as lines
from shinchoku.pages.parts.rendering import render


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row with the results it shows, and the rows of earlier reports in whose place it stands."""

    place: places.Place
    results: tuple[metrics.IndicatorResult, ...]
    earlier: list[Listing]


@dataclass(frozen=True, slots=True)
class Gone:
    """What an earlier report (of ``edition``) had on this page, and where it is now (``None``: nowhere)."""

    edition: Edition
    fragment: str
    title: str
    address: str | None
    was_at: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The same in short."""

    listing: Listing
    lines: tuple[lines.Row, ...]
    earlier: list[Listing]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the rows right at a node."""

    number: int
    address: str
    title: str


#: For a page that is not of the report of one year.
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways to count what is on the page, what it means, and the money of each year that is printed.

    ``is_first`` is the one that counts only what is listed there first.
    """

    is_first: bool
    title: str
    meaning: str
    whole: totals.Totals
    money: list[metrics.Money]


# -- rows and nodes -------------------------------------------------------------


def _results(package: Edition, listing: Listing) -> tuple[metrics.IndicatorResult, ...]:
    """Of the indicator in this row; the first row of an initiative has all that no row is printed for."""
    results = metrics.results_of_initiative(package, listing.initiative_id)
    position = listing.indicator_position
    if position > 1:
        return results[position - 1 : position]
    rows = package.rows_of_initiative[listing.initiative_id]
    return results[:1] + results[max(row.indicator_position for row in rows) :]


def _nodes(package: Edition, policy: Policy) -> Iterator[Policy]:
    """A node and everything below it, in print order."""
    yield policy
    yield from package.nodes(policy.policy_id)


def _listings(package: Edition, policy: Policy) -> list[Listing]:
    """The rows printed below a node, node by node."""
    nodes = _nodes(package, policy)
    return [row for node in nodes for row in package.rows_of_policy.get(node.policy_id, ())]


def _listed(package: Edition, node: Policy, part: int) -> list[Listing]:
    """The rows on a page of a node."""
    if addresses.is_cut(package, node):
        return list(places.rows_of_part(package, node, part))
    return _listings(package, node)


def _parts(package: Edition) -> Iterator[tuple[Policy, int]]:
    """Every node with a page, and the number of each of its pages."""

    def below(node: Policy) -> Iterator[Policy]:
        yield node
        for child in (
            package.policy_children.get(node.policy_id, ()) if addresses.is_cut(package, node) else ()
        ):
            if not package.is_area(child):
                yield from below(child)

    for area in package.areas:
        for node in below(area):
            yield from ((node, part) for part in range(1, places.parts(package, node) + 1))


# -- what earlier reports had here ------------------------------------------------


def _successor(rows: list[Listing], gone: Listing) -> Listing | None:
    """The row that stands for an earlier one: of the same initiative, best in the same place of the plan."""

    def likeness(row: Listing) -> tuple[bool, ...]:
        return (
            row.policy_id == gone.policy_id,
            row.indicator_position == gone.indicator_position,
            row.is_relisted == gone.is_relisted,
        )

    return max((row for row in rows if row.initiative_id == gone.initiative_id), key=likeness, default=None)


def _earlier(
    package: Edition, node: Policy, part: int = 1
) -> tuple[Mapping[Listing, list[Listing]], list[Gone]]:
    """The rows of earlier reports on a page of ``node`` by the row in their place, and what has none."""
    taken_over: Mapping[Listing, list[Listing]] = defaultdict(list)
    gone: list[Gone] = []
    here = {each.policy_id for each in _nodes(package, node)}
    rows = _listed(package, node, part)
    for year in package.report_years if package.is_newest else ():
        edition = package.edition(year)
        if edition.is_newest or not _has_page(edition, node.policy_id, part):
            continue
        for each in _nodes(edition, node) if part == 1 else ():
            if (key := each.policy_id) not in here:
                here.add(key)
                address = places.policy_address(package, key) if key in package.policy else None
                gone.append(Gone(edition, key, each.title, address, places.policy_address(edition, key)))
        for listing in _listed(edition, edition.policy[node.policy_id], part):
            if row := _successor(rows, listing):
                taken_over[row].append(listing)
                continue
            key = listing.initiative_id
            name, address = edition.initiative[key].name, addresses.initiative(key)
            was_at = places.listing_address(edition, listing)
            gone.append(Gone(edition, places.row_fragment(listing), name, address, was_at))
    return taken_over, gone


def _has_page(package: Edition, policy_id: str, part: int) -> bool:
    """Whether a node is in the plan of an edition and has so many pages of its own."""
    node = package.policy.get(policy_id)
    return (
        node is not None and places.has_page_of_its_own(package, node) and part <= places.parts(package, node)
    )


# -- the page -----------------------------------------------------------------------


def pages(package: Edition) -> Iterator[Page]:
    """Of every report but the newest, then the newest's, with those that only earlier reports have."""
    for year in package.report_years:
        edition = package.edition(year)
        for node, part in () if edition.is_newest else _parts(edition):
            yield _page(edition, node, part, str(year))
    seen = set()
    for edition in reports_compared.editions_newest_first(package):
        for node, part in _parts(edition):
            if (place := (node.level, node.policy_id, part)) not in seen:
                seen.add(place)
                yield _page(edition, node, part)


def _page(package: Edition, node: Policy, part: int, year: str = NEWEST) -> Page:
    area = package.area_above(node.policy_id)
    within = [] if node == area else [area.title]
    within += [_numbers(package, node, part)] if part > 1 else []
    within += [f"{fiscal_year.era(int(year))}の報告"] if year != NEWEST else []
    of_year = f"{fiscal_year.era(int(year))}の報告の" if year != NEWEST else ""
    return Page(
        _address(package, node, part, year),
        node.title + (f"（{'、'.join(within)}）" if within else ""),
        f"{of_year}「{node.title}」の{_shown(package, node)}です。",
        body,
        # As few as say which.
        (node.policy_id, year, str(part)) if part > 1 else (node.policy_id, year)[: 1 + (year != NEWEST)],
        previews.of_area if node == area and part == 1 and year == NEWEST else None,
    )


def _address(package: Edition, node: Policy, part: int, year: str) -> str:
    if year == NEWEST:
        return addresses.area(package, node, part)
    return addresses.report_area(package, int(year), node, part)


def _numbers(package: Edition, node: Policy, part: int) -> str:
    """Which of the rows of a node are on a page: ``61〜120番目``."""
    first = (part - 1) * addresses.INITIATIVES_ON_A_PAGE + 1
    last = first - 1 + len(places.rows_of_part(package, node, part))
    return f"{first}〜{last}番目" if first < last else f"{first}番目"


def _levels(package: Edition, area: Policy) -> list[str]:
    """Those below an area, from the top down."""
    found = {node.level for node in package.nodes(area.policy_id)}
    return [name for name in package.level if name in found]


def _shown(package: Edition, area: Policy) -> str:
    """What the page of an area shows, in a few words."""
    levels = (package.level[name].label for name in _levels(package, area))
    values = "と".join(["実績", *(["目標"] if package.has.targets else [])])
    money = [dictionary.amounts(package)["settlement"]] if package.has.money else []
    return "、".join([*levels, f"事業ごとの{values}", *money])


#: Whether all that is listed is counted, or only what is listed there first → title and meaning.
_WAYS = {
    True: (
        "ここに載っている全ての事業",
        "ほかの{areas}の再掲も含みます。{areas}どうしで重なるので、足しても全体になりません。",
    ),
    False: (
        "ここに最初に載った事業",
        "1つの事業を1回だけ数えます。{adds_up}",
    ),
}


def _ways(edition: Edition, area: Policy) -> list[Way]:
    """All that is listed there, and how much of that is listed there first, where that is less."""
    found, years = [], report_choice.printed_years(edition)
    areas = places.area_levels(edition) if edition.is_area(area) else "場所"
    adds_up = f"全ての{areas}を足すと、全体になります。" if edition.is_area(area) else ""
    for include_relisted, texts in _WAYS.items():
        title, meaning = (text.format(areas=areas, adds_up=adds_up) for text in texts)
        ids = metrics.initiatives_in(edition, area.policy_id, include_relisted)
        whole = totals.of(edition, edition.newest_settlement_year, ids)
        money = [metrics.settled(edition, year, ids) for year in years]
        found.append(Way(not include_relisted, title, meaning, whole, money))
    listed, first = found
    if listed.whole.initiatives > first.whole.initiatives:
        return found
    return [
        replace(
            listed, meaning=f"ほかの{areas}の再掲はありません。" if edition.package.has.relistings else ""
        )
    ]


def body(package: Edition, policy_id: str, year: str = NEWEST, part: str = "1") -> str:
    """An area, or a node below one, as the newest report has it, or as that of a fiscal ``year`` does.

    A page that the newest report does not have stays as its last report had it.
    """
    number = int(part)
    edition = (
        next(
            each
            for each in reports_compared.editions_newest_first(package)
            if _has_page(each, policy_id, number)
        )
        if year == NEWEST
        else package.edition(int(year))
    )
    policy = edition.policy[policy_id]
    is_cut = addresses.is_cut(edition, policy)
    is_whole = edition.is_area(policy) and not is_cut
    taken_over, gone = _earlier(edition, policy, number)
    listings = _listed(edition, policy, number)
    ways = _ways(edition, policy)
    listed = ways[0].whole
    newest = edition.newest
    values: dict[str, Any] = {
        "package": edition,
        "area": policy,
        "is_found": year == NEWEST,
        "newest_address": places.policy_address(newest, policy_id) if policy_id in newest.policy else "",
        "choices": report_choice.choices_of_area(edition, policy),
        "gone": gone,
        "area_labels": [level.label for level in edition.level.values() if level.folder],
        "what_it_is": area_in_words.what_it_is(edition, policy, ways[-1].whole, listed),
        "what_became": area_in_words.what_became(edition, listed),
        "listed": listed,
        "ways": ways,
        "grades": grades.kinds(edition),
        "grade_of": partial(grades.given, edition),
        "nodes": [policy] if is_cut else list(_nodes(edition, policy)),
        "money_years": report_choice.printed_years(edition),
        "origins": repository.of_rows(
            edition, policies=[policy] if is_cut else _nodes(edition, policy), listings=listings
        ),
    }
    if is_whole or is_cut:
        values |= _summary(edition, policy)
    if is_whole:
        values |= _whole(edition, policy, listings, taken_over, len(ways) > 1)
    else:
        values |= _in_short(edition, policy, listings, taken_over, number)
    return render("area.html" if is_whole else "node.html", _address(edition, policy, number, year), **values)


def _summary(edition: Edition, policy: Policy) -> dict[str, Any]:
    """What is said of all that is listed below a node before it is listed."""
    listed_ids = metrics.initiatives_in(edition, policy.policy_id, include_relisted=True)
    return {"grades": grades.counted(edition, listed_ids), "squares": [], "money_chart": None}


def _whole(
    edition: Edition,
    policy: Policy,
    listings: list[Listing],
    taken_over: Mapping[Listing, list[Listing]],
    without_relisted: bool,
) -> dict[str, Any]:
    """What the page of an area with room for all of it shows besides."""
    listings = sorted(listings, key=lambda row: row.source_line)
    rows = defaultdict(list)
    for listing in listings:
        row = Row(places.place(edition, listing), _results(edition, listing), taken_over.get(listing, []))
        rows[listing.policy_id].append(row)
    below = totals.below(edition, [policy], edition.newest_settlement_year)
    levels, below_levels = _levels(edition, policy), {node.level for node in below}
    settled = dictionary.amounts(edition)["settlement"]
    return {
        "rows": rows,
        "listings": listings,
        "below_are": "・".join(edition.level[name].label for name in levels if name in below_levels),
        "money_chart": below
        and policy not in below
        and edition.has.money
        and charts.money_chart(
            [(node.title, found.money) for node, found in below.items()],
            title=f"「{policy.title}」の{settled}の内訳" + ("（再掲を除く）" if without_relisted else ""),
            of=settled,
        ),
        "base_years": report_choice.printed_years(edition, "base"),
        "years": report_choice.printed_years(edition, "actual"),
        "target_years": report_choice.printed_years(edition, "target"),
        "squares": squares.groups(edition, totals.parts(edition, policy), include_relisted=True),
        # The lowest level would make a list of the contents as long as the page.
        "levels_of_contents": levels[:-1] or levels,
        "small": partial(charts.sparkline, edition),
        "own_sources": report_choice.own_sources(edition),
    }


def _in_short(
    edition: Edition,
    policy: Policy,
    listings: list[Listing],
    taken_over: Mapping[Listing, list[Listing]],
    part: int,
) -> dict[str, Any]:
    """What a page shows of an area that is cut, or of a node below one."""
    rows = defaultdict(list)
    for listing in listings:
        key = listing.initiative_id
        found = lines.of(edition, key, _results(edition, listing), is_relisted=listing.is_relisted)
        rows[listing.policy_id].append(Lines(listing, tuple(found), taken_over.get(listing, [])))
    path = edition.policy_path(policy.policy_id)
    above = path[path.index(edition.area_above(policy.policy_id)) : len(path) - (part == 1)]
    is_tree = addresses.is_cut(edition, policy) and part == 1
    branches = tree.branches(edition, policy) if is_tree else []
    return {
        "rows": rows,
        "part": part,
        "is_cut": addresses.is_cut(edition, policy),
        "shown_rows": _numbers(edition, policy, part),
        "pages": _other_pages(edition, policy, part),
        "trail": [(node.title, places.area_address(edition, node)) for node in above],
        "branches": branches,
        "year": edition.newest_settlement_year,
        "heading_year": edition.newest_target_year or edition.newest_actual_year,
    }


def _other_pages(edition: Edition, policy: Policy, part: int) -> list[Part]:
    """All of a node's from its first page; from a further one those beside it."""
    numbers = range(1, places.parts(edition, policy) + 1)
    return [
        Part(number, places.area_address(edition, policy, number), _numbers(edition, policy, number))
        for number in numbers
        if part == 1 or abs(number - part) < 2
    ]
