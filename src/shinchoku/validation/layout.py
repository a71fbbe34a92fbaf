"""Second stage: has the table the header and the number of columns of its schema?

Records in, a ``Table`` out. Columns in another order, empty columns at the
right and blank rows are told and read as they were meant; a row of another
length is told and left out. Without its columns a table goes no further, as
every cell would look wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shinchoku.text import nearest, quoted, shown
from shinchoku.validation.bytes_and_text import Records
from shinchoku.validation.problems import Mending, Problem, Stage, rule

_rule = partial(rule, Stage.LAYOUT)
_CELL_LIMIT = 10_000
_NOTE = re.compile(r"※|注[）)]|(?:総?合計|[小総]?計|平均|総額)(?:[（(].*[）)])?$")

HEADER = _rule(
    "header",
    "1行目は、datapackage.jsonにある列名が同じ順に並ぶ見出しである。",
    "1行目を正しい見出しに直してください。",
    example=("1行目が「令和4年度の実績」という題", "1行目が indicator_id,fiscal_year,…"),
    mending=Mending.WHERE_CLEAR,
)
EMPTY_TABLE = _rule(
    "empty-table",
    "表には1行以上のデータがある（datapackage.jsonで allowEmpty とした表を除く）。",
    "データの行を入れるか、元のファイルに戻してください。",
    example=("見出しだけのファイル", "見出しとデータのあるファイル"),
)
BLANK_ROW = _rule(
    "blank-row",
    "空の行がない。",
    "空の行を消してください。",
    example=(",,,", "（行を消す）"),
    mending=Mending.ALWAYS,
)
NOTE_ROW = _rule(
    "note-row",
    "合計や注（※）の行がない。",
    "その行を消してください。合計はこのサイトが計算します。",
    example=("合計,,468798", "（行を消す）"),
)
EMPTY_CELLS = _rule(
    "empty-cells-at-the-right",
    "行の右端に、見出しのない空のセルがない。",
    "行の終わりの余分なコンマを消してください。",
    example=("a,b,c,,", "a,b,c"),
    mending=Mending.ALWAYS,
)
CELL_COUNT = _rule(
    "cell-count",
    "どの行も、見出しと同じ数のセルがある。",
    'コンマの数を見出しとそろえてください。文の中のコンマは、セルを二重引用符（"）で囲んでください。',
    example=("night-view,2022,56,780", "night-view,2022,56780"),
)
CELL_LENGTH = _rule(
    "cell-length",
    f"セルは{_CELL_LIMIT:,}文字以下である。",
    "別の内容が混ざっていないか確かめ、短くしてください。",
    example=("ほかのファイルの中身が貼り付いたセル", "その列の値"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows all have the columns of its schema, as text.

    ``rows[i]`` is at the physical line ``lines[i]`` of ``file``.
    """

    name: str
    file: str
    resource: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    #: Whether every record of the file is a row of the table.
    whole: bool

    def column(self, name: str) -> list[str]:
        index = self.columns.index(name)
        return [row[index] for row in self.rows]


def check(name: str, resource: Mapping[str, Any], records: Records) -> tuple[Table | None, list[Problem]]:
    """The table made of ``records`` (the header among them), and what is wrong with its layout."""
    file = resource["path"]
    columns = tuple(field["name"] for field in resource["schema"]["fields"])
    header, header_line = records.rows[0], records.lines[0]
    meant = _meant(header)
    problems: list[Problem] = []
    if header != list(columns):
        is_clear = sorted(meant) == sorted(columns) and not any(
            cell.strip() for row in records.rows for cell in row[len(meant) : len(header)]
        )
        problems.append(
            HEADER.problem(
                file,
                _what_is_wrong(columns, header, records.rows[1:]),
                line=header_line,
                value=",".join(header),
                remedy=f"1行目を「{','.join(columns)}」にしてください。",
                fixed=",".join(columns) if is_clear else None,
            )
        )
        if not is_clear:
            return None, problems
    body = _Body(file, meant, len(header))
    problems += body.read(records)
    if not body.rows and not body.passed_over and not resource.get("allowEmpty", False):
        problems.append(EMPTY_TABLE.problem(file, "見出しだけで、データの行がありません。", line=header_line))
    order = [meant.index(column) for column in columns]
    rows = body.rows
    if order != sorted(order):
        rows = [[row[index] for index in order] for row in rows]
    whole = records.whole and not body.passed_over
    return Table(name, file, resource, columns, rows, body.lines, whole), problems


def _meant(header: Sequence[str]) -> list[str]:
    """The names in a header, without the spaces around them and without empty ones at the right."""
    names = [cell.strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    return names


def _what_is_wrong(columns: Sequence[str], header: Sequence[str], below: Sequence[Sequence[str]]) -> str:
    names = _meant(header)
    missing = [name for name in columns if name not in names]
    unknown = [name for name in names if name not in columns]
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if any(tuple(row) == tuple(columns) for row in below):
        return "見出しの上に余分な行があります。"
    if len(missing) == len(columns):
        return "見出しの行がありません。"
    if repeated:
        return f"列{quoted(repeated)}が重なっています。"
    if missing and unknown:
        return (
            f"列{quoted(missing)}がなく、知らない列{quoted(unknown)}があります。{_renamed(missing, unknown)}"
        )
    if missing:
        return f"列{quoted(missing)}がありません。"
    if unknown:
        return f"知らない列{quoted(unknown)}があります。"
    if names != list(columns):
        return "列の順番が違います。"
    if len(header) > len(names):
        return "右端に空の列があります。"
    return "見出しの列名に余分な空白があります。"


def _renamed(missing: Sequence[str], unknown: Sequence[str]) -> str:
    near = ((name, nearest(name, missing)) for name in unknown[: len(missing)])
    return "".join(f"「{shown(name)}」は「{match}」でしょう。" for name, match in near if match)


class _Body:
    """The rows below a header of ``width`` cells, of which the first ``len(names)`` have a name."""

    def __init__(self, file: str, names: Sequence[str], width: int) -> None:
        self.file = file
        self.names = names
        self.width = width
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        #: Whether a row was left out that may hold something.
        self.passed_over = False

    def read(self, records: Records) -> Iterator[Problem]:
        after_blank = False
        for line, row in zip(records.lines[1:], records.rows[1:], strict=True):
            is_blank = not any(cell and not cell.isspace() for cell in row)
            if is_blank and not after_blank:  # one problem for all that follow each other
                yield BLANK_ROW.problem(
                    self.file, "空の行があります。", line=line, value=",".join(row), fixed="（削除）"
                )
            after_blank = is_blank
            if is_blank:
                continue
            problem = self._problem(line, row)
            if problem is not None:
                yield problem
            if problem is not None and problem.fixed is None:
                self.passed_over = True
            else:
                self.rows.append(row[: len(self.names)])
                self.lines.append(line)

    def _problem(self, line: int, row: list[str]) -> Problem | None:
        first, column = next(
            (cell.strip(), self.names[min(index, len(self.names) - 1)])
            for index, cell in enumerate(row)
            if cell.strip()
        )
        if _NOTE.match("".join(first.split())):
            message = f"「{shown(first)}」の行があります。"
            return NOTE_ROW.problem(self.file, message, line=line, column=column, value=first)
        if len(row) not in (self.width, len(self.names)):
            written = ",".join(row)
            if len(row) > self.width and not any(cell.strip() for cell in row[len(self.names) :]):
                kept = ",".join(row[: len(self.names)])
                message = "行の右端に空のセルがあります。"
                return EMPTY_CELLS.problem(self.file, message, line=line, value=written, fixed=kept)
            message = f"セルが{len(row)}個あります。見出しは{self.width}列です。"
            return CELL_COUNT.problem(self.file, message, line=line, value=written)
        if max(map(len, row)) > _CELL_LIMIT:
            column, cell = next(
                pair for pair in zip(self.names, row, strict=False) if len(pair[1]) > _CELL_LIMIT
            )
            message = f"セルが{len(cell):,}文字あります。"
            return CELL_LENGTH.problem(self.file, message, line=line, column=column, value=cell)
        return None
