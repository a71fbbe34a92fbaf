"""Charts, drawn once at build time as SVG that stands in the page itself.

A kind of chart is a module: it takes what it shows, places ``marks`` at their
pixels, and returns a ``chart`` of this picture with a sentence and a table that
say the same. ``indicators`` (drawn as ``columns`` or ``timelines`` of a
``series``), ``assessments``, ``money``, ``references`` and, without a frame, ``sparklines`` are
such; ``words`` holds what several of them say in Japanese, and ``preview`` puts one
into the picture of a page that is shared. To add one, write
its module, offer it here, and add it to ``PICTURES`` or ``pictures`` in
``tests/test_charts.py``. Colours and fonts are the page's
(``site/assets/charts.css``).

May import metrics, the dictionary and what is below them; must not know pages,
nor read or write any file.
"""

from __future__ import annotations

from shinchoku.charts.assessments import assessment_by_area, assessment_chart
from shinchoku.charts.chart import Chart, ChartTable
from shinchoku.charts.indicators import indicator_chart
from shinchoku.charts.money import money_chart
from shinchoku.charts.preview import Preview
from shinchoku.charts.references import references_chart
from shinchoku.charts.sparklines import sparkline

__all__ = [
    "Chart",
    "ChartTable",
    "Preview",
    "assessment_by_area",
    "assessment_chart",
    "indicator_chart",
    "money_chart",
    "references_chart",
    "sparkline",
]
