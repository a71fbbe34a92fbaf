"""A report kept as a spreadsheet (``.xlsx``, ``.csv``) as the text that ``progress_report`` parses.

Line N of the text is row N of the sheet, so a problem found in a line is found
in the row. A row of a table becomes its cells between tabs; what stands alone
in a row is a heading. A number is what the sheet shows of it. What would be
lost or guessed on the way (a formula without its result, a date, a merged
cell, struck-out text, a remark) is refused with the name of its cell, all of
it at once; what is read otherwise than it looks, or not read, is noted.

Must not know what a row means: what heads a table, and which columns are an
indicator's, is asked of the layout, to know where a table stands on the sheet.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from shinchoku.importing import file_kinds, seen_cells
from shinchoku.importing.layouts import Layout
from shinchoku.importing.problem import ImportProblem, raise_all, shortened
from shinchoku.importing.seen_cells import Colours
from shinchoku.importing.sheet_parts import SheetParts
from shinchoku.importing.shown_numbers import UnknownFormat, is_rounded, shown, shown_text
from shinchoku.text import LIST_MARKUP

#: The sheet of a workbook with several.
SHEET = "報告"
#: Columns that only help to find a row again.
_ID = "ID"

#: Columns of a working copy that say nothing of the report, unless the layout knows them; as ``_squeezed``.
_LEFT_OUT = re.compile(
    r"ID.*|NO\.?|番号|通番|連番|項番|整理番号|担当|(?:担当|所管)(?:部|課|部署|部局|部課|課名|局)"
)
_UNIT_NOTE = re.compile(r"[(\[]?(?:金額の?)?単位[:=](.+?)[)\]]?")
_A_NUMBER = re.compile(r"[0-9A-Za-z０-９①-⑳().（）-]{1,8}")
#: Roles of columns in which each indicator of an initiative has a cell of its own.
_OF_INDICATOR = {"indicator", "unit", "base", "actual", "target"}
_NOTE = re.compile(r"[(\[]?(?:金額の?)?単位[:=](.+?)[)\]]?")
_AMOUNTS = "千円"
_A_NUMBER = re.compile(r"[0-9A-Za-z０-９①-⑳().（）-]{1,8}")
_NOTE = re.compile(r"[※*＊]|[(（\[]?注[0-9０-９]*[)）\]:：]|注[0-9０-９]|備考|出典|資料[:：]")

# More than any report needs, and less than a machine can hold.
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL = 10_000, 100, 10_000
_LARGEST_CONTENT, _MOST_NOTED = 20 * 1024**2, 20
_MOST_CHARACTERS, _MOST_CELLS, _MOST_MERGED = 10_000_000, 3_000_000, 100_000
_USUAL_SIZE = 11  # of letters
_LAST_ROW = 1_048_576  # of any spreadsheet

_ERROR = re.compile(r"#(?:VALUE!|REF!|N/A|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|#{2,}")
_LINE_END = re.compile(r"\r\n|[\r\n\t\u2028\u2029]|_x000[9AaDd]_")
#: Beside control characters, those that turn or hide text; a workbook may write either as ``_x0007_``.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
    r"|_x00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f]|7[Ff])_"
)
_TAG = re.compile(r"<[^<>]*>")
_OVERLAID = re.compile(r"[\u0332-\u0338\u20d2\u20d3\u20e0\u20e5]")
#: How a CSV keeps what the spreadsheet took for a date, or shortened.
_LIKE_A_DATE = re.compile(
    r"[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2}(?: [0-9:]+)?|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"
    r"|[0-9]{1,2}-[A-Z][a-z]{2}(?:-[0-9]{2,4})?|[A-Z][a-z]{2}-[0-9]{2}"
)
_SHORTENED_NUMBER = re.compile(r"-?[0-9](?:\.[0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """The lines of a report kept as a spreadsheet, and what of it the text does not show."""

    text: str
    notes: tuple[str, ...]


def text_of(path: Path, layout: Layout) -> str:
    """The lines of the report in a file that is a spreadsheet. Raises ``ImportProblem``."""
    return read(path.name, file_kinds.content_of(path), layout).text


def read(file: str, content: bytes, layout: Layout) -> Reading:
    """The report in the bytes of a workbook or of comma- or tab-separated text. Raises ``ImportProblem``."""
    sheet = _read_sheet(file, content, lambda row: _start(row, layout) is not None)
    lines = list(_lines(sheet, layout))
    raise_all(sheet.problems)
    return Reading("".join(f"{line}\n" for line in lines), tuple(sheet.notes))


def rows_of(file: str, content: bytes) -> list[list[str]]:
    """The cells of a sheet in a form that no layout describes yet. Raises ``ImportProblem``."""
    sheet = _read_sheet(file, content, lambda row: sum(map(bool, row)) > 2)
    raise_all(sheet.problems)
    return sheet.rows


def _read_sheet(file: str, content: bytes, is_header: Callable[[list[str]], bool]) -> _Sheet:
    if file_kinds.is_workbook(file, content):
        sheet = _read_workbook(file, content, is_header)
    else:
        sheet = _read_csv(file, content)
    if not any(any(row) for row in sheet.rows) and not sheet.problems:
        raise ImportProblem(file, None, "何も書かれていません。", "報告の表のファイルか確かめてください。")
    return sheet


@dataclass(frozen=True)
class _Merged:
    """Merged cells: ``name`` is the range, the rest its rows and columns from 1."""

    name: str
    left: int
    first: int
    right: int
    last: int


@dataclass
class _Sheet:
    """The cells as text, row by row, down to the last row with anything; where cells are merged."""

    file: str
    name: str | None = None
    rows: list[list[str]] = field(default_factory=list)
    merged: list[_Merged] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, row: int, column: int) -> str:
        """A cell by the name that a spreadsheet gives it: ``報告!F52``."""
        cell = f"{get_column_letter(column)}{row}"
        return f"{self.name}!{cell}" if self.name else cell


def _problem_of_cell(sheet: _Sheet, row: int, column: int, message: str, remedy: str) -> ImportProblem:
    return ImportProblem(sheet.file, row, f"セル {sheet.place(row, column)} {message}", remedy)


# -- cells -------------------------------------------------------------------


def _cell(sheet: _Sheet, row: int, column: int, text: str) -> str:
    """Text of a cell on one line."""

    def problem(message: str, remedy: str) -> ImportProblem:
        return _problem_of_cell(sheet, row, column, message, remedy)

    text = _LINE_END.sub(" ", text).strip()
    if len(text) > _LONGEST_CELL:
        raise problem(f"が長すぎます（{len(text):,}文字）。", "表の文か確かめてください。")
    if match := _UNSEEN.search(text):
        raise problem(
            f"の「{shortened(_UNSEEN.sub('□', text))}」に、目に見えない文字（{match[0]!a}）があります。",
            "□のところを消して、打ち直してください。",
        )
    if match := _OVERLAID.search(text):
        raise problem(
            f"の「{shortened(_OVERLAID.sub('', text))}」に、字に重ねる線の記号（{match[0]!a}）があります。",
            "取り消した字句を消し、今の字句だけを残してください。",
        )
    if _TAG.search(LIST_MARKUP.sub(" ", text)):
        raise problem(
            f"の「{shortened(text)}」に、半角の「<…>」があります。", "「〈…〉」か「（…）」に直してください。"
        )
    if _ERROR.fullmatch(text):
        raise problem(
            f"が「{text}」になっています。", "計算式か列の幅を直し、値そのものを入れ直してください。"
        )
    return text


def _kept(sheet: _Sheet, read_cell: Callable[..., str], *cell: Any) -> str:
    """The text of a cell; what is wrong with it is kept, so that all of it is said at once."""
    try:
        return read_cell(sheet, *cell)
    except ImportProblem as problem:
        sheet.problems.append(problem)
        return "?"  # something stands there


def _append(sheet: _Sheet, cells: list[str], number: int) -> None:
    """Add a row of texts at its place, within the limits."""
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return
    if number > _MOST_ROWS or len(cells) > _MOST_COLUMNS:
        raise _problem_of_cell(
            sheet,
            number,
            len(cells),
            f"に「{shortened(cells[-1])}」があります。表が大きすぎます（{_MOST_ROWS:,}行、{_MOST_COLUMNS}列まで）。",
            "報告の表ではないところに書かれたものを消してください。",
        )
    sheet.rows.extend([] for _ in range(number - 1 - len(sheet.rows)))
    sheet.rows.append(cells)


# -- CSV ---------------------------------------------------------------------


def _read_csv(file: str, content: bytes) -> _Sheet:
    text, encoding = file_kinds.decoded(file, content)
    sheet = _Sheet(file)
    lines = text.splitlines()
    delimiter = max("\t,;", key=lambda sign: sum(sign in line for line in lines))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            texts = [_kept(sheet, _csv_cell, number, at, cell, encoding) for at, cell in enumerate(cells, 1)]
            _append(sheet, texts, number)
    except csv.Error:
        raise ImportProblem(
            file,
            number + 1,
            'この行から後の「"」の対が合わず、読めません。',
            "表計算ソフトで開き、「CSV UTF-8」で保存し直してください。",
        ) from None
    return sheet


def _csv_cell(sheet: _Sheet, row: int, column: int, text: str, encoding: str) -> str:
    text = _cell(sheet, row, column, text)
    if _LIKE_A_DATE.fullmatch(text) or _SHORTENED_NUMBER.fullmatch(text):
        raise _problem_of_cell(
            sheet,
            row,
            column,
            f"の「{text}」は、表計算ソフトが日付や短い形に変えたもののようです。",
            "セルの表示形式を「文字列」にして、元の字句を入れ直してください。",
        )
    if encoding == "cp932" and "?" in text:
        raise _problem_of_cell(
            sheet,
            row,
            column,
            f"の「{shortened(text)}」に「?」があります。この文字コード（Shift_JIS）で表せない文字が「?」に変わった可能性があります。",
            "元の表から「CSV UTF-8」で保存し直してください。",
        )
    return text


# -- workbook ----------------------------------------------------------------


def _read_workbook(file: str, content: bytes, is_header: Callable[[list[str]], bool]) -> _Sheet:
    _check_archive(file, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decoration that is left out
            return _sheet_of(file, content, is_header)
    except ImportProblem:
        raise
    except (
        Exception
    ) as error:  # whatever a broken file makes openpyxl stumble over; it has no error of its own
        raise file_kinds.broken(file) from error


def _too_large(file: str) -> ImportProblem:
    return ImportProblem(
        file,
        None,
        "中身が大きすぎます。",
        "画像や、何も書いていない行と列の書式を消し、報告の表だけを残して保存し直してください。",
    )


def _check_archive(file: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _LARGEST_CONTENT:
                raise _too_large(file)
            # No spreadsheet writes one; it is how a small file unfolds into a huge one.
            if any(b"<!DOCTYPE" in archive.read(part) for part in parts):
                raise file_kinds.broken(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, RuntimeError, EOFError, OSError):
        raise file_kinds.broken(file) from None


def _sheet_of(file: str, content: bytes, is_header: Callable[[list[str]], bool]) -> _Sheet:
    book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, rich_text=True)
    sheet = _Sheet(file)
    values = _chosen(sheet, book, is_header)
    # The same cells once more: the values alone do not tell a formula that has none from an empty cell.
    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)[values.title]
    for rows in (values, formulas):
        rows.reset_dimensions()  # as the cells say, not as the file claims
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # The one thing that openpyxl knows of a sheet and does not offer: which of the files it is.
        beside = SheetParts(archive, values._worksheet_path)
    sheet.name, sheet.merged = (
        values.title,
        [_Merged(name, *range_boundaries(name)) for name in beside.merged],
    )
    look = _Look(
        Colours(book.loaded_theme),
        beside.rich_texts,
        beside.is_calculated_on_opening,
        beside.widths,
        beside.is_zero_hidden,
    )
    count, characters = 0, 0
    for number, (row, with_formulas) in enumerate(
        zip(values.iter_rows(), formulas.iter_rows(), strict=True), 1
    ):
        if number > _LAST_ROW:
            raise file_kinds.broken(file)
        count += len(row)
        if count > _MOST_CELLS or characters > _MOST_CHARACTERS:
            raise _too_large(file)
        cells = [
            _kept(sheet, _workbook_cell, number, column, cell, source.data_type == "f", look)
            for column, (cell, source) in enumerate(zip(row, with_formulas, strict=True), 1)
        ]
        characters += sum(map(len, cells))
        _append(sheet, cells, number)
    _name_unseen(sheet, beside, book._differential_styles.styles, look.colours)
    return sheet


def _chosen(sheet: _Sheet, book: Any, is_header: Callable[[list[str]], bool]) -> Any:
    """The sheet to read: the one in sight with a table; of several the one named so, if the file opens at it."""
    sheets = book.worksheets
    visible = [one for one in sheets if one.sheet_state == "visible"]
    with_table = [one for one in visible if len(visible) == 1 or _has_table(one, is_header)]
    named = [one for one in with_table or visible if one.title.strip() == SHEET]
    choice = (
        with_table if len(with_table) == 1 else [one for one in named if one is book.active or not with_table]
    )
    names = [
        f"「{shortened(one.title, 31)}」{'' if one in visible else '（非表示）'}"
        for one in sheets
        if one not in choice
    ]
    if len(choice) != 1:
        raise ImportProblem(
            sheet.file,
            None,
            f"どのシートが報告か決まりません（{'、'.join(names[:10])}）。",
            f"報告のシートの名前を「{SHEET}」にし、ほかのシートを別のファイルに移すか、そのシートを開いて保存してください。",
        )
    if names:
        sheet.notes.append(f"読んでいないシート：{'、'.join(names[:_MOST_NOTED])}")
    return choice[0]


def _has_table(sheet: Any, is_header: Callable[[list[str]], bool]) -> bool:
    sheet.reset_dimensions()
    rows = itertools.islice(sheet.iter_rows(values_only=True), _MOST_ROWS)
    return any(is_header([str(value or "") for value in row]) for row in rows)


def _name_unseen(sheet: _Sheet, beside: SheetParts, styles: Sequence[Any], colours: Colours) -> None:
    """Ask about what stands over cells, and note what is hidden."""
    for name, text in beside.remarks:
        row, column = coordinate_to_tuple(name)
        sheet.problems.append(
            _problem_of_cell(
                sheet,
                row,
                column,
                f"に、コメントか図形の字句「{shortened(_LINE_END.sub(' ', text))}」があります。",
                "値に関わるならセルの値を直し、コメントや図形を消してください。",
            )
        )
    for ranges, style, is_value_hidden in beside.conditional:
        look = styles[style] if style is not None and style < len(styles) else None
        is_otherwise = look is not None and (
            look.numFmt is not None
            or (look.font is not None and (look.font.strike or colours.hides_by_condition(look)))
        )
        if is_otherwise or is_value_hidden:
            row, column = coordinate_to_tuple(re.split("[ :]", ranges)[0])
            sheet.problems.append(
                _problem_of_cell(
                    sheet,
                    row,
                    column,
                    f"から（{shortened(ranges)}）の条件付き書式が、値を隠したり変えたりして見せます。",
                    "条件付き書式を消し、見えるとおりの値を入れてください。",
                )
            )
    filled = {number for number, row in enumerate(sheet.rows, 1) if any(row)}
    rows = [number for number in beside.hidden_rows if number in filled]
    columns = [column for column in beside.hidden_columns if any(_at(row, column - 1) for row in sheet.rows)]
    if rows:
        sheet.notes.append(f"非表示の行も読みました：{_listed(f'{row}行目' for row in rows)}")
    if columns:
        sheet.notes.append(
            f"非表示の列も読みました：{_listed(f'{get_column_letter(column)}列' for column in columns)}"
        )


def _listed(names: Iterable[str]) -> str:
    """Names, as many as can be read."""
    names = list(names)
    more = f" ほか{len(names) - _MOST_NOTED}" if len(names) > _MOST_NOTED else ""
    return "、".join(names[:_MOST_NOTED]) + more


@dataclass
class _Look:
    """What tells how the cells of a workbook look; ``rich_texts`` are those that stand in the sheet itself."""

    colours: Colours
    rich_texts: Mapping[str, CellRichText]
    is_calculated_on_opening: bool
    #: Of columns that say it: how many digits of the usual size they have room for.
    widths: Mapping[int, float]
    is_zero_hidden: bool


def _workbook_cell(sheet: _Sheet, row: int, column: int, cell: Any, is_formula: bool, look: _Look) -> str:
    def problem(message: str, remedy: str) -> ImportProblem:
        return _problem_of_cell(sheet, row, column, message, remedy)

    value = cell.value
    if value is None and is_formula:
        raise problem(
            "の計算式の結果がありません。",
            "表計算ソフトで開いて保存し直すか、計算式を消して値そのものを入れてください。",
        )
    if value is None or value == "":
        return ""
    if cell.data_type == "e":
        raise problem(f"が「{value}」になっています。", "計算式を直すか、値そのものを入れ直してください。")
    if is_formula and look.is_calculated_on_opening:
        raise problem(
            f"の計算式の結果「{shortened(str(value))}」は、開くたびに計算し直されるので、確かではありません。",
            "表計算ソフトで開いて保存し直すか、計算式を消して値そのものを入れてください。",
        )
    if isinstance(value, bool):
        raise problem(f"が「{str(value).upper()}」になっています。", "元の字句を入れ直してください。")
    if isinstance(value, date | time | timedelta) or (
        isinstance(value, int | float) and _is_east_asian_date(cell)
    ):
        raise problem(
            "が日付か時刻になっています（表計算ソフトが字句を変えた可能性があります）。",
            "セルの表示形式を「文字列」にして、元の字句を入れ直してください。",
        )
    try:
        seen_cells.check(cell, look.rich_texts.get(f"{get_column_letter(column)}{row}", value), look.colours)
    except seen_cells.Unseen as unseen:
        raise problem(unseen.message, unseen.remedy) from None
    try:
        if isinstance(value, int | float):
            text = shown(value, cell.number_format)
            if value == 0 and look.is_zero_hidden:
                raise problem(
                    f"の「{text}」は、0を見せない設定のシートにあります。",
                    "Excel の「オプション」の「詳細設定」で、0を見せてから保存し直してください。",
                )
            if not _has_room(cell, text, look.widths.get(column)):
                raise problem(
                    f"の「{text}」は、列の幅が足りず、「####」か丸めた数に見えます。",
                    "列の幅を広げて保存し直してください。",
                )
            if is_rounded(value, text):
                sheet.notes.append(
                    f"セル {sheet.place(row, column)} は、{value} を「{text}」と見せています。"
                )
        else:
            text = shown_text(str(value), cell.number_format)
    except UnknownFormat:
        raise problem(
            f"の「{shortened(str(value))}」が、画面にどう見えるか分かりません（表示形式「{shortened(cell.number_format)}」）。",
            "セルの表示形式を「文字列」にして、見えるとおりに入れ直してください。",
        ) from None
    return _cell(sheet, row, column, text)


def _has_room(cell: Any, text: str, width: float | None) -> bool:
    """Whether a number fits its column; text goes on beyond it, a number is rounded or not shown at all."""
    alignment = cell.alignment
    if width is None or alignment.shrink_to_fit or alignment.textRotation:
        return True
    needed = sum(0.5 if sign in ",." else 1 for sign in text)
    return needed <= width * _USUAL_SIZE / (cell.font.sz or _USUAL_SIZE) + 1


def _is_east_asian_date(cell: Any) -> bool:
    """Whether the format is one that Excel knows by number only in Japan and its neighbours: all are dates.

    openpyxl takes them for no format at all, and 5月1日 for 45047.
    """
    number = cell.style_array.numFmtId
    return number < BUILTIN_FORMATS_MAX_SIZE and number not in BUILTIN_FORMATS


# -- rows to lines -----------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """The header lines of a table: their rows, what they say of each column together, which columns are an
    indicator's, and the one that the table begins with."""

    rows: tuple[int, ...]
    texts: tuple[str, ...]
    of_indicator: frozenset[int]
    start: int


@dataclass(frozen=True)
class _Table:
    """Where a table stands: the column of the mark, if it has one, its first column, and what follows."""

    mark: int | None
    first: int
    others: tuple[int, ...]
    #: Those of the others in which each indicator has a cell of its own.
    of_indicator: frozenset[int]

    def cells(self, row: list[str]) -> list[str]:
        """Its first cell and what follows."""
        return [_at(row, column) for column in (self.first, *self.others)]

    def fitting(self, rows: list[list[str]], mark: str) -> _Table:
        """This table, moved by one where its rows begin with a column for the mark and the header does not."""
        beyond = max(self.others) + 1
        rows = [row for row in rows if sum(map(bool, row)) > 1]
        # A row may have no name where it goes on with the one above it; the first has none to go on with.
        is_apart = [row[0] in ("", mark) and (row is rows[0] or _at(row, beyond) != "") for row in rows]
        if mark and self.mark is None and self.first == 0 and any(is_apart):
            moved = frozenset(column + 1 for column in self.of_indicator)
            return _Table(0, 1, tuple(column + 1 for column in self.others), moved)
        return self


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _squeezed(text: str) -> str:
    """A heading of a column, however wide its letters are and wherever its lines break."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _is_left_out(text: str, layout: Layout) -> bool:
    return bool(_LEFT_OUT.fullmatch(_squeezed(text).upper())) and layout.column(text) is None


def _lines(sheet: _Sheet, layout: Layout) -> Iterator[str]:
    mark = layout.mark
    headers = list(_headers(sheet, layout))
    left_out = _left_out_columns(sheet, headers, layout)
    merged = _merged_rows(sheet)
    starts = [*(header.rows[0] for header in headers), len(sheet.rows) + 1]
    heads = {line for header in headers for line in header.rows}
    unit = ""
    rows: list[list[str]] = []
    for number, row in enumerate(sheet.rows, 1):
        if number not in heads:
            unit = _take_unit_note(sheet, number, row, layout) or unit
        rows.append(_without(sheet, number, row, left_out, layout, is_row=starts[0] < number not in heads))
    yield from ("\t".join(filter(None, row)) for row in rows[: starts[0] - 1])
    for header, end in zip(headers, starts[1:], strict=True):
        table = _table(header, left_out, bool(mark))
        within = table.fitting(rows[header.rows[-1] : end - 1], mark)
        for number, row in enumerate(rows[header.rows[0] - 1 : end - 1], header.rows[0]):
            if number in heads:
                start = header.start if number == header.rows[0] else table.first
                cells = [_at(row, start), *table.cells(row)[1:]]
                yield "\t".join(_heading(cell, unit, layout) for cell in cells)
            elif sum(map(bool, row)) < 2:
                _check_heading(sheet, number, row, within)
                yield "".join(row)
            else:
                try:
                    yield "\t".join(_row(sheet, number, row, within, merged.get(number, []), mark))
                except ImportProblem as problem:
                    sheet.problems.append(problem)


def _start(row: list[str], layout: Layout) -> int | None:
    """The column that a table begins with, where the row is its header: before it only a mark may stand."""
    named = [
        at for at, cell in enumerate(row) if cell not in ("", layout.mark) and not _is_left_out(cell, layout)
    ]
    return named[0] if layout.is_header(row[at] for at in named) else None


def _role(heading: str, layout: Layout) -> str | None:
    column = layout.column(_squeezed(heading)) if heading else None
    return column.role if column else None


def _headers(sheet: _Sheet, layout: Layout) -> Iterator[_Header]:
    """The headers: each its first row and those below with headings in other columns than name and indicator."""
    for number, first in enumerate(sheet.rows, 1):
        if (start := _start(first, layout)) is None:
            continue
        taken = [at for at, cell in enumerate(first) if _role(cell, layout) in ("name", "indicator")] or [
            start
        ]
        left_out = {at for at, cell in enumerate(first) if _is_left_out(cell, layout)}
        lines = [number]
        for below, row in enumerate(sheet.rows[number:], number + 1):
            texts = {at: cell for at, cell in enumerate(row) if cell and at not in left_out}
            filled = [at for at, cell in texts.items() if not _UNIT_NOTE.fullmatch(_squeezed(cell))]
            if filled and (not set(taken).isdisjoint(filled) or filled[-1] < max(taken)):
                break
            if filled:
                lines.append(below)
        rows = [sheet.rows[line - 1] for line in lines]
        columns = [[_at(row, at) for row in rows] for at in range(max(map(len, rows)))]
        of_indicator = (
            at for at, cells in enumerate(columns) if {_role(cell, layout) for cell in cells} & _OF_INDICATOR
        )
        yield _Header(tuple(lines), tuple(map("".join, columns)), frozenset(of_indicator), start)


def _heading(text: str, unit: str, layout: Layout) -> str:
    """A heading as the layout knows it: what the amounts are counted in may stand beside it, or above the table."""
    plain = _squeezed(text)
    forms = (text, plain, re.sub(r"\(単位:(.+?)\)", r"(\1)", plain), f"{plain}({unit})")
    return next((form for form in forms if form and layout.column(form)), text)


def _left_out_columns(sheet: _Sheet, headers: Collection[_Header], layout: Layout) -> dict[int, str]:
    """Columns to leave out, and what they are called. Raises ``ImportProblem`` where one is something else
    in another table."""
    names: dict[int, tuple[str, int]] = {}
    for header in headers:
        for column, text in enumerate(header.texts):
            if _is_left_out(text, layout):
                names.setdefault(column, (text, header.rows[0]))
    for header in headers:
        for column, (name, first) in names.items():
            if (text := _at(header.texts, column)) and not _is_left_out(text, layout):
                raise _problem_of_cell(
                    sheet,
                    header.rows[0],
                    column + 1,
                    f"の見出しは「{shortened(text)}」ですが、{first}行目では同じ列が「{shortened(name)}」です。",
                    "どの表でも同じものを同じ列にしてください。",
                )
    shown_names = [
        f"{get_column_letter(column + 1)}列（{name}）"
        for column, (name, _) in names.items()
        if not _is_id(name)
    ]
    if shown_names:
        sheet.notes.append(f"報告にない列は読んでいません：{_listed(shown_names)}")
    return {column: name for column, (name, _) in names.items()}


def _is_id(name: str) -> bool:
    """Whether the column only helps to find a row again."""
    return _squeezed(name).upper().startswith(_ID)


def _without(
    sheet: _Sheet, number: int, row: list[str], left_out: Mapping[int, str], layout: Layout, is_row: bool
) -> list[str]:
    """A row without the columns to leave out. In those but the ids, a heading may stand where it stands alone."""
    row = ["" if column in left_out and _is_id(left_out[column]) else cell for column, cell in enumerate(row)]
    if is_row and sum(map(bool, row)) > 1:
        for column, name in left_out.items():
            text = _at(row, column)
            is_number = _squeezed(name).upper().startswith(("NO", "番", "通", "連", "項", "整"))
            if text and ((is_number and not _A_NUMBER.fullmatch(text)) or layout.is_heading(text)):
                problem = f"の「{shortened(text)}」は、「{shortened(name)}」の列にあります。"
                remedy = "見出しなら、同じ行のほかのセルを空にしてください。"
                sheet.problems.append(_problem_of_cell(sheet, number, column + 1, problem, remedy))
            if text:
                row[column] = ""
    return row


def _take_unit_note(sheet: _Sheet, number: int, row: list[str], layout: Layout) -> str:
    """Empty the cell that says in what the amounts are counted; what it says, or nothing."""
    units = layout.units
    for column, cell in enumerate(row):
        if units and (match := _UNIT_NOTE.fullmatch(_squeezed(cell))):
            if match[1] not in units:
                names = "か".join(units)
                problem = f"に「{shortened(cell)}」とあります。金額は{names}で読みます。"
                remedy = f"金額を{names}に直し、このセルも直すか消してください。"
                sheet.problems.append(_problem_of_cell(sheet, number, column + 1, problem, remedy))
            row[column] = ""
            return match[1]
    return ""


def _check_heading(sheet: _Sheet, number: int, row: list[str], table: _Table) -> None:
    """What stands alone in a row below the header of a table is a heading, unless it is a note or a cell's rest."""
    column = next((at for at, cell in enumerate(row) if cell), None)
    if column is None or row[column] == "?":
        return
    if _NOTE.match(row[column]):
        sheet.problems.append(_note(sheet, number, column + 1, row[column]))
    elif column > table.first:
        problem = f"の「{shortened(row[column])}」だけの行です。"
        remedy = "上の行の続きなら、上のセルにまとめてください。見出しなら、左端の列に移してください。"
        sheet.problems.append(_problem_of_cell(sheet, number, column + 1, problem, remedy))


def _note(sheet: _Sheet, row: int, column: int, text: str) -> ImportProblem:
    problem = f"の「{shortened(text)}」は、注の行のようです。"
    remedy = "値に関わるなら、その値のセルに書き（例：85（速報値））、この行は消してください。"
    return _problem_of_cell(sheet, row, column, problem, remedy)


def _table(header: _Header, left_out: Collection[int], has_mark: bool) -> _Table:
    filled = [at for at, text in enumerate(header.texts) if text and at not in left_out and at > header.start]
    # Its first heading may stand over two columns, the mark's and its own; or the mark's is the one before.
    first, before = header.start, []
    if has_mark:
        first = max(column for column in range(first, filled[0]) if column not in left_out)
        before = [column for column in range(first) if column not in left_out]
    others = tuple(column for column in range(filled[0], filled[-1] + 1) if column not in left_out)
    return _Table(before[-1] if before else None, first, others, header.of_indicator)


def _row(
    sheet: _Sheet, number: int, row: list[str], table: _Table, merged: list[_Merged], sign: str
) -> list[str]:
    _check_merged(sheet, number, table, merged)
    known = {table.mark, table.first, *table.others}
    for column in (table.first, table.others[0]):
        if _NOTE.match(_at(row, column)):
            raise _note(sheet, number, column + 1, row[column])
    for column, cell in enumerate(row):
        if cell and column not in known:
            raise _problem_of_cell(
                sheet,
                number,
                column + 1,
                f"の「{shortened(cell)}」は、表の外にあります。",
                "表の列に移すか、消してください。",
            )
    if table.mark is None:
        return table.cells(row)
    mark = row[table.mark]
    if mark not in ("", sign):
        raise _problem_of_cell(
            sheet,
            number,
            table.mark + 1,
            f"の「{shortened(mark)}」は、{sign}の列に書けません。",
            f"「{sign}」か空欄にしてください。",
        )
    return [mark, *table.cells(row)]


def _check_merged(sheet: _Sheet, number: int, table: _Table, merged: list[_Merged]) -> None:
    """Of merged cells only the first holds a value. Where an initiative has its indicators in rows below
    each other, with its name over all of them, that is what is meant; anywhere else a value would be lost."""
    named = {(cells.first, cells.last) for cells in merged if cells.left == cells.right == table.first + 1}
    for cells in merged:
        if not {table.mark, table.first, *table.others} & set(range(cells.left - 1, cells.right)):
            continue
        is_shared = cells.left == cells.right and cells.left - 1 not in table.of_indicator
        if not is_shared or (cells.first, cells.last) not in named:
            raise ImportProblem(
                sheet.file,
                number,
                f"セル {cells.name} が結合されています。",
                "結合を解き、それぞれのセルに値を入れてください（見出しの行は結合してかまいません）。",
            )


def _merged_rows(sheet: _Sheet) -> dict[int, list[_Merged]]:
    """Row → the merged cells that it is part of."""
    found: dict[int, list[_Merged]] = defaultdict(list)
    count = 0
    for cells in sheet.merged:
        rows = range(cells.first, min(cells.last, len(sheet.rows)) + 1)
        count += len(rows)
        if count > _MOST_MERGED:
            raise ImportProblem(
                sheet.file, None, "結合されたセルが多すぎます。", "表の行の結合を解いて保存し直してください。"
            )
        for number in rows:
            found[number].append(cells)
            _check_covered(sheet, number, cells)
    return found


def _check_covered(sheet: _Sheet, number: int, cells: _Merged) -> None:
    """A program may leave text in merged cells other than the first, where nobody sees it."""
    row = sheet.rows[number - 1]
    for column in range(cells.left, min(cells.right, len(row)) + 1):
        if row[column - 1] and (number, column) != (cells.first, cells.left):
            problem = f"の「{shortened(row[column - 1])}」は、結合されたセル {cells.name} に隠れています。"
            remedy = "結合を解き、要らない字句なら消してください。"
            sheet.problems.append(_problem_of_cell(sheet, number, column, problem, remedy))
