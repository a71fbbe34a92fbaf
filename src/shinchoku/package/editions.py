"""The whole package, its edition of each year's report, and what one document prints.

All three are ``Tables``, so that what needs no more than joins takes any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from operator import attrgetter
from typing import Any

from shinchoku.package.joins import Tables
from shinchoku.package.records import Indicator, Observation, group_by

#: Tables of which an edition holds what its own report prints.
OF_ONE_REPORT = ("policies", "initiatives", "listings", "listing_differences", "indicators", "attributes")
#: Tables of which an edition holds, for each of these keys, what the latest report up to its own prints.
STATED_AGAIN = {
    "observations": ("indicator_id", "fiscal_year", "role"),
    "settlements": ("initiative_id", "fiscal_year"),
    "budgets": ("initiative_id", "fiscal_year"),
    "activities": ("initiative_id", "fiscal_year"),
}


def _other_unit(indicators: Mapping[str, Indicator], item: Observation, unit: str | None) -> str | None:
    own = indicators.get(item.indicator_id)
    return unit if item.value is not None and own is not None and unit != own.unit else None


@dataclass(frozen=True)
class Package(Tables):
    """Every report and everything else, whole."""

    @property
    def package(self) -> Package:
        """Itself, as an edition and a document have the package they are of."""
        return self

    @cached_property
    def newest(self) -> Edition:
        """The edition of the newest report; of everything where there is no report."""
        if self.newest_report_year is not None:
            return self.edition(self.newest_report_year)
        return Edition(**self._fields, package=self, report_year=None)

    def edition(self, fiscal_year: int) -> Edition:
        """The edition of the report of a fiscal year: its tree and rows, and what was known by then.

        A value that several reports print is the one of the latest of them; the
        initiatives, indicators, listings and policies are those of this report.
        """
        if fiscal_year not in self._editions:
            tables = self._fields | self._known_by(fiscal_year)
            self._editions[fiscal_year] = Edition(**tables, package=self, report_year=fiscal_year)
        return self._editions[fiscal_year]

    def document(self, source_id: str) -> Document:
        """What one document prints and nothing else. Raises ``KeyError`` for an unknown one."""
        return self._documents[source_id]

    def unit_of(self, item: Observation) -> str | None:
        """The unit of a value: that of the report which prints it, whatever a later one counts in."""
        return self._units.get((item.source_id, item.indicator_id))

    def other_unit(self, item: Observation) -> str | None:
        """The unit of a number that is not in the indicator's; ``None`` for all others."""
        return _other_unit(self.indicator, item, self.unit_of(item))

    @cached_property
    def _units(self) -> dict[tuple[str, str], str | None]:
        return {(item.source_id, item.indicator_id): item.unit for item in self.indicators}

    @cached_property
    def statements_of_indicator(self) -> dict[str, tuple[Observation, ...]]:
        """Indicator id → what every report prints of it, oldest report first."""
        ordered = sorted(self.observations, key=lambda item: self._year_of[item.source_id] or 0)
        return group_by(ordered, "indicator_id")

    @cached_property
    def last_report_year(self) -> dict[str, int]:
        """Initiative id → the newest year whose report lists it."""
        found: dict[str, int] = {}
        for item in self.initiatives:
            if (year := self._year_of[item.source_id]) is not None:
                found[item.initiative_id] = max(year, found.get(item.initiative_id, year))
        return found

    @cached_property
    def _year_of(self) -> dict[str, int | None]:
        """Source id → the fiscal year whose report it is."""
        return {item.source_id: item.report_fiscal_year for item in self.sources}

    @property
    def _fields(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(Tables)}

    @cached_property
    def _editions(self) -> dict[int, Edition]:
        return {}

    def _known_by(self, fiscal_year: int) -> dict[str, tuple[Any, ...]]:
        here = {name for name, year in self._year_of.items() if year == fiscal_year}
        tables: dict[str, tuple[Any, ...]] = {
            name: tuple(item for item in getattr(self, name) if item.source_id in here)
            for name in OF_ONE_REPORT
        }
        ids = {
            "indicator_id": {item.indicator_id for item in tables["indicators"]},
            "initiative_id": {item.initiative_id for item in tables["initiatives"]},
        }
        for name, key in STATED_AGAIN.items():
            place_of = attrgetter(*key)
            known = [
                (place_of(item), year, item)
                for item in getattr(self, name)
                if (year := self._year_of[item.source_id]) is not None
                and year <= fiscal_year
                and getattr(item, key[0]) in ids[key[0]]
            ]
            latest: dict[Any, int] = {}
            for place, year, _ in known:
                latest[place] = max(year, latest.get(place, year))
            stated = [(place, item) for place, year, item in known if latest[place] == year]
            tables[name] = tuple(item for _, item in sorted(stated, key=lambda pair: pair[0]))
        return tables

    @cached_property
    def _documents(self) -> dict[str, Document]:
        by_source = {
            name: group_by(getattr(self, name), "source_id") for name in (*OF_ONE_REPORT, *STATED_AGAIN)
        }
        known = {item.source_id for item in self.sources}.union(*by_source.values())
        return {
            source_id: Document(
                **self._fields | {name: groups.get(source_id, ()) for name, groups in by_source.items()},
                package=self,
            )
            for source_id in known
        }


@dataclass(frozen=True)
class _View(Tables):
    """Some rows of a package, from where the whole and its other views are one step away."""

    package: Package = field(kw_only=True, repr=False)

    @property
    def newest(self) -> Edition:
        """The edition of the newest report."""
        return self.package.newest

    def edition(self, fiscal_year: int) -> Edition:
        """The edition of the report of a fiscal year."""
        return self.package.edition(fiscal_year)

    def document(self, source_id: str) -> Document:
        """What one document prints. Raises ``KeyError`` for an unknown one."""
        return self.package.document(source_id)

    def unit_of(self, item: Observation) -> str | None:
        """The unit of a value: that of the report which prints it."""
        return self.package.unit_of(item)

    def other_unit(self, item: Observation) -> str | None:
        """The unit of a number that is not in the indicator's; ``None`` for all others."""
        return _other_unit(self.indicator, item, self.unit_of(item))


@dataclass(frozen=True)
class Edition(_View):
    """The package as it was when the report of ``report_year`` was the newest; what pages show.

    ``report_year`` is ``None`` where a package has no report.
    """

    report_year: int | None = field(kw_only=True)

    @property
    def year(self) -> int:
        """The year of the report; for what only editions of a report do. Raises ``ValueError`` without one."""
        if self.report_year is None:
            raise ValueError("an edition without a report")
        return self.report_year

    @property
    def is_newest(self) -> bool:
        """Whether no later report is known."""
        return self.report_year == self.newest_report_year


@dataclass(frozen=True)
class Document(_View):
    """What one document prints and nothing else."""


#: What only needs to know what is printed where takes any of the three.
View = Package | Edition | Document
