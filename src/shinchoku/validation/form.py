"""Is a file written as this site writes it: in the order of its key, without needless quotes?

And what it is when it is written so, which is what ``--fix`` writes.
"""

from __future__ import annotations

from functools import partial

from shinchoku.package.cells import PARSERS
from shinchoku.package.descriptor import primary_key
from shinchoku.package.writing import csv_bytes
from shinchoku.text import shown
from shinchoku.validation.bytes_and_text import Records
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import WARNING, Mending, Problem, Stage, rule

_rule = partial(rule, Stage.FORM, severity=WARNING, mending=Mending.ALWAYS)

ROW_ORDER = _rule(
    "row-order",
    "行は主キーの順に並んでいる。",
    "並べ替えると、変更の比較が読みやすくなります。",
    example=("night-view の次に information-desk", "information-desk の次に night-view"),
)
CANONICAL = _rule(
    "canonical-form",
    "要らない二重引用符がなく、CSVのバイト列は、このサイトが書き出すものと同じである。",
    "要らない二重引用符を消してください。",
    example=('night-view,"夜景"', "night-view,夜景"),
)


def written(table: Table, *, sort: bool) -> bytes:
    """The canonical file of a table; ``sort`` needs cells that have the types of their columns."""
    rows = table.rows
    if sort:
        keys = _keys(table)
        rows = [row for _, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[0])]
    return csv_bytes(table.columns, rows)


def _keys(table: Table) -> list[tuple[object, ...]]:
    types = {field["name"]: field["type"] for field in table.resource["schema"]["fields"]}
    names = primary_key(table.resource)
    columns = [[PARSERS[types[name]](cell) for cell in table.column(name)] for name in names]
    return list(zip(*columns, strict=True))


def row_order(table: Table) -> list[Problem]:
    """Whether the rows of a table without errors are in order: the first that is not."""
    keys = _keys(table)
    for index in range(1, len(keys)):
        if keys[index] < keys[index - 1]:
            value = ":".join(map(str, keys[index]))
            return [
                ROW_ORDER.problem(
                    table.file,
                    f"「{shown(value)}」の行は、前の行より先に並びます。",
                    line=table.lines[index],
                    column=", ".join(primary_key(table.resource)),
                    value=value,
                    fixed="（主キーの順に並べ替え）",
                )
            ]
    return []


def quotes(file: str, records: Records) -> list[Problem]:
    """Whether the records are written as a CSV has them, whatever is in them: the first that is not."""
    if '"' not in records.text:
        return []
    text = records.text.split("\n")
    for line, row in zip(records.lines, records.rows, strict=True):
        found = text[line - records.first]
        if '"' not in found:
            continue
        canonical = csv_bytes(row, ()).decode().removesuffix("\n")
        if found != canonical:
            return [
                CANONICAL.problem(
                    file,
                    "書き方が、このサイトが書き出すものと違います。",
                    line=line,
                    value=found,
                    remedy=f"この行を「{shown(canonical)}」に直してください。",
                    fixed=canonical,
                )
            ]
    return []
