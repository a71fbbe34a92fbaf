"""``/data/``: for people who take the data away. Downloads, columns, licence, examples."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses
from shinchoku.exports.workbook import sheet_names
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts.rendering import render


def pages(package: Edition) -> Iterator[Page]:
    """The one page."""
    yield Page(
        addresses.DATA,
        "データのダウンロード",
        "すべての表のダウンロード、列の説明、利用条件、使い方の例です。",
        body,
    )


def body(package: Edition) -> str:
    """Every table with its dictionary, and what is made of them."""
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
