"""The marks charts are made of, written as SVG: rectangles, lines and texts, each where it is told to be.

Coordinates are pixels and exact (``int`` or ``Decimal``; a ``float`` is refused), so that a picture is the
same bytes on every machine and Python. Nothing is measured, because fonts differ: how wide a text may be
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

#: Drawn this narrow, so that text of ``TEXT`` is still legible at a page width of 320 px.
WIDTH = Decimal(320)
MARGIN = 4
#: What is left for marks: x goes from 0 to here.
INNER = WIDTH - 2 * MARGIN

TEXT = 13
SMALL_TEXT = 12
SMALLEST_TEXT = 10
BOLD = "600"
#: How far the baseline of a text lies below its middle.
BASELINE = Decimal("4.5")

# Colours are the page's (docs/assets/charts.css).
INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
PAPER = "var(--chart-paper)"
ACTUAL = "var(--chart-actual)"
TARGET = "var(--chart-target)"

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
        width, height = number(right - left), number(bottom - top)
        marks.append((f'<path d="M{number(left)},{number(top)}h{width}v{height}h-{width}Z"', "/>"))
    return _alike(marks, look)


def lines(rows: Iterable[tuple[Number, Number, Number]], **look: str) -> str:
    """Horizontal lines by their left, their right and y."""
    marks = [
        (f'<line x2="{number(right - left)}" y2="0" transform="translate({number(left)},{number(y)})"', "/>")
        for left, right, y in rows
    ]
    return _alike(marks, look)


def texts(
    rows: Iterable[tuple[Number, Number, str]],
    *,
    size: Number = TEXT,
    fill: str = INK,
    anchor: str = "middle",
    turned: Number | None = None,
    **look: str,
) -> str:
    """Texts by the x and y of their baseline; or lengthwise, begun ``turned`` pixels above that point."""
    marks = []
    for x, y, text in rows:
        place = f'x="{number(x)}" y="{number(y)}"'
        if turned is not None:
            place = (
                f'transform="translate({number(x)},{number(y)}) rotate(270) translate({number(turned)},4)"'
            )
        marks.append(("<text", f" {place}>{escape(printable(text), quote=False)}</text>"))
    return _alike(marks, {"fill": fill, "text_anchor": anchor, "font_size": number(size), **look})


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
        if filled * count >= whole:
            lines.append("")
            filled = Decimal(0)
        lines[-1] += character
        filled += _em(character)
    return lines
