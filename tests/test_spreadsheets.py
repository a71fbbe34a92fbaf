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

import openpyxl
import pytest
import xlsxwriter

from shinchoku.importing import ImportProblem, progress_report, source_text, spreadsheets
from shinchoku.importing.progress_report import Report
from shinchoku.importing.shown_numbers import UnknownFormat, shown
from shinchoku.importing.source_text import SourceText

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


def parsed(text: str) -> Report:
    return progress_report.parse(SourceText("報告", tuple(text.removesuffix("\n").split("\n")), "0" * 64))


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
        spreadsheets.text_of(path)
    assert caught.value.file == path.name
    assert re.search("(ください|かまいません）)。$", caught.value.remedy), "a message says how to mend it"
    return caught.value


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> Report:
    return parsed(spreadsheets.text_of(workbook(tmp_path_factory.mktemp("expected") / "報告.xlsx")))


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
        assert [(row.line, row.name, row.is_flagship, row.is_relisted) for row in expected.rows] == [
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
        report = parsed(spreadsheets.text_of(comma_separated(tmp_path / "報告.CSV", rows, **options)))
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
        assert (
            parsed(spreadsheets.text_of(write(tmp_path / f"報告{suffix}", self.layouts()[name]))) == expected
        )

    def test_merged_headers_and_headings(self, expected, tmp_path):
        def merge(sheet):
            sheet.merge_cells("E10:H10")
            sheet.merge_cells("B10:B11")
            sheet.merge_cells("A12:H12")

        path = edited(workbook(tmp_path / "報告.xlsx"), merge)
        assert parsed(spreadsheets.text_of(path)) == expected

    def test_a_name_over_the_rows_of_its_indicators(self, expected, tmp_path):
        def merge(sheet):
            for column in "ABEF":
                sheet.merge_cells(f"{column}14:{column}15")

        path = edited(workbook(tmp_path / "報告.xlsx"), merge)
        assert parsed(spreadsheets.text_of(path)) == expected

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
        assert parsed(spreadsheets.text_of(path)) == expected

    def test_what_is_hidden_is_not_lost(self, expected, tmp_path):
        def hide(sheet):
            sheet.row_dimensions[13].hidden = True
            sheet.column_dimensions["F"].hidden = True
            sheet.auto_filter.ref = "A10:H14"
            sheet.auto_filter.add_filter_column(1, ["公園事業"])

        path = edited(workbook(tmp_path / "報告.xlsx"), hide)
        assert parsed(spreadsheets.text_of(path)) == expected

    def test_the_sheet_is_found_by_its_name_or_as_the_only_one_seen(self, expected, tmp_path):
        book = openpyxl.load_workbook(workbook(tmp_path / "報告.xlsx"))
        book.create_sheet("メモ").append(["担当", "電話"])
        book.save(tmp_path / "二つ.xlsx")
        assert parsed(spreadsheets.text_of(tmp_path / "二つ.xlsx")) == expected
        book["報告"].title = "R6"
        book["メモ"].append(["取組", "指標"])
        book["メモ"].sheet_state = "hidden"
        book.save(tmp_path / "隠れた一つ.xlsx")
        assert parsed(spreadsheets.text_of(tmp_path / "隠れた一つ.xlsx")) == expected

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
        cells = parsed(spreadsheets.text_of(path)).rows[0].cells
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
        assert parsed(spreadsheets.text_of(path)) == expected

    def test_line_ends_and_tabs_inside_a_cell(self, tmp_path):
        def type_them(sheet):
            sheet.cell(ROW, 5).value = "・苗\r\n・土\t・水_x000D_\n・肥料\u2028・柵"

        path = edited(workbook(tmp_path / "報告.xlsx"), type_them)
        text = spreadsheets.text_of(path)
        assert parsed(text).rows[0].cells["activities"] == "・苗 ・土 ・水 ・肥料 ・柵"
        assert text.count("\n") == len(SHEET)

    @pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
    def test_the_real_report(self, project, tmp_path, suffix):
        source = source_text.read(project / REAL, REAL)
        rows = [[source_text.plain(cell) for cell in line.split("\t")] for line in source.lines]
        write = workbook if suffix == ".xlsx" else comma_separated
        text = spreadsheets.text_of(write(tmp_path / f"報告{suffix}", rows))
        assert text.count("\n") == len(source.lines)
        assert parsed(text) == progress_report.parse(source)


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
        assert "468万t-CO?" in spreadsheets.text_of(tmp_path / "新しい.csv")


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
        assert parsed(spreadsheets.text_of(path)) == expected

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
                outcomes.add(type(spreadsheets.text_of(path)))
            except ImportProblem as problem:
                outcomes.add(type(problem))
        assert outcomes == {str, ImportProblem}
