"""The elements of ``data/grants.json``: a granted project with all that belongs to it."""

from __future__ import annotations

from typing import Any

from shinchoku import addresses, reports_compared
from shinchoku.exports.keys import known
from shinchoku.package.editions import Edition
from shinchoku.package.records import Grant, InitiativeGrant


def element(package: Edition, grant: Grant, site_url: str = "") -> dict[str, Any]:
    """A granted project, its programme, what it is, and the initiatives it was read to have to do with."""
    key = grant.grant_id
    descriptions = package.descriptions_of_grant.get(key, ())
    lines = dict.fromkeys([grant.source_line, grant.amount_line, *(row.source_line for row in descriptions)])
    found = {
        **package.by_column(grant),
        "programme": package.by_column(package.grant_programme[grant.programme_id], "programme_id"),
        "descriptions": [package.by_column(row, "grant_id") for row in descriptions],
        "initiative_links": [
            _link(package, link, site_url) for link in package.initiative_links_of_grant.get(key, ())
        ],
        "source_notes": [
            package.by_column(note) for note in package.notes_of((grant.source_id, line) for line in lines)
        ],
        "url": addresses.public(addresses.grant(key), site_url),
    }
    return known(package, found)


def _link(package: Edition, link: InitiativeGrant, site_url: str) -> dict[str, Any]:
    key = link.initiative_id
    edition = reports_compared.latest_with(package, "initiative", key)
    return {
        **package.by_column(link, "grant_id"),
        "initiative_name": edition.initiative[key].name,
        "url": addresses.public(addresses.initiative(key), site_url),
    }
