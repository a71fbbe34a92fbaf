"""All tables as one Excel workbook: README first, a sheet for each table, the wide ones before the others, at
last what the columns are.

Text is written as text, so that nothing printed becomes a formula or a link;
the creation time is that of the package, so that the bytes are always the same.
The library makes all but the rows of the tables, which are too many for it: they are put into its sheets,
one after the other, as it would write them itself.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from shinchoku.exports import terms
from shinchoku.exports.bundle import FIRST, Published
from shinchoku.package import dictionary
from shinchoku.package.dictionary import TableDoc
from shinchoku.package.editions import Edition

_DICTIONARY_HEADER = (
    "表",
    "列",
    "見出し",
    "型",
    "単位",
    "条件",
    "参照先",
    "とりうる値",
    "説明",
    *("Title", "Codes", "Description"),
)
_WIDEST = 60
_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f\ufffe\uffff]")
_LONGEST_SHEET_NAME = 31
_README = "README"
_README_WIDTH = 110
_DICTIONARY = "列の説明"
_SHEETS = """\
シート

まずは、次のシート「{first}」をお使いください。列とコードの意味は、最後のシート「{dictionary}」にあります。
どの表のシートも、1行目が日本語の見出し、2行目が列の名前です（pandas では read_excel(…, header=1)）。"""
#: What XML cannot hold. In cells the library writes it in Excel's own way, in properties it does not.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def encode(package: Edition, published: Mapping[str, Published], homepage: str) -> bytes:
    """The bytes of the workbook."""
    ordered = [published[name] for name in dict.fromkeys((*FIRST, *published))]
    tables = [dictionary.table(table.resource, len(table.rows)) for table in ordered]
    blank = io.BytesIO()
    with xlsxwriter.Workbook(blank, {"in_memory": True}) as book:
        said = {
            "title": package.descriptor["title"],
            "author": "、".join(item["title"] for item in package.descriptor["contributors"]),
            "comments": terms.licence(package),
        }
        created = datetime.fromisoformat(package.descriptor["created"])
        book.set_properties(
            {name: _NOT_XML.sub("＿", text) for name, text in said.items()} | {"created": created}
        )
        heading = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _write_readme(book.add_worksheet(_README), wrapped, package, tables, homepage)
        names = sheet_names(tables)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table, made in zip(tables, ordered, strict=True):
            _write_headings(book.add_worksheet(names[table.name]), heading, day, table, made.rows)
        _write_dictionary(book.add_worksheet(_DICTIONARY), heading, tables)
    rows = {f"xl/worksheets/sheet{place}.xml": made.rows for place, made in enumerate(ordered, 2)}
    return _with_rows(blank, rows)


def sheet_names(tables: Iterable[TableDoc]) -> dict[str, str]:
    """Table → what its sheet is called: its title as far as Excel allows, its name where that is taken."""
    names: dict[str, str] = {}
    taken = {"", "history", _README.lower(), _DICTIONARY}
    for table in tables:
        # Excel counts as UTF-16 does: some characters are two.
        units = _FORBIDDEN_IN_SHEET_NAMES.sub("＿", table.title).encode("utf-16-le")
        title = units[: 2 * _LONGEST_SHEET_NAME].decode("utf-16-le", "ignore")
        names[table.name] = table.name[:_LONGEST_SHEET_NAME] if title.lower() in taken else title
        taken.add(names[table.name].lower())
    return names


def _write_readme(
    sheet: Worksheet, wrapped: Format, package: Edition, tables: list[TableDoc], homepage: str
) -> None:
    names = sheet_names(tables)
    sheets = {names[table.name]: f"{table.description}（{table.row_count}行）" for table in tables}
    said = _SHEETS.format(first=next(iter(sheets)), dictionary=_DICTIONARY)
    for row, line in enumerate(terms.readme(package, homepage, sheets, said).rstrip("\n").split("\n")):
        sheet.write_string(row, 0, line, wrapped)
    sheet.set_column(0, 0, _README_WIDTH)


def _write_dictionary(sheet: Worksheet, heading: Format, tables: list[TableDoc]) -> None:
    rows = list(_dictionary_rows(tables))
    for column, title in enumerate(_DICTIONARY_HEADER):
        sheet.set_column(column, column, _width([title, *(row[column] for row in rows)]))
        sheet.write_string(0, column, title, heading)
    for row, cells in enumerate(rows, 1):
        _write_row(sheet, row, cells)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(_DICTIONARY_HEADER) - 1)


def _dictionary_rows(tables: list[TableDoc]) -> Iterable[tuple[str | None, ...]]:
    names = sheet_names(tables)
    for table in tables:
        for field in table.fields:
            yield (
                names[table.name],
                field.name,
                field.title,
                field.type,
                field.unit,
                field.constraints_text,
                ".".join(field.references) if field.references else None,
                "、".join(f"{code.value}＝{code.label}" for code in field.categories) or None,
                field.description,
                field.title_en,
                ", ".join(f"{code.value}: {code.label_en}" for code in field.categories) or None,
                field.description_en,
            )


def _write_headings(
    sheet: Worksheet, heading: Format, day: Format, table: TableDoc, rows: Sequence[Sequence[Any]]
) -> None:
    """Japanese headings, and the column names below them; the rows come later."""
    columns = zip(*rows, strict=True) if rows else [()] * len(table.fields)
    for column, (field, cells) in enumerate(zip(table.fields, columns, strict=True)):
        style = day if field.type == "date" else None
        sheet.set_column(column, column, _width({field.title, field.name, *cells}), style)
        sheet.write_string(0, column, field.title, heading)
        sheet.write_string(1, column, field.name, heading)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(1, len(rows) + 1), len(table.fields) - 1)


def _write_row(sheet: Worksheet, row: int, cells: Iterable[str | None]) -> None:
    for column, cell in enumerate(cells):
        if cell is not None:
            sheet.write_string(row, column, cell)


def _width(cells: Iterable[Any]) -> int:
    """Characters of the widest cell, a full-width one counting as two."""
    widest = 0
    for cell in cells:
        # Only what may be wider is measured.
        if cell is not None and 2 * len(text := str(cell)[:_WIDEST]) > widest:
            widest = max(widest, len(text) if text.isascii() else display_width(text))
    return min(widest + 2, _WIDEST)


def display_width(text: str) -> int:
    """Columns of a screen that a text takes, a full-width character counting as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


# -- the rows -----------------------------------------------------------------------

_STRINGS = "xl/sharedStrings.xml"
_ROWS_END, _STRINGS_END = b"</sheetData>", b"</sst>"
#: Where a sheet says how far it goes, and how its dates are shown; where the texts say how many they are.
_LAST_ROW = re.compile(rb'(?<=<dimension ref=")(A1:[A-Z]+)2')
_STYLE = re.compile(rb'<col [^>]*style="([0-9]+)"')
_COUNTS = re.compile(rb'(?<= count=")[0-9]+" uniqueCount="([0-9]+)')
#: Days are counted from here.
_DAY_ZERO = date(1899, 12, 30)
_LONGEST_TEXT = 32767
_ROWS_AT_A_TIME = 500
#: What no XML holds as it is, and what looks like the code that stands in its place.
_CODED, _AS_CODED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]"), re.compile(r"(_x[0-9a-fA-F]{4}_)")


def _with_rows(book: io.BytesIO, tables: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A book with the rows of tables below the headings in its sheets (by their files)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(book) as made, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = _Texts(made.read(_STRINGS))
        entries = sorted(made.infolist(), key=lambda entry: entry.filename == _STRINGS)  # it comes last
        for entry in entries:
            content = made.read(entry)
            name = entry.filename
            with archive.open(entry, "w") as file:
                if name == _STRINGS:
                    file.write(texts.xml())
                elif rows := tables.get(name):
                    begin, end, rest = content.partition(_ROWS_END)
                    style = _STYLE.search(begin)
                    file.write(_LAST_ROW.sub(rb"\g<1>%d" % (len(rows) + 2), begin))
                    lines = _rows_xml(rows, texts, style[1].decode() if style else "")
                    while some := "".join(islice(lines, _ROWS_AT_A_TIME)):
                        file.write(some.encode("utf-8"))
                    file.write(end + rest)
                else:
                    file.write(content)
    return whole.getvalue()


class _Texts:
    """The texts of a book, each of which stands there once: those that it has, and more."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        found = _COUNTS.search(xml)
        #: Text → its place. Those that the book has already are called by their places.
        self.places: dict[str | int, int] = {place: place for place in range(int(found[1]) if found else 0)}

    def xml(self) -> bytes:
        counted = _COUNTS.sub(b'%d" uniqueCount="%d' % (len(self.places), len(self.places)), self._xml)
        more = (_text_xml(text) for text in self.places if isinstance(text, str))
        return counted.replace(_STRINGS_END, "".join(more).encode("utf-8") + _STRINGS_END)


def _text_xml(text: str) -> str:
    if len(text) > _LONGEST_TEXT // 2:  # Excel counts as UTF-16 does
        text = text.encode("utf-16-le")[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore")
    text = _AS_CODED.sub(r"_x005F\1", text)
    text = _CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<si><t{kept}>{text}</t></si>"


def _rows_xml(rows: Sequence[Sequence[Any]], texts: _Texts, style_of_days: str) -> Iterator[str]:
    letters = [xl_col_to_name(column) for column in range(len(rows[0]))]
    places = texts.places
    for number, row in enumerate(rows, 3):
        cells = [
            f'<c r="{letter}{number}" t="s"><v>{places.setdefault(cell, len(places))}</v></c>'
            if cell.__class__ is str
            else _cell_xml(f"{letter}{number}", cell, texts, style_of_days)
            for letter, cell in zip(letters, row, strict=True)
            if cell is not None
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _cell_xml(at: str, cell: Any, texts: _Texts, style_of_days: str) -> str:
    if isinstance(cell, bool):
        return f'<c r="{at}" t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, date) and cell.year > 1900:  # where the days of a spreadsheet begin
        return f'<c r="{at}" s="{style_of_days}"><v>{(cell - _DAY_ZERO).days}</v></c>'
    if isinstance(cell, int | Decimal) and _is_exact_in_a_spreadsheet(cell):
        return f'<c r="{at}"><v>{format(cell, "f" if isinstance(cell, Decimal) else "d")}</v></c>'
    return f'<c r="{at}" t="s"><v>{texts.places.setdefault(str(cell), len(texts.places))}</v></c>'


def _is_exact_in_a_spreadsheet(number: int | Decimal) -> bool:
    """Excel keeps 15 significant digits; a longer number is safe only as text."""
    if isinstance(number, int) and abs(number) < 10**15:
        return True
    return len(Decimal(number).normalize().as_tuple().digits) <= 15
