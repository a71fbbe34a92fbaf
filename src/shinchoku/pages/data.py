"""``/data/``: for people who take the data away. Downloads, columns, licence, examples."""

from __future__ import annotations

from shinchoku import addresses
from shinchoku.exports import terms
from shinchoku.exports.workbook import sheet_names
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import the_one
from shinchoku.pages.parts.rendering import render


def body(package: Edition) -> str:
    """Every table with its dictionary, and what is made of them."""
    tables = dictionary.tables(package)
    return render(
        "data.html",
        addresses.DATA,
        package=package,
        disruption_note=terms.disruption_note(package),
        tables=tables,
        sheets=sheet_names(tables),
    )


pages = the_one(
    addresses.DATA,
    "データのダウンロード",
    "すべての表のダウンロード、列の説明、利用条件、使い方の例です。",
    body,
)
