"""Which pages show something else: every page of both packages is made, and its HTML compared.

So it is what pages show that counts, not what somebody believes they show. Above ``MOST_PAGES``
that would take minutes, and only the pages of the changed rows themselves are named.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku import addresses, pages
from shinchoku.changes.comparing import Kind
from shinchoku.changes.row_names import HOME_TITLE, Place
from shinchoku.package.editions import Edition, Package

MOST_PAGES = 1_000

_CALL = re.compile(r"^\{\{ (\w+)\((.*)\) \}\}$", re.MULTILINE)
_TITLE = re.compile(r"^title: (.*)$", re.MULTILINE)


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
    return len(pages.stubs(package.newest))


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
    """Address → what stands there: the home page, and every page made from a stub. Takes an edition."""
    shown = {addresses.HOME: _Shown(HOME_TITLE, pages.BODIES["home"](package))}
    for file, stub in pages.stubs(package).items():
        macro, arguments = _CALL.search(stub).groups()
        body = pages.BODIES[macro](package, *json.loads(f"[{arguments}]"))
        shown[_address(file)] = _Shown(html.unescape(json.loads(_TITLE.search(stub)[1])), body)
    return shown


def _address(file: str) -> str:
    return file.removesuffix("index.md") if file.endswith("/index.md") else file.removesuffix(".md") + "/"


def pages_of_rows(places: Iterable[Place | None]) -> tuple[Page, ...]:
    """The pages of changed rows, each once: all that is known without making pages."""
    titles = {place.page: place.title for place in places if place is not None}
    return tuple(Page(address, title, Kind.CHANGED) for address, title in titles.items())
