"""The marks charts are made of, written as SVG: rectangles, lines and texts, each where it is told to be.

A picture is as wide as its place in the page, and its text keeps its size there: what goes across is a share
of the width, in percent; what goes down, and every ``dx``, is pixels. Numbers are exact (``int`` or
``Decimal``; a ``float`` is refused), so that a picture is the same bytes on every machine and Python. Nothing is measured, because fonts differ: how wide a text may be
is estimated. A look is written with SVG's own attributes, ``fill_opacity="0.15"``, and never holds text of
the package. Must not know what a chart shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from html import escape
from math import ceil

from shinchoku.text import one_line

Number = int | Decimal
#: Left, top, right and bottom.
Box = tuple[Number, Number, Number, Number]

#: The narrowest a picture gets, in pixels: on a phone of 320 px. What is estimated to fit in it fits everywhere.
NARROWEST = Decimal(250)
#: From this width on, what needs more room has it (a wide ``Picture``; charts.css).
WIDE = Decimal(400)

#: Nothing is smaller than what a page's own small print may be.
TEXT = 14
BOLD = "600"
#: How far the baseline of a text lies below its middle.
BASELINE = Decimal("4.5")

# Colours are the page's (site/assets/charts.css).
INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
PAPER = "var(--chart-paper)"
EDGE = "var(--chart-edge)"
ACTUAL = "var(--chart-actual)"
TARGET = "var(--chart-target)"

#: What never begins a line.
_NEVER_FIRST = "、。，．・）」』】!?！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.%％"
_NOT_XML = re.compile("[\x00-\x1f\ufffe\uffff]")


def light(colour: str) -> dict[str, str]:
    """The look of what is there, but not full."""
    return {"fill": colour, "fill_opacity": "0.15", "stroke": colour, "stroke_width": "1.5"}


def number(value: Number, places: int = 2) -> str:
    """A coordinate as it is written: rounded, without zeros at its end."""
    return f"{(round(Decimal(1) * value, places) + 0).normalize():f}"


def _attributes(look: dict[str, str]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in look.items())


def _alike(marks: list[tuple[str, str]], look: dict[str, str]) -> str:
    """Marks, each in two parts with room for the look between them; a group says the look of several once."""
    said = _attributes(look)
    if len(marks) == 1:
        return said.join(marks[0])
    return f"<g{said}>{''.join(map(''.join, marks))}</g>" if marks else ""


def boxes(rows: Iterable[Box], **look: str) -> str:
    """Rectangles by their left, top, right and bottom."""
    marks = []
    for left, top, right, bottom in rows:
        across = f'x="{number(left)}%" width="{number(right - left)}%"'
        marks.append((f'<rect {across} y="{number(top)}" height="{number(bottom - top)}"', "/>"))
    return _alike(marks, look)


def swatches(tops: Iterable[Number], size: int, dx: Number = 0, **look: str) -> str:
    """Squares of one size at the left, for a key."""
    place = f'x="{number(dx)}" width="{size}" height="{size}"'
    return _alike([(f'<rect {place} y="{number(top)}"', "/>") for top in tops], look)


def lines(rows: Iterable[tuple[Number, Number, Number]], **look: str) -> str:
    """Horizontal lines by their left, their right and y."""
    marks = [
        (f'<line x1="{number(left)}%" x2="{number(right)}%" y1="{number(y)}" y2="{number(y)}"', "/>")
        for left, right, y in rows
    ]
    return _alike(marks, look)


def uprights(rows: Iterable[tuple[Number, Number, Number]], **look: str) -> str:
    """Lines down by their x, their top and their bottom."""
    marks = [
        (f'<line x1="{number(x)}%" x2="{number(x)}%" y1="{number(top)}" y2="{number(bottom)}"', "/>")
        for x, top, bottom in rows
    ]
    return _alike(marks, look)


def circles(rows: Iterable[tuple[Number, Number]], radius: int, **look: str) -> str:
    """Circles of one size by the x and y of their middle."""
    marks = [(f'<circle cx="{number(x)}%" cy="{number(y)}" r="{radius}"', "/>") for x, y in rows]
    return _alike(marks, look)


def dash(x: Number, y: Number, length: int, dx: Number = 0, *, stroke: str, stroke_width: str) -> str:
    """A short line from ``dx`` pixels beside x, for a key."""
    look = _attributes({"stroke": stroke, "stroke_width": stroke_width})
    line = f'<path d="M{number(dx)},{number(y)}h{length}"{look}/>'
    return f'<svg x="{number(x)}%" overflow="visible">{line}</svg>' if x else line


def texts(
    rows: Iterable[tuple[Number, Number, str]],
    *,
    dx: Number = 0,
    fill: str = INK,
    anchor: str = "middle",
    **look: str,
) -> str:
    """Texts by the x and y of their baseline, moved ``dx`` pixels aside."""
    moved = f' dx="{number(dx)}"' if dx else ""
    marks = [
        ("<text", f' x="{number(x)}%" y="{number(y)}"{moved}>{escape(printable(text), quote=False)}</text>')
        for x, y, text in rows
    ]
    return _alike(marks, {"fill": fill, "text_anchor": anchor, **look})


def turned_texts(rows: Iterable[tuple[Number, Number, str]], *, beyond: Number, **look: str) -> str:
    """Texts lengthwise, begun ``beyond`` pixels above a point, or ended below it where negative."""
    # A transformation knows no percent: a picture of its own has its zero at the point.
    text = f'<text transform="rotate(270)" x="{number(beyond)}" y="5"'
    marks = [
        (
            f'<svg x="{number(x)}%" y="{number(y)}" overflow="visible">{text}',
            f">{escape(printable(said), quote=False)}</text></svg>",
        )
        for x, y, said in rows
    ]
    return _alike(marks, {"fill": INK, "text_anchor": "start" if beyond > 0 else "end", **look})


# -- texts and their room -------------------------------------------------


def printable(text: str) -> str:
    """``text`` on one line, without what XML cannot hold."""
    return one_line(_NOT_XML.sub(" ", text))


def ems(text: str) -> Decimal:
    """About how wide a text is in any font: an upper bound good enough to keep labels apart."""
    return sum(map(_em, text), Decimal(0))


def _em(character: str) -> Decimal:
    if character in ",.:;|il'":
        return Decimal("0.3")
    return Decimal(1) if unicodedata.east_asian_width(character) in "WFA" else Decimal("0.6")


def wrapped(text: str, width: Decimal) -> list[str]:
    """``text`` in lines of about the same length, none wider than ``width`` ems."""
    text = printable(text)
    whole = ems(text)
    # A line may take one more character than its share: leave room for it where there is a choice.
    count = 1 if whole <= width else ceil(whole / max(width - 1, Decimal(1)))
    lines, filled = [""], Decimal(0)
    for character in text:
        if filled * count >= whole and character not in _NEVER_FIRST:
            lines.append("")
            filled = Decimal(0)
        lines[-1] += character
        filled += _em(character)
    return lines
