"""Which tables refer to which: one line down for each table that is referred to.

Tables stand below each other in their own order. A line goes down from the ring of a table to a dot for
each table that refers to it, so no line is slanted and where two cross without a mark they do not meet.
Short lines stand near the names. Must not know what the tables hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from shinchoku.charts import marks
from shinchoku.charts.chart import Chart, ChartTable, Picture, chart
from shinchoku.charts.marks import BASELINE, NARROWEST, TEXT, WIDE

_ROW, _LINE = 30, 18
#: Where the first line down stands, in percent: names have the room left of it.
_FIRST, _LAST = Decimal(54), Decimal(97)
#: Lines down are no further apart than this.
_WIDEST_STEP = Decimal(7)


def references_chart(
    tables: Mapping[str, str], references: Iterable[tuple[str, str]], *, title: str, about: str = ""
) -> Chart:
    """The references (from, to) between tables, given as name → title; those without any are left out.

    ``about`` is the table it is about, where it is about one.
    """
    pairs = list(dict.fromkeys(references))
    shown = [name for name in tables if any(name in pair for pair in pairs)]
    picture = replace(
        _picture(tables, shown, pairs, about, NARROWEST), wide=_picture(tables, shown, pairs, about, WIDE)
    )
    return chart(
        picture,
        name=f"references-{about}",
        title=title,
        description="○のある表を、同じ縦の線の●のある表が指しています。"
        + "".join(f"「{tables[one]}」は「{tables[other]}」を指します。" for one, other in pairs),
        table=lambda: ChartTable(
            ("表", "指す表"), tuple((tables[one], tables[other]) for one, other in pairs)
        ),
    )


def _picture(
    tables: Mapping[str, str],
    shown: list[str],
    pairs: list[tuple[str, str]],
    about: str,
    least_width: Decimal,
) -> Picture:
    room = (_FIRST - 6) * least_width / 100 / TEXT
    labels = {name: marks.wrapped(tables[name], room) for name in shown}
    middle: dict[str, Decimal] = {}
    end = Decimal(0)
    for name in shown:
        height = max(_ROW, _LINE * len(labels[name]) + 8)
        middle[name] = end + Decimal(height) / 2
        end += height
    # Table that is referred to → the heights of all marks on its line.
    spans = {
        name: [middle[name], *(middle[one] for one, other in pairs if other == name)]
        for name in shown
        if any(other == name for _, other in pairs)
    }
    by_length = sorted(spans, key=lambda name: max(spans[name]) - min(spans[name]))
    step = min((_LAST - _FIRST) / max(len(by_length) - 1, 1), _WIDEST_STEP)
    x = {name: _FIRST + i * step for i, name in enumerate(by_length)}
    dots = [(x[other], middle[one]) for one, other in pairs]
    rings = [(x[name], middle[name]) for name in by_length]
    across = {name: max(place for place, y in (*dots, *rings) if y == middle[name]) for name in shown}
    texts = [
        (0, middle[name] - Decimal(len(lines) - 1) * _LINE / 2 + i * _LINE + BASELINE, line, name == about)
        for name, lines in labels.items()
        for i, line in enumerate(lines)
    ]
    drawn = [
        marks.shapes(
            marks.lines([(_FIRST - 5, across[name], middle[name]) for name in shown], "rule"),
            marks.uprights(
                [(x[name], min(heights), max(heights)) for name, heights in spans.items()], "upright"
            ),
        ),
        marks.circles(rings, 6, "ring"),
        marks.circles(dots, 3, "actual"),
        marks.texts([text[:3] for text in texts if not text[3]], "start"),
        marks.texts([text[:3] for text in texts if text[3]], "start bold"),
    ]
    return Picture("".join(drawn), height=end, above=2, below=2)
