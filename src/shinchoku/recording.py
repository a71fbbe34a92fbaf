"""The log of changes of a package folder: what it lacks since the newest version, and writing that down.

What a difference is, and what the log has to say of it, is for ``history``; here the two states are
read, the missing lines put at its end, and both told to a maintainer in Japanese. Must not print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date
from pathlib import Path

from shinchoku import history
from shinchoku.comparison import Kind
from shinchoku.history import LOG, Findings, Unrecorded
from shinchoku.package.cells import read_cells
from shinchoku.package.reading import read_table
from shinchoku.package.records import Change, Release, columns
from shinchoku.package.releases import read_released, read_releases
from shinchoku.package.writing import csv_bytes
from shinchoku.paths import DATA

_FILE = f"{DATA}/{LOG}.csv"
#: Differences that are still read one by one; of more than these the number is what matters.
_TOLD = 20
_LONGEST = 60


class NoReason(Exception):
    """A change would stand in the log without its reason; the message is for a maintainer."""


def newest_release(directory: Path) -> Release | None:
    """The version that today's tables are compared with; ``None`` while there is none."""
    return next(reversed(read_releases(directory)), None)


def findings(directory: Path, newest: Release) -> Findings:
    """Where the log and the tables part since a version."""
    _, released = read_released(directory, newest)
    return history.check(released, read_cells(directory))


def missing_entries(directory: Path, found: Findings, changed_on: date, reason: str) -> tuple[Change, ...]:
    """The lines the log lacks. Where ``reason`` is empty, only those of corrections have one."""
    return history.entries(found.unrecorded, read_cells(directory), changed_on, reason)


def log_with(directory: Path, entries: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    """The log with these lines at its end, as a table to write. Raises ``NoReason`` where one lacks it."""
    without = [entry for entry in entries if not entry.reason]
    if without:
        raise NoReason(
            f"理由のない変更が{len(without)}件あります。--reason に理由を書いてください"
            "（corrections.csv に訂正のある値は、その理由を写します）。"
        )
    return {LOG: (*read_table(directory, LOG), *entries)}


# -- for a maintainer -----------------------------------------------------------


def as_text(found: Findings, newest: Release) -> str:
    """What is missing and what does not fit, for the terminal."""
    if found.is_complete:
        return f"版 {newest.version} からの変更は、すべて {_FILE} に記録されています。"
    lines = []
    if found.disagreements:
        lines += [f"{_FILE} に、合わない記録があります。", *_first(found.disagreements)]
    if found.unrecorded:
        lines += [
            f"版 {newest.version} からの変更のうち、{_FILE} に記録のないものが{len(found.unrecorded):,}件あります。",
            *_first([_told(item) for item in found.unrecorded]),
            '記録するには: shinchoku changes --add --reason "変えた理由"',
        ]
    return "\n".join(lines)


def as_markdown(found: Findings, entries: Sequence[Change], newest: Release) -> str:
    """The same for a pull request: the missing lines as they are to be pasted into the log."""
    title = "## 変更の記録\n"
    if found.is_complete:
        return f"{title}\n{as_text(found, newest)}"
    parts = [title]
    if found.disagreements:
        parts += [
            f"`{_FILE}` に、合わない記録があります。\n",
            _fenced("\n".join(found.disagreements), "text"),
        ]
    if entries:
        table = csv_bytes(columns(Change), map(astuple, entries)).decode("utf-8")
        parts += [
            f"版 {newest.version} からの変更のうち、記録のないものが{len(entries):,}件あります。"
            f"次の行を写して `{_FILE}` の終わりに貼り、コンマで終わる行には、続けて理由を書いてください。"
            "理由の中では、半角のコンマと引用符を使わないでください。\n",
            _fenced(table.partition("\n")[2].removesuffix("\n"), "csv"),
        ]
    return "\n".join(parts)


def _first(lines: Sequence[str]) -> Iterable[str]:
    yield from (f"  {line}" for line in lines[:_TOLD])
    if len(lines) > _TOLD:
        yield f"  …ほか{len(lines) - _TOLD:,}件"


def _told(item: Unrecorded) -> str:
    if item.kind is Kind.CHANGED:
        old, new = (f"「{_short(text)}」" if text else "空欄" for text in (item.old, item.new))
        return f"{item.table} {item.record_key} {item.column}: {old} → {new}"
    return f"{item.table} {item.record_key}: 行を{'加えた' if item.kind is Kind.ADDED else '除いた'}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _fenced(text: str, language: str) -> str:
    """A block of code that nothing in ``text`` can end."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"
