"""The package as files: in its own layout inside a zip, and flat in the folder ``data/`` of the site.

Tables, documents and the glossary are taken from the package folder byte for byte; what is computed comes
beside them (``published``), and the descriptor is adapted (``descriptor``).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from shinchoku import addresses, derived
from shinchoku.changes.log import with_log
from shinchoku.exports import catalogue, json_text, terms
from shinchoku.files import read
from shinchoku.package.descriptor import IDENTITIES, TabularResource, fields, identities, resources
from shinchoku.package.editions import Edition, View
from shinchoku.package.reading import read_package
from shinchoku.package.records import LOG
from shinchoku.package.releases import base_version, checksums, release_files
from shinchoku.package.writing import csv_bytes
from shinchoku.paths import CITATION, DESCRIPTOR, GLOSSARY, LAYOUTS, LICENCE

#: The first moment a zip can name; a real one would make every build different.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)

#: The tables most people come for: shown before the others.
FIRST = ("initiatives_wide", "initiatives_newest")


@dataclass(frozen=True, slots=True)
class Published(TabularResource):
    """A table as it is published, with its CSV."""

    content: bytes


def tables(package: View, site_url: str = "") -> Iterator[TabularResource]:
    """Every table in published order: those of the package, the log, those made of them."""
    for name, resource in resources(package.descriptor).items():
        rows = tuple(map(attrgetter(*fields(resource)), getattr(package.package, name)))
        yield TabularResource(_with_identities(resource), rows)
    for made in derived.tables(package.newest, site_url).values():
        yield TabularResource(_with_identities(made.resource), made.rows)


def published(package: View, package_dir: Path, site_url: str = "") -> dict[str, Published]:
    """Name → table, in published order."""
    kept = resources(package.descriptor).keys() - {LOG}  # the others are computed, and in no folder
    found = {}
    for table in tables(package, site_url):
        path, columns = package_dir / table.resource["path"], fields(table.resource)
        content = read(path) if table.name in kept else csv_bytes(columns, table.rows)
        found[table.name] = Published(table.resource, table.rows, content)
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
    paths = [source.file for source in package.sources if source.file] + [GLOSSARY] * bool(package.glossary)
    return {path: read(package_dir / path) for path in paths}


def held(package: View, published: Iterable[Published]) -> dict[str, str]:
    """Path of every table, document and glossary in the package → what it holds, for a README."""
    tables = {
        table.resource["path"]: f"{table.resource['title']}（{len(table.rows)}行）" for table in published
    }
    documents = {source.file: f"原資料の文字「{source.title}」" for source in package.sources if source.file}
    glossary = (
        {GLOSSARY: f"用語の説明（{len(package.glossary)}語。このサイトの説明）"} if package.glossary else {}
    )
    return tables | documents | glossary


def below(path: str, folder: str) -> str:
    """A path of the package as seen from one of its folders; anything else stays as it is."""
    return path.removeprefix(f"{folder}/")


def descriptor(package: View, tables: Iterable[Published], homepage: str, folder: str = "") -> dict[str, Any]:
    """``datapackage.json`` for ``folder``: homepage where known, terms of the documents, size and hash of each table."""
    described = {**package.descriptor}
    if homepage:
        described["homepage"] = homepage
    described["licenses"] = [
        item if addresses.is_on_the_web(item["path"]) else {**item, "path": LICENCE}
        for item in package.descriptor["licenses"]
    ]
    stated = {source.file: {"author": source.publisher, "terms": source.terms} for source in package.sources}
    described["sources"] = [
        {**source, "path": below(source["path"], folder), **stated.get(source["path"], {})}
        for source in package.descriptor["sources"]
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


# -- the zip: a package folder that can be read, validated and built as it is -------


def as_published(package_dir: Path) -> Edition:
    """The newest edition of the package in a folder, as a site publishes it. Raises ``PackageError``.

    It has its log, and a version that no other content has: that of the newest release where it is what the
    release holds, else that with a hash of the content behind it.
    """
    package = with_log(read_package(package_dir), package_dir)
    described = {**package.descriptor, "version": base_version(package.descriptor["version"])}
    package = replace(package, descriptor=described)
    held = _contents(package, package_dir)
    if _released(package, package_dir, held) is None:
        content = hashlib.sha256(checksums(held)).hexdigest()[:8]
        # In place: what was joined for the hash depends on no version, and the pages need it again.
        described["version"] += f"+{content}"
    return package.newest


def archive(package: View, package_dir: Path) -> bytes:
    """The zip of a package: the same wherever its site stands, and that of the release where it holds the same."""
    held = _contents(package, package_dir)
    return _released(package, package_dir, held) or _zipped(held)


def _released(package: View, package_dir: Path, held: Mapping[str, bytes]) -> bytes | None:
    """The archive of the release that a package is called after, if its files are these."""
    for release in package.releases:
        if release.version == package.descriptor["version"]:
            content = release_files(package_dir, release)[release.archive]
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if {name: archive.read(name) for name in archive.namelist()} == held:
                    return content
    return None


def _contents(package: View, package_dir: Path) -> dict[str, bytes]:
    """Path → content of what the zip holds."""
    tables = published(package, package_dir).values()
    texts = {LICENCE: terms.licence(package), CITATION: catalogue.citation_file(package)}
    # Only for the check of an unpacked package, which holds the tables against the documents.
    forms = {
        path.relative_to(package_dir).as_posix(): read(path) for path in package_dir.glob(f"{LAYOUTS}/*.yml")
    }
    listed = held(package, tables) | {LICENCE: "利用条件", CITATION: "引用のしかた（Citation File Format）"}
    listed |= dict.fromkeys(forms, "原資料の文字の形（検査と取り込みが読む）")
    return {
        DESCRIPTOR: json_text.encode(descriptor(package, tables, homepage="")),
        "README.txt": terms.readme(package, "", dict(sorted(listed.items()))).encode("utf-8"),
        **{name: text.encode("utf-8") for name, text in texts.items()},
        **{table.resource["path"]: table.content for table in tables},
        **document_files(package, package_dir),
        **forms,
    }


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix everywhere, so that the bytes do not tell the machine
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
