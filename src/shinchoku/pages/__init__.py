"""The pages of the site: a module for each kind, with the pages of a package and their body as one block of HTML.

A kind of page is a module here with ``pages(package)``, which yields them, and
``body(package, *ids)``, which returns finished, escaped HTML; a template of the
same name; and a line in ``_KINDS``. A body knows the address of its own page, so
every link is relative and the site works wherever it is put. What several pages
share is in ``parts``. Must not import the site generator, nor read what the package
does not hold, except where a module is there for it: ``parts.repository`` asks
the environment where the site is published.
"""

from __future__ import annotations

from collections.abc import Callable

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.pages import (
    area,
    changes,
    data,
    disruption,
    glossary,
    grant,
    grants,
    home,
    initiative,
    initiatives,
    pieces,
    quality,
    rankings,
    report,
    reports,
    sheet,
    source,
    spending,
    sql,
    table,
)
from shinchoku.pages.page import Page, UnsafeId

#: Every kind of page, in the order of the site.
_KINDS = (
    home,
    initiatives,
    rankings,
    grants,
    spending,
    disruption,
    glossary,
    data,
    sql,
    table,
    quality,
    changes,
    reports,
    report,
    area,
    sheet,
    source,
    initiative,
    grant,
)
#: Macro name → what it puts in its place, for the adapter to the generator: whole bodies, and pieces of texts.
BODIES: dict[str, Callable[..., str]] = {kind.__name__.rpartition(".")[2]: kind.body for kind in _KINDS}
PIECES: dict[str, Callable[..., str | bool]] = {piece.__name__: piece for piece in pieces.PIECES}


def of(package: Edition) -> dict[str, Page]:
    """Address → page, for every page that the package makes. Raises ``UnsafeId``."""
    found: dict[str, Page] = {}
    files: set[str] = set()
    for kind in _KINDS:
        for page in kind.pages(package):
            # An initiative called ``index`` would be the list of all, such a node below an area the area.
            file = page.file.removesuffix(".md").removesuffix("/index")
            if file in files:
                raise UnsafeId(
                    f"「{page.ids[-1]}」はIDに使えません（{page.file} はほかのページのファイルです）。"
                )
            files.add(file)
            found[page.address] = page
    return found


def files(package: Edition) -> dict[str, bytes]:
    """File below the docs folder → what a script of a page fetches when somebody uses it."""
    return initiatives.files(package)


def stubs(package: Edition) -> dict[str, str]:
    """File below the docs folder → its text; the home page's own is written by hand, around its body."""
    return {page.file: page.stub() for address, page in of(package).items() if address != addresses.HOME}
