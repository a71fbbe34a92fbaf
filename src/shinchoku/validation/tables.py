"""Fourth stage: frictionless, with what it finds said in Japanese.

Tables of sound layout in; types, constraints, primary and foreign keys are
checked by frictionless. One defect gives one problem: a cell that already has
one gets no second, and rows that miss the same reference are told together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import frictionless

from shinchoku.package.descriptor import primary_key
from shinchoku.paths import DESCRIPTOR
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import ERROR, Problem, Rule, Stage, rule
from shinchoku.wording import meant, nearest, quoted, shown

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

#: frictionless stops counting at 1,000 problems a table unless told otherwise.
_NO_LIMIT = 10**9
_ID_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
_FIXED_LENGTH = re.compile(r"\{([0-9]{1,3})\}\$?$")
_CONSTRAINT_NOTE = re.compile(r'constraint "(\w+)"')
_OTHER_ROW = re.compile(r"row at position (\d+)")
_HINTS = 20
_FIRST_DATA_ROW = 2


def check(
    descriptor: Mapping[str, Any], tables: Mapping[str, Table], earlier: list[Problem]
) -> tuple[list[Problem], set[str]]:
    """What frictionless finds in the tables given, except in cells that have an earlier problem.

    Also the files at both ends of references that miss: one problem may speak for many of them.
    """
    described = _only(tables, descriptor)
    if not described["resources"]:
        return [], set()
    try:
        report = frictionless.Package.from_descriptor(described).validate(limit_errors=_NO_LIMIT)
    except Exception as error:  # whatever a library raises, a maintainer gets a message
        message = f"この定義ではデータを読めません（{type(error).__name__}: {shown(error)}）。"
        return [UNREADABLE.problem(DESCRIPTOR, message)], {table.file for table in tables.values()}
    reported = {place for problem in earlier if problem.fixed is None for place in _places(problem)}
    problems = [UNREADABLE.problem(DESCRIPTOR, f"{shown(error.message)}。") for error in report.errors]
    misses: list[tuple[Table, Any]] = []
    for task in report.tasks:
        table = tables[task.name]
        for error in task.errors:
            if error.type == "foreign-key":
                misses.append((table, error))
                continue
            problem = _problem(table, error)
            places = _places(problem)
            if reported.isdisjoint(places):
                reported.update(places)
                problems.append(problem)
    apart = {end.file for table, error in misses for end in (table, _reference(table, error, tables))}
    return problems + list(_references(misses, tables, reported)), apart


def _only(tables: Mapping[str, Table], descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """The descriptor of these tables alone, with their rows as they are meant.

    Without references to tables that are absent, empty or not whole.
    """
    targets = {name for name, table in tables.items() if table.whole and table.rows}
    return {
        "name": descriptor["name"],
        "resources": [
            {
                "name": table.name,
                "data": [list(table.columns), *table.rows],
                "schema": {**table.resource["schema"], "foreignKeys": _foreign_keys(table, targets)},
            }
            for table in tables.values()
            if table.rows
        ],
    }


def _foreign_keys(table: Table, targets: set[str]) -> list[Mapping[str, Any]]:
    keys = table.resource["schema"].get("foreignKeys", [])
    return [key for key in keys if (key["reference"].get("resource") or table.name) in targets]


Place = tuple[str, int, str]


def _places(problem: Problem) -> list[Place]:
    """The cells a problem is about: file, line, column."""
    if problem.line is None or problem.column is None:
        return []
    return [(problem.file, problem.line, column) for column in problem.column.split(", ")]


def _problem(table: Table, error: Any) -> Problem:
    match error.type:
        case "constraint-error":
            return _constraint(table, error)
        case "primary-key":
            return _primary_key(table, error)
        case "type-error":
            cell, field = _cell(table, error)
            message = f"「{shown(cell)}」は{field['type']}として読めません。"
            return TYPE.problem(
                table.file, message, line=_line(table, error), column=field["name"], value=cell
            )
    message = f"frictionless の指摘です（{shown(error.message)}）。"
    line = _line(table, error) if hasattr(error, "row_number") else None
    return UNREADABLE.problem(table.file, message, line=line)


def _line(table: Table, error: Any) -> int:
    return table.lines[error.row_number - _FIRST_DATA_ROW]


def _cell(table: Table, error: Any) -> tuple[str, Mapping[str, Any]]:
    index = table.columns.index(error.field_name)
    cell = table.rows[error.row_number - _FIRST_DATA_ROW][index]
    return cell, table.resource["schema"]["fields"][index]


# -- constraints ------------------------------------------------------------


def _constraint(table: Table, error: Any) -> Problem:
    cell, field = _cell(table, error)
    named = _CONSTRAINT_NOTE.search(error.note)
    constraint = named[1] if named else ""
    declared, message, remedy = _said(constraint, cell, field)
    return declared.problem(
        table.file, message, line=_line(table, error), column=field["name"], value=cell, remedy=remedy
    )


def _said(constraint: str, cell: str, field: Mapping[str, Any]) -> tuple[Rule, str, str | None]:
    bound = field.get("constraints", {}).get(constraint)
    value = f"「{shown(cell)}」"
    match constraint:
        case "required":
            return REQUIRED, f"「{field['title']}」が空です。", None
        case "enum":
            return ALLOWED_VALUE, f"{value}は使えない値です。", _allowed_remedy(cell, field)
        case "pattern":
            return PATTERN, f"{value}は{_form(bound)}ではありません。", _pattern_remedy(cell, bound)
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


def _pattern_remedy(cell: str, pattern: str) -> str:
    tidy = re.sub(r"[\s_‐‑–—−]+", "-", unicodedata.normalize("NFKC", cell).strip().lower())
    if tidy != cell and re.fullmatch(pattern, tidy):
        return f"「{tidy}」に直してください。"
    length = _FIXED_LENGTH.search(pattern)
    if length and len(cell) < int(length[1]) and re.fullmatch(pattern, padded := cell.zfill(int(length[1]))):
        return f"先頭の0が消えていませんか。「{padded}」でしょうか。"
    return PATTERN.remedy if pattern == _ID_PATTERN else f"「{pattern}」に合う形にしてください。"


# -- keys -------------------------------------------------------------------


def _primary_key(table: Table, error: Any) -> Problem:
    key = primary_key(table.resource)
    row = table.rows[error.row_number - _FIRST_DATA_ROW]
    value = ":".join(row[table.columns.index(name)] for name in key)
    other = _OTHER_ROW.search(error.note)
    if other is None:
        message = "主キーの列がすべて空です。"
        remedy = "IDを入れるか、行を消してください。"
    else:
        first = table.lines[int(other[1]) - _FIRST_DATA_ROW]
        message, remedy = f"「{shown(value)}」は{first}行目と同じです。", None
    return DUPLICATE_KEY.problem(
        table.file, message, line=_line(table, error), column=", ".join(key), value=value, remedy=remedy
    )


def _references(
    misses: list[tuple[Table, Any]], tables: Mapping[str, Table], reported: set[Place]
) -> Iterator[Problem]:
    """One problem for each key that is missing, however many rows refer to it.

    None for a key that is missing only because its own cell is wrong, here or
    in the table referred to.
    """
    wrong = {(file, column) for file, _, column in reported}
    together: dict[tuple[Any, ...], list[tuple[Table, Any]]] = defaultdict(list)
    for table, error in misses:
        reference = _reference(table, error, tables)
        here = {(table.file, _line(table, error), column) for column in error.field_names}
        there = {(reference.file, column) for column in error.reference_field_names}
        if here.isdisjoint(reported) and there.isdisjoint(wrong):
            together[reference.name, tuple(error.field_cells)].append((table, error))
    known: dict[tuple[str, str], set[str]] = {}
    for number, ((name, cells), found) in enumerate(together.items()):
        table, first = found[0]
        reference = tables[name]
        pairs = list(zip(first.field_names, first.reference_field_names, cells, strict=True))
        for _, column, _ in pairs:
            if (name, column) not in known:
                known[name, column] = set(reference.column(column))
        # Of a key of several columns, those that are nowhere in the other table; else it is the combination.
        pairs = [pair for pair in pairs if pair[2] not in known[name, pair[1]]] or pairs
        value = ":".join(cell for _, _, cell in pairs)
        hint = ""
        if number < _HINTS:  # a hint for each of thousands would take minutes
            columns = (reference.column(column) for _, column, _ in pairs)
            hint = meant(value, map(":".join, zip(*columns, strict=True)))
        yield REFERENCE.problem(
            table.file,
            f"「{shown(value)}」は {reference.file} にありません。{_elsewhere(found[1:])}",
            line=_line(table, first),
            column=", ".join(column for column, _, _ in pairs),
            value=value,
            remedy=hint + REFERENCE.remedy,
        )


def _reference(table: Table, error: Any, tables: Mapping[str, Table]) -> Table:
    """The table that a foreign key refers to; an empty name is its own."""
    return tables[error.reference_name or table.name]


def _elsewhere(others: list[tuple[Table, Any]]) -> str:
    if not others:
        return ""
    places = [f"{table.file} {_line(table, error)}行目" for table, error in others[:3]]
    return f"ほかに{'、'.join(places)}{'など' if len(others) > len(places) else ''}{len(others)}か所が同じIDを指しています。"


# -- one message for a row that is wrong as a whole ---------------------------


def rows_summed_up(problems: list[Problem]) -> list[Problem]:
    """The problems, with one instead of many for a row whose cells are nearly all wrong."""
    by_row: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        is_of_cell = problem.line is not None and problem.column is not None
        if is_of_cell and problem.severity == ERROR and problem.fixed is None:
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
