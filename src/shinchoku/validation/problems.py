"""What a check finds, the registry of all rules, and how findings are shown.

A ``Rule`` is declared once, beside the check that applies it, with a sentence
in Japanese saying what must hold and a remedy; ``RULES`` collects them all.
Must not import anything of this project, and never prints.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby

ERROR = "error"
WARNING = "warning"

#: A file with thousands of problems is summed up after this many in the text for people.
SHOWN_PER_FILE = 20
_SHOWN_VALUE_LENGTH = 60
_COMPARED_NAMES = 1_000
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\uffff]"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect at one place. ``line`` is the physical line of the file, from 1."""

    rule: str
    severity: str
    file: str
    line: int | None
    column: str | None
    value: str | None
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold (``text``) and what to do where it does not (``remedy``)."""

    id: str
    severity: str
    text: str
    remedy: str

    def problem(
        self,
        file: str,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: object = None,
        remedy: str | None = None,
    ) -> Problem:
        return Problem(
            rule=self.id,
            severity=self.severity,
            file=file,
            line=line,
            column=column,
            value=None if value is None else shown(value),
            message=message,
            remedy=remedy or self.remedy,
        )


#: Rule id → rule: all there are.
RULES: dict[str, Rule] = {}


def rule(rule_id: str, text: str, remedy: str, severity: str = ERROR) -> Rule:
    """Declare a rule. An id means one thing, so it cannot be declared twice."""
    if rule_id in RULES:
        raise ValueError(f"rule {rule_id} is declared twice")
    RULES[rule_id] = Rule(rule_id, severity, text, remedy)
    return RULES[rule_id]


def shown(value: object) -> str:
    """A value fit for a message: short, and with its invisible characters visible."""
    text = str(value)
    if len(text) > _SHOWN_VALUE_LENGTH:
        text = text[:_SHOWN_VALUE_LENGTH] + "…"
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def quoted(values: Iterable[object], limit: int = 10) -> str:
    """``「a」「b」``, cut after ``limit`` values."""
    texts = [f"「{shown(value)}」" for value in values]
    rest = f"など{len(texts)}件" if len(texts) > limit else ""
    return "".join(texts[:limit]) + rest


def nearest(value: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name most like ``value``, letter case aside; ``None`` where none is alike.

    Of very many names only those that begin alike are compared, and of very many of these none:
    a hint may be missing, a check must not take minutes.
    """
    names = {name.lower(): name for name in known}
    wanted = unicodedata.normalize("NFKC", value).strip().lower()
    if len(names) > _COMPARED_NAMES:
        names = {lower: name for lower, name in names.items() if lower[:3] == wanted[:3]}
    if len(names) > _COMPARED_NAMES:
        return None
    match = difflib.get_close_matches(wanted, names, 1, likeness)
    return names[match[0]] if match else None


def meant(value: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """``「…」でしょうか。`` for the nearest known name, or nothing."""
    near = nearest(value, known, likeness)
    return "" if near is None else f"「{near}」でしょうか。"


def _line(problem: Problem) -> str:
    place = problem.file
    if problem.line is not None:
        place += f" {problem.line}行目"
    if problem.column is not None:
        place += f" {problem.column}列"
    return f"{place}:{problem.message}{problem.remedy}"


def _lines(problems: Iterable[Problem]) -> Iterator[str]:
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0))
    for file, group in groupby(ordered, key=lambda problem: problem.file):
        found = list(group)
        yield from map(_line, found[:SHOWN_PER_FILE])
        if len(found) > SHOWN_PER_FILE:
            yield f"{file}:ほかに{len(found) - SHOWN_PER_FILE}件あります（全{len(found)}件）。"


def render_text(problems: list[Problem]) -> str:
    """The problems for a person: errors, then warnings, then how many of each."""
    if not problems:
        return "問題は見つかりませんでした。"
    errors = [problem for problem in problems if problem.severity == ERROR]
    warnings = [problem for problem in problems if problem.severity == WARNING]
    blocks = []
    if errors:
        blocks.append(["【エラー】直すまで公開できません。", *_lines(errors)])
    if warnings:
        blocks.append(["【警告】公開はできますが、確かめてください。", *_lines(warnings)])
    blocks.append([f"エラー{len(errors)}件、警告{len(warnings)}件"])
    return "\n\n".join("\n".join(block) for block in blocks)


def to_json(problems: list[Problem]) -> str:
    """The problems as a JSON array, every one of them, with the fields of ``Problem``."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)
