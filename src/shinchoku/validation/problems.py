"""What a check finds, and the registry of all rules.

A ``Rule`` is declared once, beside the check that applies it: what must hold and
what to do where it does not, in Japanese, with an example; ``RULES`` collects
them all. How findings are shown to people and programs is for ``reporting``.
Must not import anything of this project, and never prints.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

ERROR = "error"
WARNING = "warning"

_SHOWN_VALUE_LENGTH = 60
_COMPARED_NAMES = 1_000
# Also the "##[" with which a line of a build's log would give an order to the machine that runs it.
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    r"\ue000-\uf8ff\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]|(?<=#)#(?=\[)"
)


class Stage(Enum):
    """When a rule is applied, in this order; the value is what people read."""

    DESCRIPTOR = "datapackage.json"
    FILES = "ファイル"
    TEXT = "文字コードと改行、CSVの形"
    LAYOUT = "見出しと行"
    CELLS = "セルの書き方"
    TABLES = "列ごとの決まりとID"
    FORM = "並び順と書き出し"
    ACROSS = "表と表の関係"
    SOURCES = "原資料の文字と、文章の書き方"
    GLOSSARY = "用語の説明"


class Mending(Enum):
    """Whether ``--fix`` mends what a rule finds; the value is what people read."""

    ALWAYS = "自動で直せます"
    WHERE_CLEAR = "1通りに決まるときは、自動で直せます"
    BY_HAND = "人が直します"


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect at one place. ``line`` is the physical line of the file, from 1.

    ``fixed`` is what ``--fix`` writes in place of ``value``; ``None`` where a person must decide.
    ``paste`` is a line of a CSV that would make it right, but for what only a person can say in it.
    """

    rule: str
    severity: str
    file: str
    line: int | None
    column: str | None
    value: str | None
    message: str
    remedy: str
    fixed: str | None = None
    paste: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold (``text``), what to do where it does not (``remedy``), and a bad and a good ``example``."""

    id: str
    stage: Stage
    severity: str
    text: str
    remedy: str
    example: tuple[str, str]
    mending: Mending

    def problem(
        self,
        file: str,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: object = None,
        remedy: str | None = None,
        fixed: object = None,
        paste: str | None = None,
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
            fixed=None if fixed is None else shown(fixed),
            paste=paste,
        )


#: Rule id → rule: all there are.
RULES: dict[str, Rule] = {}


def rule(
    stage: Stage,
    rule_id: str,
    text: str,
    remedy: str,
    *,
    example: tuple[str, str],
    severity: str = ERROR,
    mending: Mending = Mending.BY_HAND,
) -> Rule:
    """Declare a rule. An id means one thing, so it cannot be declared twice."""
    if rule_id in RULES:
        raise ValueError(f"rule {rule_id} is declared twice")
    RULES[rule_id] = Rule(rule_id, stage, severity, text, remedy, example, mending)
    return RULES[rule_id]


def visible(text: str) -> str:
    """``text`` with the characters nobody sees written out."""
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def shown(value: object) -> str:
    """A value fit for a message: short, and visible."""
    text = str(value)
    if len(text) > _SHOWN_VALUE_LENGTH:
        text = text[:_SHOWN_VALUE_LENGTH] + "…"
    return visible(text)


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
    match = difflib.get_close_matches(wanted[: _SHOWN_VALUE_LENGTH * 4], names, 1, likeness)
    return names[match[0]] if match else None


def meant(value: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """``「…」でしょうか。`` for the nearest known name, or nothing."""
    near = nearest(value, known, likeness)
    return "" if near is None else f"「{shown(near)}」でしょうか。"
