"""Which pages show something else: every page of both packages is made, and its HTML compared.

So it is what pages show that counts, not what somebody believes they show. Above ``MOST_PAGES``
that would take minutes, and only the pages of the changed rows themselves are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku import pages
from shinchoku.changes.comparing import Kind
from shinchoku.changes.row_names import Place
from shinchoku.package.editions import Edition, Package

MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site, and whether it comes, goes or changes."""

    address: str
    title: str
    kind: Kind


def count(package: Package) -> int:
    """How many pages the package makes of its rows."""
    return len(pages.of(package.newest))


def pages_that_differ(old: Package, new: Package) -> tuple[Page, ...]:
    """The pages that come, go or show something else, in the order of the site."""
    before, after = _shown(old.newest), _shown(new.newest)
    found = ((each, before.get(each), after.get(each)) for each in dict.fromkeys([*after, *before]))
    return tuple(
        Page(address, title, Kind.of(was, is_now))
        for address, was, is_now in found
        if was != is_now
        for title, _ in [is_now or was or ("", "")]
    )


def _shown(edition: Edition) -> dict[str, tuple[str, str]]:
    """Address → title and HTML of every page."""
    return {address: (page.title, page.html(edition)) for address, page in pages.of(edition).items()}


def pages_of_rows(places: Iterable[Place | None]) -> tuple[Page, ...]:
    """The pages of changed rows, each once: all that is known without making pages."""
    titles = {place.page: place.title for place in places if place is not None}
    return tuple(Page(address, title, Kind.CHANGED) for address, title in titles.items())
