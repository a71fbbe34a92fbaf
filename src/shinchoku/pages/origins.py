"""Where in the repository stands what a page shows: the file, the lines of its rows, and where both can be edited.

Lines are those of the file itself, as the package was read from it. Without a
known repository there is nowhere to lead to, and the page names file and lines.
Must not render anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shinchoku.package.descriptor import resources
from shinchoku.package.editions import Edition
from shinchoku.pages import publication


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring lines of a file; ``url`` (``None``: nowhere known) shows them."""

    first: int
    last: int
    url: str | None

    @property
    def label(self) -> str:
        return f"{self.first}行目" if self.first == self.last else f"{self.first}〜{self.last}行目"


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of the repository, and where in it (nowhere: all of it)."""

    file: str
    runs: tuple[Run, ...]
    view_url: str | None
    edit_url: str | None

    @property
    def name(self) -> str:
        return self.file.rpartition("/")[2]


def of_file(file: str, lines: Iterable[tuple[int, int]] = ()) -> Origin:
    """A file, given by its path in the repository, and the (first, last) lines that matter."""
    return Origin(
        file=file,
        runs=tuple(
            Run(first, last, publication.file_view(file, first, last)) for first, last in _joined(lines)
        ),
        view_url=publication.file_view(file),
        edit_url=publication.file_edit(file),
    )


def of_files(*files: str) -> tuple[Origin, ...]:
    """Whole files."""
    return tuple(map(of_file, files))


def of_rows(package: Edition, **tables: Iterable[Any]) -> tuple[Origin, ...]:
    """Rows by table, in this order; tables of which there are none are left out.

    A row whose line is not known (of a package that was not read from files) names its file alone.
    """
    declared = resources(package.descriptor)
    found = []
    for name, records in tables.items():
        if rows := list(records):
            lines = [package.row_lines.get(row) for row in rows]
            found.append(of_file(declared[name]["path"], lines if None not in lines else ()))
    return tuple(found)


def _joined(lines: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(lines):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
