"""The report of the year after the one of the first version, and the decisions it needs.

``fixtures/next-report/progress-r5.txt`` is written in the form of the real
report; its values for the new year are made up. Against the report before it
has a new initiative under a new direction, one that is no longer listed, two that
are printed as ended or merged, two of which the ending was printed the year
before and that are gone, a renamed one, a name written in other letters, a
renamed and an added indicator, a corrected past value, values that were still
being counted, and two 基本施策 that changed places.
"""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import openpyxl

from frozen_project import copy_descriptor
from shinchoku import cli, paths
from shinchoku.exports import report_form, report_workbook
from shinchoku.package import reprint
from shinchoku.package.descriptor import primary_key, resources
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package

SOURCE_ID = "progress-r5"
REPORT = Path(__file__).parent / "fixtures" / "next-report" / "progress-r5.txt"

#: Decisions file → (what stands there, what is written after it).
DECISIONS = {
    "policies": (
        "",
        '- {id: tourism-m1-d4, level: direction, title: "アートなど新しい資源による都心の回遊促進",'
        " reason: 新しい取組の方向。}\n",
    ),
    "initiatives": (
        "  name: 観光情報発信事業\n",
        "  printed_as:\n    - {name: 観光情報発信・魅力発信事業, reason: 内容が同じで、名前だけが変わった。}\n",
    ),
    "initiatives 2": (
        "  name: ICTを活用した観光マーケティング推進事業\n",
        "  absent_from:\n    - {source: progress-r5, outcome: merged, into: tourism-statistics,"
        " reason: 同じ調査を観光統計調査事業が続けている。}\n",
    ),
    "initiatives 3": ("", "- id: downtown-art-walk\n  name: 都心アート回遊事業\n"),
    "indicators": (
        "",
        "hospitality-1:\n  printed_as: [{name: おもてなし満足度(%), reason: 同じ調査の同じ満足度。}]\n",
    ),
}

#: Why ``correct`` corrects.
REASON = "試験のため、1を加えた。"


def project_copy(project: Path, target: Path) -> Path:
    """What an import needs of the project."""
    for folder in (paths.DATA, paths.RELEASES):
        shutil.copytree(project / folder, target / folder)
    copy_descriptor(project, target)
    return target


def decide(project: Path) -> None:
    """Write the decisions that the report asks for."""
    for name, (after, text) in DECISIONS.items():
        file = project / paths.DECISIONS / f"{name.split()[0]}.yml"
        content = file.read_text(encoding="utf-8")
        assert after in content
        content = content.replace(after, after + text, 1) if after else content.rstrip("\n") + "\n" + text
        file.write_text(content, encoding="utf-8")


def command(project: Path, *more: str, file: Path = REPORT) -> list[str]:
    """The arguments that import the report into a project."""
    return ["import", "progress", str(file), str(project), "--source-id", SOURCE_ID, *more]


def edited(path: Path, *edits: tuple[str, str]) -> Path:
    """The report with other text, each of which it has once."""
    text = REPORT.read_text(encoding="utf-8")
    for find, replace in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    path.write_text(text, encoding="utf-8")
    return path


def rows() -> list[list[str]]:
    """The report as a spreadsheet has it: a list of cells for each line."""
    return [line.split("\t") for line in REPORT.read_text(encoding="utf-8").split("\n")]


def as_workbook(path: Path) -> Path:
    """The report as the city might send it: one sheet, the years over the columns they span merged."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows(), 1):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(number, column, text)
                cell.data_type = "s"  # as text, whatever it begins with
        if row[0] == "取組":
            last = len(row)
            first = max(column for column, text in enumerate(row, 1) if text)
            sheet.merge_cells(start_row=number, end_row=number, start_column=first, end_column=last)
    book.save(path)
    return path


def as_csv(path: Path) -> Path:
    """The same as Excel saves a CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows())
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))
    return path


def fill_in(form: Path, published: Package) -> int:
    """Fill in the form of the year after any newest report: every open cell, with what was printed the year before.

    Returns how many there were.
    """
    source_id = report_form.newest_report(published)
    printed = {row["source_line"]: row for row in reprint.printed_rows(published, source_id)}
    book = openpyxl.load_workbook(form)
    filled = 0
    for row in report_form.form(published, source_id, is_following=True).rows:
        newest = {key.partition("_")[0]: text for key, text in printed.get(row.number, {}).items()}
        for column, cell in enumerate(row.cells, 2):
            if cell.use in (report_form.FILL, report_form.REPEAT) and not cell.text:
                book[report_workbook.SHEET].cell(row.number, column).value = str(newest[cell.role])
                filled += 1
    book.save(form)
    return filled


def correct(project: Path) -> None:
    """Correct a value of the newest report as ``corrections.csv`` does."""
    published = read_package(project)
    key = primary_key(resources(published.descriptor)["observations"])
    corrected = {item.record_key for item in published.corrections}
    source_id = report_form.newest_report(published)
    item, name = next(
        (item, name)
        for item in reversed(published.document(source_id).observations)
        if item.role == "actual"
        and item.value is not None
        and (name := ":".join(str(getattr(item, column)) for column in key)) not in corrected
    )
    value = item.value + 1
    row = f"observations,{name},value,{item.value:f},{value:f},{REASON},2026-12-01,{source_id},{item.source_line}"
    with (project / paths.DATA / "corrections.csv").open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")
    assert cli.main(["import", str(project)]) == 0
