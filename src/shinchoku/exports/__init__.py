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
``data/initiatives-SHA256SUMS`` of the files of each initiative
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
``initiatives/{id}/data.json``  one initiative, a line for each key; keys: ``initiatives.detail``
``initiatives/{id}/data.csv``   one initiative as a long table for spreadsheets, with a byte order mark;
                                columns: ``initiatives.csv_columns``

All are the same bytes for the same package, so a file is written only when it
changes; each is written as soon as it is made, and no more kept of it than ``index`` and sums say.
Must not know the site generator.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

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
from shinchoku.exports.index import Download, Made, index, made
from shinchoku.package import dictionary, reprint
from shinchoku.package.descriptor import PackageError
from shinchoku.package.editions import Edition
from shinchoku.package.releases import checksums_of, release_files
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
    INDEX: "ここにある全てのファイルの大きさ・行数・SHA-256・日付と、利用条件",
    ".schema.json": "JSONの項目の定義（JSON Schema）",
    "listings-printed.csv": "最新の報告の表を、資料の順に1行ずつ",
    "revisions.csv": "後の報告で違っている値（このサイトの計算。1つもなければ行がない）",
    ".xlsx": "全ての表を1つにした、表計算ソフトのためのファイル",
    ".sqlite": "全ての表を1つにしたSQLiteのデータベース。最新の報告だけを見る current_ で始まるビューつき",
    ".zip": "パッケージ全体を1つにまとめたもの",
    catalogue.CATALOGUE: "データカタログのための説明（DCAT）",
    LICENCE: "利用条件",
    f"initiatives-{CHECKSUMS}": "事業ごとのファイル（initiatives/（事業ID）/ の data.json と data.csv）のSHA-256",
    CHECKSUMS: f"ほかの全てのファイルのSHA-256（sha256sum -c {CHECKSUMS} で確かめられる）",
}


def write_exports(package: Edition, package_dir: Path, out: Path, site_url: str = "") -> list[str]:
    """Write every export below ``out``; returns their paths relative to it.

    Raises ``PackageError`` where a name or id of the package would make a file anywhere else.
    """
    folder = _Folder(out, dictionary.of_the_plan(package.descriptor))
    folder.put(addresses.FEED, feed.encode(package, site_url), "変更の記録（Atom）")
    of_initiatives = {
        path: folder.write(path, content)
        for key in reports_compared.all_with(package, "initiative")
        for path, content in of_initiative(package, key, site_url).items()
    }
    sums = checksums_of({f"../{path}": item.sha256 for path, item in of_initiatives.items()})
    folder.put(f"{addresses.DATA}initiatives-{CHECKSUMS}", sums)
    described = _put_tables(folder, package, package_dir, site_url)
    _put_listings(folder, package)
    _put_arrays(folder, package, site_url)
    _put_words(folder, package, described, site_url)
    _put_releases(folder, package, package_dir)
    folder.put(f"{addresses.DATA}{INDEX}", json_text.encode(index(package, folder.downloads, site_url)))
    hashes = {path: item.made.sha256 for path, item in folder.data().items()}
    folder.write(f"{addresses.DATA}{CHECKSUMS}", checksums_of(hashes))
    return folder.written


def of_initiative(package: Edition, initiative_id: str, site_url: str = "") -> dict[str, bytes]:
    """Path → content of the files of one initiative of any report; hangs on nothing that is written elsewhere."""
    edition = reports_compared.latest_with(package, "initiative", initiative_id)
    initiative = edition.initiative[initiative_id]
    columns, rows = initiatives.csv_columns(package), initiatives.csv_rows(edition, initiative, site_url)
    folder = addresses.initiative(initiative_id)
    return {
        f"{folder}data.json": json_text.encode_lines(initiatives.detail(edition, initiative, site_url)),
        # Excel takes a file for UTF-8 only if it begins with a byte order mark.
        f"{folder}data.csv": codecs.BOM_UTF8 + csv_bytes(columns, rows),
    }


class _Folder:
    """Where files are written, and what is kept of them."""

    def __init__(self, out: Path, called: Mapping[str, str]) -> None:
        self._out = out
        self._held = {ending: text.format_map(called) for ending, text in _HELD.items()}
        self.written: list[str] = []
        self.downloads: dict[str, Download] = {}

    def write(self, path: str, content: bytes, rows: int | None = None) -> Made:
        if not _PLAIN_PATH.fullmatch(path):
            raise PackageError(f"「{path}」はファイルの名前にできません（半角の英数字と . _ - だけです）。")
        files.write_if_changed(self._out / path, content)
        self.written.append(path)
        return made(content, rows)

    def put(
        self, path: str, content: bytes, title: str = "", rows: int | None = None, schema: str = ""
    ) -> None:
        """Write a file that is listed, also under its title."""
        self.downloads[path] = Download(self.write(path, content, rows), title or self.held(path), schema)

    def held(self, path: str) -> str:
        return next(text for ending, text in self._held.items() if path.endswith(ending))

    def data(self) -> dict[str, Download]:
        """Path in ``data/`` → what is there."""
        found = self.downloads.items()
        return {bundle.below(path, DATA): item for path, item in found if path.startswith(addresses.DATA)}


def _put_tables(folder: _Folder, package: Edition, package_dir: Path, site_url: str) -> dict[str, Any]:
    """The tables and documents, and what holds all of them; returns the descriptor of the folder."""
    name = package.descriptor["name"]
    homepage = addresses.public(addresses.HOME, site_url) if site_url else ""
    published = bundle.published(package, package_dir, site_url)
    tables = published.values()
    titles = bundle.held(package, tables)
    for table in tables:
        path = table.resource["path"]
        folder.put(path, table.content, titles[path], len(table.rows))
    for path, content in bundle.document_files(package, package_dir).items():
        folder.put(path, content, titles[path])
    described = bundle.descriptor(package, tables, homepage, DATA)
    whole = f"{addresses.DATA}{name}"
    folder.put(f"{addresses.DATA}{DESCRIPTOR}", json_text.encode(described))
    folder.put(f"{whole}.xlsx", workbook.encode(package, published, homepage))
    folder.put(f"{whole}.sqlite", database.of_package(package, tables, homepage))
    folder.put(f"{whole}.zip", bundle.archive(package, package_dir))
    return described


def _put_listings(folder: _Folder, package: Edition) -> None:
    """Every report as it was printed, the newest also under a name of its own, and what differs between them."""
    begin = f"{addresses.DATA}listings-printed"
    content, rows = b"", []
    reports = [(year, source) for year in package.report_years for source in package.reports_of(year)]
    for year, source in reports:
        columns = reprint.printed_columns(package, source.source_id)
        rows = [[row[name] for name in columns] for row in reprint.printed_rows(package, source.source_id)]
        content = csv_bytes(columns, rows)
        title = f"{fiscal_year.era(year)}の報告の表を、資料の順に1行ずつ"
        folder.put(f"{begin}-{source.source_id}.csv", content, title, len(rows))
    if content:
        folder.put(f"{begin}.csv", content, rows=len(rows))
    rows = list(reports_compared.revision_rows(package))
    content = csv_bytes(reports_compared.REVISION_COLUMNS, rows)
    folder.put(f"{addresses.DATA}revisions.csv", content, rows=len(rows))


def _put_arrays(folder: _Folder, package: Edition, site_url: str) -> None:
    """The JSON files with an element for each of something."""

    def put(name: str, make: Callable[..., Any], of: Collection[tuple[Any, ...]]) -> None:
        content = json_text.encode_lines(make(*each, site_url) for each in of)
        folder.put(f"{addresses.DATA}{name}.json", content, rows=len(of), schema=name)

    every = reports_compared.all_with(package, "initiative").items()
    put("initiatives", initiatives.summary, [(edition, edition.initiative[key]) for key, edition in every])
    put("areas", areas.element, reports_compared.all_areas(package))
    if "grants" in package.places:
        put("grants", grants.element, [(package, item) for item in package.grants])


def _put_words(folder: _Folder, package: Edition, described: Mapping[str, Any], site_url: str) -> None:
    """What all of this is, for programs, catalogues and people."""
    homepage = addresses.public(addresses.HOME, site_url) if site_url else ""
    for name, schema in json_schemas.schemas(package, site_url).items():
        folder.put(addresses.json_schema(name), json_text.encode(schema))
    folder.put(f"{addresses.DATA}{LICENCE}", terms.licence(package).encode("utf-8"))
    made_of = {path: item.made for path, item in folder.data().items()}
    catalog = catalogue.catalog(package, described, made_of, site_url)
    folder.put(f"{addresses.DATA}{catalogue.CATALOGUE}", catalog)
    held = {path: item.title for path, item in folder.data().items()}
    held |= {name: folder.held(name) for name in (INDEX, CHECKSUMS)}
    if package.releases:
        held[f"{RELEASES}/"] = "これまでに出した版（出したときのまま変わらない）"
    readme = terms.readme(package, homepage, dict(sorted(held.items())))
    folder.put(f"{addresses.DATA}README.txt", readme.encode("utf-8"), "説明と利用条件（日本語と英語）")


def _put_releases(folder: _Folder, package: Edition, package_dir: Path) -> None:
    for release in package.releases:
        for name, content in release_files(package_dir, release).items():
            title = f"版 {release.version}（出したときのまま変わらない）"
            folder.put(addresses.release_file(release.version, name), content, title)
