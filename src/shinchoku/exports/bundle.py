"""The package as files: in its own layout inside a zip, and flat in the folder ``data/`` of the site.

View, documents and the glossary are taken from the package folder byte for byte; only the
descriptor is adapted (``descriptor``).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shinchoku.exports import json_text, terms
from shinchoku.files import read
from shinchoku.package import dictionary
from shinchoku.package.descriptor import resources
from shinchoku.package.editions import View
from shinchoku.package.records import LOG
from shinchoku.package.writing import table_bytes
from shinchoku.paths import DESCRIPTOR, GLOSSARY

#: The first moment a zip can name; a real one would make every build different.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def table_files(package: View, package_dir: Path) -> dict[str, bytes]:
    """Path of every table in the package → its bytes; the log, which is in no folder, as it was computed."""
    return {
        resource["path"]: table_bytes(package.package.changes, resource)
        if name == LOG
        else read(package_dir / resource["path"])
        for name, resource in resources(package.descriptor).items()
    }


def document_files(package: View, package_dir: Path) -> dict[str, bytes]:
    """Path of every source document in the package, and of its glossary → its bytes."""
    paths = [source.file for source in package.sources] + [GLOSSARY] * bool(package.glossary)
    return {path: read(package_dir / path) for path in paths}


def held(package: View) -> dict[str, str]:
    """Path of every table, document and glossary in the package → what it holds, for a README."""
    tables = {table.path: f"{table.title}（{table.row_count}行）" for table in dictionary.tables(package)}
    documents = {source.file: f"原資料の文字「{source.title}」" for source in package.sources}
    glossary = (
        {GLOSSARY: f"用語の説明（{len(package.glossary)}語。このサイトの説明）"} if package.glossary else {}
    )
    return tables | documents | glossary


def below(path: str, folder: str) -> str:
    """A path of the package as seen from one of its folders; anything else stays as it is."""
    return path.removeprefix(f"{folder}/")


def descriptor(package: View, tables: Mapping[str, bytes], homepage: str, folder: str = "") -> dict[str, Any]:
    """``datapackage.json`` for ``folder``: homepage where known, size and hash of each table."""
    published = {**package.descriptor}
    if homepage:
        published["homepage"] = homepage
    published["sources"] = [
        {**source, "path": below(source["path"], folder)} for source in package.descriptor["sources"]
    ]
    published["resources"] = [
        {
            **resource,
            "path": below(resource["path"], folder),
            "bytes": len(tables[resource["path"]]),
            "hash": f"sha256:{hashlib.sha256(tables[resource['path']]).hexdigest()}",
        }
        for resource in package.descriptor["resources"]
    ]
    return published


def archive(package: View, package_dir: Path) -> bytes:
    """The zip of a version: the same wherever its site stands."""
    return encode(
        package, table_files(package, package_dir), document_files(package, package_dir), homepage=""
    )


def encode(
    package: View, tables: Mapping[str, bytes], documents: Mapping[str, bytes], homepage: str
) -> bytes:
    """The zip: a package folder that can be read, validated and built as it is."""
    files = {
        DESCRIPTOR: json_text.encode(descriptor(package, tables, homepage)),
        "README.txt": terms.readme(package, homepage, held(package)).encode("utf-8"),
        "LICENSE.txt": terms.licence(package).encode("utf-8"),
        **tables,
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
