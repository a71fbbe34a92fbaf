"""The form of a report: what comes back unedited is the report, and an edit changes what was edited."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

import builders
import frozen_project
from frozen_project import copy_descriptor
from shinchoku import cli, importing, paths
from shinchoku.exports import report_form, report_workbook
from shinchoku.exports.report_form import ENDED, FILL, FIXED, REPEAT, REVISE
from shinchoku.importing import progress_report, source_text, spreadsheets
from shinchoku.importing.layouts import read_layout
from shinchoku.importing.progress_report import Report
from shinchoku.importing.source_text import SourceText
from shinchoku.package import reprint
from shinchoku.package.descriptor import PackageError, primary_key, read_descriptor, resources
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package, read_table
from shinchoku.package.records import Attribute, Budget, Correction, Observation, SourceNote

LAYOUT = frozen_project.layout()

REPORT = "progress-r4"
SHEET, GUIDE = report_workbook.SHEET, report_workbook.GUIDE


@pytest.fixture(scope="module")
def form_file(package, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("form") / "報告.xlsx"
    path.write_bytes(report_workbook.encode(package, REPORT))
    return path


@pytest.fixture(scope="module")
def following_file(package, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("following") / "次の報告.xlsx"
    path.write_bytes(report_workbook.encode(package, REPORT, is_following=True))
    return path


@pytest.fixture(scope="module")
def form_book(form_file) -> Workbook:
    """The form, to look at."""
    return openpyxl.load_workbook(form_file)


@pytest.fixture(scope="module")
def following_book(following_file) -> Workbook:
    return openpyxl.load_workbook(following_file)


@pytest.fixture(scope="module")
def printed(project, package) -> Report:
    file = package.source[REPORT].file
    return progress_report.parse(source_text.read(project / file, file), LAYOUT, frozen_project.LEVELS)


def parsed(path: Path) -> Report:
    lines = spreadsheets.text_of(path, LAYOUT).removesuffix("\n").split("\n")
    return progress_report.parse(SourceText(path.name, tuple(lines), "0" * 64), LAYOUT, frozen_project.LEVELS)


def edited(form: Path, target: Path, edit: Callable[[Worksheet], None]) -> Path:
    """The form as another program saves it after an edit."""
    book = openpyxl.load_workbook(form)
    edit(book[SHEET])
    book.save(target)
    return target


def cells_of(report: Report) -> Iterator[tuple[int, str, str]]:
    for row in report.rows:
        yield row.line, "★", "★" if row.has_mark else ""
        yield row.line, "再掲", "再掲" if row.is_relisted else ""
        yield from ((row.line, key, text) for key, text in row.cells.items())


def place(report: Report, name: str, key: str) -> tuple[int, int]:
    """Row and column on the sheet of a cell of an initiative's first row."""
    row = next(row for row in report.rows if row.name == name)
    return row.line, [column.key for column in row.columns].index(key) + 2


class TestRoundTrip:
    def test_unedited_it_is_the_report(self, form_file, printed):
        assert parsed(form_file) == printed

    def test_saved_by_another_program_too(self, form_file, printed, tmp_path):
        assert parsed(edited(form_file, tmp_path / "報告.xlsx", lambda sheet: None)) == printed

    def test_as_comma_separated_text_too(self, form_book, printed, tmp_path):
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(form_book[SHEET].iter_rows(values_only=True))
        (tmp_path / "報告.csv").write_text(buffer.getvalue(), encoding="utf-8-sig")
        assert parsed(tmp_path / "報告.csv") == printed

    def test_every_table_is_made_again_from_it(self, project, package, form_file, tmp_path):
        tables = imported(project, tmp_path, package, form_file)
        for name, records in tables.items():
            before = set(getattr(package, name))
            if name == "sources":  # the file is another one
                records = [replace(item, sha256=package.source[item.source_id].sha256) for item in records]
            if name == "source_notes":
                before = {note for note in before if not is_about_text(note)}
            assert set(records) == before, name

    def test_the_same_package_gives_the_same_bytes(self, package, form_file):
        assert report_workbook.encode(package) == form_file.read_bytes()

    def test_a_report_of_another_form(self, tmp_path):
        """Other years, ★ in a column of its own in some rows only, two indicators of one initiative."""
        assert text_of_small(tmp_path) == [
            *SMALL[:7],
            "",
            *SMALL[8:12],
            "\t公園事業\t公園の数\t1\t(令和元年度をもって終了)\t—\t集計中\t3",
            "★\t植樹事業\t本数\t1,013\t・苗 ・土\t1,200\t12\t",
            *SMALL[14:16],
            "\t\t面積\t-\t\t\t2\t調査未実施 (雪のため)",
            "\t【再掲】公園事業\t公園の数\t1\t(令和元年度をもって終了)\t—\t集計中\t3",
        ]


def is_about_text(note: SourceNote) -> bool:
    """Whether a note doubts how the document was made into text (list markup, ruled lines), of which a workbook has nothing."""
    return note.category == "formatting" and note.printed[0] in "<-"


def imported(project: Path, target: Path, published, form: Path) -> dict[str, list]:
    """The tables that an import makes with the report replaced by what a form says."""
    shutil.copytree(project / paths.DATA, target / paths.DATA)
    copy_descriptor(project, target)
    source = published.source[REPORT]
    (target / source.file).write_text(spreadsheets.text_of(form, LAYOUT), encoding="utf-8")
    sources = target / paths.DECISIONS / "sources.yml"
    decided = sources.read_text(encoding="utf-8")
    sources.write_text(re.sub(rf"  sha256: {source.sha256}\n", "", decided), encoding="utf-8")
    declared = resources(read_descriptor(target))
    keys = {name: primary_key(resource) for name, resource in declared.items()}
    editorial = {name: read_table(target, name) for name in importing.EDITORIAL_TABLES}
    editorial["source_notes"] = [note for note in editorial["source_notes"] if not is_about_text(note)]
    return importing.run_import(target, editorial, keys, frozen_project.LEVELS)


YEARS = "取組\t指標\tH30\tR1\t\t\t"
ROLES = "\t\t実績(指標)\t内容\t決算見込額(千円)\t実績(指標)\t目標(指標)"
SMALL = [
    "平成31年度の進捗状況",
    "目次",
    "1. みどり",
    "①森  の道\t1",
    "《みどり》",
    "重点分野1.森  の道",
    "基本施策1.木を植える",
    "---\t---",
    YEARS,
    ROLES,
    "①植える取組",
    "",
    "公園事業\t公園の数\t1\t(令和元年度をもって終了)\t—\t集計中\t3",
    "★\t植樹事業\t本数\t1,013\t<ul style='x'> ・苗 ・土 \t1,200\t12\t",
    YEARS,
    ROLES,
    "\t面積\t-\t\t\t2\t調査未実施 (雪のため)",
    "【再掲】公園事業\t公園の数\t1\t(令和元年度をもって終了)\t—\t集計中\t3",
]


def small_package() -> Package:
    def observed(line: int, indicator_id: str, year: int, role: str, **values: Any) -> Observation:
        return replace(builders.observation(indicator_id, year, role, **values), source_line=line)

    ended = {"lifecycle": "ended", "last_fiscal_year": 2019, "lifecycle_printed": "(令和元年度をもって終了)"}
    return builders.package(
        source_lines={builders.SOURCE_ID: tuple(SMALL)},
        sources=[builders.source(title=SMALL[0], report_fiscal_year=2019)],
        policies=[
            builders.policy("fields", "part", line=5),
            builders.policy("tourism", "field", "fields", line=6),
            builders.policy("tourism-1", "measure", "tourism", line=7),
            builders.policy("tourism-1-1", "direction", "tourism-1", line=11),
        ],
        initiatives=[
            builders.initiative("park", "公園事業", line=13, **ended),
            builders.initiative("trees", "植樹事業", line=14, has_mark=True),
        ],
        listings=[
            builders.listing("park", 13),
            builders.listing("trees", 14, position=2),
            builders.listing("trees", 17, position=3, indicator_position=2),
            builders.listing("park", 18, position=4, relisted=True),
        ],
        indicators=[
            builders.indicator("park-1", "park", "公園の数", None, source_line=13),
            builders.indicator("trees-1", "trees", "本数", None, source_line=14),
            builders.indicator("trees-2", "trees", "面積", None, position=2, source_line=17),
        ],
        observations=[
            observed(13, "park-1", 2018, "actual", value="1"),
            observed(13, "park-1", 2019, "actual", status="pending", printed="集計中"),
            observed(13, "park-1", 2019, "target", value="3"),
            observed(14, "trees-1", 2018, "actual", value="1013", printed="1,013"),
            observed(14, "trees-1", 2019, "actual", value="12"),
            observed(14, "trees-1", 2019, "target"),
            observed(17, "trees-2", 2018, "actual", status="not_stated", printed="-"),
            observed(17, "trees-2", 2019, "actual", value="2"),
            observed(
                17,
                "trees-2",
                2019,
                "target",
                status="not_surveyed",
                printed="調査未実施 (雪のため)",
                remark="雪のため",
            ),
        ],
        settlements=[
            builders.settlement("park", 2019, printed="—", source_line=13),
            builders.settlement("trees", 2019, 1200, source_line=14),
        ],
        activities=[builders.activity("trees", "苗", fiscal_year=2019)],
    )


def text_of_small(folder: Path, **options: bool) -> list[str]:
    path = folder / "小さな報告.xlsx"
    path.write_bytes(report_workbook.encode(small_package(), **options))
    return spreadsheets.text_of(path, LAYOUT).removesuffix("\n").split("\n")


class TestEdits:
    """What is edited with another program changes, and nothing else."""

    @pytest.mark.parametrize(
        "edits",
        [
            [
                ("国際観光誘致事業", "actual_2022", "77", "77"),
                ("さっぽろ雪まつり事業", "settlement_2022_thousand_yen", "412,019", "412,019"),
                ("さっぽろ雪まつり事業", "indicator", "年間来場者数(千人)", "年間来場者数(千人)"),
                ("さっぽろ雪まつり事業", "actual_2018", "集計中", "集計中"),
                ("さっぽろ雪まつり事業", "target_2022", None, ""),
                ("さっぽろ雪まつり事業", "activities", "・一つ\n・二つ", "・一つ ・二つ"),
                ("さっぽろ雪まつり事業", "name", "雪まつり事業", "雪まつり事業"),
            ],
            [
                ("国際観光誘致事業", "actual_2022", 78, "78"),
                ("さっぽろ雪まつり事業", "settlement_2022_thousand_yen", 412019, "412019"),
            ],
            [("国際観光誘致事業", "actual_2022", 77.5, "77.5")],
        ],
        ids=["text", "whole numbers", "a fraction"],
    )
    def test_cells(self, form_file, printed, tmp_path, edits):
        places = [(*place(printed, name, key), key, typed, text) for name, key, typed, text in edits]

        def put(sheet: Worksheet) -> None:
            for row, column, _, typed, _ in places:
                # A number typed into a cell that is text stays one; pasted from elsewhere it brings its own format.
                if not isinstance(typed, str):
                    sheet.cell(row, column).number_format = "General"
                sheet.cell(row, column).value = typed

        found = set(cells_of(parsed(edited(form_file, tmp_path / "報告.xlsx", put))))
        assert found - set(cells_of(printed)) == {(row, key, text) for row, _, key, _, text in places}
        assert len(set(cells_of(printed)) - found) == len(edits)

    def test_the_mark(self, form_file, printed, tmp_path):
        row, _ = place(printed, "さっぽろ雪まつり事業", "name")

        def put(sheet: Worksheet) -> None:
            sheet.cell(row, 1).value = "★"

        found = set(cells_of(parsed(edited(form_file, tmp_path / "報告.xlsx", put))))
        assert found - set(cells_of(printed)) == {(row, "★", "★")}

    def test_a_row_more_and_a_row_less(self, form_file, printed, tmp_path):
        names = [row.name for row in printed.rows]
        at = printed.rows[0].line

        def add(sheet: Worksheet) -> None:
            # The blank row below the table: openpyxl would leave the merged headings where they were.
            values = ["", *printed.rows[0].cells.values()]
            for column, value in enumerate(values, 1):
                sheet.cell(at + 4, column).value = value
            sheet.cell(at + 4, 2).value = "新しい事業"

        def remove(sheet: Worksheet) -> None:
            for cell in sheet[at]:
                cell.value = None

        more = parsed(edited(form_file, tmp_path / "多い.xlsx", add))
        assert [row.name for row in more.rows] == [*names[:4], "新しい事業", *names[4:]]
        assert [row for row in more.rows if row.name != "新しい事業"] == printed.rows
        less = parsed(edited(form_file, tmp_path / "少ない.xlsx", remove))
        assert [row.name for row in less.rows] == names[1:]
        assert [row.cells for row in less.rows] == [row.cells for row in printed.rows[1:]]

    def test_after_an_import_only_the_records_of_the_edit_differ(
        self, project, package, form_file, printed, tmp_path
    ):
        number = place(printed, "国際観光誘致事業", "actual_2022")
        amount = place(printed, "さっぽろ雪まつり事業", "settlement_2022_thousand_yen")
        repeated = [row.line for row in printed.rows if row.name == "国際観光誘致事業" and row.is_relisted]
        assert repeated

        def put(sheet: Worksheet) -> None:
            for line in (number[0], *repeated):
                sheet.cell(line, number[1]).value = "77"
            sheet.cell(*amount).value = "412,019"

        path = edited(form_file, tmp_path / "報告.xlsx", put)
        tables = imported(project, tmp_path / "project", package, path)
        changed = {
            name: set(records) - set(getattr(package, name))
            for name, records in tables.items()
            if name not in ("sources", "source_notes") and set(records) != set(getattr(package, name))
        }
        assert changed.keys() == {"observations", "settlements"}
        (observation,), (settlement,) = changed["observations"], changed["settlements"]
        assert (observation.value, observation.status, observation.printed) == (77, "reported", "77")
        assert (settlement.amount_thousand_yen, settlement.printed) == (412019, "412,019")


class TestWhatStaffSee:
    def cells(self, package, sheet: Worksheet, is_following: bool = False):
        form = report_form.form(package, REPORT, is_following)
        for row in form.rows:
            for column, cell in enumerate(row.cells, 2):
                yield cell, sheet.cell(row.number, column)

    def test_only_what_may_change_is_unlocked(self, package, form_book):
        sheet = form_book[SHEET]
        assert sheet.protection.sheet and not sheet.protection.password
        assert form_book[GUIDE].protection.sheet
        known = {seen.coordinate: cell.use for cell, seen in self.cells(package, sheet)}
        unlocked = {
            cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
        }
        assert unlocked == {name for name, use in known.items() if use != FIXED}

    def test_uses(self, package):
        uses = {
            (row.number, cell.role, at): cell.use
            for row in report_form.form(small_package(), builders.SOURCE_ID).rows
            for at, cell in enumerate(row.cells)
        }
        # name, indicator, past actual, activities, settlement, actual, target
        assert [use for (line, *_), use in uses.items() if line == 14] == [FIXED, REVISE, REVISE, *[FILL] * 4]
        assert [use for (line, *_), use in uses.items() if line == 17] == [
            *(FIXED, REVISE, REVISE, FIXED, FIXED, FILL, FILL)
        ]
        assert [use for (line, *_), use in uses.items() if line == 18] == [FIXED, *[REPEAT] * 6]
        following = report_form.form(small_package(), builders.SOURCE_ID, is_following=True)
        row = next(row for row in following.rows if row.number == 13)
        assert row.cells[2] == report_form.Cell("集計中", "actual", FILL)  # of last year, and still to come
        assert {cell.use for cell in row.cells[3:]} == {ENDED}

    def test_every_cell_is_text(self, form_book, following_book):
        for book in (form_book, following_book):
            for sheet in book:
                written = [cell for row in sheet.iter_rows() for cell in row if cell.has_style]
                cells = [cell for cell in written if not isinstance(cell, MergedCell)]
                assert {cell.number_format for cell in cells} == {"@"}
                assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}

    def test_uses_differ_by_colour_and_by_border_and_can_be_read(self, package, form_book):
        sheet = form_book[SHEET]
        looks = {}
        for cell, seen in self.cells(package, sheet):
            looks.setdefault(cell.use, set()).add(
                (
                    seen.fill.fgColor.rgb,
                    seen.border.left.style,
                    seen.border.left.color.rgb,
                    seen.font.color.rgb,
                )
            )
        assert looks.keys() == {FILL, REVISE, REPEAT, FIXED}
        assert all(len(look) == 1 for look in looks.values())
        fills, borders, colours, inks = zip(*(look for (look,) in looks.values()), strict=True)
        assert len(set(fills)) == len(set(borders)) == 4
        for fill, colour, ink in zip(fills, colours, inks, strict=True):
            assert contrast(fill, ink) >= 4.5
            assert contrast(fill, colour) >= 3
        (blanks,) = sheet.conditional_formatting
        (rule,) = blanks.rules
        assert contrast(rule.dxf.fill.bgColor.rgb, inks[0]) >= 4.5

    def test_lists_offer_the_words_that_are_printed(self, package, form_book):
        offered = {}
        for rule in form_book[SHEET].data_validations.dataValidation:
            assert rule.promptTitle and rule.prompt and rule.showInputMessage
            assert len(rule.promptTitle) <= 32 and len(rule.prompt) <= 255
            if rule.type == "list":
                assert not rule.showErrorMessage, "a number is as good as a word of the list"
                name, cells = rule.formula1.rsplit("!", 1)
                left, first, right, last = range_boundaries(cells)
                words = form_book[name].iter_rows(first, last, left, right, values_only=True)
                offered.setdefault(rule.promptTitle, set()).add(tuple(word for (word,) in words))
        printed = {
            role: {item.printed for item in package.observations if item.value is None and item.role == role}
            for role in ("actual", "target")
        }
        (actual,), (target,), (settlement,) = offered["実績"], offered["目標"], offered["決算見込額(千円)"]
        assert {"集計中", "調査未実施", "非調査年", "集計不可", "—"} <= set(actual)
        assert all(any(text and text.startswith(word) for text in printed["actual"]) for word in actual)
        assert set(target) <= printed["target"]
        assert settlement == ("—",)

    def test_words_of_one_case_are_left_to_be_typed(self):
        words = report_form.form(small_package(), builders.SOURCE_ID).words
        assert {(word.label, word.printed, word.count) for word in words} == {
            ("実績", "集計中", 1),
            ("実績", "-", 1),
            ("目標", "調査未実施", 1),
            ("決算見込額(千円)", "—", 1),
        }

    def test_ids_stand_beside_what_they_name(self, package, form_book):
        sheet = form_book[SHEET]
        column = sheet.max_column
        ids = {row: sheet.cell(row, column).value for row in range(1, sheet.max_row + 1)}
        expected = {item.source_line: item.initiative_id for item in package.listings}
        expected |= {item.source_line: item.policy_id for item in package.policies if item.heading_printed}
        found = {row: value for row, value in ids.items() if value and not value.startswith("ID")}
        assert found == expected

    def test_it_prints_as_a_whole(self, form_book):
        sheet = form_book[SHEET]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$45:$46"
        assert sheet.print_area == f"'{SHEET}'!$A$1:$K${sheet.max_row}"
        assert sheet.freeze_panes == "C1"

    def test_the_guide_says_what_it_is_about(self, form_book, following_book):
        for book, said in (
            (form_book, "令和4年度の報告"),
            (following_book, "令和5年度の報告を書くための用紙"),
        ):
            text = "\n".join(cell.value for row in book[GUIDE].iter_rows() for cell in row if cell.value)
            assert said in text
            for heading in ("書き方", "しないこと", "送り返し方", "セルの色と枠", "選べる言葉"):
                assert heading in text

    def test_text_stays_text(self, package, printed, tmp_path):
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "{=1+1}", "http://example.com", "0123"]
        rows = [row.line for row in printed.rows]
        headings = [item.source_line for item in package.policies if item.heading_printed]
        lines = list(package.source_lines[REPORT])
        for text, row, heading in zip(texts, rows, headings, strict=False):
            indicator = next(each.cells["indicator"] for each in printed.rows if each.line == row)
            lines[row - 1] = lines[row - 1].replace(indicator, text)
            lines[heading - 1] = f"{text} と見出し"
        spoilt = replace(package.package, source_lines={**package.source_lines, REPORT: tuple(lines)})
        path = tmp_path / "報告.xlsx"
        path.write_bytes(report_workbook.encode(spoilt, REPORT))
        sheet = openpyxl.load_workbook(path)[SHEET]
        read = spreadsheets.text_of(path, LAYOUT).split("\n")
        for text, row, heading in zip(texts, rows, headings, strict=False):
            assert (sheet.cell(row, 3).value, sheet.cell(row, 3).data_type) == (text, "s")
            assert (sheet.cell(heading, 1).value, sheet.cell(heading, 1).data_type) == (
                f"{text} と見出し",
                "s",
            )
            assert sheet.cell(row, 3).hyperlink is None
            assert read[row - 1].split("\t")[2] == text

    def test_text_longer_than_a_cell_is_refused(self, package):
        lines = list(package.source_lines[REPORT])
        lines[42] = "見" * 40_000
        with pytest.raises(PackageError, match="43行目の字句が長すぎて"):
            report_workbook.encode(replace(package.package, source_lines={REPORT: tuple(lines)}), REPORT)

    def test_a_line_that_is_no_row_of_its_table_is_refused(self, package):
        lines = list(package.source_lines[REPORT])
        lines[49] = lines[49].rpartition("\t")[0]
        with pytest.raises(PackageError, match="50行目: 表の列が10個ではありません"):
            report_workbook.encode(replace(package.package, source_lines={REPORT: tuple(lines)}), REPORT)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (``FFRRGGBB``), as WCAG defines it."""

    def luminance(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (2, 4, 6))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class TestFollowingYear:
    def test_the_years_move_and_the_past_is_there(self, package, following_file, printed):
        following = parsed(following_file)
        ended = {item.initiative_id for item in package.initiatives if item.lifecycle_printed}
        lines = {item.source_line for item in package.listings if item.initiative_id in ended}
        newest = max(printed.fiscal_years)
        assert following.fiscal_years == tuple(year + 1 for year in printed.fiscal_years)
        assert [row.line for row in following.rows] == [row.line for row in printed.rows]
        for row, before in zip(following.rows, printed.rows, strict=True):
            past = {
                key: text for key, text in row.cells.items() if key in before.cells and key != "activities"
            }
            assert past == {key: before.cells[key] for key in past}
            assert [key for key in past if key.startswith("actual")] == [
                f"actual_{year}" for year in following.fiscal_years if year <= newest
            ]
            new = {row.cells[f"{role}_{newest + 1}"] for role in ("actual", "target")}
            assert new == {"—" if row.line in lines else ""}

    def test_what_has_ended_keeps_what_is_said_of_it(self, package, following_file):
        ended = {item.name: item.lifecycle_printed for item in package.initiatives if item.lifecycle_printed}
        rows = [row for row in parsed(following_file).rows if not row.is_relisted]
        assert {row.name: row.cells["activities"] for row in rows if row.cells["activities"]} == ended
        (settlement,) = {key for key in rows[0].cells if key.startswith("settlement")}
        assert {row.name for row in rows if row.cells[settlement]} == ended.keys()

    def test_empty_cells_of_the_year_wait(self, package, following_book):
        sheet = following_book[SHEET]
        (blanks,) = sheet.conditional_formatting
        waiting = {cell for part in blanks.sqref.ranges for cell in part.cells}
        form = report_form.form(package, REPORT, is_following=True)
        expected = {
            (row.number, column)
            for row in form.rows
            for column, cell in enumerate(row.cells, 2)
            if cell.use in (FILL, REPEAT)
        }
        assert waiting == expected
        assert {
            (row.number, column)
            for row in form.rows
            for column, cell in enumerate(row.cells, 2)
            if not cell.text and cell.use != FIXED
        } <= waiting

    def test_over_the_change_of_an_era(self, tmp_path):
        assert text_of_small(tmp_path, is_following=True) == [
            "令和2年度の進捗状況",
            *SMALL[1:7],
            "",
            "取組\t指標\tR1\tR2\t\t\t",
            *SMALL[9:12],
            "\t公園事業\t公園の数\t集計中\t(令和元年度をもって終了)\t—\t—\t—",
            "★\t植樹事業\t本数\t12\t\t\t\t",
            "取組\t指標\tR1\tR2\t\t\t",
            *SMALL[15:16],
            "\t\t面積\t2\t\t\t\t",
            "\t【再掲】公園事業\t公園の数\t集計中\t(令和元年度をもって終了)\t—\t—\t—",
        ]

    def test_a_published_correction_is_what_goes_on(self, package):
        item = package.observation["snow-festival-1", 2022, "actual"]
        observations = tuple(
            replace(item, value=Decimal(1275)) if other is item else other
            for other in package.package.observations
        )
        key = "progress-r4:snow-festival-1:2022:actual"
        correction = Correction(
            "observations", key, "value", "175", "1275", "訂正", date(2026, 12, 1), REPORT, 50
        )
        data = replace(package.package, observations=observations, corrections=(correction,))

        def texts(is_following: bool) -> list[str]:
            rows = report_form.form(data, REPORT, is_following).rows
            return [cell.text for row in rows if row.number == 50 for cell in row.cells]

        assert texts(False)[8] == "175", "the form of a report holds what is printed"
        assert texts(True)[5] == "1,275"


#: A plan of another form: a unit, a base and an end target, budgets, a grade; no mark, no 内容, no settlements.
OTHER = [
    "令和2年度の進捗",
    "R3.8 みどり野町",
    "基本目標1 しごと",
    "事業名\t担当課\t指標（KPI）\t単位\t基準値(R元)\tR2\t目標値(R6)\tR2予算額(円)\t評価",
    "農業事業\t農林課\t就農の人数\t人\t3\t-1.5\t18\t2,000\tB",
    "\t\t減少率\t%\t0\t調査中止\t12\t\t",
]


def other_package() -> Package:
    legend = [{"value": value, "meaning": ""} for value in "AB"]
    grade = {"value": "grade", "label": "評価", "kind": "grade", "legend": legend}
    division = {"value": "division", "label": "担当課"}
    descriptor = builders.descriptor()
    schema = {"fields": [{"name": "attribute", "title": "項目", "categories": [division, grade]}]}
    descriptor["resources"] = [*descriptor["resources"], {"name": "attributes", "schema": schema}]
    values = {
        "farm-1": (5, {"base": "3", "actual": "-1.5", "target": "18"}),
        "farm-2": (6, {"base": "0", "actual": "調査中止", "target": "12"}),
    }
    years = {"base": 2019, "actual": 2020, "target": 2024}
    data = builders.package(
        source_lines={builders.SOURCE_ID: tuple(OTHER)},
        sources=[builders.source(title=OTHER[0], issued_line=2, report_fiscal_year=2020)],
        policies=[builders.policy("jobs", "part", line=3)],
        initiatives=[builders.initiative("farm", "農業事業", line=5)],
        listings=[
            builders.listing("farm", 5, "jobs"),
            builders.listing("farm", 6, "jobs", position=2, indicator_position=2),
        ],
        indicators=[
            builders.indicator(
                "farm-1", "farm", "就農の人数", "人", name_printed="就農の人数", source_line=5
            ),
            builders.indicator(
                "farm-2", "farm", "減少率", "%", name_printed="減少率", position=2, source_line=6
            ),
        ],
        observations=[
            replace(
                builders.observation(key, years[role], role, status="not_surveyed", printed=printed),
                source_line=line,
            )
            for key, (line, cells) in values.items()
            for role, printed in cells.items()
        ],
    )
    where = {"source_id": builders.SOURCE_ID, "source_line": 5}
    return replace(
        data,
        descriptor=descriptor,
        budgets=(Budget("farm", 2020, 2, "reported", "2,000", **where),),
        attributes=(
            Attribute(initiative_id="farm", attribute="division", text="農林課", **where),
            Attribute(initiative_id="farm", attribute="grade", text="B", **where),
        ),
    )


class TestAnotherPlan:
    def test_unedited_it_is_the_report(self, tmp_path):
        town = frozen_project.PROJECT / "examples" / "midorino"
        path, published = tmp_path / "報告.xlsx", read_package(town)
        path.write_bytes(report_workbook.encode(published))
        text = spreadsheets.text_of(path, read_layout(town, "report"))
        assert tuple(text.splitlines()) == published.source_lines[report_form.newest_report(published)]

    def test_the_sheet_has_the_columns_that_are_printed(self, tmp_path):
        form = report_form.form(other_package(), builders.SOURCE_ID)
        assert (form.mark, form.has_contents) == ("", False)
        assert [(column.role, column.label) for column in form.columns] == [
            ("name", "事業名"),
            ("attribute", "担当課"),
            ("indicator", "指標の名前"),
            ("unit", "単位"),
            ("base", "基準値(R元)"),
            ("actual", "実績"),
            ("target", "目標"),
            ("budget", "R2予算額(円)"),
            ("attribute", "評価"),
        ]
        assert [row["unit"] for row in reprint.printed_rows(other_package(), builders.SOURCE_ID)] == [
            "人",
            "%",
        ]
        path = tmp_path / "報告.xlsx"
        path.write_bytes(report_workbook.encode(other_package()))
        rows = openpyxl.load_workbook(path)[SHEET].iter_rows(values_only=True)
        assert ["\t".join(cell or "" for cell in row[:9]).rstrip("\t") for row in rows] == [
            line.rstrip("\t") for line in OTHER
        ]

    def test_in_the_following_year_base_and_end_target_stay_and_grades_are_to_be_given(self):
        form = report_form.form(other_package(), builders.SOURCE_ID, is_following=True)
        assert form.rows[3].texts[4:8] == ("基準値(R元)", "R3", "目標値(R6)", "R3予算額(円)")
        assert [(cell.text, cell.use) for cell in form.rows[4].cells] == [
            ("農業事業", FIXED),
            ("農林課", REVISE),
            ("就農の人数", REVISE),
            ("人", REVISE),
            ("3", REVISE),
            ("", FILL),
            ("18", REVISE),
            ("", FILL),
            ("", FILL),
        ]
        assert {word.printed for word in form.words if word.label == "評価"} == {"A", "B"}


class TestCommand:
    def test_it_writes_a_file_once(self, project, tmp_path, capsys, form_file):
        out = tmp_path / "報告.xlsx"
        assert cli.main(["export", "workbook", str(project), "--out", str(out)]) == 0
        assert out.read_bytes() == form_file.read_bytes()
        assert f"{out} を作りました" in capsys.readouterr().out
        assert cli.main(["export", "workbook", str(project), "--out", str(out), "--next"]) == 1
        assert out.read_bytes() == form_file.read_bytes()
        assert "すでにあります" in capsys.readouterr().err
        assert cli.main(["export", "workbook", str(project), "--out", str(out), "--next", "--force"]) == 0
        assert max(parsed(out).fiscal_years) == 2023
        assert [path.name for path in tmp_path.iterdir()] == [out.name]

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["--out", "報告.csv"], 2, ".xlsx にしてください"),
            (["--out", "ない/報告.xlsx"], 2, "というフォルダがありません"),
            ([], 2, "--out"),
            (["--out", "報告.xlsx", "--source-id", "r9"], 1, "「r9」という報告はありません"),
            (["--out", "報告.xlsx", "--source-id", "grants-h29"], 1, "「grants-h29」という報告はありません"),
        ],
    )
    def test_refusals(self, project, tmp_path, monkeypatch, capsys, arguments, code, said):
        monkeypatch.chdir(tmp_path)
        try:
            assert cli.main(["export", "workbook", str(project), *arguments]) == code
        except SystemExit as stopped:
            assert stopped.code == code
        assert said in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []

    def test_a_package_without_a_report_has_no_form(self):
        data = builders.package(sources=[builders.source(report_fiscal_year=None)])
        with pytest.raises(PackageError, match="報告がないので"):
            report_workbook.encode(data)
