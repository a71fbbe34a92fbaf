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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shinchoku.package.descriptor import fields, resources
from shinchoku.paths import DESCRIPTOR

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_YEAR, _DATE = re.compile(r"\d{4}"), re.compile(r"\d{4}-\d{2}-\d{2}")
_LAYOUT = re.compile(r"^\s|\s$|[\n\r\t\u3000]| {2}")
_OBJECT = re.compile(r"xl/(drawings|media|charts|embeddings|diagrams|comments)")
#: How a description says that a cell holds several things, and what stands between several in one that does not.
_JOINED, _BETWEEN = re.compile("つな[いぐ]"), re.compile("[、，,;；\n]")
#: Written differently in Shift_JIS and in Unicode by two tables that both count as right: no other character.
_TWO_WAYS = frozenset("～－∥￠￡￢―")


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
    """A column of a CSV, its field in the Table Schema, and how many of its cells say what: many say the same."""

    table: str
    field: Mapping[str, Any]
    cells: Counter[str]

    @property
    def name(self) -> str:
        return f"{self.table}.{self.field['name']}"

    def count(self, is_meant: Callable[[str], object]) -> int:
        """How many of its cells are."""
        return sum(count for cell, count in self.cells.items() if is_meant(cell))

    @property
    def is_text(self) -> bool:
        """Of free text: neither typed nor of codes or ids."""
        constraints = self.field.get("constraints", {})
        return self.field["type"] == "string" and not {"enum", "pattern"} & constraints.keys()


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
                _Column(name, declared[column], Counter(cells[place]))
                for place, column in enumerate(header)
                if column in declared
            ]
        with zipfile.ZipFile(folder / f"{self.descriptor['name']}.xlsx") as book:
            paths = book.namelist()
            self.objects = [path for path in paths if _OBJECT.match(path)]
            sheets = [book.read(path) for path in paths if path.startswith("xl/worksheets/sheet")]
        self.sheets, told = len(sheets), b"".join(sheets)
        self.formulas = len(re.findall(rb"<f[ />]", told))
        self.merged = told.count(b"<mergeCell ")
        self.filtered = told.count(b"<autoFilter ")  # a sheet has one at most, on its table
        self.numbers = [each for each in self.columns if each.field["type"] in ("integer", "number")]

    @cached_property
    def no_numbers(self) -> int:
        """Cells of number columns that are there and are no number."""
        return sum(each.count(lambda cell: cell and not _NUMBER.fullmatch(cell)) for each in self.numbers)


def _total(column: _Column) -> int:
    return column.cells.total()


def _some(names: Iterable[str], most: int = 5) -> str:
    found = list(dict.fromkeys(names))
    return "、".join(found[:most]) + (f"など{len(found)}" if len(found) > most else "")


# -- the rules, in their order ------------------------------------------------------

_Said = tuple[bool | None, str]


def _formats(of: _Published) -> _Said:
    return bool(of.headers), f"{len(of.headers)}の表がCSVで、Excelは{of.sheets}シートの1冊です。"


def _one_thing(of: _Published) -> _Said:
    joined = [each.name for each in of.columns if _JOINED.search(each.field.get("description", ""))]
    others = [each for each in of.columns if not each.is_text]
    several, total = sum(each.count(_BETWEEN.search) for each in others), sum(map(_total, others))
    said = f"数・コード・ID・日付の{total:,}セルに、いくつも書いてあるものは{several:,}です。"
    if joined:
        said += f"説明に「つなぐ」「つないだ」とある列（{_some(joined)}）は、いくつかをつないだ文字です。"
    return False if several else None if joined else True, said


def _numbers(of: _Published) -> _Said:
    wrong, cells = of.no_numbers, sum(map(_total, of.numbers))
    said = f"数の列{len(of.numbers)}本の{cells:,}セルに、数でないものは{wrong:,}です。"
    return not wrong, said


def _merged(of: _Published) -> _Said:
    return not of.merged, f"{of.sheets}シートに、結合したセルは{of.merged:,}です。"


def _layout(of: _Published) -> _Said:
    found = +Counter({each.name: each.count(_LAYOUT.search) for each in of.columns})
    if not found:
        return True, "前後の空白、続いた空白、改行のあるセルはありません。"
    return None, (
        f"資料の字句を写した列などの{found.total():,}セルに、空白や改行があります"
        f"（{_some(name for name, _ in found.most_common())}）。"
    )


def _headings(of: _Published) -> _Said:
    empty = sum(not name for header in of.headers.values() for name in header)
    twice = sum(len(header) - len(set(header)) for header in of.headers.values())
    total = sum(map(len, of.headers.values()))
    return not empty + twice, f"{total}列のうち、名前のない列は{empty}、同じ表で重なる名前は{twice}です。"


def _formulas(of: _Published) -> _Said:
    return not of.formulas, f"{of.sheets}シートに、数式のあるセルは{of.formulas:,}です。"


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
    found = {each for column in of.columns for each in set("".join(column.cells)) if _is_dependent(each)}
    if not found:
        return True, "Shift_JIS（JIS X 0208）にない文字はありません。"
    cells, used = 0, Counter[str]()
    for cell, count in ((cell, count) for each in of.columns for cell, count in each.cells.items()):
        if not found.isdisjoint(cell):
            cells += count
            used.update({each: cell.count(each) * count for each in found})
    shown = "".join(sorted(found, key=lambda character: (-used[character], character))[:12])
    return None, (
        f"{cells:,}セルに、JIS X 0208 にない文字が{len(found)}種類あります（{shown}）。"
        "資料の字句なので、置きかえていません。文字コードはUTF-8なので、機種によって化けることはありません。"
    )


def _times(of: _Published) -> _Said:
    years = [each for each in of.columns if each.field["name"].endswith("fiscal_year")]
    dates = [each for each in of.columns if each.field["type"] == "date"]
    wrong = sum(each.count(lambda cell: cell and not _YEAR.fullmatch(cell)) for each in years)
    wrong += sum(each.count(lambda cell: cell and not _DATE.fullmatch(cell)) for each in dates)
    return not wrong, (
        f"年度の列{len(years)}本と日付の列{len(dates)}本は西暦で、そうでないセルは{wrong}です。"
        "e-Statの時間軸コードは使っていません。"
    )


def _regions(of: _Published) -> _Said:
    coded = [name for name, header in of.headers.items() if {"region_code", "region"} <= set(header)]
    empty = sum(each.cells[""] for each in of.columns if each.field["name"].startswith("region"))
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
    wrong = of.no_numbers
    empty = sum(each.cells[""] for each in of.numbers)
    return not wrong, (
        f"数の列に、記号は{wrong:,}です。数のない{empty:,}セルは空で、理由は status などの列にあります。"
    )


def _undivided(of: _Published) -> _Said:
    return not of.broken_rows, f"CSVに、空の行と列の数が違う行は{of.broken_rows}です。"


def _one_table(of: _Published) -> _Said:
    said = f"CSVは1ファイルに1つ、Excelは{of.filtered}シートに1つずつ（列の説明の表を含む）で、ほかの{of.sheets - of.filtered}シートは説明です。"
    return of.filtered == len(of.headers) + 1, said  # what describes the columns is a table, too


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
