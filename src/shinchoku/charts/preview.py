"""A picture for those who share a page: its name, what is judged of it in words, and its chart, of one size.

Drawn as SVG for a program that knows no style sheet: the colours are those of a
page in the light, and how wide a text may be is estimated (``marks.ems``).
Must not know what a page shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from shinchoku.charts import marks
from shinchoku.charts.chart import Picture
from shinchoku.charts.marks import NARROWEST

WIDTH, HEIGHT = 1200, 630
FONT = "Noto Sans CJK JP"
#: What the style sheets of the pages say (site/assets/charts.css, site.css).
COLOURS = {
    "ink": "#1a1a1a",
    "muted": "#4a5763",
    "paper": "#ffffff",
    "actual": "#1f74ab",
    "on-actual": "#ffffff",
    "target": "#c2410c",
    "reached": "#197a4b",
    "on-reached": "#ffffff",
    "missed": "#b84200",
    "on-missed": "#ffffff",
    "edge": "none",
    "band": "#eef1f4",
}
_BRAND, _SOFT = "#00428c", "#e9f5fd"
_LEFT, _RIGHT, _FOOT = 60, 640, 548
_TEXT_WIDTH = _RIGHT - _LEFT - 36
_CHART_WIDTH, _CHART_TOP = WIDTH - _RIGHT - 60, 64
#: Sizes of the title, the largest first, and in how many lines it may stand.
_TITLES = ((56, 2), (46, 3), (38, 4), (30, 5), (20, 10))
#: Small digits as in CO₂, which the font does not have.
_NOT_IN_FONT = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
#: What site/assets/charts.css says of a picture.
_STYLE = "\n".join(
    [
        f".chart {{fill: {COLOURS['ink']}; font-size: {marks.TEXT}px; text-anchor: middle}}",
        ".chart svg {overflow: visible}",
        ".chart path {fill: none}",
        *(
            f".chart .{name} {{{'; '.join(f'{key}: {COLOURS.get(said, said)}' for key, said in look.items())}}}"
            for name, look in marks.LOOKS.items()
        ),
    ]
)
_SHAPES = re.compile(r'<svg viewBox="0 0 100 100"[^>]*>(.*?)</svg>')
_ACROSS = re.compile(r"([MH])(-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a picture says; ``outcome`` is the name of its colour, ``facts`` are short lines.

    Without a verdict it is that of a whole site, whose words have all of its width.
    """

    kind: str
    title: str
    verdict: str
    outcome: str
    facts: tuple[str, ...]
    picture: Picture | None
    foot: str

    @property
    def said(self) -> str:
        """The same in a sentence or two, for those who do not see it."""
        return (
            "。".join(
                filter(None, ["：".join(filter(None, [self.title, self.verdict])), *self.facts, self.foot])
            )
            + "。"
        )

    def svg(self) -> str:
        drawn = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}">',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            f'<rect width="100%" height="14" fill="{_BRAND}"/>',
            f'<rect y="{_FOOT}" width="100%" height="{HEIGHT - _FOOT}" fill="{_SOFT}"/>',
            _text(_LEFT, _FOOT + 52, _fitting(self.foot, 28, WIDTH - 2 * _LEFT), self.foot, _BRAND),
            *self._words(),
            *self._chart(),
            "</svg>",
        ]
        return "".join(drawn).translate(_NOT_IN_FONT)

    def _words(self) -> list[str]:
        ink, muted = COLOURS["ink"], COLOURS["muted"]
        width = Decimal(_TEXT_WIDTH if self.verdict else WIDTH - 2 * _LEFT)
        for size, most in _TITLES:
            lines = marks.wrapped(self.title, width / size)
            if len(lines) <= most:
                break
        drawn = [_text(_LEFT, 92, 28, self.kind, muted)]
        y = 108
        for line in lines[:most]:
            y += size * 5 // 4
            drawn.append(_text(_LEFT, y, size, line, ink))
        y += 22
        if self.verdict:
            drawn += self._verdict(y)
            y += 68
        for line in (line for fact in self.facts for line in marks.wrapped(fact, width / 26)):
            y += 38
            # A title as long as that leaves no room for all of it; the page has it.
            if y < _FOOT - 8:
                drawn.append(_text(_LEFT, y, 26, line, ink))
        return drawn

    def _verdict(self, y: int) -> list[str]:
        size = _fitting(self.verdict, 34, _TEXT_WIDTH - 48)
        width = marks.number(marks.ems(self.verdict) * size + 48)
        is_open = self.outcome == "open"
        look = f'fill="none" stroke="{COLOURS["muted"]}"' if is_open else f'fill="{COLOURS[self.outcome]}"'
        ink = COLOURS["ink" if is_open else f"on-{self.outcome}"]
        box = f'<rect x="{_LEFT}" y="{y}" width="{width}" height="60" rx="30" {look} stroke-width="2"/>'
        return [box, _text(_LEFT + 24, y + 30 + size * 36 // 100, size, self.verdict, ink)]

    def _chart(self) -> list[str]:
        if self.picture is None:
            return []
        height = self.picture.above + self.picture.height + self.picture.below
        # As large as it fits: drawn for a phone, so its text is well read in a small preview, too.
        scale = min(Decimal(_CHART_WIDTH) / NARROWEST, Decimal(_FOOT - _CHART_TOP - 20) / height)
        width = _CHART_WIDTH / scale
        inner = self.picture.svg(
            f'viewBox="0 0 {marks.number(width)} {marks.number(height)}" width="{marks.number(width)}"'
        )
        inner = _SHAPES.sub(lambda match: _stretched(match[1], width / 100), inner)
        place = f"translate({_RIGHT},{_CHART_TOP}) scale({marks.number(scale, 2)})"
        return [f"<style>{_STYLE}</style>", f'<g class="chart" transform="{place}">{inner}</g>']


def _stretched(shapes: str, by: Decimal) -> str:
    """Boxes and lines over a width: the program would stretch their lines, too, which a browser keeps as thick as they are."""
    return _ACROSS.sub(lambda match: match[1] + marks.number(Decimal(match[2]) * by), shapes)


def _fitting(text: str, size: int, width: int) -> int:
    """The size at which a text fits into a width: ``size``, or less."""
    return min(size, int(width / max(marks.ems(text), Decimal(1))))


def _text(x: int, y: int, size: int, text: str, fill: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}">{escape(marks.printable(text), quote=False)}</text>'
