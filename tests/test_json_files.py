"""The JSON files keep their contract: whatever is built is as the JSON Schemas say, and nothing else is."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import builders as make
from frozen_project import SITE_URL
from shinchoku import metrics
from shinchoku.changes.log import RENAMED, with_log
from shinchoku.exports import write_exports
from shinchoku.package.editions import Package
from two_reports import two_reports

NAMES = ("initiatives", "initiative", "grants", "areas", "index")


def _built(package: Package, out: Path, site_url: str = SITE_URL) -> Path:
    folder, site = make.write(package, out / "project"), out / "site"
    write_exports(with_log(package, folder).newest, folder, site, site_url)
    return site


def _bare():
    """Nothing is measured, settled, granted or declared as a disruption."""
    found = make.package(initiatives=[make.initiative("a")])
    return replace(found, descriptor={k: v for k, v in found.descriptor.items() if k != "disruption"})


@pytest.fixture(scope="module", params=["one report", "two reports", "bare"])
def built(request, tmp_path_factory) -> Path:
    if request.param == "bare":
        return _built(_bare(), tmp_path_factory.mktemp("site"), "")
    return request.getfixturevalue({"one report": "downloads", "two reports": "two"}[request.param])


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Path:
    package = two_reports(
        grant_programmes=[make.programme()],
        grants=[make.grant("music", source_id="r4")],
        initiative_grants=[make.grant_link("walk", "music")],
    )
    return _built(package, tmp_path_factory.mktemp("site"))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _validator(site: Path, name: str) -> jsonschema.Draft202012Validator:
    schema = _read(site / f"data/schemas/{name}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_built_is_as_its_schema_says(built, name):
    files = built.glob("initiatives/*/data.json") if name == "initiative" else [built / f"data/{name}.json"]
    validator = _validator(built, name)
    wrong = {
        str(path): (list(error.absolute_path), error.message)
        for path in files
        for error in validator.iter_errors(_read(path))
    }
    assert wrong == {}


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes, in whatever it stands."""
    if isinstance(schema, dict):
        if "properties" in schema and "type" in schema:
            yield schema
        for part in schema.values():
            yield from _objects(part)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_may_be_there_and_every_key_is_described_in_both_languages(two, name):
    for each in _objects(_read(two / f"data/schemas/{name}.schema.json")):
        assert each["additionalProperties"] is False
        for key, said in each["properties"].items():
            assert said["type"] and said["description"].endswith("."), key


def test_no_key_may_be_missing_but_what_an_observation_has_not(two):
    validator = _validator(two, "initiatives")
    elements = _read(two / "data/initiatives.json")
    for key in elements[0]:
        less = [{name: value for name, value in elements[0].items() if name != key}]
        assert not validator.is_valid(less), key
    del elements[0]["observations"][0]["status"]
    assert not validator.is_valid(elements)


def test_a_key_has_the_words_of_its_column_and_the_address_of_the_schema_is_known(two):
    schema = _read(two / "data/schemas/initiatives.schema.json")
    assert schema["$id"] == f"{SITE_URL}data/schemas/initiatives.schema.json"
    keys = schema["items"]["properties"]
    assert keys["initiative_id"]["title"] == "事業ID / Initiative ID"
    assert "ended＝終了（Ended）" in keys["lifecycle"]["description"]
    assert keys["settlement_thousand_yen"]["title"].startswith("決算見込額（千円） / ")
    assert set(keys["assessment"]["enum"]) == set(metrics.Assessment)


def test_a_grant_is_whole_and_names_an_initiative_that_only_an_earlier_report_lists(two):
    (grant,) = _read(two / "data/grants.json")
    assert grant["programme"]["name"] and grant["amount_thousand_yen"]
    (link,) = grant["initiative_links"]
    assert (link["initiative_id"], link["initiative_name"]) == ("walk", "散歩事業")
    assert link["url"] == f"{SITE_URL}initiatives/walk/"


def test_areas_are_counted_in_two_ways(package, downloads):
    areas = _read(downloads / "data/areas.json")
    assert [area["area_id"] for area in areas] == [area.policy_id for area in package.areas]
    assert sum(area["listed_first"]["initiative_count"] for area in areas) == len(package.initiatives)
    assert (
        sum(area["listed_first"]["settlements"][0]["settlement_thousand_yen"] for area in areas)
        == metrics.settled(package, 2022).total
    )
    overlapping = [area["all_listed"] for area in areas]
    assert sum(area["initiative_count"] for area in overlapping) > len(package.initiatives)
    for counted in (*overlapping, *(area["listed_first"] for area in areas)):
        assert sum(counted["assessments"].values()) == counted["initiative_count"]


def test_an_area_that_only_an_earlier_report_has_is_there_and_no_sum_is_made_up(two, tmp_path):
    assert {item["area_id"]: item["report_fiscal_year"] for item in _read(two / "data/areas.json")} == {
        "tourism": 2023,
        "food": 2022,
    }
    unstated = make.package(
        initiatives=[make.initiative("a")], settlements=[make.settlement("a", 2022, printed="—")]
    )
    (area,) = _read(_built(unstated, tmp_path) / "data/areas.json")
    assert area["all_listed"]["settlements"] == [
        {
            "fiscal_year": 2022,
            "settlement_thousand_yen": None,
            "settlement_without_loan_fund_thousand_yen": None,
            "reported_count": 0,
            "not_reported_count": 1,
        }
    ]


def test_the_index_lists_every_other_file_as_it_is(two):
    index = _read(two / "data/index.json")
    files = {item["path"]: item for item in index["files"]}
    there = {path.relative_to(two).as_posix() for path in two.rglob("*") if path.is_file()}
    of_initiatives = {path for path in there if path.startswith("initiatives/")}
    assert files.keys() == there - of_initiatives - {"data/index.json", "data/SHA256SUMS"}
    lines = (two / "data/initiatives-SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {path.removeprefix("../"): sha256 for sha256, path in (line.split("  ") for line in lines)} == {
        path: hashlib.sha256((two / path).read_bytes()).hexdigest() for path in of_initiatives
    }
    for path, item in files.items():
        content = (two / path).read_bytes()
        assert (item["bytes"], item["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert item["url"] == f"{SITE_URL}{path}" and item["title"]
        assert item["mediatype"] != "application/octet-stream", path
    rows = list(csv.reader(io.StringIO((two / "data/observations.csv").read_text(encoding="utf-8"))))
    assert files["data/observations.csv"]["rows"] == len(rows) - 1
    assert (files["data/initiatives.json"]["rows"], files["data/README.txt"]["rows"]) == (5, None)
    assert files["data/initiatives.json"]["schema"] == "data/schemas/initiatives.schema.json"
    assert "このサイトの計算" in index["calculation_note"]
    assert make.source().terms in index["licence"]


def test_no_element_repeats_what_holds_for_all(downloads):
    text = (downloads / "data/initiatives.json").read_text(encoding="utf-8")
    assert len(text.encode()) <= 300_000
    assert "このサイトの計算" not in text and "CC BY" not in text


def _has(schema: dict[str, Any], path: str) -> bool:
    for step in path.split("."):
        schema = schema.get("items", schema).get("properties", {}).get(step)
        if schema is None:
            return False
    return True


def test_the_keys_that_are_told_to_be_renamed_are(two):
    """The table under /changes/ is what a program is mended by."""
    schemas = {"initiatives.json": "initiatives", "data.json": "initiative"}
    for item in RENAMED:
        for file in item["in"].split("、"):
            if file in schemas:
                schema = _read(two / f"data/schemas/{schemas[file]}.schema.json")
                is_today = (item["in"], item["new"]) not in {(each["in"], each["old"]) for each in RENAMED}
                assert _has(schema, item["new"]) == is_today and not _has(schema, item["old"]), item
