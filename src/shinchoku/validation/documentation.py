"""The list of all rules for people, from the one registry: by stage, and as Markdown for a guide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from shinchoku.validation.problems import RULES, WARNING, Rule, Stage

#: The list stands between these lines of a file.
BEGIN = "<!-- rules: begin（この間は自動で書かれます。直さないでください） -->"
END = "<!-- rules: end -->"


class RuleDoc(NamedTuple):
    """A rule as it is documented; the words are for people."""

    id: str
    stage: str
    severity: str
    text: str
    remedy: str
    mending: str
    bad: str
    good: str


def _documented(rule: Rule) -> RuleDoc:
    return RuleDoc(
        id=rule.id,
        stage=rule.stage.value,
        severity="警告" if rule.severity == WARNING else "エラー",
        text=rule.text,
        remedy=rule.remedy,
        mending=rule.mending.value,
        bad=rule.example[0],
        good=rule.example[1],
    )


def rules_documented() -> list[RuleDoc]:
    """Every rule, in the order in which they are applied."""
    order = list(Stage)
    return [_documented(rule) for rule in sorted(RULES.values(), key=lambda rule: order.index(rule.stage))]


def rules_by_stage() -> dict[str, list[RuleDoc]]:
    """Stage → its rules, in the order of the stages."""
    found: dict[str, list[RuleDoc]] = {stage.value: [] for stage in Stage}
    for rule in rules_documented():
        found[rule.stage].append(rule)
    return found


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#~])", r"\\\1", text)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def rules_as_markdown() -> str:
    """The rules as tables in Markdown, a fold for each stage."""
    lines = [BEGIN, ""]
    for stage, rules in rules_by_stage().items():
        lines += ["<details>", f"<summary>{stage}（{len(rules)}件）</summary>", ""]
        lines += [_row(("規則", "守ること", "直し方", "例", "重さ", "<code>--fix</code>")), _row(["---"] * 6)]
        for rule in rules:
            example = f"✗ {_cell(rule.bad)}<br>✓ {_cell(rule.good)}"
            texts = (_cell(rule.text), _cell(rule.remedy), example, rule.severity, rule.mending)
            lines.append(_row((f"<code>{rule.id}</code>", *texts)))
        lines += ["", "</details>", ""]
    return "\n".join([*lines, END, ""])


def with_rules(text: str) -> str:
    """A document with the list of rules between its two marks as it is now.

    Raises ``ValueError`` where it has not exactly these marks.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(f"{END}\n")
    if not begin or not end:
        raise ValueError(f"{BEGIN} … {END}")
    return f"{before}{rules_as_markdown()}{after}"
