"""A review as GitHub-flavoured Markdown: the summary of a job, the text of a pull request.

All of the data stands in blocks of HTML, inside which Markdown means nothing, and every piece of
text from a package in ``<code>`` besides, where GitHub makes no mention, reference, emoji or link
of it. A block of HTML ends at a blank line, so no line from a package may be one: ``visible``
leaves no line ends. A summary may have 1 MiB; what does not fit is counted and left out. What was
compared is not named: a pull request says it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shinchoku import addresses
from shinchoku.changes.comparing import Kind
from shinchoku.metrics import IndicatorResult
from shinchoku.review import phrases
from shinchoku.review.findings import Record, Review, TableReview
from shinchoku.review.outcome import Outcome
from shinchoku.text import visible

#: GitHub shows no summary of more than 1 MiB; some room is left for what else a job says.
LIMIT = 1_000_000
#: More rows than this are folded; folded, so many stand together.
_OPEN = 20
_FOLDED = 200


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece that is shown or left out whole, and how many things it tells."""

    text: str
    count: int = 0


def render(review: Review, site_url: str = "", limit: int = LIMIT) -> str:
    """The review in at most ``limit`` bytes of UTF-8."""
    blocks = [_Block("## データの変更"), _Block(f"**{phrases.headline(review)}**")]
    if review.is_changed:
        blocks.append(_Block(phrases.outcome_headline(review)))
        blocks += [_Block(f"<p>{_code(remark)}</p>") for remark in review.remarks]
        if review.outcome is not None:
            blocks += _outcome(review.outcome, site_url)
        for table in review.tables:
            blocks += _table(table, site_url)
        blocks += _list("<b>表のほかに変わったファイル</b>", review.files)
        blocks += _pages(review, site_url)
    return _fitting(blocks, limit)


def _fitting(blocks: Iterable[_Block], limit: int) -> str:
    """The blocks that fit, in order; what the others would tell is counted at the end."""
    note = (
        "> **長いので、ここに載せていないものが{:,}行あります。** "
        "全部は `shinchoku diff --format html` で見られます。\n"
    )
    room = limit - len(note.format(10**9).encode("utf-8"))
    kept, left_out = [], 0
    for block in blocks:
        size = len(block.text.encode("utf-8")) + 2
        if size <= room:
            room -= size
            kept.append(block.text)
        else:
            left_out += max(block.count, 1)
    return "\n\n".join(kept) + "\n" + (f"\n{note.format(left_out)}" if left_out else "")


# -- text of the package ------------------------------------------------------


def _code(text: str) -> str:
    """Text that is shown and does nothing, neither here nor in the log of a job (``##[``)."""
    return f"<code>{html.escape(visible(text)).replace('##[', '##&#91;')}</code>"


def _value(text: str | None) -> str:
    return f"<i>{phrases.EMPTY}</i>" if text is None else _code(text)


def _link(text: str, address: str | None, site_url: str) -> str:
    if address is None or not site_url:
        return _code(text)
    return f'<a href="{html.escape(addresses.public(address, site_url))}">{_code(text)}</a>'


# -- blocks ---------------------------------------------------------------------


def _rows(summary: str, header: Sequence[str], rows: Sequence[str]) -> Iterator[_Block]:
    """A table, folded where it is long, and then in several parts."""
    head = "<tr>" + "".join(f"<th>{title}</th>" for title in header) + "</tr>"
    for start in range(0, len(rows), _FOLDED):
        part = rows[start : start + _FOLDED]
        table = "\n".join(["<table>", head, *part, "</table>"])
        of_all = f"（{start + 1:,}〜{start + len(part):,}／{len(rows):,}）" if len(rows) > _FOLDED else ""
        is_open = " open" if len(rows) <= _OPEN else ""
        yield _Block(
            f"<details{is_open}><summary>{summary}{of_all}</summary>\n{table}\n</details>", len(part)
        )


def _list(title: str, items: Sequence[str]) -> Iterator[_Block]:
    if items:
        listed = "".join(f"<li>{_code(item)}</li>" for item in items)
        yield _Block(f"<p>{title}</p>\n<ul>{listed}</ul>", len(items))


def _row(*cells: str, numbers: int = 0) -> str:
    """A row whose last cells, so many, are numbers."""
    texts = "".join(f"<td>{cell}</td>" for cell in cells[: len(cells) - numbers])
    return (
        f"<tr>{texts}"
        + "".join(f'<td align="right">{cell}</td>' for cell in cells[len(cells) - numbers :])
        + "</tr>"
    )


def _outcome(outcome: Outcome, site_url: str) -> Iterator[_Block]:
    def said(result: IndicatorResult | None) -> str:
        return f"{phrases.verdict(result)}<br>達成率 {phrases.rate(result)}"

    for is_verdict, title in ((True, "判定"), (False, "達成率だけ")):
        found = [each for each in outcome.assessments if each.is_verdict_changed == is_verdict]
        yield from _rows(
            f"<b>{title}の変化</b>（{phrases.CALCULATION}）：{len(found):,}件",
            ("指標", "年度", "前", "後"),
            [
                _row(
                    _link(each.name, each.page, site_url),
                    phrases.verdict_years(each),
                    said(each.before),
                    said(each.after),
                )
                for each in found
            ],
        )
    yield from _rows(
        f"<b>合計の変化</b>（{phrases.CALCULATION}）：{len(outcome.totals):,}件",
        ("何の数", "前", "後", "差"),
        [
            _row(
                phrases.total_name(each),
                phrases.number(each, each.before),
                phrases.number(each, each.after),
                phrases.difference(each),
                numbers=3,
            )
            for each in outcome.totals
        ],
    )


def _table(table: TableReview, site_url: str) -> Iterator[_Block]:
    title = f"<b>{_code(table.title)}</b> {_code(table.name)}：{phrases.table_headline(table)}"
    yield from _list(title, table.remarks)
    rows = [_record(record, site_url) for record in table.records]
    yield from _rows(title, ("", "何の値", "列", "前", "後"), rows)


def _record(record: Record, site_url: str) -> str:
    """The rows of a record, one a cell that changed."""
    kind = phrases.KINDS[record.kind]
    name = _link(record.name, record.address, site_url)
    if record.printed_at:
        name += f"<br>{_code(record.printed_at)}"
    cells = [(visible(cell.title), *phrases.values(cell), phrases.hint(cell)) for cell in record.cells]
    if record.kind != Kind.CHANGED:
        said = " ".join(_code(f"{title}：{new or old}") for title, old, new, _ in cells)
        return f'<tr><td>{kind}</td><td>{name}</td><td colspan="3">{said}</td></tr>'
    rows = [
        f"<td>{_code(title)}</td><td>{_value(old)}</td><td>{_value(new)}{hint and f'<br>{hint}'}</td></tr>"
        for title, old, new, hint in cells
    ]
    span = f' rowspan="{len(rows)}"' if len(rows) > 1 else ""
    return f"<tr><td{span}>{kind}</td><td{span}>{name}</td>" + "\n<tr>".join(rows)


def _pages(review: Review, site_url: str) -> Iterator[_Block]:
    yield from _rows(
        f"<b>{phrases.pages_headline(review)}</b>",
        ("", "ページ", "アドレス"),
        [
            _row(
                phrases.KINDS[page.kind], _link(page.title, page.address, site_url), _code(f"/{page.address}")
            )
            for page in review.pages
        ],
    )
