"""The page of an area, and the same of a report: its whole tree, and its summary.

One page for every report. The newest one also answers for the rows and nodes
that earlier reports had on it, so that a link to one of them still leads somewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

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
)
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


def _earlier(package: Edition, area: Policy) -> tuple[Mapping[Listing, list[Listing]], list[Gone]]:
    """The rows of earlier reports on the page of ``area`` by the row in their place, and what has none."""
    taken_over: Mapping[Listing, list[Listing]] = defaultdict(list)
    gone: list[Gone] = []
    here = {node.policy_id for node in _nodes(package, area)}
    rows = _listings(package, area)
    for year in package.report_years if package.is_newest else ():
        edition = package.edition(year)
        if edition.is_newest or area.policy_id not in edition.policy:
            continue
        for node in _nodes(edition, area):
            if (key := node.policy_id) not in here:
                here.add(key)
                address = places.policy_address(package, key) if key in package.policy else None
                gone.append(Gone(edition, key, node.title, address))
        for listing in _listings(edition, area):
            if row := _successor(rows, listing):
                taken_over[row].append(listing)
                continue
            key = listing.initiative_id
            name, address = edition.initiative[key].name, addresses.initiative(key)
            gone.append(Gone(edition, places.row_fragment(listing), name, address))
    return taken_over, gone


# -- the page -----------------------------------------------------------------------


def known(package: Edition) -> dict[str, Policy]:
    """Address → area, as the last report that has it."""
    return {addresses.area(package, area): area for _, area in reports_compared.all_areas(package)}


def pages(package: Edition) -> Iterator[Page]:
    """Of every report but the newest, then the newest's areas with those that only earlier reports have."""
    for year in package.report_years:
        edition, era = package.edition(year), fiscal_year.era(year)
        for area in () if edition.is_newest else edition.areas:
            yield Page(
                addresses.report_area(package, year, area),
                f"{area.title}（{era}の報告）",
                f"{era}の報告の「{area.title}」の{_shown(edition, area)}です。",
                body,
                (area.policy_id, str(year)),
            )
    for address, area in known(package).items():
        yield Page(
            address,
            area.title,
            f"「{area.title}」の{_shown(package, area)}です。",
            body,
            (area.policy_id,),
            previews.of_area,
        )


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
        "1つの事業を1回だけ数えます。全ての{areas}を足すと、全体になります。",
    ),
}


def _ways(edition: Edition, area: Policy, years: list[int]) -> list[Way]:
    """All that is listed there, and how much of that is listed there first, where that is less."""
    found, areas = [], places.area_levels(edition)
    for include_relisted, texts in _WAYS.items():
        title, meaning = (text.format(areas=areas) for text in texts)
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


def body(package: Edition, policy_id: str, year: str = "") -> str:
    """An area as the newest report has it, or as that of a fiscal ``year`` does.

    An area that the newest report does not have stays as its last report had it.
    """
    edition = (
        package.edition(int(year)) if year else reports_compared.latest_with(package, "policy", policy_id)
    )
    policy = edition.policy[policy_id]
    taken_over, gone = _earlier(edition, policy)
    listings = sorted(_listings(edition, policy), key=lambda row: row.source_line)
    rows = defaultdict(list)
    for listing in listings:
        row = Row(places.place(edition, listing), _results(edition, listing), taken_over.get(listing, []))
        rows[listing.policy_id].append(row)
    below = totals.below(edition, [policy], edition.newest_settlement_year)
    levels, below_levels = _levels(edition, policy), {node.level for node in below}
    settled = dictionary.amounts(edition)["settlement"]
    money_years = report_choice.printed_years(edition)
    ways = _ways(edition, policy, money_years)
    listed, first = ways[0].whole, ways[-1].whole
    listed_ids = metrics.initiatives_in(edition, policy_id, include_relisted=True)
    return render(
        "area.html",
        addresses.report_area(edition, int(year), policy) if year else addresses.area(edition, policy),
        package=edition,
        area=policy,
        rows=rows,
        is_found=not year,
        choices=report_choice.choices_of_area(edition, policy),
        gone=gone,
        area_labels=[level.label for level in edition.level.values() if level.folder],
        base_years=report_choice.printed_years(edition, "base"),
        years=report_choice.printed_years(edition, "actual"),
        target_years=report_choice.printed_years(edition, "target"),
        what_it_is=area_in_words.what_it_is(edition, policy, first, listed),
        what_became=area_in_words.what_became(edition, listed),
        listed=listed,
        grades=grades.counted(edition, listed_ids),
        grade_of=partial(grades.given, edition),
        ways=ways,
        squares=squares.groups(edition, totals.parts(edition, policy), include_relisted=True),
        nodes=list(_nodes(edition, policy)),
        listings=listings,
        # The lowest level would make a list of the contents as long as the page.
        levels_of_contents=levels[:-1] or levels,
        below_are="・".join(edition.level[name].label for name in levels if name in below_levels),
        money_chart=below
        and policy not in below
        and edition.has.money
        and charts.money_chart(
            [(node.title, found.money) for node, found in below.items()],
            title=f"「{policy.title}」の{settled}の内訳" + ("（再掲を除く）" if len(ways) > 1 else ""),
            of=settled,
        ),
        small=partial(charts.sparkline, edition),
        own_sources=report_choice.own_sources(edition),
        money_years=money_years,
        origins=repository.of_rows(
            edition, policies=_nodes(edition, policy), listings=_listings(edition, policy)
        ),
    )
