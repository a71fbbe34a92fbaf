"""All tables as one Excel workbook: README first, then a sheet for each table.

Text is written as text, so that nothing printed becomes a formula or a link;
the creation time is that of the package, so that the bytes are always the same.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shinchoku import dictionary
from shinchoku.dictionary import TableDoc
from shinchoku.exports import terms
from shinchoku.model import Package

_DICTIONARY_HEADER = ("表", "列", "見出し", "型", "単位", "条件", "参照先", "とりうる値", "説明")
_WIDEST = 60
_FORBIDDEN_IN_SHEET_NAMES = str.maketrans("[]:*?/\\'", "＿" * 8)
_LONGEST_SHEET_NAME = 31


def encode(package: Package, homepage: str) -> bytes:
    """The bytes of the workbook."""
    tables = dictionary.tables(package)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": package.descriptor["title"],
                "author": "、".join(item["title"] for item in package.descriptor["contributors"]),
                "comments": terms.licence(package),
                "created": datetime.fromisoformat(package.descriptor["created"]),
            }
        )
        heading = book.add_format({"bold": True, "bottom": 1})
        readme = book.add_worksheet("README")
        _write_readme(readme, heading, package, tables, homepage)
        for table in tables:
            _write_table(book.add_worksheet(sheet_name(table)), heading, package, table)
    return buffer.getvalue()


def sheet_name(table: TableDoc) -> str:
    """What the sheet of a table is called: its title, as far as Excel allows."""
    return table.title.translate(_FORBIDDEN_IN_SHEET_NAMES)[:_LONGEST_SHEET_NAME]


def _write_readme(
    sheet: Worksheet, heading: Format, package: Package, tables: list[TableDoc], homepage: str
) -> None:
    sheets = {sheet_name(table): f"{table.description}（{table.row_count}行）" for table in tables}
    lines = terms.readme(package, homepage, sheets).splitlines()
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    first = len(lines) + 1
    for column, title in enumerate(_DICTIONARY_HEADER):
        sheet.write_string(first, column, title, heading)
    for row, cells in enumerate(_dictionary_rows(tables), first + 1):
        _write_row(sheet, row, cells)
    sheet.set_column(0, len(_DICTIONARY_HEADER) - 1, 24)


def _dictionary_rows(tables: list[TableDoc]) -> Iterable[tuple[str | None, ...]]:
    for table in tables:
        for field in table.fields:
            yield (
                sheet_name(table),
                field.name,
                field.title,
                field.type,
                field.unit,
                field.constraints_text,
                ".".join(field.references) if field.references else None,
                "、".join(f"{value}＝{label}" for value, label in field.categories) or None,
                field.description,
            )


def _write_table(sheet: Worksheet, heading: Format, package: Package, table: TableDoc) -> None:
    """Japanese headings, the column names below them, then the rows."""
    records = getattr(package.whole, table.name)
    names = [field.name for field in table.fields]
    for column, field in enumerate(table.fields):
        cells = [getattr(record, field.name) for record in records]
        sheet.set_column(column, column, _width([field.title, field.name, *cells]))
        sheet.write_string(0, column, field.title, heading)
        sheet.write_string(1, column, field.name, heading)
    for row, record in enumerate(records, 2):
        _write_row(sheet, row, [getattr(record, name) for name in names])
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(1, len(records) + 1), len(names) - 1)


def _write_row(sheet: Worksheet, row: int, cells: Iterable[Any]) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
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
