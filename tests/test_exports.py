"""Downloads: what is in them, that they are exact, and that they stay the same bytes."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import frictionless
import jsonschema
import pandas
import pytest

import builders
import other_plan
import shinchoku
from builders import (
    activity,
    difference,
    grant,
    grant_link,
    indicator,
    initiative,
    listing,
    note,
    observation,
    package,
    programme,
    reading,
    settlement,
    write,
)
from shinchoku.exports import json_text, write_exports
from shinchoku.exports.initiatives import STATED, csv_columns
from shinchoku.metrics import count_assessments
from shinchoku.package.descriptor import IDENTITIES, PackageError, fields, resources
from shinchoku.package.reading import read_package
from shinchoku.package.records import RECORD_TYPES
from shinchoku.validation import validate

SITE_URL = "https://data.example/progress/"
NAME = "sapporo-industrial-vision-progress"
SCHEMAS = ("initiatives", "initiative", "grants", "areas", "index")
GLOSSARY = "- group: 群\n  terms:\n    - {id: jazz, term: ジャズ, meaning: 音楽です。}\n"


def small_package():
    """``jazz`` has all there is: decimals, a relisting, a grant, notes; ``bare`` has nothing measured."""
    return package(
        initiatives=[initiative("jazz", "=ジャズ事業", has_mark=True), initiative("bare", line=12)],
        listings=[listing("jazz", 10), listing("jazz", 11, relisted=True), listing("bare", 12, position=3)],
        listing_differences=[difference(11, "actual_2022", "1.3")],
        indicators=[
            indicator("jazz-1", "jazz", "滞在日数", "日"),
            indicator("bare-1", "bare", "調査", None, value_kind="qualitative"),
        ],
        observations=[
            observation("jazz-1", 2021, "actual", status="pending", printed="集計中"),
            observation("jazz-1", 2022, "actual", "1.28"),
            observation("jazz-1", 2022, "target", "1.30"),
            observation("bare-1", 2021, "actual", status="not_stated", printed="—"),
            observation("bare-1", 2022, "actual", text="検討"),
            observation("bare-1", 2022, "target", status="not_stated", printed="—"),
        ],
        settlements=[settlement("jazz", 2022, 10874), settlement("bare", 2022, printed="—")],
        activities=[activity("jazz", "@実施")],
        grant_programmes=[programme()],
        grants=[grant("music", name="音楽のまち")],
        initiative_grants=[grant_link("jazz", "music")],
        source_notes=[note("n-1", 11), note("n-2", 12)],
        readings=[
            reading("indicators", "report:jazz-1", "unit", "日"),
            reading("listings", "report:11", "initiative_id", "jazz"),
            reading("initiatives", "report:bare", "is_loan_fund", "false"),
        ],
    )


@pytest.fixture(scope="module")
def project_folder(tmp_path_factory) -> Path:
    folder = write(small_package(), tmp_path_factory.mktemp("package") / "project")
    (folder / "data/glossary.yml").write_text(GLOSSARY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(project_folder, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    write_exports(read_package(project_folder).newest, project_folder, folder, SITE_URL)
    return folder


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


# -- which files, and when they are written ----------------------------------


def test_the_addresses_of_the_contract_exist(out):
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    tables = {f"data/{name}.csv" for name in (*resources(builders.descriptor()), *IDENTITIES)}
    assert written == tables | {
        "data/initiatives-newest.csv",
        "data/initiatives-wide.csv",
        "changes/feed.atom",
        *(f"data/schemas/{name}.schema.json" for name in SCHEMAS),
        "data/LICENSE.txt",
        "data/README.txt",
        "data/SHA256SUMS",
        "data/areas.json",
        "data/catalog.jsonld",
        "data/datapackage.json",
        "data/glossary.yml",
        "data/grants.json",
        "data/index.json",
        "data/initiatives-SHA256SUMS",
        "data/initiatives.json",
        "data/listings-printed.csv",
        "data/listings-printed-report.csv",
        "data/revisions.csv",
        "data/sources/report.txt",
        f"data/{NAME}.xlsx",
        f"data/{NAME}.sqlite",
        f"data/{NAME}.zip",
        "initiatives/bare/data.csv",
        "initiatives/bare/data.json",
        "initiatives/jazz/data.csv",
        "initiatives/jazz/data.json",
    }


def test_the_written_paths_are_returned(project_folder, tmp_path):
    paths = write_exports(read_package(project_folder).newest, project_folder, tmp_path)
    assert sorted(paths) == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    )


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_exports_are_the_same_bytes(project_folder, out, tmp_path):
    write_exports(read_package(project_folder).newest, project_folder, tmp_path, SITE_URL)
    assert hashes(tmp_path) == hashes(out)


@pytest.mark.parametrize("archive", [f"{NAME}.zip", f"{NAME}.xlsx"])
def test_no_archive_carries_the_time_of_its_making(out, archive):
    with zipfile.ZipFile(out / "data" / archive) as content:
        assert {entry.date_time for entry in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_file_is_written_only_when_its_bytes_change(project_folder, tmp_path):
    data = read_package(project_folder).newest
    for path in write_exports(data, project_folder, tmp_path):
        os.utime(tmp_path / path, (0, 0))
    (tmp_path / "data/README.txt").write_bytes(b"old")
    write_exports(data, project_folder, tmp_path)
    rewritten = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_mtime > 0]
    assert rewritten == [tmp_path / "data/README.txt"]


@pytest.mark.parametrize("name", ["../../evil", "/evil", ".evil", "a/../../evil", "a\\b", ""])
def test_no_name_leads_out_of_the_folder(project_folder, tmp_path, name):
    data = read_package(project_folder).newest
    data = replace(data, descriptor={**data.descriptor, "name": name})
    with pytest.raises(PackageError, match="ファイルの名前にできません"):
        write_exports(data, project_folder, tmp_path / "docs" / "inner")
    assert [path.name for path in tmp_path.rglob("*evil*")] == []


# -- the package --------------------------------------------------------------


def test_tables_and_documents_are_copied_byte_for_byte(project_folder, out):
    files = [path for path in (project_folder / "data").rglob("*") if path.is_file()]
    for path in (path for path in files if path.parent.name != "schemas"):  # these are in datapackage.json
        assert (out / path.relative_to(project_folder)).read_bytes() == path.read_bytes()


def test_the_published_descriptor_is_valid_and_describes_its_folder(out):
    descriptor = read_json(out / "data/datapackage.json")
    profile = Path(shinchoku.__file__).parent / "schemas/datapackage-2.0.json"
    jsonschema.Draft7Validator(json.loads(profile.read_text(encoding="utf-8"))).validate(descriptor)
    report = frictionless.validate(str(out / "data/datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])
    assert descriptor["homepage"] == SITE_URL
    derived = ("initiative_ids", "indicator_ids", "policy_ids", "initiatives-wide", "initiatives-newest")
    assert [resource["path"] for resource in descriptor["resources"]] == [
        f"{name}.csv" for name in (*resources(builders.descriptor()), *derived)
    ]
    marked = [resource["path"] for resource in descriptor["resources"] if resource.get("derived")]
    assert marked == [f"{name}.csv" for name in derived]
    assert all(not source["path"].startswith("data/") for source in descriptor["sources"])


def test_size_and_hash_of_a_table_are_checked_by_clients(project_folder, tmp_path):
    write_exports(read_package(project_folder).newest, project_folder, tmp_path)
    with (tmp_path / "data/listings.csv").open("ab") as table:
        table.write(b"\n")
    report = frictionless.validate(str(tmp_path / "data/datapackage.json"))
    assert {error[0] for error in report.flatten(["type"])} >= {"hash-count", "byte-count"}


def test_without_a_public_address_none_is_made_up(project_folder, tmp_path):
    write_exports(read_package(project_folder).newest, project_folder, tmp_path)
    assert "homepage" not in read_json(tmp_path / "data/datapackage.json")
    assert read_json(tmp_path / "initiatives/jazz/data.json")["url"] == "/initiatives/jazz/"


def test_the_zip_is_a_package_folder(out, tmp_path):
    with zipfile.ZipFile(out / f"data/{NAME}.zip") as archive:
        assert {"README.txt", "LICENSE.txt", "data/sources/report.txt"} <= set(archive.namelist())
        archive.extractall(tmp_path)
    unpacked, original = read_package(tmp_path), small_package()
    assert all(getattr(unpacked, name) == getattr(original, name) for name in RECORD_TYPES)
    assert [term.term for term in unpacked.glossary] == ["ジャズ"]
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])


def test_checksums_cover_every_other_file_of_the_folder(out):
    lines = (out / "data/SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    assert listed == {path: digest for path, digest in hashes(out / "data").items() if path != "SHA256SUMS"}


def test_the_readme_names_every_file_the_terms_and_how_to_cite(out):
    readme = (out / "data/README.txt").read_text(encoding="utf-8")
    for path in hashes(out / "data"):
        if path != "README.txt":
            assert f"\n{path}  " in readme
    descriptor = small_package().descriptor
    for text in (
        descriptor["title"],
        descriptor["title_en"],
        descriptor["description"],
        "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/deed.ja",
        f"バージョン{descriptor['version']}",
        "見本市「進捗状況」：利用条件の印刷はありません。",
        SITE_URL,
    ):
        assert text in readme


# -- the workbook -------------------------------------------------------------

_XML = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def workbook(out):
    with zipfile.ZipFile(out / f"data/{NAME}.xlsx") as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def sheet_names(workbook) -> list[str]:
    sheets = ElementTree.fromstring(workbook["xl/workbook.xml"]).iterfind(".//m:sheet", _XML)
    return [sheet.get("name") for sheet in sheets]


def sheet_cells(workbook, name: str) -> list[list[tuple[str, str]]]:
    """Rows of (type, content) of a sheet; the type is ``s`` for text, ``n`` for a number, ``b`` for a boolean."""
    shared = [
        "".join(text.text or "" for text in item.iterfind(".//m:t", _XML))
        for item in ElementTree.fromstring(workbook["xl/sharedStrings.xml"]).iterfind("m:si", _XML)
    ]
    number = sheet_names(workbook).index(name) + 1
    rows = []
    for row in ElementTree.fromstring(workbook[f"xl/worksheets/sheet{number}.xml"]).iterfind(
        ".//m:row", _XML
    ):
        cells = [(cell.get("t", "n"), cell.findtext("m:v", "", _XML)) for cell in row.iterfind("m:c", _XML)]
        rows.append([(kind, shared[int(value)] if kind == "s" else value) for kind, value in cells])
    return rows


def test_the_workbook_has_a_readme_a_sheet_for_each_table_and_what_the_columns_are(workbook, out):
    *titles, wide, newest = (
        resource["title"] for resource in read_json(out / "data/datapackage.json")["resources"]
    )
    assert sheet_names(workbook) == ["README", wide, newest, *titles, "列の説明"]
    readme = "\n".join(text for row in sheet_cells(workbook, "README") for _, text in row)
    assert "https://creativecommons.org/licenses/by/4.0/deed.ja" in readme
    assert f"次のシート「{wide}」をお使いください" in readme
    assert readme.index(f"\n{wide}  ") < readme.index(f"\n{newest}  ") < readme.index(f"\n{titles[0]}  ")
    columns = [text for row in sheet_cells(workbook, "列の説明") for _, text in row]
    assert "pending＝報告の時点で集計中" in "\n".join(columns)


def test_a_sheet_has_japanese_headings_column_names_and_typed_cells(workbook):
    titles, names, *rows = sheet_cells(workbook, "実績と目標")
    assert titles[:3] == [("s", "指標ID"), ("s", "年度"), ("s", "実績／目標")]
    assert names[:4] == [("s", "indicator_id"), ("s", "fiscal_year"), ("s", "role"), ("s", "value")]
    assert rows[4][:5] == [("s", "jazz-1"), ("n", "2022"), ("s", "actual"), ("n", "1.28"), ("s", "reported")]
    assert ("b", "1") in sheet_cells(workbook, "事業")[3]


def test_printed_text_is_never_a_formula_or_a_link(workbook):
    assert ("s", "=ジャズ事業") in sheet_cells(workbook, "事業")[3]
    assert ("s", "@実施") in sheet_cells(workbook, "内容")[2]
    sheets = [text for name, text in workbook.items() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "<hyperlink" in text for text in sheets)


# -- initiatives --------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.28"), "1.28"),
        (Decimal("175"), "175"),
        (Decimal("62.0"), "62.0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.1000000000000000055511151231257827"), "0.1000000000000000055511151231257827"),
        ({}, "{}"),
        ([], "[]"),
        ({"名": [1, None, True, '"\n']}, '{\n  "名": [\n    1,\n    null,\n    true,\n    "\\"\\n"\n  ]\n}'),
    ],
)
def test_json_keeps_decimals_exact(value, text):
    assert json_text.encode(value).decode("utf-8") == text + "\n"


def test_an_array_has_an_element_a_line():
    assert json_text.encode_lines([{"a": [1, None]}, {}]) == b'[\n{"a":[1,null]},\n{}\n]\n'
    assert json_text.encode_lines([]) == b"[]\n"


def test_an_object_has_a_key_a_line_and_its_decimals_exact():
    decimals = [Decimal("62.0"), Decimal("62.00"), Decimal("1E+3"), Decimal("0.00001"), Decimal("175")]
    found = json_text.encode_lines({"名": {"a": decimals}, "b": [date(2024, 4, 1), True]})
    assert found.decode() == '{\n"名":{"a":[62.0,62.00,1000,0.00001,175]},\n"b":["2024-04-01",true]\n}\n'


def test_an_initiative_as_json(out):
    bare, jazz = read_json(out / "data/initiatives.json")
    assert (bare["initiative_id"], jazz["initiative_id"]) == ("bare", "jazz")
    expected = {
        "name": "=ジャズ事業",
        "has_mark": True,
        "is_loan_fund": False,
        "area_id": "tourism",
        "area": "観光",
        "policy_id": "tourism-1-1",
        "policy_path": ["重点分野", "観光", "魅力づくり", "魅力アップ"],
        "listings": [10, 11],
        "indicator": {
            "indicator_id": "jazz-1",
            "label": "滞在日数",
            "unit": "日",
            "desired_direction": "higher_is_better",
        },
        "settlement_fiscal_year": 2022,
        "settlement_thousand_yen": 10874,
        "assessed_fiscal_year": 2022,
        "assessment": "not_achieved",
        "achievement_rate": Decimal("98.5"),
        "reached_before_fiscal_year": None,
        "trend": "not_comparable",
        "url": f"{SITE_URL}initiatives/jazz/",
        "source_id": "report",
        "source_line": 10,
    }
    assert {key: jazz[key] for key in expected} == expected
    calculated = {
        "missed_since_fiscal_years": [],
        "shortfall": Decimal("0.02"),
        "change_rate": None,
        "reference_fiscal_year": 2019,
        "trend_from_reference": "not_comparable",
        "course": "not_comparable",
        "has_doubts": False,
        "has_cautions": False,
        "same_indicator_ids": [],
    }
    assert {key: jazz["indicators"][0][key] for key in calculated} == calculated
    # What it has not, and what it has as its indicator has it, is not said again.
    assert jazz["observations"][:2] == [
        {
            "indicator_id": "jazz-1",
            "fiscal_year": 2021,
            "role": "actual",
            "value": None,
            "text": None,
            "status": "pending",
            "printed": "集計中",
        },
        {
            "indicator_id": "jazz-1",
            "fiscal_year": 2022,
            "role": "actual",
            "value": Decimal("1.28"),
            "text": None,
            "status": "reported",
            "printed": "1.28",
        },
    ]


def test_an_amount_that_is_not_stated_is_null_and_not_zero(out):
    bare = read_json(out / "initiatives/bare/data.json")
    assert bare["settlement_thousand_yen"] is None
    assert bare["settlements"][0]["status"] == "not_stated"
    assert (bare["assessment"], bare["achievement_rate"]) == ("no_target", None)


def test_every_json_states_source_terms_and_what_is_calculated(out):
    for path in ("initiatives/jazz/data.json", "initiatives/bare/data.json"):
        element = read_json(out / path)
        assert element["attribution"].startswith("出典：見本市「進捗状況」")
        assert f"{SITE_URL}data/LICENSE.txt" in element["licence"] and "CC BY 4.0" in element["licence"]
        assert "このサイトの計算" in element["calculation_note"]


def test_the_detail_is_the_summary_and_all_that_belongs_to_the_initiative(out):
    bare, jazz = (read_json(out / f"initiatives/{key}/data.json") for key in ("bare", "jazz"))
    summary = read_json(out / "data/initiatives.json")[1]
    assert {key: jazz[key] for key in summary} == summary
    assert [row["text"] for row in jazz["activities"]] == ["@実施"]
    assert [row["note_id"] for row in jazz["source_notes"]] == ["n-1"]
    assert [(row["table_name"], row["record_key"]) for row in jazz["readings"]] == [
        ("listings", "report:11"),
        ("indicators", "report:jazz-1"),
    ]
    assert [row["record_key"] for row in bare["readings"]] == ["report:bare"]
    assert [(row["is_relisted"], row["match"]) for row in jazz["listing_rows"]] == [
        (False, None),
        (True, "substance"),
    ]
    assert jazz["listing_rows"][1]["differences"] == [
        {"printed_column": "actual_2022", "printed": "1.3", "printed_in_original": "1.28"}
    ]
    assert jazz["grant_links"][0]["grant_name"] == "音楽のまち"
    assert jazz["grant_links"][0]["url"] == f"{SITE_URL}grants/music/"
    assert "読み取り" in jazz["grant_links_note"]


def test_an_initiative_as_csv(out):
    rows = read_csv(out / "initiatives/jazz/data.csv")
    told = [
        (row["indicator"], row["unit"], row["fiscal_year_label"], row["role"], row["value"], row["status"])
        for row in rows
    ]
    assert told == [
        ("滞在日数", "日", "令和3年度（2021年度）", "actual", "", "pending"),
        ("滞在日数", "日", "令和4年度（2022年度）", "actual", "1.28", "reported"),
        ("滞在日数", "日", "令和4年度（2022年度）", "target", "1.30", "reported"),
        ("決算見込額", "千円", "令和4年度（2022年度）", "settlement", "10874", "reported"),
    ]
    assert rows[0]["printed"] == "集計中"
    assert "見本市" in rows[0]["attribution"] and "CC BY 4.0" in rows[0]["attribution"]
    assert not any(row["attribution"] for row in rows[1:])


def test_the_csv_of_an_initiative_opens_in_a_spreadsheet_and_in_pandas(out):
    path = out / "initiatives/jazz/data.csv"
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    table = pandas.read_csv(path)
    assert list(table.columns) == csv_columns(package().newest)
    assert table["value"].dropna().tolist() == [1.28, 1.3, 10874]


# -- the published data -------------------------------------------------------


def test_published_initiatives_agree_with_the_tables(downloads, package):
    elements = read_json(downloads / "data/initiatives.json")
    assert [item["initiative_id"] for item in elements] == list(package.initiative)
    assert sorted(line for item in elements for line in item["listings"]) == sorted(
        row.source_line for row in package.listings
    )
    assert sum(item["settlement_thousand_yen"] or 0 for item in elements) == 93_198_101
    assessed = [item["assessment"] for item in elements]
    assert {kind: assessed.count(kind) for kind in count_assessments(package)} == count_assessments(package)


def test_published_printed_rows_are_all_there(downloads):
    rows = read_csv(downloads / "data/listings-printed.csv")
    assert len(rows) == 157
    assert sum(row["relisted"] == "true" for row in rows) == 53
    assert sum(row["flagship"] == "true" for row in rows) == 8


def test_published_details_hold_every_fact_of_the_tables(downloads, package):
    details = [read_json(path) for path in sorted(downloads.glob("initiatives/*/data.json"))]
    held = {
        "activities": package.activities,
        "settlements": package.settlements,
        "listing_rows": package.listings,
        "grant_links": package.initiative_grants,
    }
    for key, records in held.items():
        assert sum(len(detail[key]) for detail in details) == len(records), key
    assert sum(len(row["differences"]) for detail in details for row in detail["listing_rows"]) == len(
        package.listing_differences
    )
    observed = [row for detail in details for row in detail["observations"]]
    assert len(observed) == len(package.observations)
    assert {*STATED} <= set(observed[0]) <= {*fields(resources(package.descriptor)["observations"]), "unit"}


def test_the_published_zip_is_the_package_and_right(downloads, package, tmp_path):
    with zipfile.ZipFile(downloads / f"data/{NAME}.zip") as archive:
        archive.extractall(tmp_path)
    unpacked = read_package(tmp_path)
    assert all(getattr(unpacked, name) == getattr(package, name) for name in ("glossary", *RECORD_TYPES))
    assert unpacked.source_lines == package.source_lines
    assert validate(tmp_path) == []


@pytest.mark.parametrize(("depth", "money"), [(1, False), (6, True)])
def test_another_plan_is_right_and_published_in_its_own_words(tmp_path, depth, money):
    folder = write(other_plan.plan(depth, money=money).package, tmp_path / "package")
    assert validate(folder) == []
    out, edition = tmp_path / "out", read_package(folder).newest
    paths = write_exports(edition, folder, out)
    for path in paths:
        if not path.endswith((".xlsx", ".sqlite", ".zip")):
            text = (out / path).read_text(encoding="utf-8")
            assert not [word for word in other_plan.NOT_OF_THE_TOWN if word in text], path
    assert not {"data/grants.json", "data/schemas/grants.schema.json"} & {*paths}
    for name, file in (("initiatives", "data/initiatives"), ("initiative", "initiatives/farmers/data")):
        schema = json.loads((out / f"data/schemas/{name}.schema.json").read_text(encoding="utf-8"))
        jsonschema.validate(json.loads((out / f"{file}.json").read_text(encoding="utf-8")), schema)
    rows = csv.DictReader((out / "data/initiatives-newest.csv").read_text(encoding="utf-8").split("\n"))
    farmers = next(row for row in rows if row["initiative_id"] == "farmers")
    told = ("base", "final_target", "final_target_fiscal_year", "progress", "attribute_grade")
    assert [farmers[name] for name in told] == ["3", "18", "2024", "73.3", "B"]
    assert farmers.get("budget_thousand_yen") == ("12000" if money else None)
    assert farmers.keys().isdisjoint({"has_mark", "is_loan_fund", "relisted_areas", "has_grant_links"})
    columns = (out / "data/listings-printed.csv").read_text(encoding="utf-8").split("\n")[0].split(",")
    assert "flagship" not in columns and columns[-1] == "attribute_remarks"


def test_a_grade_that_its_legend_has_not_is_named(tmp_path):
    plan = other_plan.plan().package
    grades = [replace(row, text="E") if row.text == "C" else row for row in plan.attributes]
    (found,) = validate(write(replace(plan, attributes=tuple(grades)), tmp_path))
    assert (found.rule, found.column, found.value) == ("grade-in-legend", "text", "E")


def test_calendar_years_are_called_years(tmp_path):
    plan = other_plan.plan().package
    for resource in plan.descriptor["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"].endswith("fiscal_year"):
                field["unit"] = "年"
    folder = write(plan, tmp_path / "package")
    edition = read_package(folder).newest
    write_exports(edition, folder, tmp_path / "out")
    data = tmp_path / "out/data"
    assert "1月から12月まで" in (data / "README.txt").read_text(encoding="utf-8")
    wide = pandas.read_csv(data / "initiatives-wide.csv")
    assert wide["fiscal_year_label"].iloc[0] == "令和元年（2019年）"
    assert '"2024-12-31"' in (data / "catalog.jsonld").read_text(encoding="utf-8")
