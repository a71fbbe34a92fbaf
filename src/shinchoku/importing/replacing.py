"""What a document that takes the place of another says otherwise, cell by cell.

What is printed changes only where it was copied wrongly. A value that was changed after the print is a
correction, of which the document must know nothing. Which of the two a change is, people say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shinchoku import fiscal_year
from shinchoku.importing import progress_report
from shinchoku.importing.identities import squeezed
from shinchoku.importing.layouts import ROLES, Layout, Level
from shinchoku.importing.progress_report import Column, Row
from shinchoku.importing.source_text import SourceText, alike, cells_of_line
from shinchoku.text import without_markup

_T = TypeVar("_T")


@dataclass(frozen=True)
class Change:
    """A cell, or a line that is no row of a table; ``line_before`` and ``line`` are ``None`` where it is not."""

    line_before: int | None
    line: int | None
    place: str
    before: str
    after: str
    column: Column | None = None

    def __str__(self) -> str:
        return f"{self.place}：「{self.before or '空欄'}」→「{self.after or '空欄'}」"


def changes(before: SourceText, after: SourceText, layout: Layout, levels: Sequence[Level]) -> list[Change]:
    """Everything that ``after`` prints otherwise, from the top. Raises ``ImportProblem`` where one is no report."""
    was, now = (progress_report.parse(text, layout, levels).rows for text in (before, after))
    found = [*_in_rows(was, now, layout), *_in_other_lines(before, after, was, now, layout)]
    return sorted(found, key=lambda change: change.line or change.line_before or 0)


def with_cells_kept(
    after: SourceText, changed: Collection[Change], layout: Layout, levels: Sequence[Level]
) -> str:
    """``after``, with the cells of ``changed`` as they were."""
    lines = list(after.lines)
    rows = {row.line: row for row in progress_report.parse(after, layout, levels).rows}
    for change in changed:
        if change.column is None or change.line is None:
            continue
        cells = lines[change.line - 1].split("\t")
        at = rows[change.line].place[change.column.key]
        # Only of the name there is more in the cell: its marks.
        marks = (
            without_markup(cells[at]).partition(change.after)
            if change.column.role == "name"
            else ("", "", "")
        )
        cells[at] = f"{marks[0]}{change.before}{marks[2]}"
        lines[change.line - 1] = "\t".join(cells)
    return "".join(f"{line}\n" for line in lines)


def _pairs(
    was: Sequence[_T], now: Sequence[_T], was_keys: list[Any], now_keys: list[Any]
) -> Iterator[tuple[_T | None, _T | None]]:
    """What stands in the place of what; ``None`` beside what is gone or new."""
    a, c = 0, 0
    for b, d, size in [*alike(was_keys, now_keys), (len(was), len(now), 0)]:
        if b - a == d - c:
            yield from zip(was[a:b], now[c:d], strict=True)
        else:
            yield from ((item, None) for item in was[a:b])
            yield from ((None, item) for item in now[c:d])
        yield from zip(was[b : b + size], now[d : d + size], strict=True)
        a, c = b + size, d + size


def _in_rows(was: list[Row], now: list[Row], layout: Layout) -> Iterator[Change]:
    keys = [
        [(squeezed(row.name), row.indicator_position, row.is_relisted) for row in rows] for rows in (was, now)
    ]
    for old, new in _pairs(was, now, *keys):
        if old is None or new is None:
            yield _whole_row(old, new)
            continue
        columns = {column.key: column for column in (*old.columns, *new.columns)}
        for key, column in columns.items():
            before, after = old.cells.get(key, ""), new.cells.get(key, "")
            if before != after:
                year = f"{fiscal_year.era(column.fiscal_year)}の" if column.fiscal_year else ""
                place = f"「{old.name}」の{year}{ROLES[column.role]}"
                yield Change(old.line, new.line, place, before, after, column)
        for mark, one, other in (
            (layout.mark, old.has_mark, new.has_mark),
            (layout.relisted, old.is_relisted, new.is_relisted),
        ):
            if one != other:
                yield Change(old.line, new.line, f"「{old.name}」の印", mark * one, mark * other)


def _whole_row(old: Row | None, new: Row | None) -> Change:
    before, after = (" ".join(filter(None, row.cells.values())) if row else "" for row in (old, new))
    row = old or new
    assert row is not None
    place = f"「{row.name}」の行"
    return Change(old.line if old else None, new.line if new else None, place, before, after)


def _in_other_lines(
    before: SourceText, after: SourceText, was: list[Row], now: list[Row], layout: Layout
) -> Iterator[Change]:
    others = []
    for text, rows in ((before, was), (after, now)):
        taken = {row.line for row in rows}
        lines = [
            (number, cells_of_line(line, layout.mark))
            for number, line in text.numbered()
            if number not in taken
        ]
        others.append([(number, cells) for number, cells in lines if cells])
    keys = [[cells for _, cells in lines] for lines in others]
    for old, new in _pairs(others[0], others[1], *keys):
        if (old and old[1]) != (new and new[1]):
            yield Change(
                old[0] if old else None,
                new[0] if new else None,
                "見出しの行",
                " ".join(old[1]) if old else "",
                " ".join(new[1]) if new else "",
            )
