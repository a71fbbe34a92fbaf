"""A review for a terminal and for a log: plain lines, each of them begun by this module.

No character of a cell can steer the terminal, and no line be a command of GitHub's runner: they
obey lines that begin with ``::`` and ``##[`` anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku.comparison import Kind
from shinchoku.review import phrases
from shinchoku.review.findings import Record, Review
from shinchoku.visible import visible


def render(review: Review, site_url: str = "") -> str:
    """The whole review; ``site_url`` makes addresses of paths."""
    blocks = [
        [f"{visible(review.before)} → {visible(review.after)}", phrases.headline(review)],
        *_blocks(review, site_url),
    ]
    lines = "\n\n".join("\n".join(block) for block in blocks if block)
    return lines.replace("##[", "##\\u005b") + "\n"


def _blocks(review: Review, site_url: str) -> Iterator[list[str]]:
    if not review.is_changed:
        return
    yield [phrases.outcome_headline(review), *map(visible, review.remarks)]
    if review.outcome:
        yield list(_outcome(review))
    for table in review.tables:
        title = f"■ {visible(table.title)}（{visible(table.name)}）：{phrases.table_headline(table)}"
        lines = [title, *(f"  ※ {visible(remark)}" for remark in table.remarks)]
        for record in table.records:
            lines += _record(record)
        yield lines
    if review.files:
        yield ["表のほかに変わったファイル", *(f"  {visible(name)}" for name in review.files)]
    yield [
        phrases.pages_headline(review),
        *(
            f"  {phrases.SIGNS[page.kind]} {visible(page.title)}  {site_url}/{page.address}"
            for page in review.pages
        ),
    ]


def _outcome(review: Review) -> Iterator[str]:
    for change in review.outcome.assessments:
        yield f"  {visible(change.name)} 〔{phrases.verdict_years(change)}〕"
        if change.is_verdict_changed:
            yield f"    判定：{phrases.verdict(change.before)} → {phrases.verdict(change.after)}"
        if change.rate_before != change.rate_after:
            yield f"    達成率：{phrases.rate(change.rate_before)} → {phrases.rate(change.rate_after)}"
    for total in review.outcome.totals:
        before, after = phrases.number(total, total.before), phrases.number(total, total.after)
        yield f"  {phrases.total_name(total)}：{before} → {after}  {phrases.difference(total)}".rstrip()


def _record(record: Record) -> Iterator[str]:
    place = f"  〔{visible(record.printed_at)}〕" if record.printed_at else ""
    yield f"  {phrases.SIGNS[record.kind]} {visible(record.name)}{place}"
    for cell in record.cells:
        shown = phrases.values(cell)
        if record.kind == Kind.CHANGED:
            hint = f"（{shown.hint}）" if shown.hint else ""
            yield f"      {shown.title}：{_quoted(shown.old)} → {_quoted(shown.new)}{hint}"
        else:
            yield f"      {shown.title}：{_quoted(shown.old if shown.new is None else shown.new)}"


def _quoted(text: str | None) -> str:
    return phrases.EMPTY if text is None else f"「{text}」"
