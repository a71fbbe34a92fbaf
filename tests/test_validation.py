"""One defect, one or two problems at the right place; nothing wrong, no problem; no traceback."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml

import builders
from broken import break_file, prepare, replace_once, set_json
from frozen_project import FROZEN
from shinchoku import exports, files, pages, validation
from shinchoku.package.descriptor import read_descriptor
from shinchoku.package.reading import read_package
from shinchoku.validation import descriptor
from shinchoku.validation.problems import ERROR, WARNING, Problem, Stage, rule
from shinchoku.validation.reporting import SHOWN_PER_FILE

PROJECT = Path(__file__).resolve().parents[1]
FIXTURES = PROJECT / "tests" / "fixtures"
CASES = yaml.safe_load((FIXTURES / "broken" / "cases.yml").read_text(encoding="utf-8"))
KINDS = yaml.safe_load((FIXTURES / "broken" / "kinds.yml").read_text(encoding="utf-8"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small package with the project's schema."""
    directory = shutil.copytree(FIXTURES / "small-package", tmp_path / "package")
    builders.copy_descriptor(directory)
    return directory


def test_the_small_package_is_right(small):
    assert validation.validate(small) == []


def test_the_first_version_is_right(project):
    assert validation.validate(project) == []


def test_frictionless_alone_finds_the_first_version_right(project):
    report = frictionless.Package(str(project / "datapackage.json")).validate()
    assert report.valid
    assert [task.warnings for task in report.tasks] == [[]] * len(report.tasks)


# -- one defect each ----------------------------------------------------------------


def _contents(directory: Path) -> dict[str, str]:
    """What is in each file, told apart by its digest."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_one_defect(case, small):
    prepare(small, case)
    sound = _contents(small)
    break_file(small, case)
    broken = _contents(small)
    problems, mended = validation.examine(small)

    expected = [{"file": case["file"], **place} for place in case["expect"]]
    assert len(problems) == len(expected) <= 2, validation.render_text(problems)
    for problem, place in zip(problems, expected, strict=True):
        assert {name: getattr(problem, name) for name in place} == place, validation.render_text(problems)
    assert case.get("says", "") in "".join(problem.message + problem.remedy for problem in problems)
    for problem in problems:
        assert re.search("[ぁ-ん]", problem.message)
        assert problem.remedy.endswith("。")
        assert len(problem.message) < 400

    repairs = [problem for problem in problems if problem.fixed is not None]
    files.replace({small / name: content for name, content in mended.items()})
    match case.get("mended"):
        case None:
            assert repairs == [] and _contents(small) == broken
        case "restored":
            assert repairs == problems and _contents(small) == sound
        case "changed":
            assert repairs == problems and _contents(small) != broken
            assert [problem for problem in validation.validate(small) if problem.fixed is not None] == []


@pytest.mark.parametrize("given", [case for case in CASES if "given" in case], ids=lambda case: case["id"])
def test_what_is_given_is_right(given, small):
    prepare(small, given)
    assert validation.validate(small) == []


def test_every_kind_of_what_people_send_has_a_case():
    """Of the last, more errors than anybody reads, the case is one of its own below."""
    assert list(KINDS) == list(range(1, 72))
    assert {case["kind"] for case in CASES} == {*KINDS, "own"} - {71}
    assert len(CASES) >= 110


def test_every_rule_has_a_broken_fixture():
    """Except the nets below the rules, and what is tested with versions, links and grades."""
    shown = {place["rule"] for case in CASES for place in case["expect"]}
    assert set(validation.RULES) - shown == {
        "type",
        "frictionless",
        "document-form",
        "published-id",
        "link-outside",
        "grade-in-legend",
    }


def test_every_rule_says_in_japanese_what_holds_and_what_to_do():
    for declared in validation.RULES.values():
        assert declared.severity in (ERROR, WARNING)
        assert re.search("[ぁ-ん]", declared.text) and declared.text.endswith("。")
        assert re.search("[ぁ-ん]", declared.remedy) and declared.remedy.endswith("。")


def test_a_rule_id_means_one_thing():
    with pytest.raises(ValueError, match="bom"):
        rule(Stage.TEXT, "bom", "", "", example=("", ""))


# -- what the descriptor must say ------------------------------------------------------


def _properties(value: Any, *place: str | int):
    """The place of every property of the package, of one table, and of two of its columns."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*place, name)
            yield from _properties(inner, *place, name)
    elif isinstance(value, list):
        for index in {"resources": [1], "fields": [0, 1]}.get(place[-1], [0]):
            yield from _properties(value[index], *place, index)


@pytest.mark.parametrize(
    "place",
    list(_properties(read_descriptor(FROZEN))),
    ids=lambda place: ".".join(map(str, place)),
)
def test_without_any_property_there_is_a_problem_or_a_site(place, small, tmp_path):
    root, steps = small / "datapackage.json", list(place)
    if place[:1] == ("resources",) and place[2:3] == ("schema",) and len(place) > 3:
        name = json.loads(root.read_bytes())["resources"][place[1]]["schema"]
        root, steps = small / name, steps[3:]
    root.write_bytes(set_json(root.read_bytes(), steps, None))
    _, problems = descriptor.check(small)
    if problems:
        assert all(problem.rule.startswith("descriptor-") for problem in problems)
        return
    published = read_package(small).newest
    exports.write_exports(published, small, tmp_path / "docs")
    pages.data.body(published)


# -- several defects ------------------------------------------------------------------


def test_files_are_judged_apart(small):
    """A broken table hides neither the cells of another nor the rules that do without it."""
    (small / "data" / "grants.csv").write_bytes(b"PK\x03\x04")
    for name, old, new in (
        ("observations.csv", b",175,,", b",17.5.,,"),
        ("policies.csv", b"tourism-m1,2,", b"tourism-m1,3,"),
    ):
        path = small / "data" / name
        path.write_bytes(replace_once(path.read_bytes(), old, new))
    found = [(problem.rule, problem.file) for problem in validation.validate(small)]
    assert found == [
        ("spreadsheet-file", "data/grants.csv"),
        ("number-form", "data/observations.csv"),
        ("positions", "data/policies.csv"),
    ]


def test_an_empty_folder_is_a_problem_and_no_exception(tmp_path):
    assert [problem.rule for problem in validation.validate(tmp_path)] == ["descriptor-readable"]


@pytest.mark.parametrize("seed", range(25))
def test_random_damage_never_raises(seed, small):
    """Cut, doubled, swapped and overwritten bytes, anywhere in the package."""
    dice = random.Random(seed)
    for path in dice.sample(sorted(small.rglob("*.*")), 3):
        content = bytearray(path.read_bytes())
        for _ in range(dice.randint(1, 4)):
            start = dice.randrange(len(content))
            end = min(len(content), start + dice.randint(0, 30))
            part = content[start:end]
            content[start:end] = dice.choice(
                [b"", part * 2, part[::-1], dice.randbytes(3), b",", b'"', b"\n", b"{"]
            )
            content = content or bytearray(b" ")
        path.write_bytes(content)
    json.loads(validation.to_json(validation.validate(small)))


# -- what people and programs are shown -------------------------------------------------


def _problem(**changes: Any) -> Problem:
    number = Problem(
        rule="number-form",
        severity=ERROR,
        file="data/observations.csv",
        line=3,
        column="value",
        value="１５０",
        message="「１５０」は全角数字です。",
        remedy="半角の「150」に直してください。",
    )
    return replace(number, **changes)


def test_text_names_place_value_and_remedy():
    assert validation.render_text([_problem(), _problem(severity=WARNING, line=None, column=None)]) == (
        "【エラー】直すまで公開できません。\n"
        "data/observations.csv 3行目 value列:「１５０」は全角数字です。半角の「150」に直してください。［number-form］\n\n"
        "【警告】公開はできますが、確かめてください。\n"
        "data/observations.csv:「１５０」は全角数字です。半角の「150」に直してください。［number-form］\n\n"
        "エラー1件、警告1件"
    )


def test_text_without_problems_says_so():
    assert validation.render_text([]) == "問題は見つかりませんでした。"


def test_text_shows_the_first_of_many_and_the_total():
    lines = validation.render_text([_problem(line=line) for line in range(2, 3002)]).splitlines()
    assert len(lines) == 1 + SHOWN_PER_FILE + 1 + 2
    assert lines[-3:] == [
        "data/observations.csv:ほかに2980件あります（全3000件。多いものは value列 number-form 3000件）。",
        "",
        "エラー3000件、警告0件",
    ]


def test_json_is_the_same_as_data():
    problems = [_problem(), _problem(severity=WARNING, line=None)]
    assert [Problem(**item) for item in json.loads(validation.to_json(problems))] == problems


def test_values_are_shown_short_and_visible():
    shown = rule_of("bom").problem("a.csv", "", value="x" * 1000 + "\u202e").value
    assert len(shown) < 70
    assert rule_of("bom").problem("a.csv", "", value="a\u202eb\n").value == "a\\u202eb\\u000a"


def rule_of(rule_id: str) -> validation.Rule:
    return validation.RULES[rule_id]
