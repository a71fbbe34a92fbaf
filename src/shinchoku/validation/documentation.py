"""The list of all rules for people, from the one registry: by stage."""

from __future__ import annotations

from typing import NamedTuple

from shinchoku.validation.problems import RULES, WARNING, Rule, Stage


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
