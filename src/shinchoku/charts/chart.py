"""A chart: marks put together as a picture that describes itself, with the same in words and as a table.

Must not know what a chart shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from math import ceil

from markupsafe import Markup

from shinchoku.charts.marks import Number, number, printable


@dataclass(frozen=True, slots=True)
class ChartTable:
    """What a chart shows, as text in rows: for those who do not see it, and for exact values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Finished marks on a plot of ``height`` pixels, with room for text ``above`` and ``below`` it.

    ``wide`` takes its place where there is more room, for what would be laid out otherwise there.
    """

    marks: str
    height: Number
    above: Number = 0
    below: Number = 0
    wide: Picture | None = None

    def svg(self, attributes: str, described: str = "") -> str:
        height = ceil(self.above + self.height + self.below)
        return (
            f'<svg {attributes} height="{height}">{described}'
            f'<g transform="translate(0 {number(self.above)})">{self.marks}</g></svg>'
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture for a page: ``svg`` is finished HTML, everything else is plain text.

    The page shows the ``title`` in an element with the id ``key``, and ``notes`` below it.
    """

    picture: Picture
    key: str
    svg: Markup
    title: str
    description: str
    tabulate: Callable[[], ChartTable]
    notes: tuple[str, ...]

    @property
    def table(self) -> ChartTable:
        """The same as a table; made where one is shown."""
        return self.tabulate()


def chart(
    picture: Picture,
    *,
    name: str,
    title: str,
    description: str,
    table: Callable[[], ChartTable],
    notes: Iterable[str] = (),
) -> Chart:
    """The chart of a picture. ``name`` keeps the ids of charts with the same content apart."""
    title, description = printable(title), printable(description)
    content = "\n".join([name, title, description, picture.marks])
    key = f"chart-{sha256(content.encode('utf-8')).hexdigest()[:8]}"
    own = f'role="img" aria-labelledby="{key}" aria-describedby="{key}-d"'
    described = f'<desc id="{key}-d">{escape(description, quote=False)}</desc>'
    look = "chart__picture chart__narrow" if picture.wide else "chart__picture"
    svg = picture.svg(f'class="{look}" {own}', described)
    if picture.wide:
        svg += picture.wide.svg(f'class="chart__picture chart__wide" {own}')
    return Chart(picture, key, Markup(svg), title, description, table, tuple(map(printable, notes)))
