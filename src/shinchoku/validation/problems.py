"""What a check finds, and the registry of all rules.

A ``Rule`` is declared once, beside the check that applies it: what must hold and
what to do where it does not, in Japanese, with an example; ``RULES`` collects
them all. How findings are shown to people and programs is for ``reporting``.
Never prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shinchoku.text import shown

ERROR = "error"
WARNING = "warning"


class Stage(Enum):
    """When a rule is applied, in this order; the value is what people read."""

    DESCRIPTOR = "datapackage.json"
    FILES = "ファイル"
    TEXT = "文字コードと改行、CSVの形"
    LAYOUT = "見出しと行"
    CELLS = "セルの書き方"
    TABLES = "列ごとの決まりとID"
    FORM = "並び順と書き出し"
    CROSS_TABLE = "表と表の関係"
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
