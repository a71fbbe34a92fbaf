"""``/sources/…/``: a document line by line, each with what was made from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, repository
from shinchoku.pages.parts.rendering import render


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; one with tabs is a row of a table, and its cells are parted.

    ``uses`` are what was made from it: (what it is called, where it stands).
    """

    number: int
    cells: list[str]
    uses: list[tuple[str, str]]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


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


def lines(package: Edition, source_id: str) -> Iterator[Line]:
    """Every line of a document, blank ones too: their numbers are part of the address."""
    uses: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for number, use in _uses(package, source_id):
        uses[number].append(use)
    shown: list[tuple[str, str]] = []
    for number, text in enumerate(package.source_lines.get(source_id, ()), 1):
        line = Line(number, text.split("\t"), list(dict.fromkeys(uses[number])))
        # A sentence over several lines says once where it leads; a row of a table is not one.
        goes_on = line.uses == shown and len(line.cells) == 1
        shown = shown if line.is_blank else line.uses
        yield replace(line, uses=[]) if goes_on else line


def pages(package: Edition) -> Iterator[Page]:
    """One for every document."""
    for source in package.sources:
        yield Page(
            addresses.source(source.source_id),
            source.title,
            f"{source.publisher}「{source.title}」の文字を、行の番号をつけてそのまま載せています。",
            body,
            (source.source_id,),
        )


def body(package: Edition, source_id: str) -> str:
    """A document."""
    return render(
        "source.html",
        addresses.source(source_id),
        package=package,
        source=package.source[source_id],
        lines=list(lines(package, source_id)),
        origins=repository.of_rows(  # not the text itself, which stays as it is printed
            package,
            sources=[package.source[source_id]],
            source_notes=[note for note in package.source_notes if note.source_id == source_id],
        ),
    )
