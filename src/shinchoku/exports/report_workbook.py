"""A form (``report_form``) as an Excel workbook that staff fill in and send back.

The sheet 「報告」 has row N for line N. A column for the mark comes first, where
a plan has one, and one with ids last; what lies between stands as printed. Only what may be changed is
unlocked, and shows by colour, by border and by what Excel says of the cell.
Every cell is text, so that nothing typed turns into a date or loses a zero, and
nothing printed becomes a formula. The sheet 「使い方」 explains it all.
"""

from __future__ import annotations

import io
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from shinchoku import fiscal_year
from shinchoku.exports import report_form
from shinchoku.exports.report_form import ENDED, FILL, FIXED, REPEAT, REVISE, Cell, Form, Row
from shinchoku.exports.workbook import display_width
from shinchoku.package.descriptor import PackageError
from shinchoku.package.editions import Package

SHEET, GUIDE = "報告", "使い方"
ID_HEADER = "ID（変更しない）"
_A3, _A4 = 8, 9
_FONT = "MS PGothic"
_INK = "#1B2430"

#: Role of a column → its width in characters.
_WIDTHS = {"name": 30, "indicator": 28, "unit": 8, "activities": 60, "settlement": 14, "budget": 14}
_USUAL_WIDTH, _LARGEST_WIDTH = 13, 40
_MARK_WIDTH, _ID_WIDTH = 4, 30
_LINE_HEIGHT, _GUIDE_WIDTH = 17, 120
#: Size of the letters of headings from the top of the tree down, colour behind them; those further down have the last.
_HEADINGS = [(16, "#C9D6E3"), (15, "#D8E2EC"), (13, "#E6EDF3"), (12, "#F0F4F8"), (11, "#FFFFFF")]
# XlsxWriter's numbers for borders.
_THIN, _MEDIUM, _DASHED, _DOUBLE, _LONG_DASHED = 1, 2, 3, 6, 8
#: What people do with a cell → colour behind it, border, colour of the border.
_USES = {
    FILL: ("#FFF3C4", _MEDIUM, "#8A5A00"),
    REVISE: ("#E4F1FB", _DASHED, "#1F5F99"),
    REPEAT: ("#F0EAF7", _DOUBLE, "#6B4A94"),
    FIXED: ("#F1F2F4", _THIN, "#6B7480"),
    ENDED: ("#DDD5CB", _LONG_DASHED, "#6B4F3A"),
}
_MISSING = "#FFD34D"

_EXPLAINED = {
    FILL: "太い枠（黄色）：ここに入力します。空いている間は、濃い黄色になります。",
    REVISE: "破線の枠（青）：前の年度の値や指標の名前です。印刷と違うときだけ直します。",
    REPEAT: "二重線の枠（紫）：再掲の行です。元の行と同じ字句を書きます。元の行を直したら、ここも直します。",
    FIXED: "細い枠（灰色）：変えない欄です。保護されていて、そのままでは直せません。",
    ENDED: "長い破線の枠（茶色）：終わった事業の、終わった後の年度の欄です。保護されていて、書くことはありません。",
}
_VALUE = "半角の数字か、一覧の言葉を入れます。0は、本当に0のときだけ書きます。"
_AMOUNT = "見出しの単位の、半角の数字か、一覧の言葉を入れます。"
#: Role → what Excel says of a cell when it is chosen, below what its column is called.
_PROMPTS = {
    "base": _VALUE,
    "actual": _VALUE,
    "target": _VALUE,
    "activities": "1つずつ「・」で始め、セルの中で改行します（Altを押しながらEnter）。",
    "settlement": _AMOUNT,
    "budget": _AMOUNT,
}
_SAME = "印刷や前の報告と違うときだけ直します。"
_LONGEST_TITLE = 32
_PARTICULAR = {
    REPEAT: "再掲の行です。元の行と同じ字句を書きます。",
    ENDED: "終わった事業です。この年度の値は書きません。",
}


def encode(package: Package, source_id: str | None = None, *, is_following: bool = False) -> bytes:
    """The workbook of a report (the newest unless told), or of the year after it. Raises ``PackageError``."""
    form = report_form.form(package, source_id or report_form.newest_report(package), is_following)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        created = datetime.fromisoformat(package.descriptor["created"])
        book.set_properties({"title": form.title, "created": created})
        formats = _Formats(book)
        report, guide = book.add_worksheet(SHEET), book.add_worksheet(GUIDE)
        words = _write_guide(guide, formats, form)
        _Report(report, formats, form, words).write()
    return buffer.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        """A format of these properties, on top of those of every cell."""
        common = {
            "font_name": _FONT,
            "font_color": _INK,
            "num_format": "@",
            "valign": "top",
            "text_wrap": True,
        }
        key = tuple(sorted((common | properties).items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]

    def use(self, use: str, **properties: Any) -> Format:
        """The format of a cell of a table."""
        colour, border, border_colour = _USES[use]
        return self.of(
            bg_color=colour,
            border=border,
            border_color=border_colour,
            locked=use in (FIXED, ENDED),
            **properties,
        )

    def heading(self, depth: int | None) -> Format:
        """The format of a heading, or of another line."""
        size, colour = _HEADINGS[-1] if depth is None else _HEADINGS[: depth + 1][-1]
        return self.of(bold=depth is not None, font_size=size, bg_color=colour, valign="vcenter")

    def missing(self) -> Format:
        """What is added to a cell that waits for its value."""
        return self._book.add_format({"bg_color": _MISSING})


class _Report:
    """The sheet with the report."""

    def __init__(self, sheet: Worksheet, formats: _Formats, form: Form, words: Mapping[str, str]) -> None:
        self.sheet, self.formats, self.form, self.words = sheet, formats, form, words
        #: Where the first column stands: behind that of the mark.
        self.first = int(bool(form.mark))
        self.id_column = len(form.columns) + self.first
        self.widths = [_width(form, at) for at in range(len(form.columns))]
        self.width = sum(self.widths) + _MARK_WIDTH * self.first
        for column, width in enumerate([*[_MARK_WIDTH] * self.first, *self.widths, _ID_WIDTH]):
            sheet.set_column(column, column, width)
        #: (what a column is called, its role, use) → (row, column) of its cells.
        self.places: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)

    def write(self) -> None:
        """Write every row, then what holds for many cells at once."""
        for row in self.form.rows:
            if row.kind == "table":
                self._table_row(row)
            elif row.kind == "header":
                self._header(row)
            else:
                self._heading(row)
        self._validate()
        self._set_up()

    def _table_row(self, row: Row) -> None:
        at, lines = row.number - 1, 1
        if self.first:
            mark = self.form.mark if row.has_mark else ""
            _text(self.sheet, at, 0, mark, self.formats.use(FIXED, align="center"))
        for column, cell in enumerate(row.cells, self.first):
            text = re.sub(r" (?=・)", "\n", cell.text) if cell.role == "activities" else cell.text
            _text(self.sheet, at, column, text, self.formats.use(cell.use, align=_alignment(cell)))
            lines = max(lines, _lines(text, self.widths[column - self.first]))
            if cell.use != FIXED:
                label = self.form.columns[column - self.first].label
                self.places[label, cell.role, cell.use].append((at, column))
        _text(self.sheet, at, self.id_column, row.row_id, self.formats.use(FIXED))
        self.sheet.set_row(at, lines * _LINE_HEIGHT)

    def _header(self, row: Row) -> None:
        at = row.number - 1
        look = self.formats.of(bold=True, bg_color="#DDE3EA", border=_THIN, align="center", valign="vcenter")
        is_first = bool(row.texts[0])
        for column, text in enumerate((*[""] * self.first, *row.texts, ID_HEADER if is_first else "")):
            _text(self.sheet, at, column, text, look)
        if is_first:  # a year stands over all its columns
            starts = [column for column, text in enumerate(row.texts, self.first) if text]
            for start, following in zip(starts, [*starts[1:], self.id_column], strict=True):
                if following - start > 1:
                    _merge(self.sheet, at, start, following - 1, row.texts[start - self.first], look)
        self.sheet.set_row(at, _LINE_HEIGHT)

    def _heading(self, row: Row) -> None:
        at, look = row.number - 1, self.formats.heading(row.depth if row.kind == "heading" else None)
        size = look.font_size
        if len(row.texts) > 1:  # an entry of the contents, and its page
            _merge(self.sheet, at, 0, 1, row.texts[0], look)
            page = self.formats.use(REVISE, align="left") if self.form.is_following else look
            for column, text in enumerate(row.texts[1:], 2):
                _text(self.sheet, at, column, text, page)
        else:
            if row.kind == "issued" and self.form.is_following:
                look = self.formats.use(REVISE, align="left")
            _merge(self.sheet, at, 0, self.id_column - 1, row.texts[0], look)
        if row.row_id:
            _text(self.sheet, at, self.id_column, row.row_id, self.formats.use(FIXED))
        # Excel does not fit a row to merged cells by itself.
        lines = _lines(row.texts[0], self.width * 11 / size)
        self.sheet.set_row(at, lines * _LINE_HEIGHT * size / 11)

    def _validate(self) -> None:
        for (label, role, use), places in self.places.items():
            rule: dict[str, Any] = {"validate": "any"}
            if label in self.words:
                # A number, or a word that is not in the list, is as good: nobody is stopped or asked.
                rule = {"validate": "list", "source": f"={self.words[label]}", "show_error": False}
            message = _PARTICULAR.get(use) or _PROMPTS.get(role) or (_SAME if use == REVISE else "")
            title = label.encode("utf-16-le")[: 2 * _LONGEST_TITLE].decode("utf-16-le", "ignore")
            rule |= {"input_title": title, "input_message": message}
            runs = _runs(places)
            self.sheet.data_validation(*runs[0], rule | {"other_cells": runs[1:]})
        waiting = [
            place for (*_, use), places in self.places.items() if use in (FILL, REPEAT) for place in places
        ]
        if waiting:
            runs = _runs(waiting)
            rule = {"type": "blanks", "format": self.formats.missing()}
            ranges = " ".join(xl_range(*run) for run in runs)
            self.sheet.conditional_format(*runs[0], rule | {"multi_range": ranges})

    def _set_up(self) -> None:
        sheet, last = self.sheet, max(row.number for row in self.form.rows) - 1
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, last, self.id_column)})
        sheet.freeze_panes(0, self.first + 1)
        sheet.set_landscape()
        sheet.set_paper(_A3)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, last, self.id_column - 1)
        rows = itertools.dropwhile(lambda row: row.kind != "header", self.form.rows)
        if header := [row.number - 1 for row in itertools.takewhile(lambda row: row.kind == "header", rows)]:
            sheet.repeat_rows(header[0], header[-1])
        title = self.form.title[:100].replace("&", "&&")
        sheet.set_footer(f"&L{title}&R&P / &N")


def _width(form: Form, at: int) -> float:
    """The width of a column: that of its role, or of what an attribute says."""
    role = form.columns[at].role
    if role != "attribute":
        return _WIDTHS.get(role, _USUAL_WIDTH)
    longest = max((display_width(row.cells[at].text) for row in form.rows if row.kind == "table"), default=0)
    return min(_LARGEST_WIDTH, max(_USUAL_WIDTH, longest + 2))


def _text(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    if not text:
        sheet.write_blank(row, column, None, look)
    elif sheet.write_string(row, column, text, look):
        raise PackageError(f"{row + 1}行目の字句が長すぎて、表に書けません（{len(text):,}文字）。")


def _merge(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    sheet.merge_range(row, first, row, last, "", look)
    _text(sheet, row, first, text, look)


def _alignment(cell: Cell) -> str:
    """Numbers to the right, what stands for them in the middle, text to the left."""
    if cell.role in ("name", "indicator", "activities", "attribute"):
        return "left"
    return "right" if re.fullmatch(r"[-−▲△]?\s?[0-9,.]+", cell.text) else "center"


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column, with some room for another computer's letters."""
    return sum(max(1, math.ceil(display_width(line) / (width * 0.92))) for line in text.split("\n"))


def _runs(places: Iterable[tuple[int, int]]) -> list[list[int]]:
    """(first row, first column, last row, last column) of cells below each other."""
    runs: list[list[int]] = []
    for row, column in sorted(places, key=lambda place: (place[1], place[0])):
        if runs and runs[-1][1] == column and runs[-1][2] == row - 1:
            runs[-1][2] = row
        else:
            runs.append([row, column, row, column])
    return runs


# -- how to use it -----------------------------------------------------------


def _guide(form: Form) -> list[tuple[str, list[str]]]:
    """Headings and what stands below each."""
    year, before = fiscal_year.era(form.fiscal_year), fiscal_year.era(form.fiscal_year - 1)
    uses, roles = _uses(form), {column.role for column in form.columns}
    unit = "" if "unit" in roles else "単位は指標の名前に書きます。"
    mark = f"（{form.mark}は左端の列に）" if form.mark else ""
    if form.is_following:
        about = [
            f"「{SHEET}」のシートは、{year}の報告を書くための用紙です。{before}の報告から、年度を1つずつ進めて作りました。",
            f"{before}までの実績は、公開しているデータから写してあります。{year}の欄は空けてあり、全てに書く必要があります。",
        ]
        if ENDED in uses:
            about.append(
                f"終わった事業は、{year}の欄を「—」にして保護してあります（茶色）。{year}の報告に載せないときは、行を消します。"
            )
        left = ["目次のページ番号"] if form.has_contents else []
        left += ["発行の年月"] if any(row.kind == "issued" for row in form.rows) else []
        left += [
            f"「{column.label}」"
            for column in form.columns
            if column.role == "attribute" and not column.is_grade
        ]
        if left:
            about.append(f"{'、'.join(left)}は前の報告のままです。変わったものを直します。")
    else:
        about = [
            f"「{SHEET}」のシートは、「{form.title}」（{year}の報告）を、印刷された順に並べたものです。",
            "このまま送り返しても、データは何も変わりません。",
            "直すのは、印刷と違うところ（写し間違い）だけです。印刷のあとで改めた値は「訂正」で、印刷の写しは変えず、理由とともに載せます。",
            "送り返されたファイルで変わった字句は、写し間違いか訂正かを、読み込むときに1つずつ尋ねます。",
        ]
    return [
        (
            "このファイルについて",
            [*about, f"「{SHEET}」の行の番号は、公開データに書かれている原資料の行の番号と同じです。"],
        ),
        (
            "書き方",
            [
                f"数は半角の数字で書きます（1270 でも 1,270 でもかまいません）。{unit}",
                "数がないときは、空けておかずに理由の言葉を書きます。セルを選ぶと出る▼から選べます。一覧にない言葉も書けます。",
                "0 は、本当に0のときだけ書きます。",
                "空いたままの欄は、公開データでは「空欄」になります。",
                "全てのセルは「文字列」です。書いた字句がそのままデータになり、日付などに変わることはありません。",
            ],
        ),
        (
            "しないこと",
            [
                "列を足す、消す、並べ替える。表の外に書きこむ。表の行のセルを結合する。計算式を入れる。",
                f"シートの名前「{SHEET}」と、最後の列「{ID_HEADER}」を変える。IDは行を見つけるためのもので、読み込みには使いません。",
            ],
        ),
        (
            "行を加える、消す、事業の名前を直す",
            [
                "間違えて消さないように、シートを保護しています。パスワードはありません。［校閲］の［シート保護の解除］を押してください。",
                f"新しい事業は、当てはまる見出しの下に行を入れて書きます{mark}。IDは空けておきます。",
                *(
                    [f"終わった事業は、行を残して内容に「({year}をもって終了)」と書きます。"]
                    if "activities" in roles
                    else []
                ),
                "事業の名前を変えると、前の事業の新しい名前かどうかを、読み込む人に尋ねることになります。",
            ],
        ),
        (
            "送り返し方",
            [
                "Excelブック（.xlsx）のまま保存して、データを管理する担当に送ってください。",
                "CSVにするときは「CSV UTF-8（コンマ区切り）」を選び、「報告」のシートだけを保存してください。",
                "読めないところがあれば、「報告!F52」のようなセルの名前と、直し方が示されます。",
            ],
        ),
    ]


def _uses(form: Form) -> set[str]:
    """What people do with its cells."""
    return {cell.use for row in form.rows for cell in row.cells}


def _write_guide(sheet: Worksheet, formats: _Formats, form: Form) -> dict[str, str]:
    """Write the sheet; what a column is called → where on the sheet the words for it stand."""
    for column in range(3):
        sheet.set_column(column, column, _GUIDE_WIDTH // 3)
    heading, plain = formats.of(bold=True, font_size=13, bg_color="#E6EDF3"), formats.of()
    row = 0

    def line(text: str, look: Format) -> None:
        nonlocal row
        _merge(sheet, row, 0, 2, text, look)
        sheet.set_row(row, _LINE_HEIGHT * _lines(text, _GUIDE_WIDTH) * look.font_size / 11)
        row += 1

    line(f"この表の使い方：{form.title}", formats.of(bold=True, font_size=16))
    for title, texts in _guide(form):
        row += 1
        line(title, heading)
        for text in texts:
            line(f"・{text}", plain)
    row += 1
    line("セルの色と枠", heading)
    for use, text in _EXPLAINED.items():
        if use in _uses(form):
            line(text, formats.use(use))
    row += 1
    if form.words:
        line("選べる言葉（この報告に印刷されているもの）", heading)
    found = {}
    for label in dict.fromkeys(word.label for word in form.words):
        words = [word for word in form.words if word.label == label]
        for column, text in enumerate((f"{label}の欄", "意味", "印刷されている数")):
            sheet.write_string(row, column, text, formats.of(bold=True, bottom=_THIN))
        first = row = row + 1
        for word in words:
            for column, text in enumerate((word.printed, word.meaning, f"{word.count}か所")):
                sheet.write_string(row, column, text, plain)
            row += 1
        found[label] = f"{GUIDE}!{xl_range_abs(first, 0, row - 1, 0)}"
        row += 1
    sheet.protect("")
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 1)
    return found
