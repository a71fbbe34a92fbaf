"""The page for people who take the data away: downloads, columns, licence, examples."""

from __future__ import annotations

from shinchoku import addresses, dictionary
from shinchoku.model import Package
from shinchoku.pages.rendering import render


def data(package: Package) -> str:
    """The body of ``/data/``."""
    return render(
        "data.html",
        addresses.DATA,
        package=package,
        descriptor=package.descriptor,
        tables=dictionary.tables(package),
        sources=package.sources,
    )
