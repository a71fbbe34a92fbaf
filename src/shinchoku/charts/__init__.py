"""Charts, drawn once at build time as SVG that stands in the page itself.

``indicators``, ``overviews`` and ``sparklines`` say what is drawn, ``layers``
how a mark is written in Vega-Lite, ``drawing`` turns a spec into a ``Chart``
and remembers it, ``svg`` makes a renderer's output small, safe and the same
everywhere, ``words`` says in Japanese what a picture shows. Colours and fonts
are the page's (``docs/assets/charts.css``).

May import metrics, the dictionary and what is below them; must not know pages,
nor read or write any file but the cache.
"""

from __future__ import annotations

from shinchoku.charts.drawing import Chart, ChartCache, ChartTable
from shinchoku.charts.indicators import indicator_chart
from shinchoku.charts.overviews import assessment_by_area, assessment_chart, money_chart
from shinchoku.charts.sparklines import sparkline

__all__ = [
    "Chart",
    "ChartCache",
    "ChartTable",
    "assessment_by_area",
    "assessment_chart",
    "indicator_chart",
    "money_chart",
    "sparkline",
]
