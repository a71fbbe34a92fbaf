"""What later reports print otherwise, as a table: this site's calculation, so no table of the package.

Kinds and the order of rows are those of ``editions``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shinchoku import editions
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation

_SIDES = ("printed", "value", "status", "source_id", "source_line")
COLUMNS = (
    *("indicator_id", "fiscal_year", "role", "kind"),
    *(f"old_{name}" for name in _SIDES),
    *(f"new_{name}" for name in _SIDES),
)


def _side(observation: Observation) -> list[Any]:
    return [getattr(observation, name) for name in _SIDES]


def rows(package: Edition) -> Iterator[list[Any]]:
    """The rows of ``data/revisions.csv``, in ``COLUMNS``: of every indicator of any report."""
    for indicator_id in editions.all_indicators(package):
        for item in editions.revisions_of(package, indicator_id):
            after = item.after
            key = [indicator_id, after.fiscal_year, after.role, item.kind.value]
            yield [*key, *_side(item.before), *_side(after)]
