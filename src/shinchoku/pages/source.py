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
class Use:
    """Something made from a line: what it is called and where it stands."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; one with tabs is a row of a table, and its cells are parted."""

    number: int
    cells: tuple[str, ...]
    uses: tuple[Use, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def _edition_of(package: Edition, source_id: str) -> Edition:
    """The edition that a report is a part of; for other documents, as it is."""
    fiscal_year = package.source[source_id].report_fiscal_year
    return package if fiscal_year is None else package.edition(fiscal_year)


def _policy_uses(package: Edition, source_id: str) -> list[tuple[int, Use]]:
    found = []
    package = _edition_of(package, source_id)
    for node in package.policies:
        if node.source_id != source_id:
            continue
        is_part = node.level == "part"
        address = (
            f"{places.home_address(package)}#areas"
            if is_part
            else places.policy_address(package, node.policy_id)
        )
        lines = dict.fromkeys(line for line in (node.source_line, node.toc_line) if line is not None)
        found += [(line, Use("計画の中で見る", address)) for line in lines]
    return found


def _listing_uses(package: Edition, source_id: str) -> list[tuple[int, Use]]:
    found = []
    package = _edition_of(package, source_id)
    for listing in package.listings:
        if listing.source_id == source_id:
            name = package.initiative[listing.initiative_id].name
            use = Use(
                f"{name}（再掲）" if listing.is_relisted else name,
                addresses.initiative(listing.initiative_id),
            )
            found.append((listing.source_line, use))
    return found


def _grant_uses(package: Edition, source_id: str) -> list[tuple[int, Use]]:
    found = [
        (item.source_line, Use(item.name, f"{addresses.GRANTS}#{item.programme_id}"))
        for item in package.grant_programmes
        if item.source_id == source_id
    ]
    for grant in package.grants:
        if grant.source_id == source_id:
            use = Use(grant.name, addresses.grant(grant.grant_id))
            lines = {grant.source_line, grant.amount_line}
            lines |= {item.source_line for item in package.descriptions_of_grant.get(grant.grant_id, ())}
            found += [(line, use) for line in sorted(lines)]
    return found


def lines(package: Edition, source_id: str) -> tuple[Line, ...]:
    """Every line of a document, blank ones too: their numbers are part of the address."""
    uses: dict[int, list[Use]] = defaultdict(list)
    for find in (_policy_uses, _listing_uses, _grant_uses):
        for number, use in find(package, source_id):
            uses[number].append(use)
    found: list[Line] = []
    shown: tuple[Use, ...] = ()
    for number, text in enumerate(package.source_lines.get(source_id, ()), 1):
        line = Line(number, tuple(text.split("\t")), tuple(dict.fromkeys(uses[number])))
        # A sentence over several lines says once where it leads; a row of a table is not one.
        goes_on = line.uses == shown and len(line.cells) == 1
        found.append(replace(line, uses=()) if goes_on else line)
        shown = shown if line.is_blank else line.uses
    return tuple(found)


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
        lines=lines(package, source_id),
        origins=repository.of_rows(  # not the text itself, which stays as it is printed
            package,
            sources=[package.source[source_id]],
            source_notes=[note for note in package.source_notes if note.source_id == source_id],
        ),
    )
