"""Second stage: has the table the header and the number of columns of its schema?

Rows of cells in, a ``Table`` out. A table with a problem here goes no further:
with shifted columns every cell would look wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shinchoku.validation.problems import Problem, nearest, quoted, rule, shown

_CELL_LIMIT = 10_000
_NOTE_STARTS = ("※", "注）", "注)")
_TOTALS = frozenset({"合計", "計", "小計", "総計", "総合計"})

HEADER = rule(
    "header",
    "1行目は、datapackage.jsonにある列名が同じ順に並ぶ見出しである。",
    "1行目を正しい見出しに直してください。",
)
EMPTY_TABLE = rule(
    "empty-table",
    "表には1行以上のデータがある（datapackage.jsonで allowEmpty とした表を除く）。",
    "データの行を入れるか、元のファイルに戻してください。",
)
BLANK_ROW = rule("blank-row", "空の行がない。", "空の行を消してください。")
NOTE_ROW = rule(
    "note-row", "合計や注（※）の行がない。", "その行を消してください。合計はこのサイトが計算します。"
)
CELL_COUNT = rule(
    "cell-count",
    "どの行も、見出しと同じ数のセルがある。",
    'コンマの数を見出しとそろえてください。文の中のコンマは、セルを二重引用符（"）で囲んでください。',
)
CELL_LENGTH = rule(
    "cell-length",
    f"セルは{_CELL_LIMIT:,}文字以下である。",
    "別の内容が混ざっていないか確かめ、短くしてください。",
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows all have the columns of its schema, as text.

    ``rows[i]`` is the physical line ``i + FIRST_DATA_LINE`` of ``file``.
    """

    name: str
    file: str
    resource: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        index = self.columns.index(name)
        return [row[index] for row in self.rows]


FIRST_DATA_LINE = 2


def check(
    name: str, resource: Mapping[str, Any], rows: list[list[str]]
) -> tuple[Table | None, list[Problem]]:
    """The table made of ``rows`` (the header among them), or what is wrong with its layout."""
    file = resource["path"]
    columns = tuple(field["name"] for field in resource["schema"]["fields"])
    header, body = rows[0], rows[1:]
    problems = list(_header(columns, rows, file))
    if not problems:
        problems = list(_body(columns, body, file))
    if not problems and not body and not resource.get("allowEmpty", False):
        problems = [EMPTY_TABLE.problem(file, "見出しだけで、データの行がありません。", line=1)]
    if problems:
        return None, problems
    return Table(name, file, resource, tuple(header), body), []


def _header(columns: Sequence[str], rows: list[list[str]], file: str) -> Iterator[Problem]:
    header = rows[0]
    if tuple(header) == tuple(columns):
        return
    yield HEADER.problem(
        file,
        _what_is_wrong(columns, header, rows[1:]),
        line=1,
        value=",".join(header),
        remedy=f"1行目を「{','.join(columns)}」にしてください。",
    )


def _what_is_wrong(columns: Sequence[str], header: list[str], below: list[list[str]]) -> str:
    stripped = [cell.strip() for cell in header]
    while stripped and not stripped[-1]:
        stripped.pop()
    missing = [name for name in columns if name not in stripped]
    unknown = [name for name in stripped if name not in columns]
    repeated = sorted({name for name in stripped if stripped.count(name) > 1})
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
    if stripped != list(columns):
        return "列の順番が違います。"
    if len(header) > len(stripped):
        return "右端に空の列があります。"
    return "見出しの列名に余分な空白があります。"


def _renamed(missing: Sequence[str], unknown: Sequence[str]) -> str:
    near = ((name, nearest(name, missing)) for name in unknown)
    return "".join(f"「{shown(name)}」は「{match}」でしょう。" for name, match in near if match)


def _body(columns: Sequence[str], body: list[list[str]], file: str) -> Iterator[Problem]:
    blank_since = None
    for line, row in enumerate(body, FIRST_DATA_LINE):
        if not any(cell.strip() for cell in row):
            if blank_since is None:
                blank_since = line
                yield BLANK_ROW.problem(file, "空の行があります。", line=line)
            continue
        blank_since = None
        first = row[0].strip()
        if first in _TOTALS or first.startswith(_NOTE_STARTS):
            yield NOTE_ROW.problem(
                file, f"「{shown(first)}」の行があります。", line=line, column=columns[0], value=first
            )
        elif len(row) != len(columns):
            message = f"セルが{len(row)}個あります。見出しは{len(columns)}列です。"
            yield CELL_COUNT.problem(file, message, line=line, value=",".join(row))
        elif max(map(len, row)) > _CELL_LIMIT:
            column, cell = next(pair for pair in zip(columns, row, strict=True) if len(pair[1]) > _CELL_LIMIT)
            message = f"セルが{len(cell):,}文字あります。"
            yield CELL_LENGTH.problem(file, message, line=line, column=column, value=cell)
