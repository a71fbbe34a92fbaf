"""A layout drafted from a report: corrected by a few lines it reads the report, kept as text or as a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
import yaml

import frozen_project
from shinchoku import cli, importing, paths
from shinchoku.adding import drafting
from shinchoku.importing import ImportProblem, progress_report, source_text
from shinchoku.importing.layouts import Layout, read_layout

TOWN = frozen_project.PROJECT / "examples/midorino/data/sources/progress-r5.txt"
REAL = "data/sources/industrial-vision-progress-r4.txt"


def corrected(folder: Path, draft: drafting.Draft) -> Layout:
    """The layout of a draft, as a person leaves it who says why each word is read so."""
    path = drafting.path_of(folder, "draft")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft.text.replace("reason: …", "reason: 印刷のとおり。"), encoding="utf-8")
    return read_layout(folder, "draft")


def rows() -> list[list[str]]:
    return [line.split("\t") for line in TOWN.read_text(encoding="utf-8").splitlines()]


def as_workbook(path: Path) -> Path:
    """The town's report as its staff would keep it: numbers as numbers, cells merged."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows(), 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if re.fullmatch(r"-?[0-9,]+(\.[0-9]+)?", text):
                decimals = "0" * len(text.partition(".")[2])
                cell.value = float(text.replace(",", ""))
                cell.number_format = f"{'#,##0' if ',' in text else '0'}{'.' * bool(decimals)}{decimals}"
            elif text:
                cell.value = text
        if len(row) == 1:
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=14)
        elif not row[0]:
            for column in (1, 2, 11, 12, 13, 14):  # what is said once of an initiative with two indicators
                sheet.merge_cells(
                    start_row=number - 1, end_row=number, start_column=column, end_column=column
                )
    book.save(path)
    return path


def as_csv(path: Path) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows())
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


@pytest.fixture(scope="module")
def town() -> drafting.Draft:
    return drafting.draft(TOWN)


def test_what_is_drafted_of_a_town(town):
    said = yaml.safe_load(town.text)
    assert said["issued"] == "{month} {publisher}"
    assert said["headings"] == [
        {"level": "goal", "printed": "基本目標{number} {title}"},
        {"level": "measure", "printed": "施策{number} {title}"},
    ]
    assert said["columns"] == {
        "事業名": "name",
        "担当課": {"role": "attribute", "attribute": "division"},
        "指標(KPI)": "indicator",
        "単位": "unit",
        "基準値({year})": "base",
        "{year}": "actual",
        "目標値({year})": "target",
        "{year}予算額(千円)": {"role": "budget", "unit": "千円"},
        "{year}決算額(千円)": {"role": "settlement", "unit": "千円"},
        "評価": {"role": "attribute", "attribute": "grade"},
        "課題・今後の方向性": {"role": "attribute", "attribute": "remarks"},
    }
    assert [word["printed"] for word in said["words"]] == ["調査中止"]
    assert town.questions == 1 and "29行目" in town.text


@pytest.mark.parametrize("make", [as_workbook, as_csv])
def test_a_spreadsheet_gives_the_same_lines_and_the_same_draft(town, tmp_path, make):
    path = make(tmp_path / "報告")
    text, notes = importing.report_text(path, corrected(tmp_path, town))
    assert (text, notes) == (TOWN.read_text(encoding="utf-8"), ())
    assert drafting.draft(path).text == town.text


def test_this_reports_own_form_is_drafted_with_the_levels_of_its_plan(project, tmp_path):
    drafted = corrected(tmp_path, drafting.draft(project / REAL, project))
    text = source_text.read(project / REAL, REAL)
    ours, theirs = (
        progress_report.parse(text, layout, frozen_project.LEVELS)
        for layout in (drafted, frozen_project.layout())
    )
    assert ours.rows and ours.nodes == theirs.nodes and ours.rows == theirs.rows


def test_what_cannot_be_told_is_asked(tmp_path):
    path = tmp_path / "報告.csv"
    path.write_text(
        "計画の進捗\nア．まちづくり\nNo.,施策名,KPI,現状値,R6目標,事業費,なぞの列\n1,道の整備,延長,3.5,約半分,12,x\n注意書き\n",
        encoding="utf-8",
    )
    text = drafting.draft(path).text
    said = yaml.safe_load(text)
    assert said["headings"] == [{"level": "level1", "printed": "{kana}．{title}"}]
    assert said["columns"] | {"現状値": "actual"} == said["columns"]
    assert said["columns"]["なぞの列"] == said["columns"]["事業費"] == said["columns"]["No."] == "leave_out"
    asked = "\n".join(line for line in text.splitlines() if drafting.ASK in line)
    assert all(each in asked for each in ("ア．まちづくり", "現状値", "事業費", "なぞの列", "約半分"))
    assert "施策名" not in asked and "#   - 注意書き" in text


def test_a_file_without_a_table(tmp_path):
    (tmp_path / "報告.txt").write_text("計画\n基本目標1 みどり\n", encoding="utf-8")
    with pytest.raises(ImportProblem, match="表の見出しの行"):
        drafting.draft(tmp_path / "報告.txt")


def test_the_command_writes_a_draft_once(project, tmp_path, capsys):
    (tmp_path / paths.DATA).mkdir()
    command = ["layout", str(TOWN), "--project", str(tmp_path), "--name", "town"]
    assert cli.main(command) == 0
    written = drafting.path_of(tmp_path, "town").read_text(encoding="utf-8")
    assert "--layout town" in capsys.readouterr().out
    assert cli.main(command) == 1
    assert "すでにあります" in capsys.readouterr().err
    assert cli.main(command[:4]) == 0
    assert capsys.readouterr().out == written
