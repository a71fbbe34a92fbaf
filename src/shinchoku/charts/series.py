"""The observations of an indicator by year, as all its pictures and descriptions read them.

Must not know how anything is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from shinchoku.metrics import is_stated
from shinchoku.package import dictionary
from shinchoku.package.descriptor import Disruption
from shinchoku.package.dictionary import Code
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator, Observation


@dataclass(frozen=True)
class Series:
    """The observations of an indicator by year; ``None`` where the sources have no row."""

    package: Edition
    indicator: Indicator

    def _rows(self, role: str) -> dict[int, Observation]:
        rows = self.package.observations_of_indicator.get(self.indicator.indicator_id, ())
        return {item.fiscal_year: item for item in rows if item.role == role}

    @cached_property
    def targets(self) -> dict[int, Observation]:
        return self._rows("target")

    @cached_property
    def actuals(self) -> dict[int, Observation | None]:
        """With the base value, which is the actual of a year that has no other."""
        rows = self._rows("base") | self._rows("actual")
        return {year: rows.get(year) for year in self.years}

    @cached_property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({*self.package.actual_years, *self._rows("base"), *self.targets}))

    @cached_property
    def values(self) -> dict[int, Observation]:
        """The actuals that are numbers in the indicator's unit; those in another belong to a series that has ended."""
        return {
            year: item
            for year, item in self.actuals.items()
            if item and item.value is not None and not self.package.other_unit(item)
        }

    @cached_property
    def numbers(self) -> dict[int, Decimal]:
        """The values as numbers in the indicator's unit."""
        return {year: item.value for year, item in self.values.items() if item.value is not None}

    @cached_property
    def upper_ends(self) -> dict[int, Decimal]:
        """Of the values that are ranges, the upper end; ``numbers`` has the lower one."""
        return {year: item.upper_value for year, item in self.values.items() if item.upper_value is not None}

    @cached_property
    def target_numbers(self) -> dict[int, Decimal]:
        return {
            year: item.value
            for year, item in self.targets.items()
            if item.value is not None and not self.package.other_unit(item)
        }

    @cached_property
    def target_upper_ends(self) -> dict[int, Decimal]:
        found = {year: self.targets[year].upper_value for year in self.target_numbers}
        return {year: end for year, end in found.items() if end is not None}

    @cached_property
    def levels(self) -> tuple[Decimal, Decimal]:
        """From or to zero, and around every value and target."""
        ends = (self.numbers, self.upper_ends, self.target_numbers, self.target_upper_ends)
        levels = (Decimal(0), *(level for each in ends for level in each.values()))
        return (min(levels), max(levels) if any(levels) else Decimal(1))

    @property
    def disruption(self) -> Disruption | None:
        return self.package.disruption

    @property
    def is_stated(self) -> bool:
        return any(map(is_stated, (*self.actuals.values(), *self.targets.values())))

    @property
    def is_numeric(self) -> bool:
        """Whether it can be drawn to a scale: states in words have none, also where one is a number."""
        return self.indicator.value_kind != "qualitative" and bool(self.numbers or self.target_numbers)

    def runs(self) -> list[tuple[list[int], Observation | None]]:
        """Neighbouring years with the same actual, or missing for the same reason."""

        def state(pair: tuple[int, Observation | None]) -> tuple[Any, ...]:
            item = pair[1]
            if item is None:
                return ()
            return (
                item.role,
                item.status,
                item.value,
                item.upper_value,
                item.text,
                item.qualifier,
                item.remark,
            )

        runs = [list(run) for _, run in groupby(self.actuals.items(), key=state)]
        return [([year for year, _ in run], run[0][1]) for run in runs]

    def kind(self, item: Observation) -> str:
        """What sets a value apart from other actuals: that it is the base value, or is not final."""
        if item.role == "base":
            return self.code("role", "base").label
        return self.code("qualifier", item.qualifier).label if item.qualifier else ""

    def code(self, column: str, value: str | None) -> Code:
        """What a code of an observation is called."""
        return dictionary.codes(self.package, "observations", column)[value or ""]


def series(package: Edition, indicator_id: str) -> Series:
    """The series of an indicator."""
    return Series(package, package.indicator[indicator_id])
