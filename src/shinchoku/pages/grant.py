"""``/grants/…/``: a granted project."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses
from shinchoku.package.editions import Edition
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


def body(package: Edition, grant_id: str) -> str:
    """A granted project."""
    item = package.grant[grant_id]
    descriptions = package.descriptions_of_grant.get(grant_id, ())
    links = package.initiative_links_of_grant.get(grant_id, ())
    lines = dict.fromkeys([item.source_line, item.amount_line, *(row.source_line for row in descriptions)])
    return render(
        "grant.html",
        addresses.grant(grant_id),
        package=package,
        item=item,
        descriptions=descriptions,
        links=links,
        has_other=any(each.partner_amount_thousand_yen is not None for each in package.grants),
        notes=package.notes_of((item.source_id, line) for line in lines),
        origins=repository.of_rows(
            package,
            grants=[item],
            grant_descriptions=descriptions,
            initiative_grants=links,
        ),
    )
