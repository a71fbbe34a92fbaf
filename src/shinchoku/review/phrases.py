"""What the formats for people have in common: the same sentences about the same things.

Pure functions from a review to Japanese text that is still to be escaped. Must not know a format.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from shinchoku import words
from shinchoku.changes import log, row_names
from shinchoku.changes.comparing import Kind
from shinchoku.metrics import IndicatorResult
from shinchoku.package.records import Amount
from shinchoku.review.findings import Cell, Review, TableReview
from shinchoku.review.outcome import AssessmentChange, Total
from shinchoku.text import likeness, pair, visible

NOTHING = "違いはありません。"
EMPTY = "空欄"
NONE = "なし"
CALCULATION = "このサイトの計算"
KINDS: dict[Kind, str] = {kind: log.KINDS[kind].short for kind in Kind}


def headline(review: Review) -> str:
    """How much differs."""
    if not review.is_changed:
        return NOTHING
    added, removed, changed = (review.counts[kind] for kind in (Kind.ADDED, Kind.REMOVED, Kind.CHANGED))
    tables = len(review.tables)
    return f"値の変更 {changed:,}件、行の追加 {added:,}行、行の削除 {removed:,}行（{tables}つの表）"


def table_headline(table: TableReview) -> str:
    """How many rows of a table differ, by kind."""
    counts = [f"{label} {table.counts[kind]:,}行" for kind, label in KINDS.items() if table.counts[kind]]
    return "、".join(counts) or "行の違いはありません"


def pages_headline(review: Review) -> str:
    """How many pages, and whether it is known that they show something else."""
    if review.are_pages_made:
        return f"内容が変わるページ（{len(review.pages):,}）"
    return f"変わった行のページ（{len(review.pages):,}）"


def values(cell: Cell) -> tuple[str | None, str | None]:
    """The old and the new value as they are shown: ``None`` for an empty cell, or none at all."""
    old, new = pair(cell.old or "", cell.new or "")
    return _coded(old, cell.old_label), _coded(new, cell.new_label)


def _coded(text: str, label: str) -> str | None:
    """``集計中（pending）``: the word for a code, and the code that stands in the file."""
    if not text:
        return None
    return f"{visible(label)}（{text}）" if label else text


def hint(cell: Cell) -> str:
    """``（空白や文字の幅などだけの違い）`` where the values of a changed row look alike."""
    found = likeness(cell.old or "", cell.new or "")
    return f"（{found}）" if found else ""


def verdict(result: IndicatorResult | None) -> str:
    """``◯ 目標達成``."""
    if result is None:
        return NONE
    found = words.ASSESSMENTS[result.assessment]
    return f"{found.symbol} {found.label}"


def rate(result: IndicatorResult | None) -> str:
    """``103.2%``."""
    return NONE if result is None or result.achievement_rate is None else words.rate(result.achievement_rate)


def verdict_years(change: AssessmentChange) -> str:
    """The fiscal year that is assessed, both where it is another one, and in which report."""
    years = dict.fromkeys(each.fiscal_year for each in (change.before, change.after) if each)
    said = " → ".join(row_names.year(each) for each in years if each is not None) or NONE
    return f"{said}／{change.edition}" if change.edition else said


def total_name(total: Total) -> str:
    """What is counted, and in which report."""
    return f"{total.edition}：{total.name}" if total.edition else total.name


def number(total: Total, value: Amount | None) -> str:
    """``93,198,101千円``."""
    return NONE if value is None else f"{value:,}{total.unit}"


def difference(total: Total) -> str:
    """``+1,200千円``; empty where one side has no number."""
    if total.before is None or total.after is None:
        return ""
    return f"{words.signed(Decimal(total.after - total.before))}{total.unit}"


def outcome_headline(review: Review) -> str:
    """How many assessments and totals differ, and from what to what, where that could be calculated."""
    if review.outcome is None:
        return "判定と合計：計算していません"
    verdicts = [each for each in review.outcome.assessments if each.is_verdict_changed]
    moves = Counter(
        tuple(
            words.ASSESSMENTS[side.assessment].label if side else NONE for side in (each.before, each.after)
        )
        for each in verdicts
    )
    told = "、".join(f"{' → '.join(labels)} {count:,}件" for labels, count in moves.items())
    totals = len(review.outcome.totals)
    return (
        f"判定の変化 {len(verdicts):,}件{f'（{told}）' if told else ''}、"
        f"合計の変化 {totals:,}件。{CALCULATION}です。"
    )
