"""``/grants/``: the programmes of the grants, and what is granted."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Grant, in_print_order
from shinchoku.pages.page import Page
from shinchoku.pages.parts.rendering import render

#: Programmes that have a section and a table each; of more, a row.
_SECTIONS = 20


def body(package: Edition) -> str:
    """The grants, by programme."""
    amounts = [(item.amount_thousand_yen, item.partner_amount_thousand_yen) for item in package.grants]
    with_other = [(own, other) for own, other in amounts if other is not None]
    years: dict[int, list[Grant]] = {}
    for programme in package.grant_programmes:
        if grants := package.grants_of_programme.get(programme.programme_id):
            years.setdefault(programme.first_fiscal_year, []).extend(grants)
    return render(
        "grants.html",
        addresses.GRANTS,
        package=package,
        programmes=in_print_order(package.grant_programmes),
        most_programmes=_SECTIONS,
        years=dict(sorted(years.items())),
        total=sum(item.amount_thousand_yen for item in package.grants),
        other_total=sum(other for _, other in with_other),
        other_count=len(with_other),
        larger=sum(other > own for own, other in with_other),
        sources=package.sources_of(package.grants),
        confidences=words.CONFIDENCES,
    )


def pages(package: Edition) -> Iterator[Page]:
    """One, where anything is granted."""
    if package.has.grants:
        named = dictionary.title(package, "grants")
        yield Page(addresses.GRANTS, named, f"{named}の制度と対象事業、国費の額の一覧です。", body)
