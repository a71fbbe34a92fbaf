"""The tables that are made of the others: what people find in them without a join, of one report and of two."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path

import frictionless
import pandas
import pytest

import builders as make
from shinchoku import derived, metrics
from shinchoku.changes.log import RESOURCE, with_log
from shinchoku.exports import bundle
from shinchoku.package.descriptor import IDENTITIES, fields, read_descriptor
from shinchoku.package.editions import Edition, Package
from shinchoku.package.reading import read_package
from two_reports import two_reports

SITE = "https://data.example/plan/"


def table(edition: Edition, name: str) -> list[dict]:
    made = derived.tables(edition, SITE)[name]
    return [dict(zip(fields(made.resource), row, strict=True)) for row in made.rows]


def row_of(edition: Edition, initiative_id: str, year: int, position: int = 1) -> dict:
    (found,) = (
        row
        for row in table(edition, "initiatives_wide")
        if (row["initiative_id"], row["indicator_position"], row["fiscal_year"])
        == (initiative_id, position, year)
    )
    return found


# -- the first version ------------------------------------------------------------------


@pytest.fixture(scope="module")
def released(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a version, unpacked."""
    folder = tmp_path_factory.mktemp("released")
    published = with_log(read_package(project), project)
    with zipfile.ZipFile(io.BytesIO(bundle.archive(published, project))) as archived:
        archived.extractall(folder)
    return folder


def test_what_was_reached_is_counted_from_the_archive_of_a_version(released):
    rows = pandas.read_csv(released / "data/initiatives-wide.csv")
    assessed = rows[(rows.indicator_position == 1) & rows.assessment.notna()]
    codes = [str(each) for each in metrics.Assessment]
    assert list(assessed.assessment.value_counts().reindex(codes, fill_value=0)) == [
        *(42, 37, 3, 1, 7, 5, 0, 3, 6)
    ]
    newest = pandas.read_csv(released / "data/initiatives-newest.csv")
    assert Counter(newest.assessment) == Counter(assessed.assessment)
    assert rows.settlement_thousand_yen.sum() == newest.settlement_thousand_yen.sum() == 93_198_101
    fest = rows[(rows.initiative_id == "autumn-fest") & (rows.fiscal_year == 2019)]
    assert list(zip(fest.actual, fest.unit, fest.unit_multiplier, strict=True)) == [(235, "万人", 4)]


def test_what_is_derived_is_left_out_where_the_archive_is_read_again(released, project):
    again, whole = read_descriptor(released), read_descriptor(project)
    names = ("schema", "path", "title")
    assert [[each[name] for name in names] for each in again["resources"]] == [
        [each[name] for name in names] for each in whole["resources"]
    ]


def test_no_column_that_may_be_empty_has_a_pattern(package):
    """A database that frictionless makes dies of the first empty cell."""
    for resource in (RESOURCE, *(table.resource for table in bundle.tables(package))):
        for name, field in fields(resource).items():
            constraints = field.get("constraints", {})
            assert constraints.get("required") or "pattern" not in constraints, (resource["name"], name)


def test_no_two_keys_overlap(package):
    for made in bundle.tables(package):
        keys = [key["fields"] for key in made.resource["schema"].get("foreignKeys", ())]
        single = {key for key in keys if isinstance(key, str)}
        assert single.isdisjoint(column for key in keys if not isinstance(key, str) for column in key), (
            made.name
        )


def test_everything_said_in_a_derived_table_is_said_in_english_too(package):
    for made in derived.tables(package).values():
        said = [made.resource, *made.resource["schema"]["fields"]]
        assert [each["name"] for each in said if not (each["title_en"] and each["description_en"])] == []


def test_values_are_exact_and_none_is_lost(package):
    rows = table(package, "initiatives_wide")
    assert {type(cell) for row in rows for cell in row.values()} == {
        str,
        int,
        Decimal,
        bool,
        date,
        type(None),
    }
    for role in ("actual", "target"):
        stated = Counter(
            (each.status, each.value, each.printed) for each in package.observations if each.role == role
        )
        told = Counter((row[f"{role}_status"], row[role], row[f"{role}_printed"]) for row in rows)
        del told["not_in_report", None, None]
        assert told == stated


# -- two reports --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two() -> Package:
    return two_reports()


def test_of_two_reports_the_wide_tables_say_what_the_newest_does(two):
    rows = table(two.newest, "initiatives_wide")
    assert {row["initiative_id"] for row in rows} == {"art", "new", "pair"}
    assert {
        (row["initiative"], row["report_fiscal_year"]) for row in rows if row["initiative_id"] == "art"
    } == {("新アート事業", 2023)}
    told = row_of(two.newest, "art", 2022)
    assert (told["actual"], told["target"], told["source_id"]) == (1200, 1100, "r5"), "a value of each report"
    assert told["assessment"] is None and row_of(two.newest, "art", 2023)["assessment"] == "not_achieved"
    amounts = [row["settlement_thousand_yen"] for row in rows if row["fiscal_year"] == 2023]
    assert sum(filter(None, amounts)) == metrics.settled(two.newest, 2023).total == 6000
    assert row_of(two.newest, "pair", 2023, 2)["settlement_status"] == "first_indicator"
    assert row_of(two.newest, "art", 2019)["settlement_status"] == "not_in_report"
    (pair,) = (row for row in table(two.newest, "initiatives_newest") if row["initiative_id"] == "pair")
    assert (pair["indicator_count"], pair["indicator_id"], pair["url"]) == (
        2,
        "pair-1",
        f"{SITE}initiatives/pair/",
    )


def test_identities_have_their_newest_name_and_their_reports(two):
    assert derived.tables(two.newest)["initiative_ids"].rows == (
        ("art", "新アート事業", 2022, 2023),
        ("harvest", "収穫事業", 2022, 2022),
        ("new", "はじめての事業", 2023, 2023),
        ("pair", "二つの事業", 2022, 2023),
        ("walk", "散歩事業", 2022, 2022),
    )
    ids = {name: {row[0] for row in derived.tables(two.newest)[name].rows} for name in IDENTITIES}
    for name, (of, column) in IDENTITIES.items():
        assert ids[name] == {getattr(record, column) for record in getattr(two, of)}


def test_a_number_never_stands_beside_one_of_another_unit():
    edition = _counted_otherwise("人")
    columns = itemgetter("fiscal_year", "actual", "unit", "unit_multiplier", "target", "target_text")
    assert list(map(columns, table(edition, "initiatives_wide"))) == [
        (2021, Decimal(30_000), "人", 0, None, None),
        (2022, Decimal(4), "万人", 4, None, "50,000人"),
        (2023, Decimal(5), "万人", 4, Decimal(6), None),
    ]


def test_a_number_without_a_unit_is_given_none_of_a_later_report():
    row = row_of(_counted_otherwise(None), "fair", 2021)
    assert (row["actual"], row["unit"], row["unit_multiplier"]) == (Decimal(30_000), None, None)


def _counted_otherwise(before: str | None) -> Edition:
    """A report that counts in ``before``, and one in 万人."""
    units, ids = {"old": before, "new": "万人"}, ("old", "new")
    return make.package(
        sources=[make.source(key, report_fiscal_year=2022 + year) for year, key in enumerate(ids)],
        policies=[replace(node, source_id=key) for key in ids for node in make.tree()],
        initiatives=[make.initiative("fair", source_id=key) for key in ids],
        listings=[make.listing("fair", 10, source_id=key) for key in ids],
        indicators=[make.indicator("fair-1", "fair", "来場者数", units[key], source_id=key) for key in ids],
        observations=[
            make.observation("fair-1", 2021, "actual", "30000", source_id="old"),
            make.observation("fair-1", 2022, "target", "50000", source_id="old"),
            make.observation("fair-1", 2022, "actual", "4", source_id="new"),
            make.observation("fair-1", 2023, "actual", "5", source_id="new"),
            make.observation("fair-1", 2023, "target", "6", source_id="new"),
        ],
    ).newest


# -- what may be missing ------------------------------------------------------------------


def test_an_initiative_without_an_indicator_is_there_for_its_money(tmp_path):
    edition = make.edition(
        initiatives=[make.initiative("bare"), make.initiative("nothing")],
        settlements=[make.settlement("bare", 2021, 5), make.settlement("bare", 2022)],
    )
    columns = itemgetter(
        "initiative_id", "fiscal_year", "settlement_thousand_yen", "settlement_status", "assessment"
    )
    said = list(map(columns, table(edition, "initiatives_wide")))
    assert said == [
        ("bare", 2021, 5, "reported", None),
        ("bare", 2022, None, "not_stated", "none"),
        ("nothing", 2022, None, "not_in_report", "none"),
    ]
    assert row_of(edition, "bare", 2022)["actual_status"] == "not_in_report"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"initiatives": [make.initiative("bare")]},
        {"initiatives": [make.initiative("bare")], "sources": [make.source(report_fiscal_year=None)]},
    ],
    ids=["nothing", "no figures", "no report"],
)
def test_a_package_with_less_has_valid_tables(parts, tmp_path):
    folder = make.write(make.package(**parts), tmp_path / "package")
    package = read_package(folder).newest
    with zipfile.ZipFile(io.BytesIO(bundle.archive(package, folder))) as archived:
        archived.extractall(tmp_path / "out")
    report = frictionless.validate(str(tmp_path / "out/datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])


def test_the_region_is_that_of_the_descriptor(two):
    edition = replace(
        two.newest, descriptor=two.descriptor | {"spatial": {"code": "000000", "name": "ある市"}}
    )
    told = {(row["region_code"], row["region"]) for row in table(edition, "initiatives_wide")}
    assert told == {("000000", "ある市")}


# -- units, and when pandas is fetched ------------------------------------------------------


def test_a_unit_begins_with_its_power_of_ten():
    powers = {
        "人": 0,
        "千円": 3,
        "万人": 4,
        "百万円": 6,
        "億円": 8,
        "十億円": 9,
        "兆円": 12,
        "%": 0,
        "万t-CO₂": 4,
    }
    assert {unit: metrics.unit_multiplier(unit) for unit in powers} == powers


@pytest.mark.process
def test_checking_a_package_does_not_wait_for_pandas(project):
    command = "import sys; from shinchoku import cli; cli.main(sys.argv[1:]); print('pandas' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", command, "validate", str(project)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "False"
