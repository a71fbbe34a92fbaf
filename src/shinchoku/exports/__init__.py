"""Every file the site offers for download. What each one holds:

``data/{table}.csv``            the tables, byte for byte as in the package, and the computed ``changes``; columns in ``datapackage.json``
``data/{derived}.csv``          the tables made of them, also in ``datapackage.json``: ``derived``
``data/datapackage.json``       the descriptor for this folder: paths without ``data/``, ``bytes`` and
                                ``hash`` of every table, ``homepage`` where the public address is known
``data/sources/*.txt``          the source documents as text
``data/glossary.yml``           what words mean, where the package has a glossary
``data/listings-printed.csv``   the newest report's printed table, one row a printed row; columns: ``reprint``
``data/listings-printed-{source_id}.csv``  the same of every report
``data/revisions.csv``          values that a later report prints otherwise; columns: ``reports_compared``
``data/initiatives.json``       the initiatives of all reports, one element each; keys: ``initiatives.summary``
``data/grants.json``            the granted projects, where a package has a place for them; keys: ``grants.element``
``data/areas.json``             the areas of all reports, counted in two ways; keys: ``areas.element``
``data/index.json``             every file here with size, rows, hash and date, and the terms: ``index``
``data/schemas/*.schema.json``  what the JSON files hold, strictly: ``json_schemas``
``data/{package}.xlsx``         all tables as one workbook, a sheet each, with a README and what the columns are
``data/{package}.sqlite``       all tables as a database, with views of the newest report: ``database``
``data/{package}.zip``          the package in its own layout, README.txt, LICENSE.txt, CITATION.cff; the newest release's where it is that
``data/catalog.jsonld``         the package and its tables for catalogues of data: ``catalogue.catalog``
``data/LICENSE.txt``            the terms of what is quoted, and of the rest; Japanese and English
``data/README.txt``             what it is, terms, attribution, citation, files; Japanese and English
``data/releases/{version}/``    the published versions as they were: the zip, ``release.json``, ``SHA256SUMS``
``data/SHA256SUMS``             of every other file in ``data/``
``changes/feed.atom``            the changes of the data and its versions, for feed readers: ``feed``
``initiatives/{id}/data.json``  one initiative; keys: ``initiatives.detail``
``initiatives/{id}/data.csv``   one initiative as a long table for spreadsheets, with a byte order mark;
                                columns: ``initiatives.csv_columns``

All are the same bytes for the same package, so a file is written only when it
changes. Must not know the site generator.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from shinchoku import addresses, files, fiscal_year, reports_compared
from shinchoku.changes import feed
from shinchoku.exports import (
    areas,
    bundle,
    catalogue,
    database,
    grants,
    initiatives,
    json_schemas,
    json_text,
    terms,
    workbook,
)
from shinchoku.exports.index import Download, index
from shinchoku.package import dictionary, reprint
from shinchoku.package.descriptor import PackageError
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Source
from shinchoku.package.releases import checksums, release_files
from shinchoku.package.writing import csv_bytes
from shinchoku.paths import CHECKSUMS, DATA, DESCRIPTOR, LICENCE, RELEASES

INDEX = "index.json"

#: Names of files and folders that lead nowhere else and hide nothing.
_PLAIN_PATH = re.compile(r"(?:(?!\.)[A-Za-z0-9._-]+/)*(?!\.)[A-Za-z0-9._-]+")

#: End of a path → what such a file holds, for the README; the tables say it themselves.
_HELD = {
    "datapackage.json": "全ての表と列の意味・型・単位・とりうる値（Data Package v2）",
    "initiatives.json": "全ての事業。指標、実績と目標、このサイトの計算を含む",
    "grants.json": "全ての交付金事業。制度、説明、関係がありそうな事業を含む",
    "areas.json": "全ての{areas}。そこにある事業を2通りに数えたもの",
    "index.json": "ここにある全てのファイルの大きさ・行数・SHA-256・日付と、利用条件",
    ".schema.json": "JSONの項目の定義（JSON Schema）",
    "listings-printed.csv": "最新の報告の表を、資料の順に1行ずつ",
    "revisions.csv": "後の報告で違っている値（このサイトの計算。1つもなければ行がない）",
    ".xlsx": "全ての表を1つにした、表計算ソフトのためのファイル",
    ".sqlite": "全ての表を1つにしたSQLiteのデータベース。最新の報告だけを見る current_ で始まるビューつき",
    ".zip": "パッケージ全体を1つにまとめたもの",
    catalogue.CATALOGUE: "データカタログのための説明（DCAT）",
    LICENCE: "利用条件",
    CHECKSUMS: f"ほかの全てのファイルのSHA-256（sha256sum -c {CHECKSUMS} で確かめられる）",
}


def write_exports(package: Edition, package_dir: Path, out: Path, site_url: str = "") -> list[str]:
    """Write every export below ``out``; returns their paths relative to it.

    Raises ``PackageError`` where a name or id of the package would make a file anywhere else.
    """
    written = []
    for path, content in _files(package, package_dir, site_url):
        if not _PLAIN_PATH.fullmatch(path):
            raise PackageError(f"「{path}」はファイルの名前にできません（半角の英数字と . _ - だけです）。")
        files.write_if_changed(out / path, content)
        written.append(path)
    return written


def _files(package: Edition, package_dir: Path, site_url: str) -> Iterator[tuple[str, bytes]]:
    downloads = _data_folder(package, package_dir, site_url)
    downloads[addresses.FEED] = Download(feed.encode(package, site_url), "変更の記録（Atom）")
    for edition, initiative in _initiatives(package):
        folder = addresses.initiative(initiative.initiative_id)
        detail = json_text.encode(initiatives.detail(edition, initiative, site_url))
        downloads[f"{folder}data.json"] = Download(detail, f"{initiative.name}（JSON）", "initiative")
        # Excel takes a file for UTF-8 only if it begins with a byte order mark.
        columns, rows = initiatives.csv_columns(package), initiatives.csv_rows(edition, initiative)
        table = codecs.BOM_UTF8 + csv_bytes(columns, rows)
        downloads[f"{folder}data.csv"] = Download(table, f"{initiative.name}（CSV）")
    files = {path: item.content for path, item in downloads.items()}
    files[f"{addresses.DATA}{INDEX}"] = json_text.encode(index(package, downloads, site_url))
    yield from files.items()
    data = {bundle.below(path, DATA): item for path, item in files.items() if path.startswith(addresses.DATA)}
    yield f"{addresses.DATA}{CHECKSUMS}", checksums(data)


def _data_folder(package: Edition, package_dir: Path, site_url: str) -> dict[str, Download]:
    """The files in ``data/`` but those that list them all."""
    name = package.descriptor["name"]
    homepage = addresses.public(addresses.HOME, site_url) if site_url else ""
    published = bundle.published(package, package_dir, site_url)
    tables = published.values()
    documents = bundle.document_files(package, package_dir)
    contents = {table.resource["path"]: table.content for table in tables} | documents
    files = {bundle.below(path, DATA): content for path, content in contents.items()}
    files[DESCRIPTOR] = json_text.encode(bundle.descriptor(package, tables, homepage, DATA))
    files |= _printed_listings(package)
    files["revisions.csv"] = csv_bytes(
        reports_compared.REVISION_COLUMNS, reports_compared.revision_rows(package)
    )
    arrays = {
        "initiatives": [initiatives.summary(*each, site_url) for each in _initiatives(package)],
        "areas": [areas.element(*each, site_url) for each in reports_compared.all_areas(package)],
    }
    if "grants" in package.places:
        arrays["grants"] = [grants.element(package, item, site_url) for item in package.grants]
    files |= {f"{each}.json": json_text.encode_lines(elements) for each, elements in arrays.items()}
    for each, schema in json_schemas.schemas(package, site_url).items():
        files[bundle.below(addresses.json_schema(each), DATA)] = json_text.encode(schema)
    files[f"{name}.xlsx"] = workbook.encode(package, published, homepage)
    files[f"{name}.sqlite"] = database.of_package(package, tables, homepage)
    files[f"{name}.zip"] = bundle.archive(package, package_dir)
    files[LICENCE] = terms.licence(package).encode("utf-8")
    files[catalogue.CATALOGUE] = catalogue.catalog(package, files, site_url)
    held = {bundle.below(path, DATA): text for path, text in bundle.held(package, tables).items()}
    others = files.keys() | {INDEX, CHECKSUMS}
    called = dictionary.of_the_plan(package.descriptor)
    told = {ending: text.format_map(called) for ending, text in _HELD.items()}
    held |= {path: text for path in others for ending, text in told.items() if path.endswith(ending)}
    held |= {
        _of_report(source): f"{fiscal_year.era(year)}の報告の表を、資料の順に1行ずつ"
        for year in package.report_years
        for source in package.reports_of(year)
    }
    if package.releases:
        held[f"{RELEASES}/"] = "これまでに出した版（出したときのまま変わらない）"
    files["README.txt"] = terms.readme(package, homepage, dict(sorted(held.items()))).encode("utf-8")
    held["README.txt"] = "説明と利用条件（日本語と英語）"
    for release in package.releases:
        for file, content in release_files(package_dir, release).items():
            path = f"{RELEASES}/{release.version}/{file}"
            files[path], held[path] = content, f"版 {release.version}（出したときのまま変わらない）"
    described = {f"{name}.json": name for name in arrays}
    return {
        f"{addresses.DATA}{path}": Download(content, held[path], described.get(path, ""))
        for path, content in files.items()
    }


def _initiatives(package: Edition) -> Iterator[tuple[Edition, Initiative]]:
    """Every initiative of any report, with the newest edition that lists it."""
    for key, edition in reports_compared.all_with(package, "initiative").items():
        yield edition, edition.initiative[key]


def _of_report(source: Source) -> str:
    return f"listings-printed-{source.source_id}.csv"


def _printed_listings(package: Edition) -> dict[str, bytes]:
    """Every report as it was printed, the newest also under a name of its own; nothing without a report."""
    files = {}
    for source in (source for year in package.report_years for source in package.reports_of(year)):
        columns = reprint.printed_columns(package, source.source_id)
        rows = ([row[name] for name in columns] for row in reprint.printed_rows(package, source.source_id))
        files[_of_report(source)] = files["listings-printed.csv"] = csv_bytes(columns, rows)
    return files
