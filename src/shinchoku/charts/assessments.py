"""How many initiatives were assessed how: as one bar, or as one bar for every area.

Every part carries its symbol, word or number, so that no colour has to be
told from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shinchoku.charts import marks
from shinchoku.charts.chart import Chart, ChartTable, Picture, chart
from shinchoku.charts.marks import BASELINE, BOLD, INK, INNER, MUTED, SMALL_TEXT, SMALLEST_TEXT, TEXT, Number
from shinchoku.metrics import Assessment
from shinchoku.words import ASSESSMENTS, number, share

_BASE = 13


Counts = Mapping[Assessment, int]

#: Full for reached, open for not reached, dashed for what cannot be said: told apart in black and white.
_REACHED = {"fill": "var(--chart-reached)"}
_MISSED = marks.light("var(--chart-missed)")
_OPEN = {"stroke": MUTED, "stroke_width": "1", "stroke_dasharray": "2,2"}


def _look(assessment: Assessment) -> dict[str, str]:
    if assessment in (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE):
        return _REACHED
    return _MISSED if assessment is Assessment.NOT_ACHIEVED else _OPEN


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a bar, and what it says as far as it is wide enough."""

    assessment: Assessment
    box: marks.Box
    text: str
    size: int


def _parts(counts: Counts, scale: Decimal, top: Number, height: int) -> list[_Part]:
    """The parts of one bar, side by side, each as wide as its count."""
    found, left = [], Decimal(0)
    for assessment in Assessment:
        count, symbol = counts.get(assessment, 0), ASSESSMENTS[assessment].symbol
        if not count:
            continue
        right = left + count * scale
        candidates = ((f"{symbol}{count}", SMALL_TEXT), (symbol, SMALLEST_TEXT), ("", SMALLEST_TEXT))
        text, size = next((t, s) for t, s in candidates if marks.ems(t) * s <= right - left - 2)
        found.append(_Part(assessment, (left + 1, top, right - 1, top + height), text, size))
        left = right
    return found


def _drawn(parts: Sequence[_Part]) -> str:
    """Parts that look the same together."""
    drawn = []
    for look in (_REACHED, _MISSED, _OPEN):
        alike = [part for part in parts if _look(part.assessment) is look]
        drawn.append(marks.boxes((part.box for part in alike), **look))
        ink = "var(--chart-on-reached)" if look is _REACHED else INK
        for size in (SMALL_TEXT, SMALLEST_TEXT):
            texts = [
                (Decimal(left + right) / 2, Decimal(top + bottom) / 2 + BASELINE, part.text)
                for part in alike
                for left, top, right, bottom in [part.box]
                if part.text and part.size == size
            ]
            drawn.append(marks.texts(texts, size=size, fill=ink, font_weight=BOLD))
    return "".join(drawn)


def _initiatives(count: int) -> str:
    return f"{number(count)}事業"


def _counted(counts: Counts) -> str:
    """``12事業のうち、目標達成が7、目標未達が5です。``"""
    total = sum(counts.values())
    if not total:
        return "0事業です。"
    said = (f"{ASSESSMENTS[item].label}が{number(counts[item])}" for item in Assessment if counts.get(item))
    return f"{_initiatives(total)}のうち、{'、'.join(said)}です。"


def assessment_chart(counts: Counts, *, title: str) -> Chart:
    """How many of all were assessed how: one bar, and below it a line for each part."""
    total = sum(counts.values())
    bar, first, row = 34, 48, 26
    shown = [item for item in Assessment if counts.get(item)]
    tops = {item: first + i * row for i, item in enumerate(shown)}
    swatches = [
        _Part(item, (1, top + 2, 23, top + 22), ASSESSMENTS[item].symbol, SMALL_TEXT)
        for item, top in tops.items()
    ]

    def column(x: Number, said: Callable[[Assessment], str], **look: Any) -> str:
        return marks.texts([(x, top + 17, said(item)) for item, top in tops.items()], **look)

    small: dict[str, Any] = {"size": SMALL_TEXT, "fill": MUTED}
    drawn = [
        _drawn([*_parts(counts, INNER / max(total, 1), 0, bar), *swatches]),
        column(32, lambda item: ASSESSMENTS[item].label, anchor="start"),
        column(INNER - 58, lambda item: number(counts[item]), anchor="end", font_weight=BOLD),
        column(INNER, lambda item: share(counts[item], total), anchor="end", **small),
    ]
    return chart(
        Picture("".join(drawn), height=first + len(shown) * row, above=4, below=2),
        name="assessments",
        title=title,
        description=_counted(counts),
        table=ChartTable(
            ("判定", "事業の数", "割合"),
            tuple(
                (ASSESSMENTS[item].label, number(count), share(count, total))
                for item, count in counts.items()
            ),
        ),
    )


def _legend(shown: Iterable[Assessment]) -> tuple[str, int]:
    """Symbols with their words, as many on a line as there is room for; and where they end."""
    line, swatch = 24, 18
    parts, texts, left, top = [], [], Decimal(0), 0
    for item in shown:
        symbol, label = ASSESSMENTS[item].symbol, ASSESSMENTS[item].label
        width = swatch + 6 + marks.ems(label) * SMALL_TEXT + 14
        if left and left + width > INNER:
            left, top = Decimal(0), top + line
        parts.append(_Part(item, (left + 1, top, left + swatch, top + swatch), symbol, SMALLEST_TEXT))
        texts.append((left + swatch + 6, top + 9 + BASELINE, label))
        left += width
    return _drawn(parts) + marks.texts(texts, size=SMALL_TEXT, anchor="start"), top + line


def assessment_by_area(areas: Sequence[tuple[str, Counts]], *, title: str) -> Chart:
    """A bar for every area, all on one scale: as long as the area has initiatives."""
    shown = [item for item in Assessment if any(counts.get(item) for _, counts in areas)]
    legend, end = _legend(shown)
    bar, row, first = 22, 50, end + 6
    scale = INNER / max((sum(counts.values()) for _, counts in areas), default=1)
    names, sums, parts = [], [], []
    for i, (name, counts) in enumerate(areas):
        top = first + i * row
        names.append((0, top + _BASE, name))
        sums.append((INNER, top + _BASE, _initiatives(sum(counts.values()))))
        parts += _parts(counts, scale, top + 19, bar)
    drawn = [
        legend,
        marks.texts(names, size=TEXT, anchor="start"),
        marks.texts(sums, size=SMALL_TEXT, fill=MUTED, anchor="end"),
        _drawn(parts),
    ]
    said = [f"{name}は、{_counted(counts)}" for name, counts in areas]
    return chart(
        Picture("".join(drawn), height=first + len(areas) * row, above=4, below=0),
        name="assessments-by-area",
        title=title,
        description=f"棒の長さは、それぞれの事業の数です。{''.join(said)}",
        table=ChartTable(
            ("", *(ASSESSMENTS[item].label for item in shown)),
            tuple((name, *(number(counts.get(item, 0)) for item in shown)) for name, counts in areas),
        ),
    )
