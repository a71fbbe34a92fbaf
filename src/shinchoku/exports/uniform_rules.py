"""The published CSVs and workbook, held against 「統計表における機械判読可能なデータの表記方法の統一ルール」.

The rules are those of the Ministry of Internal Affairs and Communications (December 2020). Every result is counted
in the files themselves, as anybody could who has downloaded them; where a rule is met in part, it is said what is not.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from shinchoku.package.descriptor import fields, resources
from shinchoku.paths import DESCRIPTOR

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LAYOUT = re.compile(r"^\s|\s$|[\n\r\t\u3000]| {2}")
_OBJECT = re.compile(r"xl/(drawings|media|charts|embeddings|diagrams|comments)")
#: How a description says that a cell holds several things.
_JOINED = "つない"
#: Written differently in Shift_JIS and in Unicode by two tables that both count as right: no other character.
_TWO_WAYS = frozenset("～－∥￠￡￢―")
_SHARED = "xl/sharedStrings.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class Check:
    """A rule by its number, whether it is met (``None``: in part), and what was counted."""

    number: str
    title: str
    is_met: bool | None
    said: str

    @property
    def result(self) -> str:
        return {True: "◯ 満たす", False: "× 満たさない", None: "△ 一部"}[self.is_met]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a CSV, its field in the Table Schema, and its cells."""

    table: str
    field: Mapping[str, Any]
    cells: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.table}.{self.field['name']}"

    @property
    def is_number(self) -> bool:
        return self.field["type"] in ("integer", "number")

    @property
    def is_text(self) -> bool:
        """Of free text: neither typed nor of codes or ids."""
        constraints = self.field.get("constraints", {})
        return self.field["type"] == "string" and not {"enum", "pattern"} & constraints.keys()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet: row → the (column, whether it is a number, text) of its cells."""

    name: str
    rows: Mapping[int, Sequence[tuple[str, bool, str]]]
    formulas: int
    merged: int

    @property
    def columns(self) -> list[str]:
        """The names in the second row, below the headings."""
        return [text for _, _, text in self.rows.get(2, ())]

    @property
    def is_whole(self) -> bool:
        """Whether no row is left out, and none is wider than its heading."""
        return len(self.rows) == max(self.rows, default=0) and all(
            len(cells) <= len(self.columns) for cells in self.rows.values()
        )


class _Published:
    """What a folder of downloads holds."""

    def __init__(self, folder: Path) -> None:
        self.descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        self.headers: dict[str, list[str]] = {}
        self.columns: list[_Column] = []
        self.broken_rows = 0
        for name, resource in resources(self.descriptor).items():
            with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            self.headers[name] = header
            whole = [row for row in rows if any(row) and len(row) == len(header)]
            self.broken_rows += len(rows) - len(whole)
            cells = list(zip(*whole, strict=True)) or [()] * len(header)
            declared = fields(resource)
            self.columns += [
                _Column(name, declared[column], cells[place])
                for place, column in enumerate(header)
                if column in declared
            ]
        with zipfile.ZipFile(folder / f"{self.descriptor['name']}.xlsx") as book:
            self.objects = [path for path in book.namelist() if _OBJECT.match(path)]
            self.sheets = list(_sheets(book))

    @cached_property
    def sheet_of(self) -> dict[str, _Sheet]:
        """Table → the sheet with its columns."""
        by_columns = {tuple(sheet.columns): sheet for sheet in self.sheets}
        found = {name: by_columns.get(tuple(header)) for name, header in self.headers.items()}
        return {name: sheet for name, sheet in found.items() if sheet}

    @cached_property
    def numbers(self) -> list[_Column]:
        return [column for column in self.columns if column.is_number]

    @cached_property
    def texts(self) -> list[_Column]:
        return [column for column in self.columns if column.is_text]

    def no_numbers(self) -> int:
        """Cells of number columns that are there and are no number, in CSVs and sheets."""
        found = sum(
            bool(cell) and not _NUMBER.fullmatch(cell) for each in self.numbers for cell in each.cells
        )
        for name, sheet in self.sheet_of.items():
            numbers = {each.field["name"] for each in self.numbers if each.table == name}
            letters = {letter for letter, _, text in sheet.rows[2] if text in numbers}
            for row, cells in sheet.rows.items():
                found += sum(
                    row > 2 and letter in letters and not is_number for letter, is_number, _ in cells
                )
        return found


def _sheets(book: zipfile.ZipFile) -> Iterator[_Sheet]:
    shared: list[str] = []
    if _SHARED in book.namelist():
        shared = ["".join(each.itertext()) for each in ElementTree.fromstring(book.read(_SHARED))]
    names = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    for number, named in enumerate(names, 1):
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
        rows: dict[int, list[tuple[str, bool, str]]] = {}
        for cell in sheet.iter(f"{_MAIN}c"):
            place, kind = cell.get("r", ""), cell.get("t", "n")
            letters = place.rstrip("0123456789")
            # What is shown: the value, or the text that stands in the cell itself; never the formula.
            text = "".join(part for each in cell if each.tag != f"{_MAIN}f" for part in each.itertext())
            if text:
                said = shared[int(text)] if kind == "s" else text
                rows.setdefault(int(place[len(letters) :]), []).append((letters, kind == "n", said))
        formulas, merged = (sum(1 for _ in sheet.iter(f"{_MAIN}{tag}")) for tag in ("f", "mergeCell"))
        yield _Sheet(named.get("name", ""), rows, formulas, merged)


def _some(names: Iterable[str], most: int = 5) -> str:
    found = list(dict.fromkeys(names))
    return "、".join(found[:most]) + (f"など{len(found)}" if len(found) > most else "")


# -- the rules, in their order ------------------------------------------------------

_Said = tuple[bool | None, str]


def _formats(of: _Published) -> _Said:
    both = of.sheet_of.keys() & of.headers.keys()
    said = f"{len(of.headers)}の表がCSVで、そのうち{len(both)}がExcelのシートにもあります。"
    return bool(of.headers), said


def _one_thing(of: _Published) -> _Said:
    joined = [each.name for each in of.columns if _JOINED in each.field.get("description", "")]
    others = sum(len(each.cells) for each in of.columns if not each.is_text)
    said = f"数・コード・ID・日付の{others:,}セルは1つずつです。"
    if joined:
        said += f"説明に「つないだ」とある列（{_some(joined)}）は、いくつかをつないだ文字です。"
    return None if joined else True, said


def _numbers(of: _Published) -> _Said:
    wrong, cells = of.no_numbers(), sum(len(each.cells) for each in of.numbers)
    said = f"数の列{len(of.numbers)}本の{cells:,}セルに、数でないものは{wrong:,}です（CSVでもExcelでも）。"
    return not wrong, said


def _merged(of: _Published) -> _Said:
    merged = sum(sheet.merged for sheet in of.sheets)
    return not merged, f"{len(of.sheets)}シートに、結合したセルは{merged:,}です。"


def _layout(of: _Published) -> _Said:
    found = Counter(each.name for each in of.columns for cell in each.cells if _LAYOUT.search(cell))
    if not found:
        return True, "前後の空白、続いた空白、改行のあるセルはありません。"
    return None, (
        f"資料の字句を写した列などの{found.total():,}セルに、空白や改行があります"
        f"（{_some(name for name, _ in found.most_common())}）。"
    )


def _headings(of: _Published) -> _Said:
    empty = sum(not name for header in of.headers.values() for name in header)
    twice = sum(len(header) - len(set(header)) for header in of.headers.values())
    untitled = sum(len(sheet.rows[1]) != len(sheet.columns) for sheet in of.sheet_of.values())
    total = sum(map(len, of.headers.values()))
    return (
        not empty + twice + untitled,
        f"{total}列のうち、名前のない列は{empty}、同じ表で重なる名前は{twice}です。",
    )


def _formulas(of: _Published) -> _Said:
    found = sum(sheet.formulas for sheet in of.sheets)
    return not found, f"{len(of.sheets)}シートに、数式のあるセルは{found:,}です。"


def _objects(of: _Published) -> _Said:
    return not of.objects, f"図形・画像・グラフ・コメントは{len(of.objects)}です。"


def _units(of: _Published) -> _Said:
    declared = [each for each in of.numbers if each.field.get("unit")]
    beside = [
        each
        for each in of.numbers
        if each not in declared and "unit" in of.headers[each.table] and each.field["type"] == "number"
    ]
    others = [each.name for each in of.numbers if each not in declared and each not in beside]
    said = (
        f"数の列{len(of.numbers)}本のうち、{len(declared)}本は列の説明に、{len(beside)}本は同じ行の unit の列に、"
        "単位があります。"
    )
    if others:
        said += f"ほかの{len(others)}本（{_some(others)}）は、順番や割合などか、単位が別の表にある値です。"
    return None if others else True, said


def _is_dependent(character: str) -> bool:
    if character in _TWO_WAYS or unicodedata.category(character) == "Cc":
        return False
    try:
        character.encode("shift_jis")
    except UnicodeEncodeError:
        return True
    return False


def _characters(of: _Published) -> _Said:
    used = Counter(character for each in of.columns for cell in each.cells for character in cell)
    found = {character for character in used if _is_dependent(character)}
    if not found:
        return True, "Shift_JIS（JIS X 0208）にない文字はありません。"
    cells = sum(not found.isdisjoint(cell) for each in of.columns for cell in each.cells)
    shown = "".join(sorted(found, key=lambda character: (-used[character], character))[:12])
    return None, (
        f"{cells:,}セルに、JIS X 0208 にない文字が{len(found)}種類あります（{shown}）。"
        "資料の字句なので、置きかえていません。文字コードはUTF-8なので、機種によって化けることはありません。"
    )


def _times(of: _Published) -> _Said:
    years = [each for each in of.columns if each.field["name"].endswith("fiscal_year")]
    dates = [each for each in of.columns if each.field["type"] == "date"]
    wrong = sum(bool(cell) and not re.fullmatch(r"\d{4}", cell) for each in years for cell in each.cells)
    wrong += sum(bool(cell) and not _DATE.fullmatch(cell) for each in dates for cell in each.cells)
    return not wrong, (
        f"年度の列{len(years)}本と日付の列{len(dates)}本は西暦で、そうでないセルは{wrong}です。"
        "e-Statの時間軸コードは使っていません。"
    )


def _regions(of: _Published) -> _Said:
    coded = [name for name, header in of.headers.items() if {"region_code", "region"} <= set(header)]
    empty = sum(
        not cell for each in of.columns if each.field["name"].startswith("region") for cell in each.cells
    )
    spatial = of.descriptor.get("spatial", {})
    whole = f"{spatial.get('code', '')} {spatial.get('name', '')}".strip()
    said = f"{_some(coded)} に、地域コードと地域名称の列があります。" if coded else ""
    if len(coded) < len(of.headers) and whole:
        said += (
            f"ほかの表にはなく、データ全体の地域（{whole}）を datapackage.json の spatial に書いています。"
        )
    if not coded and not whole:
        return False, "地域コードも地域名称もありません。"
    return (True if len(coded) == len(of.headers) and not empty else None), said


def _symbols(of: _Published) -> _Said:
    wrong = of.no_numbers()
    empty = sum(not cell for each in of.numbers for cell in each.cells)
    return not wrong, (
        f"数の列に、記号は{wrong:,}です。数のない{empty:,}セルは空で、理由は status などの列にあります。"
    )


def _undivided(of: _Published) -> _Said:
    broken = [name for name, sheet in of.sheet_of.items() if not sheet.is_whole]
    return not of.broken_rows and not broken, (
        f"CSVに、空の行と列の数が違う行は{of.broken_rows}、途中で切れたシートは{len(broken)}です。"
    )


def _one_table(of: _Published) -> _Said:
    tables = {sheet.name for sheet in of.sheet_of.values()}
    others = [sheet.name for sheet in of.sheets if sheet.name not in tables]
    said = f"{len(tables)}シートに、表は1つずつです。"
    return len(tables) == len(of.sheet_of), said + (
        f"ほかのシート（{_some(others)}）は説明です。" if others else ""
    )


_RULES: dict[str, Callable[[_Published], _Said]] = {
    "ファイル形式はExcelかCSV": _formats,
    "1セルに1データ": _one_thing,
    "数値は数値とし、文字を含まない": _numbers,
    "セルを結合しない": _merged,
    "空白や改行で体裁を整えない": _layout,
    "項目名を省略しない": _headings,
    "数式でなく数値": _formulas,
    "図形などのオブジェクトがない": _objects,
    "単位を書く": _units,
    "機種依存文字を使わない": _characters,
    "年は西暦か、西暦を添える": _times,
    "地域コードか地域名称を書く": _regions,
    "数値の列に特殊な記号を混ぜない": _symbols,
    "データを分断しない": _undivided,
    "1シートに表は1つ": _one_table,
}


def checks(folder: Path) -> list[Check]:
    """Every rule, by what the downloads in ``folder`` hold."""
    published = _Published(folder)
    return [
        Check(f"1-{number}", title, *check(published))
        for number, (title, check) in enumerate(_RULES.items(), 1)
    ]
