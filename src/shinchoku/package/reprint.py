"""The printed documents again, from the tables alone: the proof of completeness.

``printed_rows`` gives the rows of a progress report cell by cell,
``printed_lines`` the lines of a list of grant projects. Compared with the
source after a short normalisation (outer white space removed, inner runs as
one space, list markup such as ``<ul …>`` removed, blank lines and ruled lines
left out) they are the same, or the difference stands in ``corrections``.

Must not import the importer: what it wrote is checked here, not trusted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from shinchoku.package.editions import View
from shinchoku.package.joins import kept
from shinchoku.package.records import Listing, Policy
from shinchoku.text import without_markup

#: The column with the title of an area, of whatever level.
AREA = "area"
#: In which order the columns of a row are, where no line tells.
_ORDER = (
    "name",
    "indicator",
    "unit",
    "base",
    "actual",
    "activities",
    "settlement",
    "target",
    "budget",
    "attribute",
)
#: Columns before those of a row, where the package has a place for them.
_FLAGS = {"flagship": "initiatives.has_mark", "relisted": "listings.is_relisted"}
_TAKEN = re.compile(
    rf"source_line|{AREA}|{'|'.join((*_FLAGS, *_ORDER))}|({'|'.join(_ORDER)})_[0-9].*|attribute_.*"
)


def is_column(name: str) -> bool:
    """Whether a column of ``listings-printed.csv`` may be called so that is no level's own."""
    return _TAKEN.fullmatch(name) is not None


def _level_column(package: View, node: Policy) -> str:
    """The column with the title of a node (without its number): that of its level, and one for all areas."""
    return AREA if package.is_area(node) else node.level


def printed_columns(package: View, source_id: str) -> list[str]:
    """The column names of ``listings-printed.csv``, in print order.

    Whether a row has the mark and is a relisting stands before its cells, where the package has a place for that.
    """
    return [
        "source_line",
        *dict.fromkeys(AREA if level.folder else level.name for level in package.level.values()),
        *(name for name, place in _FLAGS.items() if place in package.places),
        *_columns_of_rows(package, source_id),
    ]


@kept
def _columns_of_rows(package: View, source_id: str) -> list[str]:
    """The columns of the cells of a row, each where most of its cells stand on their lines."""
    printed = package.document(source_id)
    report_year = package.source[source_id].report_fiscal_year
    names = dict.fromkeys(["name", "indicator"])
    fitting: Counter[tuple[str, int]] = Counter()
    for listing in printed.listings:
        cells = cells_of_listing(package, listing)
        names |= dict.fromkeys(cells)
        if listing.source_id in package.source_lines:
            for place, text in enumerate(cells_on_line(package, listing)):
                fitting.update(
                    (name, place)
                    for name, cell in cells.items()
                    if cell and (text == cell or (name == "name" and text.endswith(cell)))
                )

    def by_kind(name: str) -> tuple[int, int, str]:
        role, _, year = name.partition("_")
        is_newest = role == "actual" and year == str(report_year)  # to the right of what was done in it
        return _ORDER.index("settlement" if is_newest else role), int(is_newest), year

    ordered = sorted(names, key=by_kind)
    places: dict[str, int] = {}
    for (name, place), _ in sorted(fitting.items(), key=lambda item: (-item[1], ordered.index(item[0][0]))):
        if name not in places and place not in places.values():
            places[name] = place
    # What no line shows goes behind the one before it.
    keys, last = {}, -1
    for number, name in enumerate(ordered):
        last = places.get(name, last)
        keys[name] = (last, number)
    return sorted(ordered, key=keys.__getitem__)


def cells_of_listing(package: View, listing: Listing) -> dict[str, str]:
    """The cells of a row as printed, from ``name`` on.

    A cell of a relisting that differs from the original is in
    ``listing_differences``; every other one is the original's.
    """
    package = package.document(listing.source_id)
    initiative, key = package.initiative[listing.initiative_id], listing.initiative_id
    # Of an initiative without an indicator nothing is printed of one.
    indicators = package.indicators_of_initiative.get(key, ())[listing.indicator_position - 1 :]
    is_first = listing.indicator_position == 1
    cells = {"name": initiative.name if is_first else "", "indicator": ""}
    for indicator in indicators[:1]:
        cells["indicator"] = indicator.name_printed
        rows = package.observations_of_indicator.get(indicator.indicator_id, ())
        if package.has_unit_column and indicator.unit and indicator.is_unit_printed:
            cells["unit"] = indicator.unit
        cells |= {f"{item.role}_{item.fiscal_year}": item.printed or "" for item in rows}
    of_initiative = {
        f"{kind}_{amount.fiscal_year}_thousand_yen": amount.printed or ""
        for kind, amounts in (
            ("settlement", package.settlements_of_initiative),
            ("budget", package.budgets_of_initiative),
        )
        for amount in amounts.get(key, ())
    }
    of_initiative |= {f"attribute_{name}": "" for name in package.attribute_names}
    of_initiative |= {
        f"attribute_{item.attribute}": item.text for item in package.attributes_of_initiative.get(key, ())
    }
    if "activities" in package.places:
        activities = package.activities_of_initiative.get(key, ())
        printed = " ".join((line.marker or "") + line.text for line in activities)
        of_initiative["activities"] = printed or initiative.lifecycle_printed or ""
    cells |= {name: printed if is_first else "" for name, printed in of_initiative.items()}
    for difference in package.differences_of_listing.get((listing.source_id, listing.source_line), ()):
        cells[difference.printed_column] = difference.printed or ""
    return cells


def cells_of_original(package: View, listing: Listing) -> dict[str, str]:
    """What is printed of the same initiative and indicator where it is not relisted."""
    original = package.original_listing[listing.initiative_id]
    return cells_of_listing(package, replace(original, indicator_position=listing.indicator_position))


def cells_on_line(package: View, listing: Listing, clean: Callable[[str], str] = without_markup) -> list[str]:
    """The cells of a row as its line in the document has them: in that order, without markup.

    A column for the mark goes with the name; what is blank after the last column is left out.
    Empty where the document, as a broken package may have it, has no such line; ``clean`` is done to each cell.
    """
    lines = package.source_lines.get(listing.source_id, ())[listing.source_line - 1 :]
    cells = [clean(cell) for line in lines[:1] for cell in line.split("\t")]
    count = len(cells_of_listing(package, listing))
    if len(cells) > count and len(cells[0]) < 2:
        cells[:2] = [" ".join(filter(None, cells[:2]))]
    while len(cells) > count and not cells[-1].strip():
        cells.pop()
    return cells


def printed_rows(package: View, source_id: str) -> list[dict[str, str | int | bool]]:
    """Every row of the report's tables, in print order, keyed by column."""
    names = printed_columns(package, source_id)
    package = package.document(source_id)
    rows = []
    for listing in sorted(package.listings, key=lambda item: item.source_line):
        row: dict[str, str | int | bool] = {
            "source_line": listing.source_line,
            **{_level_column(package, node): node.title for node in package.policy_path(listing.policy_id)},
            "flagship": package.initiative[listing.initiative_id].has_mark
            and not listing.is_relisted
            and listing.indicator_position == 1,
            "relisted": listing.is_relisted,
            **cells_of_listing(package, listing),
        }
        # A plan may print a column that not every initiative has.
        rows.append({name: row.get(name, "") for name in names})
    return rows


def printed_lines(package: View, source_id: str) -> list[tuple[int, str]]:
    """(line number, text) of every line of a list of grant projects."""
    source = package.source[source_id]
    lines: list[tuple[int | None, str | None]] = [
        (source.title_line, source.title),
        (source.label_line, source.label_printed),
        (source.issued_line, source.issued_printed),
    ]
    lines += [
        (item.source_line, item.heading_printed)
        for item in package.grant_programmes
        if item.source_id == source_id
    ]
    for grant in package.grants:
        if grant.source_id != source_id:
            continue
        heading = f"{grant.name}＜{grant.applicants_printed}＞"
        lines.append((grant.source_line, " ".join(filter(None, (heading, grant.remark_printed)))))
        lines.append((grant.amount_line, grant.amount_printed))
        lines += [
            (item.source_line, item.text) for item in package.descriptions_of_grant.get(grant.grant_id, ())
        ]
    return sorted((line, text) for line, text in lines if line is not None and text is not None)
