"""The list of 地方創生関連交付金 and the page of each granted project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from shinchoku import addresses
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Grant, GrantProgramme, SourceNote
from shinchoku.pages import origins, places
from shinchoku.pages.rendering import render


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme with the grants read as belonging to it, in print order."""

    programme: GrantProgramme
    grants: tuple[Grant, ...]

    @property
    def total(self) -> int:
        return sum(item.amount_thousand_yen for item in self.grants)


def _shared(package: Edition) -> dict[str, Any]:
    """What both pages say in the schema's words: the two amounts and the codes."""
    titles = {field.name: field.title for field in _fields(package)}
    return {
        "titles": {
            "amount": titles["amount_thousand_yen"],
            "other": titles["hokkaido_amount_thousand_yen"],
        },
        "applicant_labels": dictionary.labels(package, "grants", "applicant_type"),
        "initiative_name": partial(places.initiative_name, package),
        "basis_labels": dictionary.labels(package, "initiative_grants", "basis"),
    }


def _fields(package: Edition) -> tuple[dictionary.FieldDoc, ...]:
    return next(table.fields for table in dictionary.tables(package) if table.name == "grants")


def _notes(package: Edition, grant: Grant) -> list[SourceNote]:
    lines = [grant.source_line, grant.amount_line]
    lines += [item.source_line for item in package.descriptions_of_grant.get(grant.grant_id, ())]
    return [
        note
        for line in dict.fromkeys(lines)
        for note in package.notes_of_line.get((grant.source_id, line), ())
    ]


def grant_list(package: Edition) -> str:
    """The body of ``/grants/``."""
    programmes = [
        ProgrammeView(item, package.grants_of_programme.get(item.programme_id, ()))
        for item in sorted(package.grant_programmes, key=lambda item: (item.source_id, item.source_line))
    ]
    with_other = [item for item in package.grants if item.hokkaido_amount_thousand_yen is not None]
    return render(
        "grant_list.html",
        addresses.GRANTS,
        package=package,
        **_shared(package),
        programmes=programmes,
        total=sum(item.amount_thousand_yen for item in package.grants),
        other_total=sum(item.hokkaido_amount_thousand_yen for item in with_other),
        other_count=len(with_other),
        larger=sum(item.hokkaido_amount_thousand_yen > item.amount_thousand_yen for item in with_other),
        sources=[package.source[name] for name in sorted({item.source_id for item in package.grants})],
    )


def grant(package: Edition, grant_id: str) -> str:
    """The body of the page of a granted project."""
    item = package.grant[grant_id]
    return render(
        "grant.html",
        addresses.grant(grant_id),
        package=package,
        **_shared(package),
        item=item,
        programme=package.grant_programme[item.programme_id],
        source=package.source[item.source_id],
        descriptions=package.descriptions_of_grant.get(grant_id, ()),
        links=package.initiative_links_of_grant.get(grant_id, ()),
        notes=_notes(package, item),
        origins=origins.of_rows(
            package,
            grants=[item],
            grant_descriptions=package.descriptions_of_grant.get(grant_id, ()),
            initiative_grants=package.initiative_links_of_grant.get(grant_id, ()),
        ),
        category_labels=dictionary.labels(package, "source_notes", "category"),
    )
