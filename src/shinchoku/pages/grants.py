"""``/grants/``: the programmes of 地方創生関連交付金, and what is granted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from shinchoku import addresses
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Grant, GrantProgramme
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places
from shinchoku.pages.parts.rendering import render


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme with the grants read as belonging to it, in print order."""

    programme: GrantProgramme
    grants: tuple[Grant, ...]

    @property
    def total(self) -> int:
        return sum(item.amount_thousand_yen for item in self.grants)


def shared(package: Edition) -> dict[str, Any]:
    """What this page and that of a grant say in the schema's words: the two amounts and the codes."""
    titles = dictionary.titles(package)
    return {
        "titles": {
            "amount": titles["grants", "amount_thousand_yen"],
            "other": titles["grants", "hokkaido_amount_thousand_yen"],
        },
        "initiative_name": partial(places.initiative_name, package),
    }


def pages(package: Edition) -> Iterator[Page]:
    """The one page."""
    yield Page(
        addresses.GRANTS,
        "地方創生関連交付金",
        "地方創生関連交付金の制度と対象事業、国費の額の一覧です。",
        body,
    )


def body(package: Edition) -> str:
    """The grants, by programme."""
    programmes = [
        ProgrammeView(item, package.grants_of_programme.get(item.programme_id, ()))
        for item in sorted(package.grant_programmes, key=lambda item: (item.source_id, item.source_line))
    ]
    amounts = [(item.amount_thousand_yen, item.hokkaido_amount_thousand_yen) for item in package.grants]
    with_other = [(own, other) for own, other in amounts if other is not None]
    return render(
        "grants.html",
        addresses.GRANTS,
        package=package,
        **shared(package),
        programmes=programmes,
        total=sum(item.amount_thousand_yen for item in package.grants),
        other_total=sum(other for _, other in with_other),
        other_count=len(with_other),
        larger=sum(other > own for own, other in with_other),
        sources=[package.source[name] for name in sorted({item.source_id for item in package.grants})],
    )
