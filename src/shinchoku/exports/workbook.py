"""All tables as one Excel workbook: README first, then a sheet for each table, the wide ones before the others.

Text is written as text, so that nothing printed becomes a formula or a link;
the creation time is that of the package, so that the bytes are always the same.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
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
#: What XML cannot hold. In cells the library writes it in Excel's own way, in properties it does not.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def encode(package: Edition, published: Mapping[str, Published], homepage: str) -> bytes:
    """The bytes of the workbook."""
    ordered = [published[name] for name in dict.fromkeys((*FIRST, *published))]
    tables = [dictionary.table(table.resource, len(table.rows)) for table in ordered]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
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
        _write_readme(book.add_worksheet(_README), heading, package, tables, homepage)
        names = sheet_names(tables)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table, (_, rows, _) in zip(tables, ordered, strict=True):
            _write_table(book.add_worksheet(names[table.name]), heading, day, table, rows)
    return buffer.getvalue()


def sheet_names(tables: Iterable[TableDoc]) -> dict[str, str]:
    """Table → what its sheet is called: its title as far as Excel allows, its name where that is taken."""
    names: dict[str, str] = {}
    taken = {"", "history", _README.lower()}
    for table in tables:
        # Excel counts as UTF-16 does: some characters are two.
        units = _FORBIDDEN_IN_SHEET_NAMES.sub("＿", table.title).encode("utf-16-le")
        title = units[: 2 * _LONGEST_SHEET_NAME].decode("utf-16-le", "ignore")
        names[table.name] = table.name[:_LONGEST_SHEET_NAME] if title.lower() in taken else title
        taken.add(names[table.name].lower())
    return names


def _write_readme(
    sheet: Worksheet, heading: Format, package: Edition, tables: list[TableDoc], homepage: str
) -> None:
    names = sheet_names(tables)
    sheets = {names[table.name]: f"{table.description}（{table.row_count}行）" for table in tables}
    lines = terms.readme(package, homepage, sheets).rstrip("\n").split("\n")
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    first = len(lines) + 1
    for column, title in enumerate(_DICTIONARY_HEADER):
        sheet.write_string(first, column, title, heading)
    for row, cells in enumerate(_dictionary_rows(tables), first + 1):
        _write_row(sheet, row, cells)
    sheet.set_column(0, len(_DICTIONARY_HEADER) - 1, 24)


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


def _write_table(
    sheet: Worksheet, heading: Format, day: Format, table: TableDoc, rows: Sequence[Sequence[Any]]
) -> None:
    """Japanese headings, the column names below them, then the rows."""
    for column, field in enumerate(table.fields):
        sheet.set_column(column, column, _width([field.title, field.name, *(row[column] for row in rows)]))
        sheet.write_string(0, column, field.title, heading)
        sheet.write_string(1, column, field.name, heading)
    for number, cells in enumerate(rows, 2):
        _write_row(sheet, number, cells, day)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(1, len(rows) + 1), len(table.fields) - 1)


def _write_row(sheet: Worksheet, row: int, cells: Iterable[Any], day: Format | None = None) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, date) and cell.year > 1900:  # where the days of a spreadsheet begin
            sheet.write_datetime(row, column, cell, day)
        elif isinstance(cell, int | Decimal) and _is_exact_in_a_spreadsheet(cell):
            sheet.write_number(row, column, cell)
        else:
            sheet.write_string(row, column, str(cell))


def _is_exact_in_a_spreadsheet(number: int | Decimal) -> bool:
    """Excel keeps 15 significant digits; a longer number is safe only as text."""
    return len(Decimal(number).normalize().as_tuple().digits) <= 15


def _width(cells: Iterable[Any]) -> int:
    """Characters of the widest cell, a full-width one counting as two."""
    widest = max(display_width(str(cell)[:_WIDEST]) for cell in cells if cell is not None)
    return min(widest + 2, _WIDEST)


def display_width(text: str) -> int:
    """Columns of a screen that a text takes, a full-width character counting as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
