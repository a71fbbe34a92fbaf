"""How many initiatives met their target, missed it or were not judged: as one bar, or as one for every area.

Every part that has room for it carries its symbol and number, all bars have one
order, and the key says it, so that no colour has to be told from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shinchoku.charts import marks
from shinchoku.charts.chart import Chart, ChartTable, Picture, chart
from shinchoku.charts.marks import BASELINE, NARROWEST, TEXT, Number
from shinchoku.metrics import Assessment
from shinchoku.words import ASSESSMENTS, OUTCOMES, Outcome, number, share

Counts = Mapping[Assessment, int]

_WHOLE = Decimal(100)
#: Half of what is left free between two parts of a bar, in percent.
_GAP = Decimal("0.3")
_LINE = 26
_SWATCH = 20
#: What is written in a box of an outcome.
_INKS = {"reached": "bold on-reached", "missed": "bold on-missed", "open": "bold"}


def _count(counts: Counts, outcome: Outcome) -> int:
    return sum(counts.get(item, 0) for item in outcome.assessments)


def _bars(rows: Sequence[tuple[Number, Counts]], scale: Decimal, height: int) -> str:
    """A bar for every row at its top, its parts side by side, each as wide as its count."""
    paths, words = [], []
    ends = [Decimal(0)] * len(rows)
    for outcome in OUTCOMES:
        boxes, texts = [], []
        for i, (top, counts) in enumerate(rows):
            if count := _count(counts, outcome):
                left, right = ends[i], ends[i] + count * scale
                boxes.append((left + _GAP, top, right - _GAP, top + height))
                room = (right - left) * NARROWEST / 100 - 4
                said = (f"{outcome.symbol}{count}", outcome.symbol)
                if text := next((each for each in said if marks.ems(each) * TEXT <= room), ""):
                    texts.append(((left + right) / 2, Decimal(top) + Decimal(height) / 2 + BASELINE, text))
                ends[i] = right
        paths.append(marks.boxes(boxes, outcome.name))
        words.append(marks.texts(texts, _INKS[outcome.name]))
    return "".join([marks.shapes(*paths), *words])


def _legend(tops: Mapping[str, Number]) -> str:
    """Outcomes by name with their symbols and words, each on a line of its own."""
    drawn = []
    for outcome in (each for each in OUTCOMES if each.name in tops):
        top = tops[outcome.name]
        base = top + Decimal(_SWATCH) / 2 + BASELINE
        drawn += [
            marks.swatches([top], _SWATCH, outcome.name, dx=1),
            marks.texts([(0, base, outcome.symbol)], _INKS[outcome.name], dx=1 + Decimal(_SWATCH) / 2),
            marks.texts([(0, base, outcome.label)], "start bold", dx=_SWATCH + 9),
        ]
    return "".join(drawn)


def _initiatives(count: int) -> str:
    return f"{number(count)}事業"


def _counted(counts: Counts) -> str:
    """``12事業のうち、目標に届いたのが7（目標達成7）、目標に届かなかったのが5です。``"""
    total = sum(counts.values())
    if not total:
        return "0事業です。"
    said = []
    for outcome in OUTCOMES:
        if count := _count(counts, outcome):
            shown = (
                item for item in outcome.assessments if counts.get(item) and len(outcome.assessments) > 1
            )
            parts = "、".join(f"{ASSESSMENTS[item].label}{number(counts[item])}" for item in shown)
            said.append(f"{outcome.label}のが{number(count)}{parts and f'（{parts}）'}")
    return f"{_initiatives(total)}のうち、{'、'.join(said)}です。"


def assessment_chart(counts: Counts, *, title: str) -> Chart:
    """How many of all met their target, missed it or were not judged: one bar, and below it what each part holds."""
    total = sum(counts.values())
    bar, end = 36, 50
    tops: dict[str, Number] = {}
    wholes: list[tuple[Number, Outcome]] = []
    parts: list[tuple[Number, Assessment]] = []
    for outcome in OUTCOMES:
        if not _count(counts, outcome):
            continue
        tops[outcome.name] = end
        wholes.append((end + Decimal(_SWATCH) / 2 + BASELINE, outcome))
        end += _LINE
        for item in outcome.assessments if len(outcome.assessments) > 1 else ():
            if counts.get(item):
                parts.append((end + 12, item))
                end += _LINE - 4
        end += 8

    def column(rows: Sequence[tuple[Number, Any]], said: Callable[[Any], str], look: str, dx: int = 0) -> str:
        return marks.texts([(100 if "end" in look else 0, base, said(item)) for base, item in rows], look, dx)

    drawn = [
        _bars([(0, counts)], _WHOLE / max(total, 1), bar),
        _legend(tops),
        column(wholes, lambda each: number(_count(counts, each)), "end bold", dx=-56),
        column(wholes, lambda each: share(_count(counts, each), total), "end"),
        column(
            parts,
            lambda item: f"{ASSESSMENTS[item].symbol} {ASSESSMENTS[item].label}",
            "start muted",
            dx=_SWATCH + 9,
        ),
        column(parts, lambda item: number(counts[item]), "end muted", dx=-56),
    ]
    return chart(
        Picture("".join(drawn), height=end, above=2),
        name="assessments",
        title=title,
        description=_counted(counts),
        table=lambda: ChartTable(
            ("判定", "事業の数", "割合"),
            tuple(
                (ASSESSMENTS[item].label, number(count), share(count, total))
                for item, count in counts.items()
            ),
        ),
    )


def assessment_by_area(areas: Sequence[tuple[str, Counts]], *, title: str) -> Chart:
    """A bar for every area, all on one scale: as long as the area has initiatives."""
    shown = [item for item in Assessment if any(counts.get(item) for _, counts in areas)]
    tops = [each.name for each in OUTCOMES if any(_count(counts, each) for _, counts in areas)]
    bar, row, first = 24, 54, len(tops) * _LINE + 8
    scale = _WHOLE / max([1, *(sum(counts.values()) for _, counts in areas)])
    names = [(0, first + i * row + 14, name) for i, (name, _) in enumerate(areas)]
    sums = [
        (100, y, _initiatives(sum(counts.values())))
        for (_, y, _), (_, counts) in zip(names, areas, strict=True)
    ]
    drawn = [
        _legend({name: i * _LINE for i, name in enumerate(tops)}),
        marks.texts(names, "start"),
        marks.texts(sums, "end muted"),
        _bars([(first + i * row + 21, counts) for i, (_, counts) in enumerate(areas)], scale, bar),
    ]
    said = [f"{name}は、{_counted(counts)}" for name, counts in areas]
    return chart(
        Picture("".join(drawn), height=first + len(areas) * row, above=2),
        name="assessments-by-area",
        title=title,
        description=f"棒の長さは、それぞれの事業の数です。{''.join(said)}",
        table=lambda: ChartTable(
            ("", *(ASSESSMENTS[item].label for item in shown)),
            tuple((name, *(number(counts.get(item, 0)) for item in shown)) for name, counts in areas),
        ),
    )
