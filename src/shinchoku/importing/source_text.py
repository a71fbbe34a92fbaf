"""The text of a source document: bytes to numbered lines, and white space.

Knows nothing of what the lines mean.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shinchoku import files
from shinchoku.importing.problem import ImportProblem
from shinchoku.text import without_markup

_RULE = re.compile(r"-{2,}")
#: More lines than that are not compared as a whole.
_LONG = 2_000


@dataclass(frozen=True)
class SourceText:
    """A document: ``file`` as named in messages, its lines, its checksum."""

    file: str
    lines: tuple[str, ...]
    sha256: str

    def numbered(self) -> list[tuple[int, str]]:
        """(line number from 1, line) of every line that is not blank."""
        return [(number, line) for number, line in enumerate(self.lines, 1) if line.strip()]


def collapsed(text: str) -> str:
    """Outer white space removed, inner runs as one space."""
    return " ".join(text.split())


def cells_of_line(line: str, mark: str = "") -> tuple[str, ...]:
    """The cells of a line that say something, the mark apart; nothing for a blank or ruled line."""
    if mark:
        line = line.replace(mark, f"{mark}\t", 1)
    cells = tuple(cell for cell in map(without_markup, line.split("\t")) if cell)
    return () if all(_RULE.fullmatch(cell) for cell in cells) else cells


def alike(was: Sequence[Hashable], now: Sequence[Hashable]) -> Iterator[tuple[int, int, int]]:
    """What stands in both of two texts, from the top: where in the one, where in the other, and how much.

    ``difflib`` says it, whose time is quadratic in what is often repeated, as blank lines and headings of tables
    are. So of long texts it compares only what stands between lines that each has once.
    """
    pairs: list[tuple[int, int]] = []
    if len(was) > _LONG:
        here = {item: at for at, item in enumerate(now)}
        once = [Counter(items) for items in (was, now)]
        pairs = [(at, here[item]) for at, item in enumerate(was) if once[0][item] == once[1][item] == 1]
    first, other = 0, 0
    for at, there in [*_rising(pairs), (len(was), len(now))]:
        between = difflib.SequenceMatcher(None, was[first:at], now[other:there], autojunk=False)
        for a, b, size in between.get_matching_blocks():
            if size:
                yield first + a, other + b, size
        if at < len(was):
            yield at, there, 1
        first, other = at + 1, there + 1


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of the pairs, in their order, whose second number rises too."""
    last: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        length = bisect_left(last, there)
        last[length : length + 1] = [there]
        before.append(at_end[length - 1] if length else -1)
        at_end[length : length + 1] = [number]
    found = []
    number = at_end[-1] if at_end else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def kept_where_same(old: str, new: str, mark: str = "") -> str:
    """``new``, with the lines of ``old`` where a spreadsheet only lost their markup and rules on the way."""
    end = "\n" if old.endswith("\n") else ""
    before, after = (text.removesuffix("\n").split("\n") for text in (old, new))
    was, is_now = ([cells_of_line(line, mark) for line in lines] for lines in (before, after))
    lines = list(after)
    for first, here, size in alike(was, is_now):
        lines[here : here + size] = before[first : first + size]
    return "\n".join(lines) + end


def read(path: Path, file: str) -> SourceText:
    """The document at ``path``; a final line without a newline is a line.

    Raises ``ImportProblem`` when the file is missing, empty or not UTF-8.
    """
    try:
        content = files.read(path)
    except FileNotFoundError:
        raise ImportProblem(
            file, None, "原資料のファイルがありません。", "ファイル名を確かめてください。"
        ) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportProblem(
            file, line, "UTF-8の文字として読めません。", "文字コードをUTF-8にして保存し直してください。"
        ) from None
    return of(file, text, content)


def of(file: str, text: str, content: bytes = b"") -> SourceText:
    """Text as its lines. Raises ``ImportProblem`` when there are none."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ImportProblem(file, None, "ファイルが空です。", "原資料のテキストを入れてください。")
    lines = tuple(text.removesuffix("\n").split("\n"))
    return SourceText(file, lines, hashlib.sha256(content).hexdigest())
