"""What a workbook says of a sheet beside its cells: merged, hidden, remarked upon, shown on a condition.

Of the file read as it stands, for whoever reads cells row by row is told none of it. Must not judge it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from openpyxl.cell.rich_text import CellRichText
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import fromstring

#: Columns beyond are beyond any report; a file may name thousands.
_MOST_COLUMNS = 200


class SheetParts:
    """``path`` is the sheet's part of ``archive``. Raises whatever a broken file makes it stumble over."""

    def __init__(self, archive: zipfile.ZipFile, path: str) -> None:
        #: Ranges; rows and columns from 1; cell → text of several looks that is no shared one.
        self.merged: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.widths: dict[int, float] = {}
        self.is_zero_hidden = False
        self.rich_texts: dict[str, CellRichText] = {}
        #: Ranges, the number of the style they are given, and whether the value gives way to a picture.
        self.conditional: list[tuple[str, int | None, bool]] = []
        with archive.open(path) as part:
            for _, element in ElementTree.iterparse(part):
                self._take(element)
        #: (cell, text) of comments and of shapes that stand over it.
        self.remarks = list(_remarks(archive, path))
        names = [name for name in archive.namelist() if name.endswith("xl/workbook.xml")]
        self.is_calculated_on_opening = any(
            re.search(rb'fullCalcOnLoad="(?:1|true)"', archive.read(name)) for name in names
        )

    def _take(self, element: ElementTree.Element) -> None:
        match element.tag.rpartition("}")[2]:
            case "mergeCell":
                self.merged.append(element.attrib["ref"])
            case "sheetView":
                self.is_zero_hidden |= element.get("showZeros") in ("0", "false")
            case "col":
                last = min(int(element.attrib["max"]), _MOST_COLUMNS)
                columns = range(int(element.attrib["min"]), last + 1)
                if _is_hidden(element, "width", 1):
                    self.hidden_columns += columns
                elif "width" in element.attrib:
                    self.widths |= dict.fromkeys(columns, float(element.attrib["width"]))
            case "c" if (text := element.find("{*}is")) is not None and text.find("{*}r") is not None:
                tree: Any = fromstring(ElementTree.tostring(text))
                self.rich_texts[element.attrib["r"]] = CellRichText.from_tree(tree)
            case "row":
                if _is_hidden(element, "ht", 5):
                    self.hidden_rows.append(int(element.attrib["r"]))
                element.clear()  # what has been seen need not be kept
            case "conditionalFormatting" if "sqref" in element.attrib:
                for rule in element.iterfind(".//{*}cfRule"):
                    style = rule.get("dxfId")
                    is_picture = any(one.get("showValue") in ("0", "false") for one in rule)
                    self.conditional.append(
                        (element.attrib["sqref"], int(style) if style else None, is_picture)
                    )


def _is_hidden(element: ElementTree.Element, size: str, least: float) -> bool:
    return element.get("hidden") in ("1", "true") or float(element.get(size, least)) < least


def _remarks(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, str]]:
    if get_rels_path(path) not in archive.namelist():
        return
    for relation in get_dependents(archive, get_rels_path(path)):
        kind = relation.Type.rpartition("/")[2]
        if kind not in ("comments", "drawing"):
            continue
        root = ElementTree.fromstring(archive.read(relation.target))
        if kind == "comments":
            for comment in root.iterfind(".//{*}comment"):
                yield comment.attrib["ref"], "".join(one.text or "" for one in comment.iterfind(".//{*}t"))
            continue
        for anchor in root:
            text = "".join(one.text or "" for one in anchor.iterfind(".//{*}t"))
            column, row = (anchor.findtext(f"{{*}}from/{{*}}{name}", "0") for name in ("col", "row"))
            if text.strip():
                yield f"{get_column_letter(int(column) + 1)}{int(row) + 1}", text
