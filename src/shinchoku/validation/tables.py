"""Fourth stage: types, constraints and keys of the Table Schemas, said in Japanese.

Tables of sound layout in. frictionless reads each cell by its field; its schemas are built once a
process, since building them costs more than reading the rows. Primary and foreign keys are looked up
here, in the cells as read. One defect gives one problem: a cell that already has one gets no second,
and rows that miss the same reference are told together.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from shinchoku.package.descriptor import ForeignKey, foreign_keys
from shinchoku.paths import DESCRIPTOR
from shinchoku.text import meant, nearest, quoted, shown
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import ERROR, Problem, Rule, Stage, rule

_rule = partial(rule, Stage.TABLES)
_SHOWN_PER_ROW = 2

REQUIRED = _rule(
    "required",
    "必須の列のセルは空でない。",
    "値を入れてください。",
    example=("事業名が空", "夜景推進事業"),
)
ALLOWED_VALUE = _rule(
    "allowed-value",
    "決まった値から選ぶ列には、その値だけを書く。",
    "使える値から選んでください。",
    example=("集計中", "pending"),
)
PATTERN = _rule(
    "pattern",
    "セルの形は、列ごとに決めた形（ID、ファイル名など）に合う。",
    "形を直してください。",
    example=("ｎｉｇｈｔ view", "night-view"),
)
BOUNDS = _rule(
    "bounds",
    "数と長さは、列ごとに決めた範囲にある。",
    "値を確かめてください。",
    example=("年度が 24", "2024"),
)
TYPE = _rule(
    "type",
    "セルは、列の型（数、日付など）として読める。",
    "列の型に合う値にしてください。",
    example=("数の列に「多い」", "12"),
)
DUPLICATE_KEY = _rule(
    "duplicate-key",
    "主キー（IDなど、行を区別する列の組）は行ごとに違う。",
    "片方を消すか、別のIDにしてください。",
    example=("同じIDの行が2つ", "1つのIDに1行"),
)
REFERENCE = _rule(
    "reference",
    "ほかの表を指すIDは、その表にある。",
    "指す先の表に行を足すか、IDを直してください。",
    example=("nigth-view", "night-view"),
)
ROW = _rule(
    "row",
    f"1つの行で{_SHOWN_PER_ROW + 1}つ以上のセルが決まりに合わないことはない。",
    "列がずれていないか、ほかの表の行でないか確かめてください。",
    example=("ほかの表の行を貼り付けた行", "この表の列に合う行"),
)
UNREADABLE = _rule(
    "frictionless",
    "frictionless がパッケージを読み、ほかの誤りを見つけない。",
    "ファイルを元に戻してください。",
    example=("frictionless だけが見つけた誤り", "誤りのないデータ"),
)

_ID_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
_FIXED_LENGTH = re.compile(r"\{([0-9]{1,3})\}\$?$")
_HINTS = 20


def check(tables: Mapping[str, Table], earlier: list[Problem]) -> tuple[list[Problem], set[str]]:
    """What is wrong with the cells of the tables given, except with those that have an earlier problem.

    Also the files at both ends of references that miss: one problem may speak for many of them.
    """
    try:
        every_read = {name: _read(table) for name, table in tables.items() if table.rows}
    except Exception as error:  # whatever a library raises, a maintainer gets a message
        message = f"この定義ではデータを読めません（{type(error).__name__}: {shown(error)}）。"
        return [UNREADABLE.problem(DESCRIPTOR, message)], {table.file for table in tables.values()}
    reported = {place for problem in earlier if problem.fixed is None for place in _places(problem)}
    problems: list[Problem] = []
    for read in every_read.values():
        for problem in _of_rows(read):
            places = _places(problem)
            if reported.isdisjoint(places):
                reported.update(places)
                problems.append(problem)
    misses = [miss for read in every_read.values() for miss in _misses(read, every_read)]
    apart = {table.file for miss in misses for table in (miss.table, miss.target)}
    return problems + list(_references(misses, reported)), apart


# -- reading ------------------------------------------------------------------

#: What frictionless makes of a cell, and what is wrong with it: constraint → its own sentence.
Reader = Callable[[str], tuple[Any, dict[str, str] | None]]


class Schema(NamedTuple):
    """A Table Schema, ready to read rows with."""

    readers: tuple[Reader, ...]
    primary_key: tuple[str, ...]


class Read(NamedTuple):
    """A table with its cells as frictionless reads them: ``None`` where a cell is empty or wrong."""

    table: Table
    schema: Schema
    cells: list[tuple[Any, ...]]
    notes: list[tuple[dict[str, str] | None, ...]]

    def keys(self, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """The cells of these columns, row by row."""
        indexes = [self.table.columns.index(name) for name in columns]
        return (tuple(row[index] for index in indexes) for row in self.cells)


@lru_cache(maxsize=256)
def _schema(text: str) -> Schema:
    import frictionless  # half a second, which only a check should cost

    built = frictionless.Schema.from_descriptor(json.loads(text))
    return Schema(
        tuple(field.create_cell_reader() for field in built.fields),
        tuple(built.primary_key),
    )


def _read(table: Table) -> Read:
    schema = _schema(json.dumps(table.resource["schema"]))
    cells, notes = [], []
    for reader, column in zip(schema.readers, zip(*table.rows, strict=True), strict=True):
        read = {cell: reader(cell) for cell in dict.fromkeys(column)}  # most stand in many rows
        cells.append([read[cell][0] for cell in column])
        notes.append([read[cell][1] for cell in column])
    return Read(table, schema, list(zip(*cells, strict=True)), list(zip(*notes, strict=True)))


# -- rows ---------------------------------------------------------------------


Place = tuple[str, int, str]


def _places(problem: Problem) -> list[Place]:
    """The cells a problem is about: file, line, column."""
    if problem.line is None or problem.column is None:
        return []
    return [(problem.file, problem.line, column) for column in problem.column.split(", ")]


def _of_rows(read: Read) -> Iterator[Problem]:
    """What is wrong with each row by itself and with its primary key, from the first row to the last."""
    table = read.table
    fields = table.resource["schema"]["fields"]
    first_lines: dict[tuple[Any, ...], int] = {}
    for line, row, of_row, key in zip(
        table.lines, table.rows, read.notes, read.keys(read.schema.primary_key), strict=True
    ):
        for cell, field, notes in zip(row, fields, of_row, strict=True) if any(of_row) else ():
            for constraint in notes or ():
                declared, message, remedy = _said(constraint, cell, field)
                yield declared.problem(
                    table.file, message, line=line, column=field["name"], value=cell, remedy=remedy
                )
        if key in first_lines or not any(cell is not None for cell in key):
            yield _primary_key(read, row, line, first_lines.get(key))
        first_lines[key] = line


def _said(constraint: str, cell: str, field: Mapping[str, Any]) -> tuple[Rule, str, str | None]:
    bound = field.get("constraints", {}).get(constraint)
    value = f"「{shown(cell)}」"
    match constraint:
        case "type":
            return TYPE, f"{value}は{field['type']}として読めません。", None
        case "required":
            return REQUIRED, f"「{field['title']}」が空です。", None
        case "enum":
            return ALLOWED_VALUE, f"{value}は使えない値です。", _allowed_remedy(cell, field)
        case "pattern":
            return (
                PATTERN,
                f"{value}は{_form(bound)}ではありません。",
                _pattern_remedy(cell, bound, field["description"]),
            )
        case "minimum" | "exclusiveMinimum":
            return BOUNDS, f"{value}は小さすぎます（{bound}以上）。", None
        case "maximum" | "exclusiveMaximum":
            return BOUNDS, f"{value}は大きすぎます（{bound}以下）。", None
        case "minLength":
            return BOUNDS, f"{value}は短すぎます（{len(cell)}文字。{bound}文字以上）。", None
        case "maxLength":
            return BOUNDS, f"{value}は長すぎます（{len(cell)}文字。{bound}文字以下）。", "短くしてください。"
    return TYPE, f"{value}は列の決まり（{constraint}）に合いません。", None


def _allowed_remedy(cell: str, field: Mapping[str, Any]) -> str:
    allowed = field["constraints"]["enum"]
    labels = {
        item["label"]: item["value"]
        for item in field.get("categories", ())
        if isinstance(item, dict) and "label" in item
    }
    names = {**labels, **{str(value): str(value) for value in allowed}}
    near = nearest(cell, names, likeness=0.5)
    hint = f"「{names[near]}」でしょうか。" if near else ""
    return f"{hint}使える値は{quoted(allowed)}です。"


def _form(pattern: str) -> str:
    return (
        "IDの形（半角の英小文字・数字をハイフンでつないだもの）" if pattern == _ID_PATTERN else "決められた形"
    )


def _pattern_remedy(cell: str, pattern: str, description: str) -> str:
    tidy = re.sub(r"[\s_‐‑–—−]+", "-", unicodedata.normalize("NFKC", cell).strip().lower())
    if tidy != cell and re.fullmatch(pattern, tidy):
        return f"「{tidy}」に直してください。"
    length = _FIXED_LENGTH.search(pattern)
    if length and len(cell) < int(length[1]) and re.fullmatch(pattern, padded := cell.zfill(int(length[1]))):
        return f"先頭の0が消えていませんか。「{padded}」でしょうか。"
    return PATTERN.remedy if pattern == _ID_PATTERN else f"この列に書くもの：{description}"


# -- keys -------------------------------------------------------------------


def _primary_key(read: Read, row: list[str], line: int, earlier: int | None) -> Problem:
    table, key = read.table, read.schema.primary_key
    value = ":".join(row[table.columns.index(name)] for name in key)
    if earlier is None:
        message, remedy = "主キーの列がすべて空です。", "IDを入れるか、行を消してください。"
    else:
        message, remedy = f"「{shown(value)}」は{earlier}行目と同じです。", None
    return DUPLICATE_KEY.problem(
        table.file, message, line=line, column=", ".join(key), value=value, remedy=remedy
    )


class Miss(NamedTuple):
    """A row that refers to a row which is not there."""

    table: Table
    line: int
    key: ForeignKey
    target: Table
    cells: tuple[str, ...]


def _misses(read: Read, every_read: Mapping[str, Read]) -> Iterator[Miss]:
    """The references of a table to nothing; not those to tables that are absent, empty or not whole."""
    table = read.table
    keys = [
        (key, target)
        for key in foreign_keys(table.resource)
        if (target := every_read.get(key.table)) and target.table.whole
    ]
    found = [
        (
            line,
            Miss(table, line, key, target.table, tuple("" if cell is None else str(cell) for cell in cells)),
        )
        for key, target in keys
        for known in [set(target.keys(key.referenced))]
        for line, cells in zip(table.lines, read.keys(key.columns), strict=True)
        if cells not in known and any(cell is not None for cell in cells)
    ]
    return (miss for _, miss in sorted(found, key=lambda each: each[0]))


def _references(misses: list[Miss], reported: set[Place]) -> Iterator[Problem]:
    """One problem for each key that is missing, however many rows refer to it.

    None for a key that is missing only because its own cell is wrong, here or
    in the table referred to.
    """
    wrong = {(file, column) for file, _, column in reported}
    together: dict[tuple[str, tuple[str, ...]], list[Miss]] = defaultdict(list)
    for miss in misses:
        here = {(miss.table.file, miss.line, column) for column in miss.key.columns}
        there = {(miss.target.file, column) for column in miss.key.referenced}
        if here.isdisjoint(reported) and there.isdisjoint(wrong):
            together[miss.target.name, miss.cells].append(miss)
    known: dict[tuple[str, str], set[str]] = {}
    for number, ((name, cells), found) in enumerate(together.items()):
        first = found[0]
        target = first.target
        pairs = list(zip(first.key.columns, first.key.referenced, cells, strict=True))
        for _, column, _ in pairs:
            if (name, column) not in known:
                known[name, column] = set(target.column(column))
        # Of a key of several columns, those that are nowhere in the other table; else it is the combination.
        pairs = [pair for pair in pairs if pair[2] not in known[name, pair[1]]] or pairs
        value = ":".join(cell for _, _, cell in pairs)
        hint = ""
        if number < _HINTS:  # a hint for each of thousands would take minutes
            columns = (target.column(column) for _, column, _ in pairs)
            hint = meant(value, map(":".join, zip(*columns, strict=True)))
        yield REFERENCE.problem(
            first.table.file,
            f"「{shown(value)}」は {target.file} にありません。{_elsewhere(found[1:])}",
            line=first.line,
            column=", ".join(column for column, _, _ in pairs),
            value=value,
            remedy=hint + REFERENCE.remedy,
        )


def _elsewhere(others: list[Miss]) -> str:
    if not others:
        return ""
    places = [f"{miss.table.file} {miss.line}行目" for miss in others[:3]]
    return f"ほかに{'、'.join(places)}{'など' if len(others) > len(places) else ''}{len(others)}か所が同じIDを指しています。"


# -- one message for a row that is wrong as a whole ---------------------------


def rows_summed_up(problems: list[Problem]) -> list[Problem]:
    """The problems, with one instead of many for a row whose cells are nearly all wrong."""
    by_row: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        is_open = problem.severity == ERROR and problem.fixed is None
        if problem.line is not None and problem.column is not None and is_open:
            by_row[problem.file, problem.line].append(problem)
    summed_up = []
    replaced: set[int] = set()
    for (file, line), found in by_row.items():
        if len(found) > _SHOWN_PER_ROW:
            said = "".join(f"{problem.column}列:{problem.message}" for problem in found[:_SHOWN_PER_ROW])
            summed_up.append(
                ROW.problem(file, f"{len(found)}個のセルが決まりに合いません。{said}", line=line)
            )
            replaced.update(map(id, found))
    return [problem for problem in problems if id(problem) not in replaced] + summed_up
