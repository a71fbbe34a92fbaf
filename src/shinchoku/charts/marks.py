"""The marks charts are made of, written as SVG: boxes, lines and texts, each where it is told to be.

A picture is as wide as its place in the page, and its text keeps its size there: what goes across is a share
of the width, in percent; what goes down, and every ``dx``, is pixels. Boxes and lines of one look are one path,
and stand together in ``shapes``. Numbers are exact (``int`` or ``Decimal``; a ``float`` is refused), so that a
picture is the same bytes on every machine and Python. Nothing is measured, because fonts differ: how wide a
text may be is estimated. A look is a name in ``LOOKS``, or several. Must not know what a chart shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
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
#: How far the baseline of a text lies below its middle.
BASELINE = Decimal("4.5")

_LIGHT = {"fill": "actual", "fill-opacity": "0.15", "stroke": "actual", "stroke-width": "1.5"}
#: The looks of marks, whose colours are the page's: what site/assets/charts.css says, for who knows no style sheet.
LOOKS: dict[str, dict[str, str]] = {
    "band": {"fill": "band"},
    "actual": {"fill": "actual"},
    "light": _LIGHT,
    "estimate": {**_LIGHT, "stroke-dasharray": "4 3"},
    "range": {**_LIGHT, "stroke-dasharray": "2 2"},
    "foot": {"stroke": "actual", "stroke-width": "3"},
    "upright": {"stroke": "actual", "stroke-width": "2"},
    "ring": {"fill": "paper", "stroke": "actual", "stroke-width": "2"},
    "gap": {"stroke": "muted", "stroke-width": "2", "stroke-dasharray": "2 4"},
    "blank": {"stroke": "muted", "stroke-dasharray": "2 4"},
    "rule": {"stroke": "muted"},
    # A margin in the colour of the page keeps a target apart from the bar it crosses.
    "clear": {"stroke": "paper", "stroke-width": "7"},
    "target": {"stroke": "target", "stroke-width": "3"},
    # Reached and missed stand out alike; what was not judged is dashed.
    "reached": {"fill": "reached", "stroke": "edge"},
    "missed": {"fill": "missed", "stroke": "edge"},
    "open": {"fill": "none", "stroke": "muted", "stroke-width": "1.5", "stroke-dasharray": "3 3"},
    "muted": {"fill": "muted"},
    "on-actual": {"fill": "on-actual"},
    "on-reached": {"fill": "on-reached"},
    "on-missed": {"fill": "on-missed"},
    "bold": {"font-weight": "600"},
    "start": {"text-anchor": "start"},
    "end": {"text-anchor": "end"},
}

#: What never begins a line.
_NEVER_FIRST = "、。，．・）」』】!?！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.%％"
_NOT_XML = re.compile("[\x00-\x1f\ufffe\uffff]")


def number(value: Number, places: int = 1) -> str:
    """A coordinate as it is written: rounded, without zeros at its end."""
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, Decimal):
        raise TypeError(f"not exact: {value!r}")
    written = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _alike(marks: list[tuple[str, str]], look: str) -> str:
    """Marks, each in two parts with room for the look between them; a group says the look of several once."""
    said = f' class="{look}"' if look else ""
    if len(marks) == 1 or not said:
        return "".join(map(said.join, marks))
    return f"<g{said}>{''.join(map(''.join, marks))}</g>" if marks else ""


def shapes(*paths: str) -> str:
    """Boxes and lines: their picture is stretched over the width of the one they stand in."""
    return f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" height="100">{"".join(paths)}</svg>'


def _path(parts: Iterable[str], look: str) -> str:
    drawn = "".join(parts)
    return f'<path class="{look}" d="{drawn}"/>' if drawn else ""


def boxes(rows: Iterable[Box], look: str) -> str:
    """Rectangles by their left, top, right and bottom."""
    parts = []
    for row in rows:
        left, top, right, bottom = map(number, row)
        parts.append(f"M{left} {top}H{right}V{bottom}H{left}z")
    return _path(parts, look)


def lines(rows: Iterable[tuple[Number, Number, Number]], look: str) -> str:
    """Horizontal lines by their left, their right and y."""
    return _path((f"M{number(left)} {number(y)}H{number(right)}" for left, right, y in rows), look)


def uprights(rows: Iterable[tuple[Number, Number, Number]], look: str) -> str:
    """Lines down by their x, their top and their bottom."""
    return _path((f"M{number(x)} {number(top)}V{number(bottom)}" for x, top, bottom in rows), look)


def swatches(tops: Iterable[Number], size: int, look: str, dx: Number = 0) -> str:
    """Squares of one size at the left, for a key."""
    place = f' x="{number(dx)}" width="{size}" height="{size}"'
    return _alike([("<rect", f'{place} y="{number(top)}"/>') for top in tops], look)


def circles(rows: Iterable[tuple[Number, Number]], radius: int, look: str) -> str:
    """Circles of one size by the x and y of their middle."""
    return _alike([("<circle", f' cx="{number(x)}%" cy="{number(y)}" r="{radius}"/>') for x, y in rows], look)


def dash(x: Number, y: Number, length: int, look: str, dx: Number = 0) -> str:
    """A short line from ``dx`` pixels beside x, for a key."""
    line = f'<path class="{look}" d="M{number(dx)} {number(y)}h{length}"/>'
    return f'<svg x="{number(x)}%">{line}</svg>' if x else line


def texts(rows: Iterable[tuple[Number, Number, str]], look: str = "", dx: Number = 0) -> str:
    """Texts by the x and y of their baseline, moved ``dx`` pixels aside; about their middle unless looks say otherwise."""
    placed = [(number(x), number(y), escape(printable(text), quote=False)) for x, y, text in rows]
    if len({y for _, y, _ in placed}) == 1 < len(placed) and not dx:
        spans = "".join(f'<tspan x="{x}%">{text}</tspan>' for x, _, text in placed)
        return _alike([("<text", f' y="{placed[0][1]}">{spans}</text>')], look)
    moved = f' dx="{number(dx)}"' if dx else ""
    return _alike([("<text", f' x="{x}%" y="{y}"{moved}>{text}</text>') for x, y, text in placed], look)


def turned_texts(rows: Iterable[tuple[Number, Number, str]], look: str, *, beyond: Number) -> str:
    """Texts lengthwise, begun ``beyond`` pixels above a point, or ended below it where negative."""
    # A transformation knows no percent: a picture of its own has its zero at the point.
    text = f'<text transform="rotate(270)" x="{number(beyond)}" y="5">'
    marks = [
        (
            "<svg",
            f' x="{number(x)}%" y="{number(y)}">{text}{escape(printable(said), quote=False)}</text></svg>',
        )
        for x, y, said in rows
    ]
    return _alike(marks, f"{look} {'start' if beyond > 0 else 'end'}".strip())


# -- texts and their room -------------------------------------------------


@lru_cache(1000)  # years and units stand in most pictures
def printable(text: str) -> str:
    """``text`` on one line, without what XML cannot hold."""
    return one_line(_NOT_XML.sub(" ", text))


@lru_cache(1000)
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
