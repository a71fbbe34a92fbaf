"""``data/index.json``: every file that can be taken, how to tell that it came whole, and on what terms it is given.

What holds for all files, and is long, stands here once and in no file that has many elements.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from shinchoku import addresses
from shinchoku.exports import terms
from shinchoku.exports.keys import known
from shinchoku.package.editions import Edition

#: End of a path → media type. Those of the machine are not asked, for they differ.
_MEDIA_TYPES = {
    ".schema.json": "application/schema+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".txt": "text/plain",
    "SHA256SUMS": "text/plain",
    ".yml": "application/yaml",
    ".cff": "application/yaml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".sqlite": "application/vnd.sqlite3",
    ".atom": "application/atom+xml",
}


class Made(NamedTuple):
    """What is kept of a file that was made: its size and hash, and the rows of a table or elements of an array."""

    bytes: int
    sha256: str
    rows: int | None = None


class Download(NamedTuple):
    """A file of the site, what it holds, and the name of its JSON Schema (empty: it has none)."""

    made: Made
    title: str
    schema: str = ""


def made(content: bytes, rows: int | None = None) -> Made:
    """What is kept of a file with this content."""
    return Made(len(content), hashlib.sha256(content).hexdigest(), rows)


def index(package: Edition, downloads: Mapping[str, Download], site_url: str = "") -> dict[str, Any]:
    """The content of ``data/index.json``; ``downloads`` is path → file."""
    descriptor = package.descriptor
    homepage = addresses.public(addresses.HOME, site_url)
    found = {
        "name": descriptor["name"],
        "title": descriptor["title"],
        "title_en": descriptor["title_en"],
        "version": descriptor["version"],
        "date": descriptor["created"][:10],
        "url": homepage,
        "citation": terms.citation(package, homepage if site_url else "", package.sources),
        "licence": terms.licence(package),
        "calculation_note": terms.calculation_note(package),
        "grant_links_note": terms.grant_links_note(package),
        "disruption_note": terms.disruption_note(package) or None,
        "files": [_entry(package, path, item, site_url) for path, item in sorted(downloads.items())],
    }
    return known(package, found)


def _entry(package: Edition, path: str, item: Download, site_url: str) -> dict[str, Any]:
    return {
        "path": path,
        "url": addresses.public(path, site_url),
        "title": item.title,
        "mediatype": media_type(path),
        "schema": addresses.json_schema(item.schema) if item.schema else None,
        "bytes": item.made.bytes,
        "rows": item.made.rows,
        "sha256": item.made.sha256,
        "date": _date(package, path),
    }


def media_type(path: str) -> str:
    """What a file is, by its name."""
    found = (kind for ending, kind in _MEDIA_TYPES.items() if path.endswith(ending))
    return next(found, "application/octet-stream")


def _date(package: Edition, path: str) -> str:
    """That of the version a file is of."""
    for release in package.releases:
        if path.startswith(addresses.release_file(release.version, "")):
            return release.released_on.isoformat()
    return str(package.descriptor["created"][:10])
