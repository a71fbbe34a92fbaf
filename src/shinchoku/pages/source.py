"""``/sources/…/``: a document line by line, each with what was made from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from shinchoku import addresses, words
from shinchoku.package import reprint
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, repository
from shinchoku.pages.parts.rendering import render
from shinchoku.text import LIST_MARKUP

#: A blank line, or one that is left of what ruled a table.
_SAYS_NOTHING = re.compile(r"[-\s]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document: its cells, each after the short name of its column where that is known.

    A cell is its pieces: text, and after each but the last the markup that stands there.
    ``uses`` are what was made from the line: (what it is called, where it stands).
    """

    number: int
    cells: tuple[tuple[str, list[tuple[str, str]]], ...]
    uses: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Part:
    """The lines below some headings that follow each other, those included; without any before the first.

    ``area`` is the one that begins here, of one of ``area_levels``.
    """

    area_levels: frozenset[str]
    headings: list[Policy] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def area(self) -> Policy | None:
        return next((node for node in self.headings if node.level in self.area_levels), None)

    @property
    def title(self) -> str:
        below = [
            node for node in self.headings if node.level not in self.area_levels and node.parent_policy_id
        ]
        return " ／ ".join(node.heading_printed or node.title for node in below or self.headings)

    @property
    def toc_page(self) -> int | None:
        return next((node.toc_page for node in self.headings if node.toc_page), None)


def _uses(package: Edition, source_id: str) -> Iterator[tuple[int | None, tuple[str, str]]]:
    """(line, use) of everything made from a document."""
    printed, year = package.document(source_id), package.source[source_id].report_fiscal_year
    edition = package if year is None else package.edition(year)  # what a report is a part of
    for node in printed.policies:
        use = "計画の中で見る", places.policy_address(edition, node.policy_id)
        yield from ((line, use) for line in (node.source_line, node.toc_line))
    for listing in printed.listings:
        name = edition.initiative[listing.initiative_id].name
        label = f"{name}（再掲）" if listing.is_relisted else name
        yield listing.source_line, (label, addresses.initiative(listing.initiative_id))
    for programme in package.grant_programmes:
        if programme.source_id == source_id:
            address = f"{addresses.GRANTS}#{programme.programme_id}"
            yield programme.source_line, (programme.name, address)
    for grant in package.grants:
        if grant.source_id == source_id:
            use = grant.name, addresses.grant(grant.grant_id)
            descriptions = package.descriptions_of_grant.get(grant.grant_id, ())
            lines = (grant.source_line, grant.amount_line, *(item.source_line for item in descriptions))
            yield from ((line, use) for line in lines)


def _columns(package: Edition, source_id: str) -> dict[int | None, list[str]]:
    """Line → the short names of its columns, of the table of contents and the rows of tables."""
    printed = package.document(source_id)
    found: dict[int | None, list[str]] = {
        node.toc_line: ["", "ページ"] for node in printed.policies if node.toc_page
    }
    if printed.listings:
        names = reprint.printed_columns(package, source_id)
        of_row = [words.printed_column_short(package, name) for name in names[names.index("name") + 1 :]]
        found |= {listing.source_line: ["", *of_row] for listing in printed.listings}
    return found


def _pieces(cell: str) -> list[tuple[str, str]]:
    """(text, markup after it), from the first to the last of a cell."""
    texts, markup = LIST_MARKUP.split(cell), LIST_MARKUP.findall(cell)
    return list(zip(texts, [*markup, ""], strict=True))


def lines(package: Edition, source_id: str) -> Iterator[Line]:
    """Every line of a document, blank ones too: their numbers are part of the address."""
    uses: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for number, use in _uses(package, source_id):
        uses[number].append(use)
    columns, rows = _columns(package, source_id), package.document(source_id).listing
    shown: tuple[tuple[str, str], ...] = ()
    for number, text in enumerate(package.source_lines.get(source_id, ()), 1):
        if _SAYS_NOTHING.fullmatch(text):
            yield Line(number, (), ())
            continue
        row, names = rows.get((source_id, number)), columns.get(number, [])
        # The headings of a table say nothing where they are blank.
        printed = [cell for cell in text.split("\t") if cell.strip()]
        if row:
            printed = reprint.cells_on_line(package, row, str)
        if len(names) != len(printed):
            names = []  # which cell is of which column is not for a page to guess
        cells = [_pieces(cell) if row else [(cell, "")] for cell in printed]
        used = tuple(dict.fromkeys(uses[number]))
        # A sentence over several lines says once where it leads; a row of a table is not one.
        goes_on = used == shown and len(cells) == 1
        yield Line(
            number, tuple(zip(names or [""] * len(cells), cells, strict=True)), () if goes_on else used
        )
        shown = used


def parts(package: Edition, source_id: str) -> list[Part]:
    """The document parted at the headings that other headings stand under."""
    nodes = package.document(source_id).policies
    above = {node.parent_policy_id for node in nodes}
    headings: dict[int, list[Policy]] = defaultdict(list)
    for node in nodes:
        if node.heading_printed and node.policy_id in above:
            headings[node.source_line].append(node)
    area_levels = frozenset(name for name, level in package.level.items() if level.folder)
    found = [Part(area_levels)]
    for line in lines(package, source_id):
        if line.number in headings:
            if not found[-1].headings or any(
                each.cells and each.number not in headings for each in found[-1].lines
            ):
                found.append(Part(area_levels))
            found[-1].headings += headings[line.number]
        found[-1].lines.append(line)
    return [part for part in found if part.lines]


def pages(package: Edition) -> Iterator[Page]:
    """One for every document of which there is the text."""
    for source in filter(lambda source: source.file, package.sources):
        yield Page(
            addresses.source(source.source_id),
            source.title,
            f"{source.publisher}「{source.title}」の文字を、行の番号をつけてそのまま載せています。",
            body,
            (source.source_id,),
        )


def body(package: Edition, source_id: str) -> str:
    """A document."""
    printed = package.source_lines.get(source_id, ())
    return render(
        "source.html",
        addresses.source(source_id),
        package=package,
        source=package.source[source_id],
        parts=parts(package, source_id),
        count=len(printed),
        has_markup=any(map(LIST_MARKUP.search, printed)),
        has_gaps=any(map(_SAYS_NOTHING.fullmatch, printed)),
        origins=repository.of_rows(  # not the text itself, which stays as it is printed
            package,
            sources=[package.source[source_id]],
            source_notes=[note for note in package.source_notes if note.source_id == source_id],
        ),
    )
