"""A report kept as a spreadsheet: read as it is seen, or refused with the name of the cell."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule, FormulaRule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side

import frozen_project
from shinchoku import importing
from shinchoku.importing import ImportProblem, SeveralProblems, progress_report, source_text, spreadsheets
from shinchoku.importing.progress_report import Report
from shinchoku.importing.shown_numbers import UnknownFormat, shown
from shinchoku.importing.source_text import SourceText
from shinchoku.text import without_markup

LAYOUT = frozen_project.layout()

REAL = "data/sources/industrial-vision-progress-r4.txt"

#: A report of two tables on a sheet, as a city lays it out: ★ before the name, year over its columns.
SHEET: list[list[str]] = [
    ["【資料1】"],
    ["まちの計画の進捗状況"],
    ["目次"],
    ["1. 重点分野"],
    ["①みどり", "", "1"],
    [],
    ["《重点分野》"],
    ["重点分野1.みどり"],
    ["基本施策1.木を植える"],
    ["", "取組", "指標", "R5", "R6", "", "", ""],
    ["", "", "", "実績(指標)", "内容", "決算見込額(千円)", "実績(指標)", "目標(指標)"],
    ["①木を植える取組"],
    ["★", "植樹事業", "植えた木(本)", "1,013", "・苗\n・土", "1,200", "12.5", "15"],
    ["", "公園事業", "公園の数", "集計中", "(令和5年度をもって終了)", "—", "—", "3"],
    ["", "", "遊具の数", "7", "", "", "8", "9"],
    [],
    ["", "取組", "指標", "R5", "R6", "", "", ""],
    ["", "", "", "実績(指標)", "内容", "決算見込額(千円)", "実績(指標)", "目標(指標)"],
    ["②木を守る取組"],
    ["", "【再掲】植樹事業", "植えた木(本)", "1,013", "・苗 ・土", "1,200", "12.5", ""],
]
ROW = 13  # of 植樹事業, all of whose cells hold something


def text_of(path: Path) -> str:
    return spreadsheets.text_of(path, LAYOUT)


def parsed(text: str) -> Report:
    return progress_report.parse(
        SourceText("報告", tuple(text.removesuffix("\n").split("\n")), "0" * 64),
        LAYOUT,
        frozen_project.LEVELS,
    )


def workbook(path: Path, rows: Iterable[Iterable[str]] = SHEET, name: str = "報告") -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        fill(book.add_worksheet(name), rows)
    return path


def fill(sheet: xlsxwriter.worksheet.Worksheet, rows: Iterable[Iterable[str]] = SHEET) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(at, column, cell)


def edited(path: Path, edit: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book.active)
    book.save(path)
    return path


def comma_separated(path: Path, rows: Iterable[Iterable[str]] = SHEET, **options: str) -> Path:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=options.get("delimiter", ",")).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(options.get("encoding", "utf-8-sig")))
    return path


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of the files in it changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert change(parts[part]) != parts[part]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    return path


def refusal(path: Path) -> ImportProblem:
    with pytest.raises(ImportProblem) as caught:
        text_of(path)
    assert caught.value.file == path.name
    assert re.search("(ください|かまいません）)。$", caught.value.remedy), "a message says how to mend it"
    return caught.value


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> Report:
    return parsed(text_of(workbook(tmp_path_factory.mktemp("expected") / "報告.xlsx")))


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "number_format", "text"),
        [
            (412018, "General", "412018"),
            (412018.0, "General", "412018"),
            (412018, "#,##0", "412,018"),
            (1270, "#,##0_ ", "1,270"),
            (1270, r"#,##0_ ;[Red]\-#,##0\ ", "1,270"),
            (1234, r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)', "1,234"),
            (1234567.891, "#,##0.00", "1,234,567.89"),
            (62, "0.0", "62.0"),
            (78.25, "0.0", "78.3"),
            (0.875, "0.0%", "87.5%"),
            (82.3, "General", "82.3"),
            (0.1 + 0.2, "General", "0.3"),
            (1 / 3, "General", "0.333333333"),
            (0.00001234, "General", "0.00001234"),
            (1e11, "General", "100000000000"),
            (12, "@", "12"),
            (0, "0", "0"),
            (-0.4, "0", "0"),
            (-12, "0", "-12"),
            (-12, '#,##0;"△ "#,##0', "△ 12"),
            (1234567, "#,##0,", "1,235"),
            (5, "000", "005"),
            (1.5, "0.##", "1.5"),
            (1, "0.##", "1"),
            (4, '"R"0', "R4"),
            (5, "0人", "5人"),
            (1, 'G/標準"か所"', "1か所"),
            (100, "[$¥-411]#,##0", "¥100"),
            (3, '"a;b"0;"c"0', "a;b3"),
        ],
    )
    def test_a_number_is_what_is_seen(self, value, number_format, text):
        assert shown(value, number_format) == text

    @pytest.mark.parametrize(
        ("value", "number_format"),
        [
            (0, '#,##0;-#,##0;"-"'),  # a zero that looks like nothing stated
            (0, "#,###"),
            (5, ";;;"),
            (5, '"あり"'),
            (5, ""),
            (5, "# ?/?"),
            (5, "0.00E+00"),
            (5, "[>=100]0"),
            (5, "[DBNum1]General"),
            (5, "h:mm"),
            (45000, "ge"),
            (5, "0;0;0;0;0"),
            (1e16, "0"),
            (10**400, "0"),
            (1e-12, "General"),
            (float("nan"), "0"),
            (float("inf"), "General"),
        ],
    )
    def test_what_is_not_seen_for_certain_is_refused(self, value, number_format):
        with pytest.raises(UnknownFormat):
            shown(value, number_format)


class TestForms:
    """The same report in every form it comes in."""

    def test_what_it_says(self, expected):
        assert expected.fiscal_years == (2023, 2024)
        assert [(row.line, row.name, row.has_mark, row.is_relisted) for row in expected.rows] == [
            (13, "植樹事業", True, False),
            (14, "公園事業", False, False),
            (15, "公園事業", False, False),
            (20, "植樹事業", False, True),
        ]
        assert expected.rows[0].cells == {
            "name": "植樹事業",
            "indicator": "植えた木(本)",
            "actual_2023": "1,013",
            "activities": "・苗 ・土",
            "settlement_2024_thousand_yen": "1,200",
            "actual_2024": "12.5",
            "target_2024": "15",
        }

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"encoding": "utf-8"},
            {"encoding": "cp932"},
            {"delimiter": "\t"},
            {"delimiter": "\t", "encoding": "cp932"},
        ],
        ids=str,
    )
    def test_comma_separated(self, expected, tmp_path, options):
        # What CP932 has no sign for it writes as its likeness.
        rows = [[cell.replace("—", "―") for cell in row] for row in SHEET]
        if "cp932" not in options.values():
            rows = SHEET
        report = parsed(text_of(comma_separated(tmp_path / "報告.CSV", rows, **options)))
        assert [list(row.cells.values()) for row in report.rows] == [
            [cell.replace("—", rows[13][5]) for cell in row.cells.values()] for row in expected.rows
        ]
        assert [row.line for row in report.rows] == [row.line for row in expected.rows]

    def layouts(self) -> dict[str, list[list[str]]]:
        """Where else the table may stand on the sheet."""
        heads = [number for number, row in enumerate(SHEET) if "取組" in row]
        tables = {number for number, row in enumerate(SHEET) if len(row) == 8}

        def each(change: Callable[[int, list[str]], list[str]]) -> list[list[str]]:
            return [change(at, row) if at in tables else row for at, row in enumerate(SHEET)]

        return {
            "mark before the name": each(lambda at, row: [f"{row[0]} {row[1]}".strip(), *row[2:]]),
            "header over mark and name": each(lambda at, row: ["取組", "", *row[2:]] if at in heads else row),
            "mark only in the rows": each(lambda at, row: row[1:] if at in heads or at - 1 in heads else row),
            "a header for the mark": each(lambda at, row: ["★", *row[1:]] if at in heads else row),
            "a margin": [["", "", *row] if row else row for row in SHEET],
            "full-width id": each(lambda at, row: [*row, "ＩＤ（変更しない）" if at in heads else "tree"]),
            "id first": [
                ["id" if at in heads else "tree", *row] if row else row for at, row in enumerate(SHEET)
            ],
        }

    @pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
    @pytest.mark.parametrize(
        "name",
        [
            "mark before the name",
            "header over mark and name",
            "mark only in the rows",
            "a header for the mark",
            "a margin",
            "full-width id",
            "id first",
        ],
    )
    def test_layouts(self, expected, tmp_path, name, suffix):
        write = workbook if suffix == ".xlsx" else comma_separated
        assert parsed(text_of(write(tmp_path / f"報告{suffix}", self.layouts()[name]))) == expected

    def test_merged_headers_and_headings(self, expected, tmp_path):
        def merge(sheet):
            sheet.merge_cells("E10:H10")
            sheet.merge_cells("B10:B11")
            sheet.merge_cells("A12:H12")

        path = edited(workbook(tmp_path / "報告.xlsx"), merge)
        assert parsed(text_of(path)) == expected

    def test_a_name_over_the_rows_of_its_indicators(self, expected, tmp_path):
        def merge(sheet):
            for column in "ABEF":
                sheet.merge_cells(f"{column}14:{column}15")

        path = edited(workbook(tmp_path / "報告.xlsx"), merge)
        assert parsed(text_of(path)) == expected

    def test_numbers_as_they_are_seen(self, expected, tmp_path):
        def type_numbers(sheet):
            for place, value, number_format in (
                ("D13", 1013, "#,##0"),
                ("F13", 1200, "#,##0_ "),
                ("G13", 12.5, "General"),
                ("H13", 15.0, "General"),
                ("D10", 5, '"R"0'),
            ):
                sheet[place].value, sheet[place].number_format = value, number_format

        path = edited(workbook(tmp_path / "報告.xlsx"), type_numbers)
        assert parsed(text_of(path)) == expected

    def test_what_is_hidden_is_not_lost(self, expected, tmp_path):
        def hide(sheet):
            sheet.row_dimensions[13].hidden = True
            sheet.column_dimensions["F"].hidden = True
            sheet.auto_filter.ref = "A10:H14"
            sheet.auto_filter.add_filter_column(1, ["公園事業"])

        path = edited(workbook(tmp_path / "報告.xlsx"), hide)
        assert parsed(text_of(path)) == expected

    def test_the_sheet_is_found_by_its_name_or_as_the_only_one_seen(self, expected, tmp_path):
        book = openpyxl.load_workbook(workbook(tmp_path / "報告.xlsx"))
        book.create_sheet("メモ").append(["担当", "電話"])
        book.save(tmp_path / "二つ.xlsx")
        assert parsed(text_of(tmp_path / "二つ.xlsx")) == expected
        book["報告"].title = "R6"
        book["メモ"].append(["取組", "指標"])
        book["メモ"].sheet_state = "hidden"
        book.save(tmp_path / "隠れた一つ.xlsx")
        assert parsed(text_of(tmp_path / "隠れた一つ.xlsx")) == expected

    def test_formulas_by_their_result_and_text_that_looks_like_one(self, tmp_path):
        with xlsxwriter.Workbook(tmp_path / "報告.xlsx", {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("報告")
            fill(sheet)
            sheet.write_formula(ROW - 1, 6, "=10+2.5", None, 12.5)
            sheet.write_formula(ROW - 1, 3, '=TEXT(1013,"#,##0")', None, "1,013")
            sheet.write_string(ROW - 1, 4, "=1+1 @A1 +2 -3")
        path = tmp_path / "報告.xlsx"
        assert "開くたびに計算し直されるので" in refusal(path).message, (
            "as a program wrote it, not as Excel saved it"
        )
        with_part(path, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', b""))
        cells = parsed(text_of(path)).rows[0].cells
        assert (cells["actual_2024"], cells["actual_2023"]) == ("12.5", "1,013")
        assert cells["activities"] == "=1+1 @A1 +2 -3"

    def test_how_a_word_is_read_aloud_is_no_part_of_it(self, expected, tmp_path):
        path = workbook(tmp_path / "報告.xlsx")
        with_part(
            path,
            "xl/sharedStrings.xml",
            lambda xml: xml.replace(
                "<t>植樹事業</t>".encode(),
                '<t>植樹事業</t><rPh sb="0" eb="2"><t>ショクジュ</t></rPh>'.encode(),
            ),
        )
        assert parsed(text_of(path)) == expected

    def test_line_ends_and_tabs_inside_a_cell(self, tmp_path):
        def type_them(sheet):
            sheet.cell(ROW, 5).value = "・苗\r\n・土\t・水_x000D_\n・肥料\u2028・柵"

        path = edited(workbook(tmp_path / "報告.xlsx"), type_them)
        text = text_of(path)
        assert parsed(text).rows[0].cells["activities"] == "・苗 ・土 ・水 ・肥料 ・柵"
        assert text.count("\n") == len(SHEET)

    @pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
    def test_the_real_report(self, project, tmp_path, suffix):
        source = source_text.read(project / REAL, REAL)
        rows = [[without_markup(cell) for cell in line.split("\t")] for line in source.lines]
        write = workbook if suffix == ".xlsx" else comma_separated
        text = text_of(write(tmp_path / f"報告{suffix}", rows))
        assert text.count("\n") == len(source.lines)
        assert parsed(text) == progress_report.parse(source, LAYOUT, frozen_project.LEVELS)


class TestRefusedCells:
    """One thing wrong in a cell of a workbook; F is the settlement, D and G are actuals."""

    @pytest.mark.parametrize(
        ("place", "value", "said"),
        [
            ("B13", date(2024, 5, 1), "セル 報告!B13 が日付か時刻になっています"),
            ("G13", time(12, 30), "セル 報告!G13 が日付か時刻になっています"),
            ("D13", "=SUM(A1:A2)", "セル 報告!D13 の計算式の結果がありません"),
            ("F13", "#REF!", "セル 報告!F13 が「#REF!」になっています"),
            ("F13", "####", "セル 報告!F13 が「####」になっています"),
            ("D13", True, "セル 報告!D13 が「TRUE」になっています"),
            ("E13", "苗_x0007_木", r"セル 報告!E13 の「苗□木」に、目に見えない文字（'_x0007_'）"),
            ("E13", "苗\u202e木", r"セル 報告!E13 の「苗□木」に、目に見えない文字（'\u202e'）"),
            ("E13", "苗\u200b木", r"に、目に見えない文字（'\u200b'）"),
            ("E13", "木" * 10_001, "セル 報告!E13 が長すぎます（10,001文字）"),
            ("K13", "確認済み", "セル 報告!K13 の「確認済み」は、表の外にあります"),
            ("A13", "○", "セル 報告!A13 の「○」は、★の列に書けません"),
            ("CX13", "x", "セル 報告!CX13 に「x」があります。表が大きすぎます"),
            ("A10001", "x", "セル 報告!A10001 に「x」があります。表が大きすぎます"),
        ],
    )
    def test_cells(self, tmp_path, place, value, said):
        def put(sheet):
            sheet[place].value = value

        problem = refusal(edited(workbook(tmp_path / "報告.xlsx"), put))
        assert said in problem.message
        assert problem.line == int(re.sub("[A-Z]+", "", place))

    @pytest.mark.parametrize("number_format", ['#,##0;-#,##0;"-"', ";;;", "0.00E+00", "[DBNum3]0"])
    def test_numbers_that_are_not_seen(self, tmp_path, number_format):
        def put(sheet):
            sheet["F13"].value, sheet["F13"].number_format = 0, number_format

        problem = refusal(edited(workbook(tmp_path / "報告.xlsx"), put))
        assert "セル 報告!F13 の「0」が、画面にどう見えるか分かりません" in problem.message

    @pytest.mark.parametrize("number_format", [27, 31, 36, 50, 56, 58])
    def test_dates_of_east_asia(self, tmp_path, number_format):
        """Typed in a Japanese Excel, 5-1 becomes 5月1日 with a format that the file names by number only."""

        def put(sheet):
            sheet["B13"].value, sheet["B13"].number_format = 45413, "0.00"

        path = edited(workbook(tmp_path / "報告.xlsx"), put)
        with_part(
            path,
            "xl/styles.xml",
            lambda xml: xml.replace(b'numFmtId="2"', f'numFmtId="{number_format}"'.encode()),
        )
        assert "セル 報告!B13 が日付か時刻になっています" in refusal(path).message

    def test_an_error_that_a_formula_gives(self, tmp_path):
        with xlsxwriter.Workbook(tmp_path / "報告.xlsx") as book:
            sheet = book.add_worksheet("報告")
            sheet.write_string(0, 0, "目次")
            sheet.write_formula(51, 5, "=1/0", None, "#DIV/0!")
        problem = refusal(tmp_path / "報告.xlsx")
        assert problem.line == 52
        assert str(problem).startswith("報告.xlsx 52行目: セル 報告!F52 が「#DIV/0!」になっています。")

    @pytest.mark.parametrize(
        "cells",
        [
            "D13:D14",  # one value for two initiatives
            "E13:F13",
            "B14:B15 G14:G15",  # of two indicators only one would have its value
            "E14:E15",  # below the name of another initiative
            "B14:C15",
        ],
    )
    def test_merged_cells_in_a_table(self, tmp_path, cells):
        def merge(sheet):
            for part in cells.split():
                sheet.merge_cells(part)

        problem = refusal(edited(workbook(tmp_path / "報告.xlsx"), merge))
        assert problem.message == f"セル {cells.split()[-1]} が結合されています。"
        assert problem.line == int(cells.split()[-1][1:3])

    def test_a_column_that_is_an_id_in_one_table_only(self, tmp_path):
        rows = [list(row) for row in SHEET]
        rows[9].append("ID")
        rows[16].append("備考")
        problem = refusal(workbook(tmp_path / "報告.xlsx", rows))
        assert problem.message == "セル 報告!I17 の見出しは「備考」ですが、10行目では同じ列が「ID」です。"

    @pytest.mark.parametrize(
        "text", ["5月1日", "2024/5/1", "2024-05-01 00:00", "2024年5月", "1-May", "May-24", "1.2E+05", "#N/A"]
    )
    def test_what_a_csv_keeps_of_a_changed_value(self, tmp_path, text):
        rows = [list(row) for row in SHEET]
        rows[ROW - 1][6] = text
        problem = refusal(comma_separated(tmp_path / "報告.csv", rows))
        assert problem.message.startswith("セル G13 ") and f"「{text}」" in problem.message

    def test_a_sign_that_an_old_encoding_has_not(self, tmp_path):
        rows = [[cell.replace("—", "―") for cell in row] for row in SHEET]
        rows[ROW - 1][6] = "468万t-CO?"
        assert (
            "「468万t-CO?」に「?」があります"
            in refusal(comma_separated(tmp_path / "報告.csv", rows, encoding="cp932")).message
        )
        comma_separated(tmp_path / "新しい.csv", rows)
        assert "468万t-CO?" in text_of(tmp_path / "新しい.csv")


def rich(*parts: str | tuple[str, dict[str, Any]]) -> CellRichText:
    """Text of several looks: each part with what its letters look like."""
    return CellRichText(
        [part if isinstance(part, str) else TextBlock(InlineFont(**part[1]), part[0]) for part in parts]
    )


def put(place: str, value: Any = None, number_format: str | None = None, **look: Any) -> Callable[..., None]:
    """An edit: a value, and how it looks, in one cell or in each of several."""

    def edit(sheet: Any) -> None:
        for cell in [sheet[name] for name in place.split()]:
            if value is not None:
                cell.value = value
            if number_format:
                cell.number_format = number_format
            for name, what in look.items():
                setattr(cell, name, what)

    return edit


def several(*edits: Callable[..., None]) -> Callable[..., None]:
    def edit(sheet: Any) -> None:
        for one in edits:
            one(sheet)

    return edit


def condition(ranges: str, **look: Any) -> Callable[..., None]:
    return lambda sheet: sheet.conditional_formatting.add(ranges, FormulaRule(formula=["TRUE"], **look))


def row(number: int, *cells: Any) -> Callable[..., None]:
    """An edit: what stands in a row, whatever stood there."""

    def edit(sheet: Any) -> None:
        for column in range(1, 13):
            sheet.cell(number, column).value = None
        for column, cell in enumerate(cells, 1):
            sheet.cell(number, column).value = cell

    return edit


def column_before(title: str, *values: Any) -> Callable[..., None]:
    """An edit: a column more, at the left of the tables, with its title and a value for each row of a table."""

    def edit(sheet: Any) -> None:
        texts = iter([title, None, *(*values, None, None, None)[:3], title, None, *values[3:]])
        for number in (10, 11, *TABLE_ROWS):
            for at in range(9, 1, -1):
                sheet.cell(number, at).value = sheet.cell(number, at - 1).value
            sheet.cell(number, 1).value = next(texts, None)

    return edit


TABLE_ROWS = (13, 14, 15, 17, 18, 20)  # and of the second header
SOLID = {"fill_type": "solid"}
#: What is odd about a workbook, how it comes to be so, and what is said of it.
REFUSED: dict[str, tuple[Callable[..., None], str]] = {
    "struck": (put("F13", font=Font(strike=True)), "F13 の「1,200」に、取り消し線"),
    "struck number": (put("F13", 1200, font=Font(strike=True)), "F13 の「1200」に、取り消し線"),
    "struck part": (put("G13", rich(("175", {"strike": True}), "193")), "G13 の「175193」のうち「175」に、取り消し線"),
    "struck end": (put("G13", rich("193", ("175", {"strike": True}))), "G13 の「193175」のうち「175」に"),
    "struck name": (put("B13", rich(("旧", {"strike": True}), "植樹事業")), "B13 の「旧植樹事業」のうち「旧」"),
    "struck heading": (put("A12", rich("①木を", ("切る", {"strike": True}))), "A12 の"),
    "struck header": (put("D10", "R5", font=Font(strike=True)), "D10 の「R5」に、取り消し線"),
    "struck by signs": (put("G13", "1\u03367\u03365\u0336193"), "G13 の「175193」に、字に重ねる線"),
    "struck by markup": (put("G13", "<s>175</s>193"), "G13 の「<s>175</s>193」に、半角の「<…>」"),
    "words in brackets": (put("G13", "<集計中>"), "G13 の「<集計中>」に、半角の「<…>」"),
    "raised part": (put("G13", rich("175", ("1", {"vertAlign": "superscript"}))), "G13 の「1751」のうち「1」が、上付き"),
    "lowered part": (put("C13", rich("CO", ("2", {"vertAlign": "subscript"}))), "C13 の「CO2」のうち「2」が、上付きか下付き"),
    "raised": (put("G13", "12", font=Font(vertAlign="superscript")), "G13 の「12」が、上付き"),
    "smaller part": (put("G13", rich(("175", {"sz": 11}), ("1", {"sz": 6}))), "G13 の「1751」に、大きさの違う文字"),
    "smaller than the cell": (put("G13", rich("175", ("1", {"sz": 7}))), "G13 の「1751」に、大きさの違う"),
    "tiny": (put("G13", "175", font=Font(sz=1)), "G13 の「175」が、小さすぎて"),
    "white": (put("G13", "175", font=Font(color="FFFFFFFF")), "G13 の「175」が、背景と同じ色"),
    "white of the theme": (put("G13", "175", font=Font(color=Color(theme=0))), "G13 の「175」が、背景と同じ色"),
    "white of the index": (put("G13", "175", font=Font(color=Color(indexed=9))), "G13 の「175」が、背景と同じ色"),
    "nearly white": (put("G13", "175", font=Font(color="FFF8F8F8")), "G13 の「175」が、背景と同じ色"),
    "nearly white by tint": (put("G13", "175", font=Font(color=Color(theme=1, tint=0.99))), "G13 の「175」が、背景"),
    "yellow on yellow": (
        put("G13", "175", font=Font(color="FFFFFF00"), fill=PatternFill(fgColor="FFFFFF00", **SOLID)),
        "G13 の「175」が、背景と同じ色",
    ),
    "black on black": (put("G13", "175", fill=PatternFill(fgColor="FF000000", **SOLID)), "G13 の「175」が、背景"),
    "white part": (put("G13", rich("17", ("5", {"color": "FFFFFFFF"}))), "G13 の「175」のうち「5」が、背景と同じ色"),
    "text not shown": (put("G13", "175", ";;;"), "G13 の「175」が、画面にどう見えるか"),
    "number not shown": (put("G13", 175, ";;;"), "G13 の「175」が、画面にどう見えるか"),
    "text shown as another": (put("G13", "175", '0;0;0;"193"'), "G13 の「175」が、画面にどう見えるか"),
    "number shown as another": (put("G13", 175, '"193"'), "G13 の「175」が、画面にどう見えるか"),
    "more digits shown": (put("G13", 175, '"1"0'), "G13 の「175」が、画面にどう見えるか"),
    "digits after text": (put("G13", "175", '@"3"'), "G13 の「175」が、画面にどう見えるか"),
    "filled with digits": (put("G13", 175, "0*9"), "G13 の「175」が、画面にどう見えるか"),
    "negative without its sign": (put("G13", -12, "#,##0;[Red]#,##0"), "G13 の「-12」が、画面にどう見えるか"),
    "only the decimals": (put("G13", 12.5, '"約"'), "G13 の「12.5」が、画面にどう見えるか"),
    "rounded by a narrow column": (
        several(put("G13", 12.345678), lambda sheet: setattr(sheet.column_dimensions["G"], "width", 4)),
        "G13 の「12.345678」は、列の幅が足りず",
    ),
    "note in a row": (row(16, "", "※1", "速報値"), "B16 の「※1」は、注の行"),
    "note for an indicator": (row(16, "", "", "※速報値", "R6.6"), "C16 の「※速報値」は、注の行"),
    "repeated to fill": (put("G13", "1", alignment=Alignment(horizontal="fill")), "G13 の「1」が、セルいっぱいに"),
    "crossed": (put("G13", border=Border(diagonal=Side("thin"), diagonalUp=True)), "G13 の「12.5」に、斜線"),
    "zero not shown": (
        several(put("G13", 0), lambda sheet: setattr(sheet.sheet_view, "showZeros", False)),
        "G13 の「0」は、0を見せない設定",
    ),
    "comment": (put("G13", comment=Comment("正しくは193", "係")), "G13 に、コメントか図形の字句「正しくは193」"),
    "comment beside the table": (put("K2", comment=Comment("未定稿", "係")), "K2 に、コメントか図形"),
    "condition that strikes": (condition("G13:G20", font=Font(strike=True)), "G13 から（G13:G20）の条件付き書式"),
    "condition that whitens": (condition("G13:G20", font=Font(color="FFFFFFFF")), "G13 から（G13:G20）の条件付き"),
    "bars for numbers": (
        lambda sheet: sheet.conditional_formatting.add(
            "G13", DataBarRule("min", None, "max", None, color="FF638EC6", showValue=False)
        ),
        "G13 から（G13）の条件付き書式",
    ),
    "formula": (put("G13", "=D13+1"), "G13 の計算式の結果がありません"),
    "date": (put("G13", date(2024, 3, 1)), "G13 が日付か時刻"),
    "merged value": (lambda sheet: sheet.merge_cells("G13:H13"), "G13:H13 が結合"),
    "note": (row(16, "※ 数値は速報値"), "A16 の「※ 数値は速報値」は、注の行"),
    "numbered note": (row(16, "（注1）R6.6公表"), "A16 の「（注1）R6.6公表」は、注の行"),
    "rest of a cell": (row(16, "", "", "", "", "・水"), "E16 の「・水」だけの行です"),
    "amounts in yen": (row(9, "基本施策1.木を植える", "", "", "", "", "", "", "（単位：円）"), "H9 に「（単位：円）」"),
    "amounts in millions": (row(4, "1. 重点分野", "", "（単位：百万円）"), "C4 に「（単位：百万円）」"),
    "number column with words": (column_before("No.", "①木を守る"), "A13 の「①木を守る」は、「No.」の列"),
    "remark beside": (put("J13", "速報"), "J13 の「速報」は、表の外"),
    "mark of another kind": (put("A13", "☆"), "A13 の「☆」は、★の列に書けません"),
}  # fmt: skip


#: What looks odd and says what it holds: how it comes to be so, and what the cell of an actual or a column says.
READ: dict[str, tuple[Callable[..., None], str]] = {
    "black of the theme": (put("G13", 12.5, font=Font(color=Color(theme=1))), "12.5"),
    "red": (put("G13", "12.5", font=Font(color="FFFF0000", strike=False)), "12.5"),
    "bold part": (put("G13", rich(("12", {"b": True, "sz": 11}), (".5", {"color": "FFFF0000", "sz": 11}))), "12.5"),
    "white on blue": (put("G13", font=Font(color="FFFFFFFF"), fill=PatternFill(fgColor="FF1F5F99", **SOLID)), "12.5"),
    "percent": (put("G13", 0.125, "0.0%"), "12.5%"),
    "negative": (put("G13", -12.5, '0.0;"▲"0.0'), "▲12.5"),
    "unit by the format": (put("G13", "12.5", '@"人"'), "12.5人"),
    "format of text": (put("G13", "12.5", "0;0;0;@"), "12.5"),
    "coloured on a condition": (condition("G13", fill=PatternFill(bgColor="FFFFF3C4")), "12.5"),
    "rounded": (put("G13", 12.49, "0.0"), "12.5"),
    "another word": (put("B10 B17", "事業名"), "12.5"),
    "broken words": (several(put("B10 B17", "取\n組"), put("C10 C17", "指 標")), "12.5"),
    "wide brackets": (put("D11 G11 D18 G18", "実績\n（指標）"), "12.5"),
    "wide brackets in the unit": (put("F11 F18", "決算見込額\n（単位：千円）"), "1,200"),
    "wide year": (put("D10 D17", "Ｒ５"), "1,013"),
    "unit above": (several(put("F11 F18", "決算見込額"), put("H9", "（単位：千円）")), "1,200"),
    "unit between": (row(16, "", "", "", "", "", "", "(単位:千円)"), "1,200"),
    "numbers": (column_before("No.", 1, "2", None, 3), "12.5"),
    "sections": (column_before("担当課", "みどり課", "公園課", None, "みどり課"), "12.5"),
    "sections merged": (
        several(put("I10 I17", "所管課"), put("I13", "みどり課"), lambda sheet: sheet.merge_cells("I13:I14")),
        "12.5",
    ),
}  # fmt: skip


class TestOddWorkbooks:
    """What cities send: read as it is seen, or refused with the name of the cell."""

    @pytest.mark.parametrize("name", REFUSED)
    def test_refused(self, tmp_path, name):
        change, said = REFUSED[name]
        problem = refusal(edited(workbook(tmp_path / "報告.xlsx"), change))
        assert said in problem.message.replace("報告!", ""), problem.message
        assert problem.message.startswith("セル ")

    @pytest.mark.parametrize("name", READ)
    def test_read(self, tmp_path, name):
        change, text = READ[name]
        report = parsed(text_of(edited(workbook(tmp_path / "報告.xlsx"), change)))
        assert [row.name for row in report.rows] == ["植樹事業", "公園事業", "公園事業", "植樹事業"]
        assert text in report.rows[0].cells.values()

    @pytest.mark.parametrize(
        ("change", "note"),
        [
            (
                lambda sheet: setattr(sheet.row_dimensions[13], "hidden", True),
                "非表示の行も読みました：13行目",
            ),
            (
                lambda sheet: setattr(sheet.row_dimensions[13], "height", 0.5),
                "非表示の行も読みました：13行目",
            ),
            (
                lambda sheet: setattr(sheet.column_dimensions["F"], "hidden", True),
                "非表示の列も読みました：F列",
            ),
            (put("G13", 12.49, "0.0"), "セル 報告!G13 は、12.49 を「12.5」と見せています。"),
            (put("F13", 1200000, "#,##0,"), "セル 報告!F13 は、1200000 を「1,200」と見せています。"),
            (column_before("担当課", "みどり課"), "報告にない列は読んでいません：A列（担当課）"),
            (
                lambda sheet: setattr(sheet.parent.create_sheet("控え"), "sheet_state", "hidden"),
                "読んでいないシート：「控え」（非表示）",
            ),
        ],
        ids=["row", "low row", "column", "rounded", "in thousands", "column left out", "sheet"],
    )
    def test_noted(self, tmp_path, change, note):
        path = edited(workbook(tmp_path / "報告.xlsx"), change)
        assert spreadsheets.read(path.name, path.read_bytes(), LAYOUT).notes == (note,)

    def test_all_is_said_at_once(self, tmp_path):
        edits = several(put("G13", "1", font=Font(strike=True)), put("F13", "=1"), put("J14", "速報"))
        with pytest.raises(SeveralProblems) as caught:
            text_of(edited(workbook(tmp_path / "報告.xlsx"), edits))
        assert [problem.line for problem in caught.value.problems] == [13, 13, 14]

    def test_the_hidden_sheet_is_not_read(self, tmp_path):
        def hide(sheet):
            other = sheet.parent.create_sheet("R6")
            sheet.sheet_state, sheet.parent.active = "hidden", 1
            for values in sheet.iter_rows(values_only=True):
                other.append(values)
            other["G13"] = "99"

        path = edited(workbook(tmp_path / "報告.xlsx"), hide)
        assert parsed(text_of(path)).rows[0].cells["actual_2024"] == "99"

    @pytest.mark.parametrize("active", [0, 1])
    def test_of_two_sheets_with_tables_the_named_one_is_read_where_it_is_seen(self, tmp_path, active):
        def copy(sheet):
            sheet.parent.copy_worksheet(sheet)
            sheet.parent.active = active

        path = edited(workbook(tmp_path / "報告.xlsx"), copy)
        if active:
            assert "どのシートが報告か決まりません（「報告」、「報告 Copy」）" in refusal(path).message
        else:
            assert (
                "読んでいないシート：「報告 Copy」"
                in spreadsheets.read(path.name, path.read_bytes(), LAYOUT).notes
            )

    def test_struck_text_that_stands_in_the_sheet_itself(self, tmp_path):
        path = workbook(tmp_path / "報告.xlsx")
        struck = (
            b'<c r="G13" t="inlineStr"><is><r><rPr><strike/></rPr><t>175</t></r><r><t>193</t></r></is></c>'
        )
        with_part(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb'<c r="G13".*?</c>', struck, xml))
        assert "G13 の「175193」のうち「175」に、取り消し線" in refusal(path).message

    def test_text_below_merged_cells(self, tmp_path):
        path = edited(workbook(tmp_path / "報告.xlsx"), put("C12", "175"))
        ranges = b'</sheetData><mergeCells count="1"><mergeCell ref="A12:H12"/></mergeCells>'
        with_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", ranges))
        assert "セル 報告!C12 の「175」は、結合されたセル A12:H12 に隠れています" in refusal(path).message

    def test_a_shape_with_words(self, tmp_path):
        with xlsxwriter.Workbook(tmp_path / "報告.xlsx") as book:
            sheet = book.add_worksheet("報告")
            fill(sheet)
            sheet.insert_textbox("G13", "正しくは193")
        assert (
            "セル 報告!G13 に、コメントか図形の字句「正しくは193」" in refusal(tmp_path / "報告.xlsx").message
        )


def archive(*names: str, **contents: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "")
        for name, content in contents.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def ole(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + name.encode("utf-16-le")


TEXT = "まちの計画の進捗状況\n目次\n取組\t指標\n"


class TestWhatAFileIs:
    """By its content, whatever its name says; and how to save it."""

    @pytest.mark.parametrize("name", ["報告.xlsx", "報告.csv", "報告.txt", "報告.xls", "報告"])
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "ファイルが空です"),
            (b"\0" * 100, "ファイルが空です"),
            (b"%PDF-1.7\n", "中身はPDFです"),
            (ole("Workbook"), "古いExcelの形式（.xls）です"),
            (ole("WordDocument"), "Wordの文書（.doc）です"),
            (ole("EncryptedPackage"), "パスワードがかかっています"),
            (archive("word/document.xml", "[Content_Types].xml"), "Wordの文書（.docx）です"),
            (archive("xl/workbook.bin", "[Content_Types].xml"), "（.xlsb）です"),
            (archive("Index/Document.iwa"), "Numbers・Pages・Keynoteの書類です"),
            (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "（.ods）です"),
            (archive("報告.xlsx"), "圧縮したファイル（.zip）です"),
            (archive(xl__workbook_xml="http://purl.oclc.org/ooxml/main"), "Strict Open XML"),
            (b"PK\x03\x04 and no more", "Excelのファイルとして読めません"),
            (b"<html><table><tr><td>175", "ウェブのページ（HTML）です"),
            ("\ufeff\n <!DOCTYPE html>".encode(), "ウェブのページ（HTML）です"),
            (b"MIME-Version: 1.0\r\n", "ウェブのページ（HTML）です"),
            (b'<?xml version="1.0"?>\n<?mso-application?>\n<Workbook>', "XMLスプレッドシート"),
            (b"{\\rtf1", "リッチテキスト"),
            (b'{"doc_id": "x"}', "リンク"),
            (b"[InternetShortcut]\r\n", "リンク"),
            (b"\x89PNG\r\n\x1a\n\0", "画像です"),
            (b"\xff\xd8\xff\xe0", "画像です"),
            (b"\0\0\0\x18ftypheic", "画像です"),
            (b"\x1f\x8b\x08\0", "圧縮したファイルです"),
            (TEXT.encode("utf-16"), "文字コードがUTF-16"),
            (("a" + TEXT * 9).encode("utf-16-le"), "文字コードがUTF-16"),
            (TEXT.encode("euc-jp"), "文字コードがEUC-JP"),
            (TEXT.encode("iso2022_jp"), "文字コードがJIS"),
            (b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x03", "文字ではないデータ"),
            (b"\xff\xfd\xf8", "文字として読めません"),
        ],
        ids=lambda value: repr(value)[:20],
    )  # fmt: skip
    def test_it_is_told(self, tmp_path, name, content, said):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ImportProblem) as caught:
            importing.report_text(path, LAYOUT)
        assert said in caught.value.message
        assert caught.value.remedy.endswith("ください。")

    @pytest.mark.parametrize("name", ["報告.xls", "報告.csv", "報告.txt", "報告"])
    def test_a_report_is_read_whatever_its_name(self, tmp_path, expected, name):
        path = tmp_path / name
        path.write_bytes(workbook(tmp_path / "x.xlsx").read_bytes())
        assert parsed(importing.report_text(path, LAYOUT)[0]) == expected
        comma_separated(path)
        assert parsed(importing.report_text(path, LAYOUT)[0]) == expected

    def test_text_is_kept_as_it_is(self, tmp_path):
        path = tmp_path / "報告.txt"
        path.write_text(TEXT, encoding="utf-8")
        assert importing.report_text(path, LAYOUT) == (TEXT, ())
        path.write_text(TEXT, encoding="cp932")
        with pytest.raises(ImportProblem, match="UTF-8ではありません"):
            importing.report_text(path, LAYOUT)

    def test_what_a_program_leaves_while_a_file_is_open(self, tmp_path):
        (tmp_path / "~$報告.xlsx").write_bytes(b"x")
        assert "開いている間だけ" in refusal(tmp_path / "~$報告.xlsx").message


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("報告.xlsx", b"PK\x03\x04 and no more", "Excelのファイルとして読めません"),
            ("報告.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "古いOfficeの形式"),
            (
                "報告.xlsx",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0" + "EncryptedPackage".encode("utf-16-le"),
                "パスワードがかかっています",
            ),
            ("報告.csv", b",,,\r\n,,,\r\n", "何も書かれていません"),
            ("報告.csv", b'a,b\r\nc,"d\r\ne,f\r\n', "対が合わず"),
            ("報告.csv", b'a,b\r\nc,"d"e,f\r\n', "対が合わず"),
            ("報告.csv", b"a," * 11_000_000, "ファイルが大きすぎます"),
        ],
        ids=lambda value: repr(value)[:30],
    )
    def test_files(self, tmp_path, name, content, said):
        path = tmp_path / name
        path.write_bytes(content)
        assert said in refusal(path).message

    def test_no_file(self, tmp_path):
        (tmp_path / "フォルダ.csv").mkdir()
        for name in ("ない.xlsx", "フォルダ.csv"):
            assert refusal(tmp_path / name).message == "ファイルがありません。"

    def test_sheets_that_do_not_say_which(self, tmp_path):
        book = openpyxl.load_workbook(workbook(tmp_path / "報告.xlsx", name="R6"))
        book.create_sheet("控え").append(["取組", "指標"])
        book.save(tmp_path / "二つ.xlsx")
        problem = refusal(tmp_path / "二つ.xlsx")
        assert problem.message == "どのシートが報告か決まりません（「R6」、「控え」）。"

    def test_a_small_file_that_unfolds_into_a_huge_one(self, tmp_path):
        path = tmp_path / "報告.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
        assert path.stat().st_size < 100_000
        assert refusal(path).message == "中身が大きすぎます。"

    def test_entities_that_unfold(self, tmp_path):
        path = with_part(
            workbook(tmp_path / "報告.xlsx"),
            "xl/worksheets/sheet1.xml",
            lambda xml: b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>' + xml,
        )
        assert "Excelのファイルとして読めません" in refusal(path).message

    @pytest.mark.parametrize(
        "change",
        [
            lambda xml: xml.replace(b'<row r="20"', b'<row r="99999999999999"'),
            lambda xml: xml.replace(b'<row r="20"', b'<row r="20" spans="x"').replace(b'r="A12"', b'r="?"'),
            lambda xml: xml.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="?"/></mergeCells>'
            ),
            lambda xml: xml[: len(xml) // 2],
            lambda xml: b"",
            lambda xml: re.sub(rb"<v>[0-9]+</v>", b"<v>99999</v>", xml),
            lambda xml: xml.replace(b't="s"', b't="n"').replace(b"<v>", b"<v>" + b"9" * 5000),
        ],
        ids=["row far away", "place", "range", "cut", "empty", "no such text", "endless number"],
    )
    def test_a_broken_sheet(self, tmp_path, change):
        path = with_part(workbook(tmp_path / "報告.xlsx"), "xl/worksheets/sheet1.xml", change)
        refusal(path)

    def test_many_long_merged_ranges(self, tmp_path):
        ranges = b"".join(b'<mergeCell ref="Z1:AA1048576"/>' for _ in range(20_000))
        path = with_part(
            workbook(tmp_path / "報告.xlsx"),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"),
        )
        assert refusal(path).message == "結合されたセルが多すぎます。"

    def test_one_long_text_in_many_cells(self, tmp_path):
        rows = [["木" * 9_000] * 30 for _ in range(60)]
        assert refusal(workbook(tmp_path / "報告.xlsx", rows)).message == "中身が大きすぎます。"

    def test_many_cells_that_hold_nothing(self, tmp_path):
        wide = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (row, row) for row in range(30, 3000))
        path = with_part(
            workbook(tmp_path / "報告.xlsx"),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"</sheetData>", wide + b"</sheetData>"),
        )
        assert refusal(path).message == "中身が大きすぎます。"

    def test_a_claimed_size_is_not_believed(self, expected, tmp_path):
        path = with_part(
            workbook(tmp_path / "報告.xlsx"),
            "xl/worksheets/sheet1.xml",
            lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml),
        )
        assert parsed(text_of(path)) == expected

    def test_nothing_crashes_it(self, tmp_path):
        """Bytes changed at random: read, or refused; never anything else."""
        content = workbook(tmp_path / "報告.xlsx").read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        chance = random.Random(4)
        outcomes = set()
        for _ in range(100):
            path = tmp_path / "変.xlsx"
            spoilt = dict(parts)
            name = chance.choice(sorted(parts))
            body = bytearray(parts[name])
            for _ in range(chance.randint(1, 4)):
                body[chance.randrange(len(body))] = chance.choice(b'<>"/=0919AZaz &\x00\xff')
            spoilt[name] = bytes(body)
            with zipfile.ZipFile(path, "w") as archive:
                for part, text in spoilt.items():
                    archive.writestr(part, text)
            try:
                outcomes.add(type(text_of(path)))
            except ImportProblem as problem:
                outcomes.add(type(problem))
        assert outcomes == {str, ImportProblem}
