"""``/grants/…/``: a granted project."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.package.records import Grant, SourceNote
from shinchoku.pages import grants
from shinchoku.pages.page import Page
from shinchoku.pages.parts import repository
from shinchoku.pages.parts.rendering import render


def pages(package: Edition) -> Iterator[Page]:
    """One for every granted project."""
    for grant in package.grants:
        yield Page(
            addresses.grant(grant.grant_id),
            grant.name,
            f"「{grant.name}」の国費の額、申請の形、説明、制度の読み取りです。",
            body,
            (grant.grant_id,),
        )


def _notes(package: Edition, grant: Grant) -> list[SourceNote]:
    lines = [grant.source_line, grant.amount_line]
    lines += [item.source_line for item in package.descriptions_of_grant.get(grant.grant_id, ())]
    return [
        note
        for line in dict.fromkeys(lines)
        for note in package.notes_of_line.get((grant.source_id, line), ())
    ]


def body(package: Edition, grant_id: str) -> str:
    """A granted project."""
    item = package.grant[grant_id]
    return render(
        "grant.html",
        addresses.grant(grant_id),
        package=package,
        **grants.shared(package),
        item=item,
        programme=package.grant_programme[item.programme_id],
        source=package.source[item.source_id],
        descriptions=package.descriptions_of_grant.get(grant_id, ()),
        links=package.initiative_links_of_grant.get(grant_id, ()),
        notes=_notes(package, item),
        origins=repository.of_rows(
            package,
            grants=[item],
            grant_descriptions=package.descriptions_of_grant.get(grant_id, ()),
            initiative_grants=package.initiative_links_of_grant.get(grant_id, ()),
        ),
    )
