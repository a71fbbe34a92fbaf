"""A report kept as a spreadsheet (``.xlsx``, ``.csv``) as the text that ``progress_report`` parses.

Line N of the text is row N of the sheet, so a problem found in a line is found
in the row. A row of a table becomes its cells between tabs; what stands alone
in a row is a heading. A number is what the sheet shows of it. What would be
lost or guessed on the way (a formula without its result, a date, a merged
cell, a remark beside the table) is refused with the name of its cell.

Must not know what a row means: of a table only the first header line is
recognised, to know where the table stands on the sheet.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter, range_boundaries

from shinchoku import files
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.shown_numbers import UnknownFormat, shown

#: The sheet of a workbook with several.
SHEET = "報告"
#: Columns that only help to find a row again.
_ID = "ID"
_FLAGSHIP = "★"
_TABLE = ("取組", "指標")

# More than any report needs, and less than a machine can hold.
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL = 10_000, 100, 10_000
_LARGEST_FILE, _LARGEST_CONTENT = 20 * 1024**2, 20 * 1024**2
_MOST_CHARACTERS, _MOST_CELLS, _MOST_MERGED = 10_000_000, 3_000_000, 100_000
_LAST_ROW = 1_048_576  # of any spreadsheet

_OLD_EXCEL_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"

_ERROR = re.compile(r"#(?:VALUE!|REF!|N/A|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|#{2,}")
_LINE_END = re.compile(r"\r\n|[\r\n\t\u2028\u2029]|_x000[9AaDd]_")
#: Beside control characters, those that turn or hide text; a workbook may write either as ``_x0007_``.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
    r"|_x00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f]|7[Ff])_"
)
#: How a CSV keeps what the spreadsheet took for a date, or shortened.
_LIKE_A_DATE = re.compile(
    r"[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2}(?: [0-9:]+)?|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"
    r"|[0-9]{1,2}-[A-Z][a-z]{2}(?:-[0-9]{2,4})?|[A-Z][a-z]{2}-[0-9]{2}"
)
_SHORTENED_NUMBER = re.compile(r"-?[0-9](?:\.[0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)


def text_of(path: Path) -> str:
    """The lines of the report in a ``.xlsx`` or ``.csv`` file. Raises ``ImportProblem``."""
    readers = {".xlsx": _read_workbook, ".csv": _read_csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ImportProblem(
            path.name,
            None,
            f"「{path.suffix}」のファイルは読めません。",
            ".xlsx か .csv で保存し直してください。",
        )
    try:
        content = files.read(path)
    except (FileNotFoundError, IsADirectoryError):
        raise ImportProblem(
            path.name, None, "ファイルがありません。", "ファイルの名前と場所を確かめてください。"
        ) from None
    if len(content) > _LARGEST_FILE:
        raise ImportProblem(
            path.name, None, "ファイルが大きすぎます。", "報告の表だけを残して保存し直してください。"
        )
    sheet = reader(path.name, content)
    if not any(any(row) for row in sheet.rows):
        raise ImportProblem(
            path.name, None, "何も書かれていません。", "報告の表のファイルか確かめてください。"
        )
    return "".join(f"{line}\n" for line in _lines(sheet))


@dataclass(frozen=True)
class _Merged:
    """Merged cells: ``name`` is the range, the rest its rows and columns from 1."""

    name: str
    left: int
    first: int
    right: int
    last: int


@dataclass(frozen=True)
class _Sheet:
    """The cells as text, row by row, down to the last row with anything; where cells are merged."""

    file: str
    name: str | None
    rows: list[list[str]]
    merged: list[_Merged]

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
    if _ERROR.fullmatch(text):
        raise problem(
            f"が「{text}」になっています。", "計算式か列の幅を直し、値そのものを入れ直してください。"
        )
    return text


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
    if content.startswith((_ZIP, _OLD_EXCEL_OR_LOCKED)):
        raise ImportProblem(
            file,
            None,
            "中身はExcelのファイルです。",
            "名前の終わりを .xlsx に直すか、CSVで保存し直してください。",
        )
    text, encoding = _decoded(file, content)
    sheet = _Sheet(file, None, [], [])
    header = re.search(f'{_TABLE[0]}"?([,\t])"?{_TABLE[1]}', text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=header[1] if header else ",", strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            _append(
                sheet,
                [_csv_cell(sheet, number, at, cell, encoding) for at, cell in enumerate(cells, 1)],
                number,
            )
    except csv.Error:
        raise ImportProblem(
            file,
            number + 1,
            'この行から後の「"」の対が合わず、読めません。',
            "表計算ソフトで開き、「CSV UTF-8」で保存し直してください。",
        ) from None
    return sheet


def _decoded(file: str, content: bytes) -> tuple[str, str]:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ImportProblem(
        file, None, "文字として読めません。", "表計算ソフトで開き、「CSV UTF-8」で保存し直してください。"
    )


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


def _read_workbook(file: str, content: bytes) -> _Sheet:
    _check_archive(file, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decoration that is left out
            return _sheet_of(file, content)
    except ImportProblem:
        raise
    except (
        Exception
    ) as error:  # whatever a broken file makes openpyxl stumble over; it has no error of its own
        raise _broken(file) from error


def _broken(file: str) -> ImportProblem:
    return ImportProblem(
        file,
        None,
        "Excelのファイルとして読めません（壊れているか、別の形式です）。",
        "表計算ソフトで開けるか確かめ、「Excelブック（.xlsx）」で保存し直してください。",
    )


def _too_large(file: str) -> ImportProblem:
    return ImportProblem(
        file,
        None,
        "中身が大きすぎます。",
        "画像や、何も書いていない行と列の書式を消し、報告の表だけを残して保存し直してください。",
    )


def _check_archive(file: str, content: bytes) -> None:
    if content.startswith(_OLD_EXCEL_OR_LOCKED):
        if _LOCKED in content:
            raise ImportProblem(
                file, None, "パスワードがかかっています。", "パスワードを外して保存し直してください。"
            )
        raise ImportProblem(
            file, None, "古いExcelの形式（.xls）です。", "「Excelブック（.xlsx）」で保存し直してください。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _LARGEST_CONTENT:
                raise _too_large(file)
            # No spreadsheet writes one; it is how a small file unfolds into a huge one.
            if any(b"<!DOCTYPE" in archive.read(part) for part in parts):
                raise _broken(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _broken(file) from None


def _sheet_of(file: str, content: bytes) -> _Sheet:
    shown_values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    values = _chosen(file, shown_values.worksheets)
    # The same cells once more: the values alone do not tell a formula that has none from an empty cell.
    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)[values.title]
    for rows in (values, formulas):
        rows.reset_dimensions()  # as the cells say, not as the file claims
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # The one thing that openpyxl knows of a sheet and does not offer: which of the files it is.
        merged = list(_merged(archive.read(values._worksheet_path)))
    sheet = _Sheet(file, values.title, [], merged)
    count, characters = 0, 0
    for number, (row, with_formulas) in enumerate(
        zip(values.iter_rows(), formulas.iter_rows(), strict=True), 1
    ):
        if number > _LAST_ROW:
            raise _broken(file)
        count += len(row)
        if count > _MOST_CELLS or characters > _MOST_CHARACTERS:
            raise _too_large(file)
        cells = [
            _workbook_cell(sheet, number, column, cell, source.data_type == "f")
            for column, (cell, source) in enumerate(zip(row, with_formulas, strict=True), 1)
        ]
        characters += sum(map(len, cells))
        _append(sheet, cells, number)
    return sheet


def _chosen(file: str, sheets: list[Any]) -> Any:
    named = [sheet for sheet in sheets if sheet.title.strip() == SHEET]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    for choice in (named, visible):
        if len(choice) == 1:
            return choice[0]
    names = "、".join(f"「{shortened(sheet.title, 31)}」" for sheet in sheets[:10])
    raise ImportProblem(
        file,
        None,
        f"どのシートが報告か決まりません（{names}）。",
        f"報告のシートの名前を「{SHEET}」にしてください。",
    )


def _merged(part: bytes) -> Iterator[_Merged]:
    for _, element in ElementTree.iterparse(io.BytesIO(part)):
        if element.tag.endswith("}mergeCell"):
            name = element.attrib["ref"]
            yield _Merged(name, *range_boundaries(name))
        elif element.tag.endswith("}row"):
            element.clear()  # what has been seen need not be kept


def _workbook_cell(sheet: _Sheet, row: int, column: int, cell: Any, is_formula: bool) -> str:
    def problem(message: str, remedy: str) -> ImportProblem:
        return _problem_of_cell(sheet, row, column, message, remedy)

    value = cell.value
    if value is None:
        if is_formula:
            raise problem("の計算式の結果がありません。", "計算式を消し、値そのものを入れてください。")
        return ""
    if cell.data_type == "e":
        raise problem(f"が「{value}」になっています。", "計算式を直すか、値そのものを入れ直してください。")
    if isinstance(value, bool):
        raise problem(f"が「{str(value).upper()}」になっています。", "元の字句を入れ直してください。")
    if isinstance(value, date | time | timedelta) or (
        isinstance(value, int | float) and _is_east_asian_date(cell)
    ):
        raise problem(
            "が日付か時刻になっています（表計算ソフトが字句を変えた可能性があります）。",
            "セルの表示形式を「文字列」にして、元の字句を入れ直してください。",
        )
    if isinstance(value, int | float):
        try:
            value = shown(value, cell.number_format)
        except UnknownFormat:
            raise problem(
                f"の数が、画面にどう見えるか分かりません（表示形式「{shortened(cell.number_format)}」）。",
                "セルの表示形式を「文字列」にして、見えるとおりに入れ直してください。",
            ) from None
    return _cell(sheet, row, column, value)


def _is_east_asian_date(cell: Any) -> bool:
    """Whether the format is one that Excel knows by number only in Japan and its neighbours: all are dates.

    openpyxl takes them for no format at all, and 5月1日 for 45047.
    """
    number = cell.style_array.numFmtId
    return number < BUILTIN_FORMATS_MAX_SIZE and number not in BUILTIN_FORMATS


# -- rows to lines -----------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """The two header lines of a table: their rows, and what they say of each column together."""

    first: int
    second: int | None
    texts: tuple[str, ...]

    def is_id(self, column: int) -> bool:
        """Whether the column only helps to find a row again."""
        return unicodedata.normalize("NFKC", self.texts[column]).upper().startswith(_ID)


@dataclass(frozen=True)
class _Table:
    """Where a table stands: the column of the mark, if it has one, of the name, and of what follows."""

    mark: int | None
    name: int
    others: tuple[int, ...]
    #: Those of the others in which each indicator has a cell of its own.
    of_indicator: frozenset[int]

    def cells(self, row: list[str]) -> list[str]:
        """Name and what follows."""
        return [_at(row, column) for column in (self.name, *self.others)]

    def fitting(self, rows: list[list[str]]) -> _Table:
        """This table, moved by one where its rows begin with a column for the mark and the header does not."""
        beyond = max(self.others) + 1
        rows = [row for row in rows if sum(map(bool, row)) > 1]
        # A row may have no name where it goes on with the one above it; the first has none to go on with.
        is_apart = [row[0] in ("", _FLAGSHIP) and (row is rows[0] or _at(row, beyond) != "") for row in rows]
        if self.mark is None and any(is_apart):
            moved = frozenset(column + 1 for column in self.of_indicator)
            return _Table(0, 1, tuple(column + 1 for column in self.others), moved)
        return self


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _lines(sheet: _Sheet) -> Iterator[str]:
    headers = [_header(sheet, number) for number, row in enumerate(sheet.rows, 1) if _is_header(row)]
    ids = _id_columns(sheet, headers)
    rows = [["" if column in ids else cell for column, cell in enumerate(row)] for row in sheet.rows]
    merged = _merged_rows(sheet)
    starts = [*(header.first for header in headers), len(rows) + 1]
    yield from ("\t".join(filter(None, row)) for row in rows[: starts[0] - 1])
    for header, end in zip(headers, starts[1:], strict=True):
        table = _table(rows[header.first - 1], header, ids)
        within = table.fitting(rows[(header.second or header.first) : end - 1])
        for number, row in enumerate(rows[header.first - 1 : end - 1], header.first):
            if number == header.first:
                yield "\t".join([_TABLE[0], *table.cells(row)[1:]])
            elif number == header.second:
                yield "\t".join(table.cells(row))
            elif sum(map(bool, row)) < 2:  # a heading
                yield "".join(row)
            else:
                yield "\t".join(_row(sheet, number, row, within, merged.get(number, [])))


def _is_header(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    return any(pair == _TABLE for pair in zip(filled, filled[1:], strict=False))


def _header(sheet: _Sheet, number: int) -> _Header:
    following = enumerate(sheet.rows[number:], number + 1)
    second = next((below for below, row in following if any(row)), None)
    rows = [sheet.rows[line - 1] for line in (number, second) if line]
    texts = ("".join(_at(row, column) for row in rows) for column in range(max(map(len, rows))))
    return _Header(number, second, tuple(texts))


def _id_columns(sheet: _Sheet, headers: Collection[_Header]) -> set[int]:
    """Columns to leave out. Raises ``ImportProblem`` where one is something else in another table."""
    ids: dict[int, int] = {}
    for header in headers:
        for column in range(len(header.texts)):
            if header.is_id(column):
                ids.setdefault(column, header.first)
    for header in headers:
        for column, first in ids.items():
            if _at(header.texts, column) and not header.is_id(column):
                raise _problem_of_cell(
                    sheet,
                    header.first,
                    column + 1,
                    f"の見出しは「{shortened(header.texts[column])}」ですが、{first}行目では同じ列がIDです。",
                    "どの表でもIDを同じ列にしてください。",
                )
    return set(ids)


def _table(row: list[str], header: _Header, ids: set[int]) -> _Table:
    first = row.index(_TABLE[0])
    indicator = row.index(_TABLE[1], first)
    # 取組 may stand over two columns, the mark's and the name's; or the mark's is the one before.
    name = max(first, indicator - 1)
    last = max(column for column, text in enumerate(header.texts) if text and column not in ids)
    others = tuple(column for column in range(indicator, last + 1) if column not in ids)
    of_indicator = frozenset(column for column in others if _TABLE[1] in header.texts[column])
    return _Table(name - 1 if name else None, name, others, of_indicator)


def _row(sheet: _Sheet, number: int, row: list[str], table: _Table, merged: list[_Merged]) -> list[str]:
    _check_merged(sheet, number, table, merged)
    known = {table.mark, table.name, *table.others}
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
    if mark not in ("", _FLAGSHIP):
        raise _problem_of_cell(
            sheet,
            number,
            table.mark + 1,
            f"の「{shortened(mark)}」は、★の列に書けません。",
            f"「{_FLAGSHIP}」か空欄にしてください。",
        )
    return [mark, *table.cells(row)]


def _check_merged(sheet: _Sheet, number: int, table: _Table, merged: list[_Merged]) -> None:
    """Of merged cells only the first holds a value. Where an initiative has its indicators in rows below
    each other, with its name over all of them, that is what is meant; anywhere else a value would be lost."""
    named = {(cells.first, cells.last) for cells in merged if cells.left == cells.right == table.name + 1}
    for cells in merged:
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
    return found
