"""``/data/sql/``: queries of the published database in the reader's own browser, with examples.

An example is a file of ``sql_examples``: its title, a sentence about it, and the query, which knows neither a
year nor how many reports there are; what a plan calls its areas and amounts is put in for ``{areas}`` and
``{settled}``. Running them is for ``site/assets/sql.js``.
"""

from __future__ import annotations

from importlib import resources
from typing import NamedTuple

from shinchoku import addresses
from shinchoku.exports.database import current_views
from shinchoku.package import descriptor as descriptors
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import places, published
from shinchoku.pages.parts.rendering import render


class Example(NamedTuple):
    """A query and what it is for."""

    name: str
    title: str
    note: str
    query: str


def _needs(package: Edition) -> dict[str, bool]:
    """Example → whether a plan prints what it asks for; of the others every plan does."""
    lends = any(item.is_loan_fund for item in package.initiatives)
    return {
        **dict.fromkeys(("not-achieved", "reached-before", "areas-and-verdicts"), package.is_judged),
        "money-by-area": package.has.money and lends,
        "money-of-areas": package.has.money and not lends,
        "relistings": package.has.relistings,
        "grants": package.has.grants,
    }


def examples(package: Edition) -> list[Example]:
    """Those that a plan has the tables for, in the order of their numbers."""
    names = {
        "areas": places.area_levels(package),
        "settled": dictionary.amounts(package)["settlement"],
    }
    needs = _needs(package)
    folder = resources.files("shinchoku.pages").joinpath("sql_examples")
    found = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        text = file.read_text(encoding="utf-8")
        for place, said in names.items():
            text = text.replace(f"{{{place}}}", said)
        title, note, query = text.split("\n", 2)
        name = file.name.partition("-")[2].removesuffix(".sql")
        if needs.get(name, True):
            found.append(Example(name, title.removeprefix("-- "), note.removeprefix("-- "), query.strip()))
    return found


def body(package: Edition) -> str:
    """A place to write a query; without scripts the examples and the database to take away."""
    return render(
        "sql.html",
        addresses.SQL,
        package=package,
        database=f"{package.descriptor['name']}.sqlite",
        examples=examples(package),
        tables=[table.doc for table in published.tables(package).values()],
        views=list(current_views(descriptors.resources(package.descriptor))),
    )


pages = the_one(
    addresses.SQL,
    "SQLで調べる",
    "すべての表を、このページの中でSQLで調べられます。よくある問いの例があり、結果はCSVで保存できます。",
    body,
)
