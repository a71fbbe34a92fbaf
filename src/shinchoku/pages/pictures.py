"""The charts of the pages: drawn in the pages' words, kept in the project's cache.

Where the cache lies is told by ``SHINCHOKU_CACHE_DIR``; it changes how long a
build takes and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from shinchoku import charts, paths
from shinchoku.charts import Chart, ChartCache
from shinchoku.metrics import Assessment, Money
from shinchoku.package.editions import Edition
from shinchoku.pages import words


def _cache() -> ChartCache:
    return ChartCache(Path(os.environ.get("SHINCHOKU_CACHE_DIR") or paths.project() / paths.CHARTS))


def drawing(chart: Chart) -> Markup:
    """The chart as it stands in a page: the charts module made and escaped every byte of it."""
    return Markup(chart.svg)


def of_indicator(package: Edition, indicator_id: str) -> Chart | None:
    """An indicator over the years; ``None`` where no year says anything."""
    return charts.indicator_chart(package, indicator_id, _cache())


def small(package: Edition, indicator_id: str) -> Markup:
    """The trend beside the numbers of a table; empty where there is none."""
    return Markup(charts.sparkline(package, indicator_id))


def of_assessments(counts: Mapping[Assessment, int], title: str) -> Chart:
    """How many were assessed how."""
    return charts.assessment_chart(counts, words.VERDICTS, _cache(), title=title)


def of_assessments_by_area(areas: Sequence[tuple[str, Mapping[Assessment, int]]], title: str) -> Chart:
    """The same for several areas, side by side."""
    return charts.assessment_by_area(areas, words.VERDICTS, _cache(), title=title)


def of_money(rows: Sequence[tuple[str, Money]], title: str) -> Chart:
    """Settled amounts, each with its name."""
    return charts.money_chart(rows, _cache(), title=title)
