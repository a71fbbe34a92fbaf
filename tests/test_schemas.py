"""The form of what people write by hand: the schemas themselves, and how a difference is told."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from shinchoku import paths
from shinchoku.importing import Decisions, ImportProblem
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import line_of, repeated_keys
from shinchoku.validation import RULES

OWN = ("decisions", "descriptor", "glossary", "layout", "release")
#: Of JSON Schema, and those that ``checking`` adds.
KEYWORDS = {*jsonschema.Draft7Validator.VALIDATORS, "then", "else", "$schema", "title", "definitions"}
ADDED = {"message", "remedy", "rule", "misspelt"}


def schema(name: str) -> dict[str, Any]:
    return json.loads(files("shinchoku.schemas").joinpath(f"{name}.json").read_text(encoding="utf-8"))


def _schemas(value: Any):
    """Every schema in a schema: objects, but for the maps of names to schemas and what is a value."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name in ("properties", "definitions"):
                for each in inner.values():
                    yield from _schemas(each)
            elif name not in ("const", "enum"):
                yield from _schemas(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _schemas(inner)


@pytest.mark.parametrize("name", OWN)
def test_a_schema_says_nothing_that_nobody_reads(name):
    jsonschema.Draft7Validator.check_schema(schema(name))
    for part in _schemas(schema(name)):
        assert part.keys() <= KEYWORDS | ADDED
        assert {part.get("rule"), part.get("misspelt")} <= {*RULES, None}
        assert all(part[said].endswith("。") for said in ("message", "remedy") if said in part)


@pytest.mark.parametrize(
    ("file", "find", "replace", "place", "said"),
    [
        ("sources", "  layout: grants\n", "", 13, "「grants-h29 › layout」がありません"),
        ("sources", "- id: progress-r4", "- id: 4", 7, "「1番目 › id」が文字ではありません。文字に"),
        ("sources", "  publisher:", "  publishr:", 11, "「progress-r4 › publishr」は知らない項目です。「publisher」"),
        ("sources", "publisher: 札幌市\n", "publisher: 札幌市\n  id: x\n", 12, "同じ項目「id」が2回"),
        ("grant_programmes", "2017}", "いつか}", 2, "› first_fiscal_year」が整数ではありません"),
        ("grants", "0.97", "高い", 10, "› confidence」が数ではありません"),
        ("initiatives", "- id: snow-festival", "- snow-festival\n- id: x", None, "「1番目」が「項目: 値」の組では"),
        ("indicators", "city-jazz-1:\n  unit: {value: 人, ", "city-jazz-1:\n  unit: {", 14, "› value」がありません"),
        ("indicators", "city-jazz-1:\n", "city-jazz-1:\n  kind: x\n", None, "「city-jazz-1 › kind」は知らない項目"),
        ("policies", "- {", "x: {", None, "YAMLとして読めません"),
    ],
)  # fmt: skip
def test_a_decision_of_another_form_is_told_where_it_is(project, tmp_path, file, find, replace, place, said):
    shutil.copytree(project / paths.DECISIONS, tmp_path / paths.DECISIONS)
    path = tmp_path / paths.DECISIONS / f"{file}.yml"
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, replace, 1), encoding="utf-8")
    with pytest.raises(ImportProblem) as found:
        Decisions(tmp_path)
    assert said in str(found.value) and found.value.file == f"{paths.DECISIONS}/{file}.yml"
    assert found.value.line is not None and place in (None, found.value.line)


@pytest.mark.parametrize(
    ("absence", "said"),
    [
        ({"outcome": "gone"}, "「ended」「merged」「not_stated」のどれか"),
        ({"outcome": "merged"}, "into」がありません"),
        ({"outcome": "ended", "into": "b"}, "into を消すか"),
    ],
)
def test_what_became_of_an_initiative_is_said_in_one_way(absence, said):
    entry = {"id": "a", "name": "甲", "absent_from": [{"source": "s", "reason": "r", **absence}]}
    content = {"initiatives": [entry]}
    (found,) = findings("decisions", content)
    assert said in f"{name_of(content, found.place)}{found.message}{found.remedy}"


def test_a_number_of_a_line_is_no_fraction_and_no_truth():
    for line in (1.0, True, "1"):
        entry = {"id": "a", "term": "雪", "meaning": "い。", "printed": {"source": "s", "line": line}}
        (found,) = findings("glossary", [{"group": "群", "terms": [entry]}])
        assert found.place == (0, "terms", 0, "printed", "line")


def test_an_entry_that_is_part_of_itself_ends():
    text = "- &a\n  group: 群\n  terms: [*a]\n"
    (found,) = findings("glossary", yaml.safe_load(text))
    assert line_of(text, found.place) == 2 and list(repeated_keys(text)) == []
