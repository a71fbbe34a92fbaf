"""The package as files: in its own layout inside a zip, and flat in the folder ``data/`` of the site.

Tables, documents and the glossary are taken from the package folder byte for byte; what is computed comes
beside them (``published``), and the descriptor is adapted (``descriptor``).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shinchoku import derived
from shinchoku.exports import json_text, terms
from shinchoku.files import read
from shinchoku.package.descriptor import IDENTITIES, fields, identities, resources
from shinchoku.package.editions import View
from shinchoku.package.records import LOG
from shinchoku.package.writing import csv_bytes
from shinchoku.paths import DESCRIPTOR, GLOSSARY

#: The first moment a zip can name; a real one would make every build different.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


#: The tables most people come for: shown before the others.
FIRST = ("initiatives_wide", "initiatives_newest")
#: Values in the order of the columns.
Rows = tuple[tuple[Any, ...], ...]


class Published(NamedTuple):
    """A table as it is published: as the descriptor has it, its rows, its CSV."""

    resource: Mapping[str, Any]
    rows: Rows
    content: bytes


def tables(package: View, site_url: str = "") -> Iterator[tuple[Mapping[str, Any], Rows]]:
    """Every table in published order, as the descriptor has it, and its rows: those of the package, the log, those made of them."""
    for name, resource in resources(package.descriptor).items():
        columns = tuple(fields(resource))
        records = getattr(package.package, name)
        rows = tuple(tuple(getattr(record, column) for column in columns) for record in records)
        yield _with_identities(resource), rows
    for made in derived.tables(package.newest, site_url).values():
        yield _with_identities(made.resource), made.rows


def published(package: View, package_dir: Path, site_url: str = "") -> dict[str, Published]:
    """Name → table, in published order."""
    kept = resources(package.descriptor).keys() - {LOG}  # the others are computed, and in no folder
    found = {}
    for resource, rows in tables(package, site_url):
        is_kept = resource["name"] in kept
        content = read(package_dir / resource["path"]) if is_kept else csv_bytes(fields(resource), rows)
        found[resource["name"]] = Published(resource, rows, content)
    return found


def _with_identities(resource: Mapping[str, Any]) -> dict[str, Any]:
    """With a foreign key to its identity table for each id that is no part of another foreign key."""
    ids = [
        {"fields": column, "reference": {"resource": table, "fields": IDENTITIES[table][1]}}
        for column, table in identities(resource).items()
    ]
    keys = [*resource["schema"].get("foreignKeys", ()), *ids]
    return {**resource, "schema": {**resource["schema"], **({"foreignKeys": keys} if keys else {})}}


def document_files(package: View, package_dir: Path) -> dict[str, bytes]:
    """Path of every source document in the package, and of its glossary → its bytes."""
    paths = [source.file for source in package.sources] + [GLOSSARY] * bool(package.glossary)
    return {path: read(package_dir / path) for path in paths}


def held(package: View, published: Iterable[Published]) -> dict[str, str]:
    """Path of every table, document and glossary in the package → what it holds, for a README."""
    tables = {
        table.resource["path"]: f"{table.resource['title']}（{len(table.rows)}行）" for table in published
    }
    documents = {source.file: f"原資料の文字「{source.title}」" for source in package.sources}
    glossary = (
        {GLOSSARY: f"用語の説明（{len(package.glossary)}語。このサイトの説明）"} if package.glossary else {}
    )
    return tables | documents | glossary


def below(path: str, folder: str) -> str:
    """A path of the package as seen from one of its folders; anything else stays as it is."""
    return path.removeprefix(f"{folder}/")


def descriptor(package: View, tables: Iterable[Published], homepage: str, folder: str = "") -> dict[str, Any]:
    """``datapackage.json`` for ``folder``: homepage where known, size and hash of each table."""
    described = {**package.descriptor}
    if homepage:
        described["homepage"] = homepage
    described["sources"] = [
        {**source, "path": below(source["path"], folder)} for source in package.descriptor["sources"]
    ]
    described["resources"] = [
        {
            **table.resource,
            "path": below(table.resource["path"], folder),
            "bytes": len(table.content),
            "hash": f"sha256:{hashlib.sha256(table.content).hexdigest()}",
        }
        for table in tables
    ]
    return described


def archive(package: View, package_dir: Path) -> bytes:
    """The zip of a version: the same wherever its site stands."""
    tables = published(package, package_dir).values()
    return encode(package, tables, document_files(package, package_dir), homepage="")


def encode(
    package: View, tables: Collection[Published], documents: Mapping[str, bytes], homepage: str
) -> bytes:
    """The zip: a package folder that can be read, validated and built as it is."""
    files = {
        DESCRIPTOR: json_text.encode(descriptor(package, tables, homepage)),
        "README.txt": terms.readme(package, homepage, held(package, tables)).encode("utf-8"),
        "LICENSE.txt": terms.licence(package).encode("utf-8"),
        **{table.resource["path"]: table.content for table in tables},
        **documents,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix everywhere, so that the bytes do not tell the machine
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
