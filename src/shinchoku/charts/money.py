"""What was settled for areas or initiatives: a bar for each amount, the loan fund apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shinchoku.charts import marks, words
from shinchoku.charts.chart import Chart, ChartTable, Picture, chart
from shinchoku.charts.marks import ACTUAL, BOLD, INNER, MUTED, SMALL_TEXT, TEXT
from shinchoku.metrics import Money
from shinchoku.words import number

_LOAN_FUND = "貸付資金"
_NOT_STATED = "記載なし"
_LINE = 17
_BASE = 13
_BAR = 14


@dataclass(frozen=True, slots=True)
class _Amount:
    """A bar: ``None`` where no initiative states an amount, and how many of them do not."""

    name: str
    amount: int | None
    not_reported: int = 0

    def stated(self) -> str:
        return _NOT_STATED if self.amount is None else number(self.amount)

    def note(self) -> str:
        """What the amount does not hold."""
        is_partial = self.amount is not None and self.not_reported
        return f"{_NOT_STATED} {number(self.not_reported)}事業" if is_partial else ""

    def sentence(self) -> str:
        """The amount for those who do not see its bar."""
        if self.amount is None:
            return f"{self.name}は金額の{_NOT_STATED}です。"
        more = f"（ほか{number(self.not_reported)}事業は金額の{_NOT_STATED}）" if self.not_reported else ""
        return f"{self.name}は{self.stated()}千円です{more}。"


def _bars(rows: Sequence[_Amount], top: int) -> tuple[str, int]:
    """Bars from zero on one scale, each under its name; and where they end."""
    room = max((marks.ems(row.stated()) for row in rows), default=0) * TEXT + 8
    scale = (INNER - room) / (max((row.amount or 0 for row in rows), default=0) or 1)
    names, notes, bars, labels, gaps = [], [], [], [], []
    for row in rows:
        lines = marks.wrapped(row.name, INNER / TEXT)
        names += [(0, top + _BASE + i * _LINE, line) for i, line in enumerate(lines)]
        top += len(lines) * _LINE
        if note := row.note():
            if marks.ems(lines[-1]) * TEXT + marks.ems(note) * SMALL_TEXT + 8 > INNER:
                top += _LINE
            notes.append((INNER, top - _LINE + _BASE, note))
        if row.amount is None:
            gaps.append((0, top + 14, row.stated()))
        else:
            right = max(row.amount * scale, Decimal(2))
            bars.append((0, top + 2, right, top + 2 + _BAR))
            labels.append((right + 6, top + 14, row.stated()))
        top += _BAR + 14
    drawn = [
        marks.texts(names, anchor="start"),
        marks.texts(notes, size=SMALL_TEXT, fill=MUTED, anchor="end"),
        marks.boxes(bars, fill=ACTUAL),
        marks.texts(labels, anchor="start", font_weight=BOLD),
        marks.texts(gaps, size=SMALL_TEXT, fill=MUTED, anchor="start"),
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


def money_chart(rows: Sequence[tuple[str, Money]], *, title: str) -> Chart:
    """Settled amounts in thousand yen, by area or initiative.

    A loan fund is many times as large as everything else: it would make all
    other bars vanish. So the bars leave it out, and a second picture below,
    with a scale of its own and saying so, sets it against the rest.
    """
    loan_fund = sum(money.loan_fund for _, money in rows)
    rest = sum(money.without_loan_fund for _, money in rows)
    shown = _without_loan_fund(rows)
    small: dict[str, Any] = {"size": SMALL_TEXT, "fill": MUTED, "anchor": "start"}
    bars, end = _bars(shown, 24)
    drawn = marks.texts([(0, 12, "単位：千円")], **small) + bars
    sentences = [row.sentence() for row in shown]
    if loan_fund:
        note = f"{_LOAN_FUND}との比較（上の図とは縮尺が違います）"
        drawn += marks.lines([(0, INNER, end + 4)], stroke=MUTED, stroke_width="1")
        drawn += marks.texts([(0, end + 24, note)], **small)
        compared = [_Amount(_LOAN_FUND, loan_fund), _Amount(f"{_LOAN_FUND}を除く合計", rest)]
        bars, end = _bars(compared, end + 36)
        drawn += bars
        sentences.append(
            f"これとは別に、縮尺の違う図で、{_LOAN_FUND}の{number(loan_fund)}千円を"
            f"それ以外の合計の{number(rest)}千円と比べています。"
        )
    years = words.years({money.fiscal_year for _, money in rows if money.fiscal_year is not None})
    return chart(
        Picture(drawn, height=end, above=4, below=4),
        name="money",
        title=title,
        description=f"{years}の決算見込額を、0から始まる横棒の長さで示した図です。{''.join(sentences)}",
        table=_table(rows),
    )


def _table(rows: Sequence[tuple[str, Money]]) -> ChartTable:
    def amounts(money: Money) -> list[str]:
        return [number(each) if money.reported else _NOT_STATED for each in (money.total, money.loan_fund)]

    return ChartTable(
        ("", "金額（千円）", f"うち{_LOAN_FUND}（千円）", "金額のある事業", f"金額の{_NOT_STATED}の事業"),
        tuple(
            (name, *amounts(money), number(money.reported), number(money.not_reported))
            for name, money in rows
        ),
    )
