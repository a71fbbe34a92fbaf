"""The SQLite database: as the CSVs have it, its keys enforced, its views those of the newest edition."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest

from shinchoku.exports import bundle, database
from shinchoku.package.cells import PARSERS
from shinchoku.package.descriptor import TabularResource, fields, resources
from shinchoku.package.editions import OF_ONE_REPORT, STATED_AGAIN
from two_reports import two_reports


def opened(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


@pytest.fixture(scope="module", params=["one report", "two reports"])
def published(request):
    """An edition, and its database with foreign keys on."""
    package = request.getfixturevalue("package") if request.param == "one report" else two_reports().newest
    content = database.of_package(package, list(bundle.tables(package)), "https://data.example/")
    with closing(opened(content)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield package, connection


def _value(value):
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _rows(records, names):
    return Counter(tuple(_value(getattr(row, name)) for name in names) for row in records)


def test_its_keys_hold_and_ids_lead_to_names(published):
    _, connection = published
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for table, column, named in [
        ("observations", "indicator_id", "indicator_ids"),
        ("observations", "source_id", "sources"),
        ("listings", "initiative_id", "initiative_ids"),
        ("listings", "policy_id", "policy_ids"),
        ("policies", "parent_policy_id", "policy_ids"),
        ("initiatives_wide_rows", "initiative_id", "initiative_ids"),
        ("initiatives_wide_by_indicator_position", "indicator_id", "indicator_ids"),
        ("initiatives_newest", "area_id", "policy_ids"),
    ]:
        links = connection.execute(
            f'SELECT "from", "table", id FROM pragma_foreign_key_list(\'{table}\')'
        ).fetchall()
        assert [key for source, target, key in links if (source, target) == (column, named)], (table, column)


def test_the_current_views_are_what_the_newest_edition_holds(published):
    package, connection = published
    declared = resources(package.descriptor)
    for name in declared.keys() & {*OF_ONE_REPORT, *STATED_AGAIN}:
        found = connection.execute(f"SELECT * FROM current_{name}")
        names = tuple(fields(declared[name]))
        assert tuple(each[0] for each in found.description) == names
        assert Counter(found) == _rows(getattr(package, name), names), name


def test_the_file_alone_says_where_it_is_from_and_on_what_terms(published):
    package, connection = published
    about = dict(connection.execute("SELECT item, text FROM about"))
    assert about["version"] == package.descriptor["version"]
    assert about["homepage"] == "https://data.example/"
    for source in package.sources:
        assert source.terms in about["licence"] and source.title in about["citation"]
    said = "SELECT label FROM about_codes WHERE (table_name, column_name, code) = ('observations', 'status', 'pending')"
    assert connection.execute(said).fetchall() == [("報告の時点で集計中",)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE observations SET status = 'nonsense'",
        "UPDATE initiatives SET initiative_id = 'nowhere'",
        "UPDATE listings SET is_relisted = 2",
        "UPDATE initiatives SET name = NULL",
        "INSERT INTO sources SELECT * FROM sources",
    ],
)
def test_the_database_refuses_what_the_schema_forbids(published, statement):
    with pytest.raises(sqlite3.IntegrityError):
        published[1].execute(statement)


def test_hostile_names_and_texts_stay_names_and_texts():
    hostile = """a"b'c\n); DROP TABLE "t"; --"""
    schema = {
        "fields": [
            {"name": hostile, "type": "string", "title": hostile, "constraints": {"enum": [hostile]}},
        ],
        "primaryKey": hostile,
    }
    table = TabularResource({"name": hostile, "title": hostile, "schema": schema}, [[hostile]])
    with closing(opened(database.encode([table], {}))) as connection:
        ((name,),) = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        assert name == hostile
        quoted = name.replace('"', '""')
        assert connection.execute(f'SELECT * FROM "{quoted}"').fetchall() == [(hostile,)]


def test_the_same_tables_give_the_same_bytes_and_they_do_not_tell_the_library(package):
    tables = list(bundle.tables(package))
    content = database.of_package(package, tables, "")
    assert content == database.of_package(package, tables, "")
    version, written = sqlite3.sqlite_version_info, int.from_bytes(content[96:100], "big")
    assert written != version[0] * 1_000_000 + version[1] * 1000 + version[2]


def test_the_published_database_is_the_published_tables(downloads):
    (path,) = downloads.glob("data/*.sqlite")
    assert path.stat().st_size < 1_000_000
    with closing(sqlite3.connect(path)) as connection:
        descriptor = json.loads((downloads / "data/datapackage.json").read_text(encoding="utf-8"))
        assert {"initiatives_wide", "changes"} < resources(descriptor).keys()
        for name, resource in resources(descriptor).items():
            parsers = [PARSERS[field["type"]] for field in fields(resource).values()]
            with (downloads / "data" / resource["path"]).open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            cells = [
                tuple(_value(parse(cell)) if cell else None for parse, cell in zip(parsers, row, strict=True))
                for row in rows
            ]
            found = connection.execute(f"SELECT * FROM {name}")
            assert [each[0] for each in found.description] == header
            assert found.fetchall() == cells, name
