"""What a report brings, as Markdown for the pull request that adds it.

What is new, gone or otherwise is for ``reports_compared``; here it is put into words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shinchoku import fiscal_year, reports_compared, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Package


def summary_of_report(
    published: Package, source_id: str, notes: Mapping[str, Sequence[str]] | None = None
) -> str:
    """What the progress report of ``source_id`` says otherwise than the one before it; and ``notes`` of
    how its document was read (a title → what stands below it)."""
    source = published.source[source_id]
    if source.report_fiscal_year is None:
        raise ValueError(f"{source_id} is no progress report")
    edition = published.edition(source.report_fiscal_year)
    lines = [
        f"## {fiscal_year.both(source.report_fiscal_year)}の報告",
        "",
        f"原資料：{_code(source.title)}（`{source.file}`、{source.line_count:,}行）",
        "",
        f"- 事業：{len(edition.initiatives):,}件、掲載行：{len(published.document(source_id).listings):,}行",
    ]
    printed = published.document(source_id)
    statuses = [item.status for item in printed.observations]
    statuses += [item.status for item in printed.settlements]
    statuses += [item.status for item in printed.budgets]
    if blank := statuses.count("blank"):
        lines += [f"- 空欄：値と額の{blank:,}か所。書き忘れでないか、確かめてください。"]
    for title, texts in (notes or {}).items():
        if texts:
            lines += ["", f"### {title}（{len(texts):,}件）", "", *(f"- {_code(text)}" for text in texts)]
    step = reports_compared.step(edition, source.report_fiscal_year)
    if step is None:
        return "\n".join([*lines, "", "比べる前の報告はありません。", ""])
    sections = _sections(step)
    for title, items in sections.items():
        if items:
            lines += ["", f"### {title}（{len(items):,}件）", "", *(f"- {item}" for item in items)]
    if none := [title for title, items in sections.items() if not items]:
        lines += ["", f"次のものはありません：{'、'.join(none)}。"]
    return "\n".join([*lines, ""])


def _sections(step: reports_compared.Step) -> dict[str, list[str]]:
    """Title → what is listed below it, in the order of the summary."""
    before, after = step.before, step.after
    outcomes = dictionary.codes(after, "absences", "outcome")

    def new_initiative(key: str) -> str:
        again = "：以前の報告にもありました" if key in step.returned else ""
        return f"{_named(key, after.initiative[key].name)}{again}"

    def gone_initiative(key: str) -> str:
        absence, name = step.absences.get(key), _named(key, before.initiative[key].name)
        if absence is None:
            return f"{name}：前の報告で終了と印刷されています。"
        into = f"（{absence.successor_initiative_id}）" if absence.successor_initiative_id else ""
        return f"{name}：{outcomes[absence.outcome].label}{into}（このサイトの読み取り：{_code(absence.reason)}）"

    return {
        "新しい事業": [new_initiative(key) for key in step.initiatives.new],
        "載らなくなった事業": [gone_initiative(key) for key in step.initiatives.gone],
        "終了・統合と印刷された事業": [
            f"{_named(item.initiative_id, item.name)}：{_code(item.lifecycle_printed)}"
            for item in after.initiatives
            if item.lifecycle_printed
            and before.initiative.get(item.initiative_id, item).lifecycle_printed != item.lifecycle_printed
        ],
        "名前の変わった事業": [_renamed(item) for item in step.initiatives.renamed],
        "新しい指標": [_named(key, after.indicator[key].name_printed) for key in step.indicators.new],
        "載らなくなった指標": [
            _named(key, before.indicator[key].name_printed)
            for key in step.indicators.gone
            if before.indicator[key].initiative_id not in step.initiatives.gone
        ],
        "名前の変わった指標": [_renamed(item) for item in step.indicators.renamed],
        "単位の変わった指標": [f"{_renamed(item)}：前の値とは比べません。" for item in step.changed_units],
        "新しい施策": [_named(key, after.policy[key].title) for key in step.policies.new],
        "載らなくなった施策": [_named(key, before.policy[key].title) for key in step.policies.gone],
        "題名の変わった施策": [_renamed(item) for item in step.policies.renamed],
        "番号や場所の変わった施策": [_named(key, after.policy[key].title) for key in step.moved_policies],
        "前の報告と違う過去の値": [_revised(item) for item in step.revisions],
        "判定の変わった事業": [
            f"{_named(item.id, after.initiative[item.id].name)}："
            f"{words.ASSESSMENTS[item.before].label} → {words.ASSESSMENTS[item.after].label}"
            for item in step.reassessed
        ],
    }


def _code(text: str) -> str:
    """Printed text as code, in which Markdown and mentions do nothing."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"


def _named(key: str, name: str) -> str:
    return f"{_code(name)}（{key}）"


def _renamed(item: reports_compared.Changed[str]) -> str:
    return f"{_code(item.before)} → {_code(item.after)}（{item.id}）"


def _revised(item: reports_compared.Revision) -> str:
    role = "実績" if item.after.role == "actual" else "目標"
    old, new = (
        f"{_code(side.printed or '空欄')}（{side.source_id} {side.source_line}行目）"
        for side in (item.before, item.after)
    )
    place = f"{item.after.indicator_id} {fiscal_year.era(item.after.fiscal_year)}の{role}"
    return f"{place}：{old} → {new}、{words.REVISIONS[item.kind].label}"
