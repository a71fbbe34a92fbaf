"""An initiative as one line of a table, with its indicator in the year that is judged. Must not render anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shinchoku.metrics import IndicatorResult
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Observation
from shinchoku.pages.parts import values


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of an initiative (``None``: it has none), and its cells in the year that is judged.

    Without any target nothing is judged: then those of the newest year with actuals. Where that is due
    later, the target is of a later year, and has a base value beside it.
    """

    initiative: Initiative
    is_relisted: bool
    result: IndicatorResult | None
    year: int | None
    base: Observation | None
    actual: Observation | None
    target: Observation | None


def of(
    package: Edition, initiative_id: str, results: Iterable[IndicatorResult], *, is_relisted: bool
) -> Iterator[Row]:
    """A row for each of some results of an initiative; one also where there is none."""
    for result in tuple(results) or (None,):
        year = base = actual = target = None
        if result is not None:
            year = result.fiscal_year or package.newest_actual_year
            actual = package.observation.get((result.indicator.indicator_id, year or 0, "actual"))
            target = values.aim(package, result)
            stated = package.observations_of_indicator.get(result.indicator.indicator_id, ())
            base = next((each for each in stated if each.role == "base"), None)
        yield Row(package.initiative[initiative_id], is_relisted, result, year, base, actual, target)
