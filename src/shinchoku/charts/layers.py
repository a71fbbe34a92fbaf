"""The few marks charts are made of, as layers of a Vega-Lite spec.

Every coordinate is given: no axis, legend, title or limit whose size would
depend on how wide a font is, because fonts differ between machines. Text from
the package stands only in data values, never where Vega-Lite would read an
expression. Must not know what a chart shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from shinchoku.wording import one_line

#: Drawn this narrow, so that text of ``TEXT`` is still legible at a page width of 320 px.
WIDTH = 320
MARGIN = 4

TEXT = 13
SMALL_TEXT = 12
SMALLEST_TEXT = 10

INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
PAPER = "var(--chart-paper)"
ACTUAL = "var(--chart-actual)"
TARGET = "var(--chart-target)"

_NOT_XML = re.compile("[\x00-\x1f\ufffe\uffff]")

Layer = dict[str, Any]
Domain = tuple[float, float] | None


def _position(field: str, domain: Domain) -> dict[str, Any]:
    scale = None if domain is None else {"domain": list(domain), "zero": False, "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _layer(rows: Iterable[Mapping[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> list[Layer]:
    values = [dict(row) for row in rows]
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}] if values else []


def boxes(
    rows: Iterable[Mapping[str, Any]], *, x: Domain = None, y: Domain = None, **look: Any
) -> list[Layer]:
    """Rectangles from ``left`` to ``right`` and ``top`` to ``bottom``, in data or, without a domain, pixels."""
    encoding = {
        "x": _position("left", x),
        "x2": {"field": "right"},
        "y": _position("top", y),
        "y2": {"field": "bottom"},
    }
    return _layer(rows, {"type": "rect", **look}, encoding)


def lines(
    rows: Iterable[Mapping[str, Any]], *, x: Domain = None, y: Domain = None, **look: Any
) -> list[Layer]:
    """Horizontal lines from ``left`` to ``right`` at ``y``."""
    encoding = {"x": _position("left", x), "x2": {"field": "right"}, "y": _position("y", y)}
    return _layer(rows, {"type": "rule", **look}, encoding)


def texts(
    rows: Iterable[Mapping[str, Any]],
    *,
    x: Domain = None,
    y: Domain = None,
    size: float = TEXT,
    color: str = INK,
    align: str = "center",
    **look: Any,
) -> list[Layer]:
    """``text`` with its baseline at ``x``, ``y``."""
    mark = {
        "baseline": "alphabetic",
        **look,
        "type": "text",
        "fontSize": size,
        "color": color,
        "align": align,
        "limit": 0,
    }
    cleaned = ({**row, "text": printable(row["text"])} for row in rows)
    encoding = {
        "x": _position("x", x),
        "y": _position("y", y),
        "text": {"field": "text", "type": "nominal"},
    }
    return _layer(cleaned, mark, encoding)


def spec(layers: Iterable[Layer], *, width: float, height: float, above: float, below: float) -> Layer:
    """A picture of a plot of ``height``, with room for text ``above`` and ``below`` it."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width - 2 * MARGIN,
        "height": height,
        "padding": {"left": MARGIN, "right": MARGIN, "top": above, "bottom": below},
        "autosize": {"type": "none"},
        "background": None,
        "config": {"view": {"stroke": None}},
        "layer": list(layers),
    }


def printable(text: str) -> str:
    """``text`` on one line, without what XML cannot hold."""
    return one_line(_NOT_XML.sub(" ", text))


def ems(text: str) -> float:
    """About how wide a text is in any font: an upper bound good enough to keep labels apart."""
    narrow, wide = set(",.:;|il'"), ("W", "F", "A")
    return sum(0.3 if c in narrow else 1.0 if unicodedata.east_asian_width(c) in wide else 0.6 for c in text)


def wrapped(text: str, width: float) -> list[str]:
    """``text`` in lines of about the same length, none wider than ``width`` ems."""
    # A line may take one more character than its share: leave room for it where there is a choice.
    count = 1 if ems(text) <= width else ceil(ems(text) / max(width - 1, 1))
    longest = ems(text) / count
    found = [""]
    for character in text:
        if ems(found[-1]) > longest - 0.01:
            found.append("")
        found[-1] += character
    return found
