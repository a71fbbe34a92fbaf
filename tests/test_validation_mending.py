"""What ``--fix`` mends and lists, how problems are told, and that no moment of being killed loses anything."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import builders
from shinchoku import cli, pages, paths, validation
from shinchoku.package.descriptor import read_descriptor
from shinchoku.package.reading import read_package
from shinchoku.package.records import RECORD_TYPES
from shinchoku.package.writing import write_tables
from shinchoku.text import shown
from shinchoku.validation.problems import ERROR, RULES, WARNING, Mending, Problem, Stage

PROJECT = Path(__file__).resolve().parents[1]
SMALL = PROJECT / "tests" / "fixtures" / "small-package"
TABLES = sorted(path.name for path in (SMALL / "data").glob("*.csv"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small package with the project's schema."""
    directory = shutil.copytree(SMALL, tmp_path / "package")
    builders.copy_descriptor(directory)
    return directory


def _as_spreadsheets_save(directory: Path) -> dict[str, bytes]:
    """Spoil every table as a spreadsheet does; returns what each was before."""
    sound = {}
    for path in sorted((directory / "data").glob("*.csv")):
        sound[path.name] = path.read_bytes()
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        text = "\r\n".join([header, *reversed(rows), "," * header.count(","), ""])
        text = re.sub(r"\b(true|false)\b", lambda match: match[0].upper(), text)
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("2024-04-01", "2024/4/1").encode())
    return sound


def _tables(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((directory / "data").glob("[!.]*.csv"))}


# -- what is mended -------------------------------------------------------------------


def test_what_a_spreadsheet_does_to_a_package_is_undone_to_the_byte(small):
    sound = _as_spreadsheets_save(small)
    problems = validation.validate(small)
    assert {"bom", "line-ending", "blank-row", "boolean-form", "date-form", "row-order"} <= {
        problem.rule for problem in problems
    }
    assert validation.fix(small) == problems
    assert _tables(small) == sound
    assert validation.validate(small) == []
    assert validation.fix(small) == []


def test_what_needs_judgement_is_left_and_the_rest_of_the_file_is_mended(small):
    path = small / "data" / "settlements.csv"
    sound = path.read_bytes()
    path.write_bytes(
        b"\xef\xbb\xbf"
        + sound.replace(b",56780,", "15億,".join([",", ""]).encode()).replace(b"412018", b'"412,018"')
    )
    before = {(problem.rule, problem.line) for problem in validation.fix(small)}
    assert before == {("bom", 1), ("number-form", 4)}
    assert [(problem.rule, problem.line) for problem in validation.validate(small)] == [("number-form", 3)]
    assert path.read_bytes() == sound.replace(b",56780,", ",15億,".encode())


def test_a_file_with_a_row_of_another_length_is_mended_as_text_only(small):
    """Its rows are not written anew: a person's correction of that one may change the others."""
    path = small / "data" / "settlements.csv"
    sound = path.read_bytes()
    spoilt = sound.replace(b'"56,780"', b"56,780").replace(b"412018", b'"412,018"')
    path.write_bytes(b"\xef\xbb\xbf" + spoilt.replace(b"\n", b"\r\n"))
    assert [problem.rule for problem in validation.fix(small)] == ["bom", "line-ending"]
    assert path.read_bytes() == spoilt
    assert [problem.rule for problem in validation.validate(small)] == ["cell-count", "number-form"]


def test_several_defects_of_a_file_show_at_once(small):
    path = small / "data" / "observations.csv"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("2021,actual,1243", "2021,actual,１２４３"),
        (",not_stated,,,,—", ",not_stated,,,—"),
        ("検討,reported,,,,検討", '検"討,reported,,,,検討'),
        (",pending,,,,集計中", ",pnding,,,,集計中"),
        ("300,,reported,,,,300", "300,,reported,,,,三"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert [(problem.rule, problem.line) for problem in validation.validate(small)] == [
        ("bom", 1),
        ("number-form", 2),
        ("cell-count", 3),
        ("stray-quote", 5),
        ("allowed-value", 6),
    ]


def test_sources_and_decisions_are_never_written(small):
    texts = sorted((small / "data" / "sources").iterdir())
    for path in texts:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    decisions = small / "data" / "decisions" / "x.yml"
    decisions.parent.mkdir()
    decisions.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    glossary = small / paths.GLOSSARY
    glossary.write_bytes(b"\xef\xbb\xbf" + glossary.read_bytes())
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    _as_spreadsheets_save(small)
    validation.fix(small)
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert {path.suffix for path in changed} <= {".csv"}


def test_a_mended_file_is_what_this_site_writes(small):
    _as_spreadsheets_save(small)
    validation.fix(small)
    read = read_package(small)
    assert write_tables(small, {name: getattr(read, name) for name in RECORD_TYPES}) == []


# -- killed ---------------------------------------------------------------------------


@pytest.mark.process
@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment_each_table_is_old_or_new_and_the_next_run_finishes(seed, small):
    sound = _as_spreadsheets_save(small)
    spoilt = _tables(small)
    # A disk that takes its time, so that a chance moment is one of writing.
    program = (
        "import os, sys, time, pathlib\n"
        "from shinchoku import validation\n"
        "for name in ('fsync', 'replace'):\n"
        "    def slow(*given, call=getattr(os, name)):\n"
        "        time.sleep(0.005); call(*given); time.sleep(0.005)\n"
        "    setattr(os, name, slow)\n"
        "print('writing', flush=True)\n"
        "validation.fix(pathlib.Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(small)], stdout=subprocess.PIPE)
    process.stdout.readline()
    staged = small / "data"
    while not list(staged.glob(".writing-*")) and process.poll() is None:
        time.sleep(0.001)
    time.sleep(random.Random(seed).uniform(0, 0.35))
    process.kill()
    process.wait()
    process.stdout.close()

    found = _tables(small)
    assert found.keys() == sound.keys()
    assert all(content in (spoilt[name], sound[name]) for name, content in found.items())
    validation.fix(small)
    assert _tables(small) == sound
    assert list(staged.glob(".*")) == []


def test_nothing_is_written_where_one_file_cannot_be(small, monkeypatch):
    _as_spreadsheets_save(small)
    spoilt = _tables(small)
    calls = iter([None, None])

    def full(_: int) -> None:
        if next(calls, "full") == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"space.*/data/\w+\.csv"):
        validation.fix(small)
    assert _tables(small) == spoilt
    assert list((small / "data").glob(".*")) == []


# -- the command ----------------------------------------------------------------------


def test_the_command_lists_what_it_mended_and_what_remains(small, capsys):
    path = small / "data" / "settlements.csv"
    path.write_bytes(
        path.read_bytes().replace(b",56780,", ",５６７８０,".encode()).replace(b"412018", b"41.2")
    )
    assert cli.main(["validate", str(small), "--fix"]) == 1
    said = capsys.readouterr().out
    assert "【直しました】1件" in said
    assert "data/settlements.csv 3行目 amount_thousand_yen列:「５６７８０」→「56780」" in said
    assert "【エラー】" in said and "「41.2」" in said
    path.write_bytes(path.read_bytes().replace(b"41.2", b"412018"))
    assert cli.main(["validate", str(small), "--fix"]) == 0
    assert "自動で直せるものはありませんでした" in capsys.readouterr().out


def test_the_command_tells_programs_the_same(small, capsys):
    path = small / "data" / "settlements.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert cli.main(["validate", str(small), "--json"]) == 1
    assert [problem["fixed"] for problem in json.loads(capsys.readouterr().out)] == ["（なし）"]
    assert cli.main(["validate", str(small), "--fix", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [repair["rule"] for repair in told["repairs"]] == ["bom"]
    assert told["problems"] == []


def test_a_warning_does_not_fail(small, capsys):
    path = small / "data" / "source_notes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("最初の掲載", "“最初”の掲載"), encoding="utf-8")
    assert cli.main(["validate", str(small)]) == 0
    assert "【警告】" in capsys.readouterr().out


STEPS = [
    ["resources"],
    ["resources", 1, "schema"],
    ["resources", 2, "schema", "primaryKey"],
    ["resources", 3, "name"],
]


# One check is asked by all commands: every defect once, and every command once.
@pytest.mark.parametrize(
    ("command", "value", "steps"),
    [(["reprint"], value, steps) for steps in STEPS for value in (None, [{}], 5)]
    + [(command, None, STEPS[0]) for command in (["build", "--no-validate"], ["import"])],
)
def test_nothing_is_made_with_a_broken_descriptor(command, value, steps, small, capsys):
    path = small / paths.DESCRIPTOR
    descriptor = read_descriptor(small)
    *way, last = steps
    parent = descriptor
    for step in way:
        parent = parent[step]
    parent[last] = value
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    assert cli.main([*command, str(small)]) == 1
    assert "datapackage.json" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in small.rglob("*") if path.is_file()} == before


# -- annotations of GitHub --------------------------------------------------------------


def _problem(**changes: object) -> Problem:
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


def _unescaped(text: str) -> str:
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_annotations_stand_at_their_line():
    command, count = validation.to_github([_problem()]).splitlines()
    assert command.startswith("::error file=data/observations.csv,line=3,title=")
    assert command.endswith(
        "::data/observations.csv 3行目 value列:「１５０」は全角数字です。半角の「150」に直してください。［number-form］"
    )
    assert count == "エラー1件、警告0件"


@pytest.mark.parametrize(
    "text",
    [
        "\n::set-output name=x::y",
        "\r::stop-commands::x",
        "::error::x",
        "%0A::add-mask::x",
        "##[add-mask]x",
        "a,line=9::b",
    ],
)
def test_a_cell_cannot_give_orders_to_the_runner(text, small):
    """Neither by a line of its own, nor by escapes that become one, nor in the old form anywhere in a line."""
    hostile = _problem(file=f"data/{text}.csv", message=f"「{shown(text)}」{text}", remedy=text, column=text)
    lines = re.split(r"[\r\n]", validation.to_github([hostile]))
    assert len(lines) == 2
    assert re.fullmatch(r"::error file=[^:,]*,line=3,title=[^:,]*::.*", lines[0])
    assert _unescaped(lines[0]).count(text) >= 3
    assert not re.search(r"::|##\[", lines[1])
    # What people read in the log of a run, too.
    for line in validation.render_text(
        [replace(hostile, message=shown(text), column=shown(text), remedy="。")]
    ).splitlines():
        assert "##[" not in line and not line.startswith("::")


def test_the_first_annotations_are_those_the_others_may_follow_from():
    found = [
        _problem(severity=WARNING, rule="wave-dash"),
        _problem(rule="positions", file="data/z.csv"),
        *(_problem(line=line) for line in range(2, 1000)),
        _problem(rule="descriptor-readable", file="datapackage.json", line=None),
        _problem(rule="bom", file="data/z.csv"),
    ]
    lines = validation.to_github(found).splitlines()
    assert [line.split(",")[0].split("=")[1] for line in lines[:3]] == [
        "datapackage.json",
        "data/z.csv",
        "data/observations.csv",
    ]
    assert len(lines) < 30
    assert lines[-1] == "エラー1001件、警告1件"


# -- the registry ------------------------------------------------------------------------


def test_the_page_of_quality_lists_every_rule(package):
    body = pages.quality.body(package)
    assert [found for found in RULES if f'id="rule-{found}"' not in body] == []


def test_every_rule_is_documented_by_stage_with_an_example():
    documented = validation.rules_documented()
    assert {rule.id for rule in documented} == set(RULES)
    stages = [stage.value for stage in Stage]
    assert [stages.index(rule.stage) for rule in documented] == sorted(
        stages.index(rule.stage) for rule in documented
    )
    assert all(rule.bad and rule.good and rule.bad != rule.good for rule in documented)


def test_what_is_documented_as_mended_is_what_is_mended():
    """By the cases: a rule that says so mends in one of them at least, one that does not in none."""
    cases = yaml.safe_load((PROJECT / "tests/fixtures/broken/cases.yml").read_text(encoding="utf-8"))
    mended = {place["rule"] for case in cases if "mended" in case for place in case["expect"]}
    left = {place["rule"] for case in cases if "mended" not in case for place in case["expect"]}
    assert mended == {rule.id for rule in RULES.values() if rule.mending is not Mending.BY_HAND}
    assert left.isdisjoint(rule.id for rule in RULES.values() if rule.mending is Mending.ALWAYS)
