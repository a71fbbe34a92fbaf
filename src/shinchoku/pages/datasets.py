"""The page for people who take the data away: downloads, columns, licence, examples."""

from __future__ import annotations

from shinchoku import addresses
from shinchoku.exports.workbook import sheet_names
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.rendering import render


def data(package: Edition) -> str:
    """The body of ``/data/``."""
    tables = dictionary.tables(package)
    return render(
        "data.html",
        addresses.DATA,
        package=package,
        descriptor=package.descriptor,
        is_on_the_web=addresses.is_on_the_web,
        tables=tables,
        sheets=sheet_names(tables),
        sources=package.sources,
    )
