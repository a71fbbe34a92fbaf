"""What was settled for areas or initiatives: a bar for each amount, the loan fund apart.

Pictures and sentences say amounts as people do (億円, 万円), tables as the documents print them (千円).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shinchoku.charts import marks, words
from shinchoku.charts.chart import Chart, ChartTable, Picture, chart
from shinchoku.charts.marks import NARROWEST, TEXT, WIDE
from shinchoku.metrics import Money
from shinchoku.words import number, yen

_LOAN_FUND = "貸付資金"
_NOT_STATED = "記載なし"
_LINE = 19
_BASE = 14
_BAR = 14
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Amount:
    """A bar: ``None`` where no initiative states an amount, and how many of them do not."""

    name: str
    amount: Decimal | int | None
    not_reported: int = 0

    def stated(self) -> str:
        return f"金額の{_NOT_STATED}" if self.amount is None else yen(self.amount)

    def note(self) -> str:
        """What the amount does not hold."""
        is_partial = self.amount is not None and self.not_reported
        return f"ほか{number(self.not_reported)}事業は金額の{_NOT_STATED}" if is_partial else ""

    def sentence(self) -> str:
        """The amount for those who do not see its bar."""
        more = f"（{self.note()}）" if self.note() else ""
        return f"{self.name}は{self.stated()}です{more}。"


def _bars(rows: Sequence[_Amount], top: int, least_width: Decimal) -> tuple[str, int]:
    """Bars from zero on one scale, each under its name and amount; and where they end."""
    scale = _WHOLE / (max((row.amount or 0 for row in rows), default=0) or 1)
    bars: list[marks.Box] = []
    names: list[tuple[int, int, str]] = []
    labels: list[tuple[int, int, str]] = []
    gaps: list[tuple[int, int, str]] = []
    notes: list[tuple[int, int, str]] = []
    for row in rows:
        lines = marks.wrapped(row.name, least_width / TEXT)
        names += [(0, top + _BASE + i * _LINE, line) for i, line in enumerate(lines)]
        top += (len(lines) - 1) * _LINE
        if (marks.ems(lines[-1]) + marks.ems(row.stated())) * TEXT + 8 > least_width:
            top += _LINE
        (gaps if row.amount is None else labels).append((100, top + _BASE, row.stated()))
        top += _LINE + 2
        if row.amount is not None:
            bars.append((0, top, max(row.amount * scale, Decimal("0.5")), top + _BAR))
            top += _BAR
        if note := row.note():
            notes.append((0, top + _LINE - 2, note))
            top += _LINE
        top += 16
    drawn = [
        marks.shapes(marks.boxes(bars, "actual")),
        marks.texts(names, "start"),
        marks.texts(labels, "end bold"),
        marks.texts(gaps, "end muted"),
        marks.texts(notes, "start muted"),
    ]
    return "".join(drawn), top


def _without_loan_fund(rows: Sequence[tuple[str, Money]]) -> list[_Amount]:
    """What is left of every row; a row that is nothing but the loan fund is left out."""
    return [
        _Amount(
            f"{name}（{_LOAN_FUND}を除く）" if money.loan_fund else name,
            money.without_loan_fund if money.reported else None,
            money.not_reported,
        )
        for name, money in rows
        if money.without_loan_fund or not money.loan_fund
    ]


def _picture(shown: Sequence[_Amount], compared: Sequence[_Amount], least_width: Decimal) -> Picture:
    """The amounts, and below them what is set against each other on another scale."""
    drawn, end = _bars(shown, 0, least_width)
    if compared:
        said = marks.wrapped(f"{_LOAN_FUND}との比較（上の図とは縮尺が違います）", least_width / TEXT)
        rows = [(0, end + 28 + i * _LINE, line) for i, line in enumerate(said)]
        bars, end = _bars(compared, end + 22 + len(said) * _LINE, least_width)
        drawn += marks.shapes(marks.lines([(0, _WHOLE, rows[0][1] - 24)], "rule"))
        drawn += marks.texts(rows, "start muted") + bars
    return Picture(drawn, height=end - 12)


def money_chart(rows: Sequence[tuple[str, Money]], *, title: str, of: str) -> Chart:
    """Settled amounts in thousand yen, by area or initiative; ``of`` is what they are called.

    A loan fund is many times as large as everything else: it would make all
    other bars vanish. So the bars leave it out, and a second picture below,
    with a scale of its own and saying so, sets it against the rest.
    """
    loan_fund = sum(money.loan_fund for _, money in rows)
    rest = sum(money.without_loan_fund for _, money in rows)
    shown = _without_loan_fund(rows)
    sentences = [row.sentence() for row in shown]
    compared = [_Amount(_LOAN_FUND, loan_fund), _Amount(f"{_LOAN_FUND}を除く合計", rest)] if loan_fund else []
    if loan_fund:
        sentences.append(
            f"これとは別に、縮尺の違う図で、{_LOAN_FUND}の{yen(loan_fund)}を"
            f"それ以外の合計の{yen(rest)}と比べています。"
        )
    years = words.years({money.fiscal_year for _, money in rows if money.fiscal_year is not None})
    return chart(
        replace(_picture(shown, compared, NARROWEST), wide=_picture(shown, compared, WIDE)),
        name="money",
        title=title,
        description=f"{years}の{of}を、0から始まる横棒の長さで示した図です。{''.join(sentences)}",
        table=lambda: _table(rows),
    )


def _table(rows: Sequence[tuple[str, Money]]) -> ChartTable:
    def amounts(money: Money) -> list[str]:
        return [number(each) if money.reported else _NOT_STATED for each in (money.total, money.loan_fund)]

    # Of a plan that lends nothing, nothing is said of lending.
    count = 2 if any(money.loan_fund for _, money in rows) else 1
    headings = ("金額（千円）", f"うち{_LOAN_FUND}（千円）")[:count]
    return ChartTable(
        ("", *headings, "金額のある事業", f"金額の{_NOT_STATED}の事業"),
        tuple(
            (name, *amounts(money)[:count], number(money.reported), number(money.not_reported))
            for name, money in rows
        ),
    )
