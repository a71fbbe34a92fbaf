"""Many initiatives in one picture: how they were assessed, and what was settled for them.

Every part carries its symbol, word or number, so that no colour has to be
told from another. The words for assessments come from the caller, which uses
them all over its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shinchoku import wording
from shinchoku.charts import layers, words
from shinchoku.charts.drawing import Chart, ChartCache, ChartTable, chart
from shinchoku.charts.layers import ACTUAL, INK, MARGIN, MUTED, SMALL_TEXT, SMALLEST_TEXT, TEXT, WIDTH
from shinchoku.metrics import Assessment, Money

_INNER = WIDTH - 2 * MARGIN


class Label(Protocol):
    """An assessment in words."""

    @property
    def symbol(self) -> str: ...
    @property
    def label(self) -> str: ...


Labels = Mapping[Assessment, Label]

#: Full for reached, open for not reached, dashed for what cannot be said: told apart in black and white.
_REACHED: dict[str, Any] = {"color": "var(--chart-reached)"}
_MISSED: dict[str, Any] = {
    "color": "var(--chart-missed)",
    "fillOpacity": 0.15,
    "stroke": "var(--chart-missed)",
    "strokeWidth": 1.5,
}
_OPEN: dict[str, Any] = {"color": "transparent", "stroke": MUTED, "strokeWidth": 1, "strokeDash": [2, 2]}
_LOOKS = [_REACHED, _MISSED, _OPEN]


def _look(assessment: Assessment) -> dict[str, Any]:
    if assessment in (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE):
        return _REACHED
    return _MISSED if assessment is Assessment.NOT_ACHIEVED else _OPEN


def _ink(assessment: Assessment) -> str:
    return "var(--chart-on-reached)" if _look(assessment) is _REACHED else INK


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a bar, and what it says as far as it is wide enough."""

    assessment: Assessment
    left: float
    right: float
    top: float
    bottom: float
    text: str
    size: float


def _parts(
    counts: Mapping[Assessment, int], labels: Labels, scale: float, top: float, height: float
) -> list[_Part]:
    """The parts of one bar, side by side, each as wide as its count."""
    found, left = [], 0.0
    for assessment in Assessment:
        count, symbol = counts.get(assessment, 0), labels[assessment].symbol
        if not count:
            continue
        right = left + count * scale
        candidates = ((f"{symbol}{count}", SMALL_TEXT), (symbol, SMALLEST_TEXT), ("", SMALLEST_TEXT))
        text, size = next((t, s) for t, s in candidates if layers.ems(t) * s <= right - left - 2)
        found.append(_Part(assessment, left + 1, right - 1, top, top + height, text, size))
        left = right
    return found


def _drawn(parts: Iterable[_Part]) -> list[layers.Layer]:
    """Parts that look the same in one layer each."""
    drawn: list[layers.Layer] = []
    looks: dict[int, list[_Part]] = {}
    for part in parts:
        looks.setdefault(_LOOKS.index(_look(part.assessment)), []).append(part)
    for index, alike in sorted(looks.items()):
        rows = [
            {"left": part.left, "right": part.right, "top": part.top, "bottom": part.bottom} for part in alike
        ]
        drawn += layers.boxes(rows, **_LOOKS[index])
        for size in (SMALL_TEXT, SMALLEST_TEXT):
            texts = [
                {
                    "x": (part.left + part.right) / 2,
                    "y": (part.top + part.bottom) / 2 + 4.5,
                    "text": part.text,
                }
                for part in alike
                if part.text and part.size == size
            ]
            drawn += layers.texts(texts, size=size, color=_ink(alike[0].assessment), fontWeight=600)
    return drawn


def _initiatives(count: int) -> str:
    return f"{wording.number(count)}事業"


def _counted(counts: Mapping[Assessment, int], labels: Labels) -> str:
    """``12事業のうち、目標達成が7、目標未達が5です。``"""
    total = sum(counts.values())
    if not total:
        return "0事業です。"
    said = (
        f"{labels[item].label}が{wording.number(counts[item])}" for item in Assessment if counts.get(item)
    )
    return f"{_initiatives(total)}のうち、{'、'.join(said)}です。"


def assessment_chart(
    counts: Mapping[Assessment, int], labels: Labels, cache: ChartCache, *, title: str
) -> Chart:
    """How many of all were assessed how: one bar, and below it a line for each part."""
    total = sum(counts.values())
    bar, first, row = 34, 48, 26
    shown = [item for item in Assessment if counts.get(item)]
    tops = {item: first + i * row for i, item in enumerate(shown)}
    swatches = [
        _Part(item, 1, 23, tops[item] + 2, tops[item] + 22, labels[item].symbol, SMALL_TEXT) for item in shown
    ]

    def column(x: float, said: Callable[[Assessment], str], **look: Any) -> list[layers.Layer]:
        return layers.texts([{"x": x, "y": tops[item] + 17, "text": said(item)} for item in shown], **look)

    drawn = [
        *_drawn([*_parts(counts, labels, _INNER / max(total, 1), 0, bar), *swatches]),
        *column(32, lambda item: labels[item].label, align="left"),
        *column(_INNER - 58, lambda item: wording.number(counts[item]), align="right", fontWeight=600),
        *column(
            _INNER,
            lambda item: wording.share(counts[item], total),
            align="right",
            size=SMALL_TEXT,
            color=MUTED,
        ),
    ]
    return chart(
        layers.spec(drawn, width=WIDTH, height=first + len(shown) * row, above=4, below=2),
        name="assessments",
        title=title,
        description=_counted(counts, labels),
        table=ChartTable(
            ("判定", "事業の数", "割合"),
            tuple(
                (labels[item].label, wording.number(count), wording.share(count, total))
                for item, count in counts.items()
            ),
        ),
        cache=cache,
    )


def _legend(shown: Iterable[Assessment], labels: Labels, top: float) -> tuple[list[layers.Layer], float]:
    """Symbols with their words, as many on a line as there is room for; and where they end."""
    line, swatch = 24, 18
    parts, texts, left = [], [], 0.0
    for item in shown:
        width = swatch + 6 + layers.ems(labels[item].label) * SMALL_TEXT + 14
        if left and left + width > _INNER:
            left, top = 0.0, top + line
        parts.append(
            _Part(item, left + 1, left + swatch, top, top + swatch, labels[item].symbol, SMALLEST_TEXT)
        )
        texts.append({"x": left + swatch + 6, "y": top + 13.5, "text": labels[item].label})
        left += width
    return [*_drawn(parts), *layers.texts(texts, size=SMALL_TEXT, align="left")], top + line


def assessment_by_area(
    areas: Sequence[tuple[str, Mapping[Assessment, int]]], labels: Labels, cache: ChartCache, *, title: str
) -> Chart:
    """A bar for every area, all on one scale: as long as the area has initiatives."""
    totals = [sum(counts.values()) for _, counts in areas]
    shown = [item for item in Assessment if any(counts.get(item) for _, counts in areas)]
    scale = _INNER / max(totals, default=1)
    key, first = _legend(shown, labels, 0)
    bar, row = 22, 50
    tops = [first + 6 + i * row for i in range(len(areas))]
    names = [{"x": 0, "y": top + 13, "text": name} for top, (name, _) in zip(tops, areas, strict=True)]
    sums = [
        {"x": _INNER, "y": top + 13, "text": _initiatives(total)}
        for top, total in zip(tops, totals, strict=True)
    ]
    parts = [
        part
        for top, (_, counts) in zip(tops, areas, strict=True)
        for part in _parts(counts, labels, scale, top + 19, bar)
    ]
    drawn = [
        *key,
        *layers.texts(names, align="left"),
        *layers.texts(sums, align="right", size=SMALL_TEXT, color=MUTED),
        *_drawn(parts),
    ]
    said = [f"{name}は、{_counted(counts, labels)}" for name, counts in areas]
    return chart(
        layers.spec(drawn, width=WIDTH, height=first + 6 + len(areas) * row, above=4, below=0),
        name="assessments-by-area",
        title=title,
        description=f"棒の長さは、それぞれの事業の数です。{''.join(said)}",
        table=ChartTable(
            ("", *(labels[item].label for item in shown)),
            tuple((name, *(wording.number(counts.get(item, 0)) for item in shown)) for name, counts in areas),
        ),
        cache=cache,
    )


# -- money ----------------------------------------------------------------

_LOAN_FUND = "貸付資金"
_NOT_STATED = words.GAPS["not_stated"]
_LINE = 17
_BAR = 14


@dataclass(frozen=True, slots=True)
class _Amount:
    """A bar: ``None`` where no initiative states an amount, and how many of them do not."""

    name: str
    amount: int | None
    not_reported: int = 0

    def stated(self) -> str:
        return _NOT_STATED if self.amount is None else wording.number(self.amount)

    def note(self) -> str:
        """What the amount does not hold."""
        is_partial = self.amount is not None and self.not_reported
        return f"{_NOT_STATED} {_initiatives(self.not_reported)}" if is_partial else ""


def _amounts(rows: Sequence[_Amount], top: float) -> tuple[list[layers.Layer], float]:
    """Bars from zero on one scale, each under its name; and where they end."""
    room = max((layers.ems(row.stated()) for row in rows), default=0) * TEXT + 8
    scale = (_INNER - room) / (max((row.amount or 0 for row in rows), default=0) or 1)
    names, notes, bars, labels, gaps = [], [], [], [], []
    for row in rows:
        lines = layers.wrapped(layers.printable(row.name), _INNER / TEXT)
        names += [{"x": 0, "y": top + 13 + i * _LINE, "text": line} for i, line in enumerate(lines)]
        top += len(lines) * _LINE
        if note := row.note():
            if layers.ems(lines[-1]) * TEXT + layers.ems(note) * SMALL_TEXT + 8 > _INNER:
                top += _LINE
            notes.append({"x": _INNER, "y": top - _LINE + 13, "text": note})
        right = 0.0
        if row.amount is not None:
            right = max(row.amount * scale, 2)
            bars.append({"left": 0, "right": right, "top": top + 2, "bottom": top + 2 + _BAR})
        label = {"x": right + 6 if right else 0, "y": top + 14, "text": row.stated()}
        (gaps if row.amount is None else labels).append(label)
        top += _BAR + 14
    drawn = [
        *layers.texts(names, align="left"),
        *layers.texts(notes, align="right", size=SMALL_TEXT, color=MUTED),
        *layers.boxes(bars, color=ACTUAL),
        *layers.texts(labels, align="left", fontWeight=600),
        *layers.texts(gaps, align="left", size=SMALL_TEXT, color=MUTED),
    ]
    return drawn, top


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


def _money_sentence(row: _Amount) -> str:
    if row.amount is None:
        return f"{row.name}は金額の{_NOT_STATED}です。"
    more = f"（ほか{_initiatives(row.not_reported)}は金額の{_NOT_STATED}）" if row.not_reported else ""
    return f"{row.name}は{row.stated()}千円です{more}。"


def money_chart(rows: Sequence[tuple[str, Money]], cache: ChartCache, *, title: str) -> Chart:
    """Settled amounts in thousand yen, by area or initiative.

    A loan fund is many times as large as everything else: it would make all
    other bars vanish. So the bars leave it out, and a second picture below,
    with a scale of its own and saying so, sets it against the rest.
    """
    loan_fund = sum(money.loan_fund for _, money in rows)
    rest = sum(money.without_loan_fund for _, money in rows)
    shown = _without_loan_fund(rows)
    small = {"size": SMALL_TEXT, "color": MUTED, "align": "left"}
    bars, end = _amounts(shown, 24)
    drawn = [*layers.texts([{"x": 0, "y": 12, "text": "単位：千円"}], **small), *bars]
    sentences = [_money_sentence(row) for row in shown]
    if loan_fund:
        note = f"{_LOAN_FUND}との比較（上の図とは縮尺が違います）"
        drawn += layers.lines([{"left": 0, "right": _INNER, "y": end + 4}], color=MUTED, strokeWidth=1)
        drawn += layers.texts([{"x": 0, "y": end + 24, "text": note}], **small)
        compared = [_Amount(_LOAN_FUND, loan_fund), _Amount(f"{_LOAN_FUND}を除く合計", rest)]
        bars, end = _amounts(compared, end + 36)
        drawn += bars
        sentences.append(
            f"これとは別に、縮尺の違う図で、{_LOAN_FUND}の{wording.number(loan_fund)}千円を"
            f"それ以外の合計の{wording.number(rest)}千円と比べています。"
        )
    years = words.years({money.fiscal_year for _, money in rows})
    return chart(
        layers.spec(drawn, width=WIDTH, height=end, above=4, below=4),
        name="money",
        title=title,
        description=f"{years}の決算見込額を、0から始まる横棒の長さで示した図です。{''.join(sentences)}",
        table=_money_table(rows),
        cache=cache,
    )


def _money_table(rows: Sequence[tuple[str, Money]]) -> ChartTable:
    def amounts(money: Money) -> tuple[str, str]:
        if not money.reported:
            return (_NOT_STATED, _NOT_STATED)
        return (wording.number(money.total), wording.number(money.loan_fund))

    return ChartTable(
        ("", "金額（千円）", f"うち{_LOAN_FUND}（千円）", "金額のある事業", f"金額の{_NOT_STATED}の事業"),
        tuple(
            (name, *amounts(money), wording.number(money.reported), wording.number(money.not_reported))
            for name, money in rows
        ),
    )
