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


@dataclass(frozen=True, slots=True)
class _Shown:
    title: str
    body: str


def count(package: Package) -> int:
    """How many pages the package makes of its rows."""
    return len(pages.of(package.newest))


def pages_that_differ(old: Package, new: Package) -> tuple[Page, ...]:
    """The pages that come, go or show something else, in the order of the site."""
    before, after = _shown(old.newest), _shown(new.newest)
    found = []
    for address in dict.fromkeys([*after, *before]):
        if address not in before:
            found.append(Page(address, after[address].title, Kind.ADDED))
        elif address not in after:
            found.append(Page(address, before[address].title, Kind.REMOVED))
        elif before[address] != after[address]:
            found.append(Page(address, after[address].title, Kind.CHANGED))
    return tuple(found)


def _shown(package: Edition) -> dict[str, _Shown]:
    """Address → what stands there: of every page."""
    made = pages.of(package).items()
    return {address: _Shown(page.title, page.html(package)) for address, page in made}


def pages_of_rows(places: Iterable[Place | None]) -> tuple[Page, ...]:
    """The pages of changed rows, each once: all that is known without making pages."""
    titles = {place.page: place.title for place in places if place is not None}
    return tuple(Page(address, title, Kind.CHANGED) for address, title in titles.items())
