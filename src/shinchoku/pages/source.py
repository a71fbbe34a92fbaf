"""``/sources/…/``: a document line by line, each with what was made from it; a long one in parts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from shinchoku import addresses, words
from shinchoku.package import reprint
from shinchoku.package.editions import Edition
from shinchoku.package.joins import kept
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
    ``uses`` are what was made from the line: (what it is called, where it stands). Where that is one thing, the
    first cell that says something leads there.
    """

    number: int
    cells: tuple[tuple[str, list[tuple[str, str]]], ...]
    uses: tuple[tuple[str, str], ...]

    @property
    def leads(self) -> int | None:
        """The place of that cell."""
        if len(self.uses) != 1:
            return None
        return next((at for at, (_, pieces) in enumerate(self.cells) if _says_something(pieces)), None)


@dataclass(slots=True)
class Part:
    """The lines below some headings that follow each other, those included; without any before the first.

    ``area`` is the one that begins here, of one of ``area_levels``. ``first`` is the line they begin at.
    """

    area_levels: frozenset[str]
    first: int = 1
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


def _says_something(pieces: list[tuple[str, str]]) -> bool:
    return any(markup or text.strip() for text, markup in pieces)


def _pieces(cell: str) -> list[tuple[str, str]]:
    """(text, markup after it), from the first to the last of a cell."""
    if "<" not in cell:
        return [(cell, "")]
    texts, markup = LIST_MARKUP.split(cell), LIST_MARKUP.findall(cell)
    return list(zip(texts, [*markup, ""], strict=True))


@dataclass(frozen=True)
class _Document:
    """What is known of the lines of a document before any is shown."""

    printed: tuple[str, ...]
    uses: dict[int | None, list[tuple[str, str]]]
    columns: dict[int | None, list[str]]
    parts: list[Part]


def _first_line(part: Part) -> int:
    return part.first


@kept
def _document(package: Edition, source_id: str) -> _Document:
    uses: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for number, use in _uses(package, source_id):
        uses[number].append(use)
    printed = package.source_lines.get(source_id, ())
    return _Document(printed, uses, _columns(package, source_id), _parts(package, source_id, printed))


def _parts(package: Edition, source_id: str, printed: tuple[str, ...]) -> list[Part]:
    """Where the document is parted: at the headings that other headings stand under; as yet without lines."""
    nodes = package.document(source_id).policies
    above = {node.parent_policy_id for node in nodes}
    headings: dict[int, list[Policy]] = defaultdict(list)
    for node in nodes:
        if node.heading_printed and node.policy_id in above:
            headings[node.source_line].append(node)
    area_levels = frozenset(name for name, level in package.level.items() if level.folder)
    found, says_more = [Part(area_levels)], False
    for number, text in enumerate(printed, 1):
        if number in headings:
            if not found[-1].headings or says_more:
                found.append(Part(area_levels, number))
                says_more = False
            found[-1].headings += headings[number]
        else:
            says_more = says_more or not _SAYS_NOTHING.fullmatch(text)
    return found


def lines(package: Edition, source_id: str, first: int, last: int) -> Iterator[Line]:
    """Some lines of a document, blank ones too: their numbers are part of the address."""
    document, rows = _document(package, source_id), package.document(source_id).listing
    shown: tuple[tuple[str, str], ...] = ()
    for number, text in enumerate(document.printed[first - 1 : last], first):
        if _SAYS_NOTHING.fullmatch(text):
            yield Line(number, (), ())
            continue
        row, names = rows.get((source_id, number)), document.columns.get(number, [])
        # The headings of a table say nothing where they are blank.
        printed = [cell for cell in text.split("\t") if cell.strip()]
        if row:
            printed = reprint.cells_on_line(package, row, str)
        if len(names) != len(printed):
            names = []  # which cell is of which column is not for a page to guess
        cells = [_pieces(cell) if row else [(cell, "")] for cell in printed]
        used = tuple(dict.fromkeys(document.uses.get(number, ())))
        # A sentence over several lines says once where it leads; a row of a table is not one.
        goes_on = used == shown and len(cells) == 1
        yield Line(
            number, tuple(zip(names or [""] * len(cells), cells, strict=True)), () if goes_on else used
        )
        shown = used


def parts(package: Edition, source_id: str, first: int, last: int) -> list[Part]:
    """Some lines of a document, parted."""
    whole = _document(package, source_id).parts
    found: list[Part] = []
    for line in lines(package, source_id, first, last):
        begun = whole[bisect_right(whole, line.number, key=_first_line) - 1]
        if not found or found[-1].first != begun.first:
            found.append(replace(begun, lines=[]))
        found[-1].lines.append(line)
    return found


@dataclass(frozen=True, slots=True)
class PageOf:
    """Some lines that have a page, and what begins on it: areas, or where none does the first heading."""

    number: int
    first: int
    last: int
    titles: tuple[str, ...]


@kept
def _pages_of(package: Edition, source_id: str) -> list[PageOf]:
    """All of a document."""
    count = package.source[source_id].line_count or 1
    size = addresses.LINES_ON_A_PAGE if addresses.part_of_line(count, count) > 1 else count
    parts = _document(package, source_id).parts[1:]
    found = []
    for number, first in enumerate(range(1, count + 1, size), 1):
        begun = parts[
            bisect_left(parts, first, key=_first_line) : bisect_left(parts, first + size, key=_first_line)
        ]
        titles = [part.area.title for part in begun if part.area] or [part.title for part in begun[:1]]
        found.append(PageOf(number, first, min(first + size - 1, count), tuple(titles)))
    return found


def pages(package: Edition) -> Iterator[Page]:
    """For every document of which there is the text, as many as its lines need."""
    for source in filter(lambda source: source.file, package.sources):
        last = len(_pages_of(package, source.source_id))
        for part in range(1, last + 1):
            number = f"（{part}／{last}）" if part > 1 else ""
            yield Page(
                addresses.source(source.source_id, part=part),
                f"{source.title}{number}",
                f"{source.publisher}「{source.title}」の文字を、行の番号をつけてそのまま載せています。{number}",
                body,
                (source.source_id, str(part)) if part > 1 else (source.source_id,),
            )


def body(package: Edition, source_id: str, part: str = "1") -> str:
    """A document, or a part of a long one."""
    printed, all_pages = package.source_lines.get(source_id, ()), _pages_of(package, source_id)
    shown = all_pages[int(part) - 1]
    return render(
        "source.html",
        addresses.source(source_id, part=shown.number),
        package=package,
        source=package.source[source_id],
        parts=parts(package, source_id, shown.first, shown.last),
        count=len(printed),
        shown=shown,
        pages=all_pages,
        has_markup=any(map(LIST_MARKUP.search, printed)),
        has_gaps=any(map(_SAYS_NOTHING.fullmatch, printed)),
        origins=repository.of_rows(  # not the text itself, which stays as it is printed
            package,
            sources=[package.source[source_id]],
            source_notes=[note for note in package.source_notes if note.source_id == source_id],
        )
        if shown.number == 1
        else (),
    )
