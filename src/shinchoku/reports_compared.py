"""What one report says otherwise than the ones before; all of it this site's calculation.

Revision (``revisions``)
    A value of the same indicator, fiscal year and role that a later report
    prints otherwise. ``settled``: there was no value, now there is one;
    ``withdrawn``: the other way round; ``unit_changed``: a number in another
    unit, with which nothing is compared; ``revised``: another value;
    ``reworded``: the same value or the same lack of one in other words.
Results (``results_by_report``)
    The result of an indicator as each report gives it, judged by what that
    report and those before it print.
Step (``step``)
    From one report to the next: which initiatives, indicators and policies are
    new, gone, renamed or moved, and whose assessment changed.
Kept (``latest_with``, ``all_with``, ``all_areas``, ``indicators_of``)
    What a later report does not have any more, as the last one that has it.

Must not import anything of this project except the package, the metrics and the wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum, auto
from typing import Any, Generic, TypeVar

from shinchoku import metrics
from shinchoku.metrics import Assessment, IndicatorResult, is_stated
from shinchoku.package.editions import Edition
from shinchoku.package.records import Absence, Indicator, Observation, Policy

T = TypeVar("T")


class RevisionKind(StrEnum):
    """How a later report differs; in the order in which they are shown."""

    REVISED = auto()
    SETTLED = auto()
    WITHDRAWN = auto()
    UNIT_CHANGED = auto()
    REWORDED = auto()


@dataclass(frozen=True, slots=True)
class Revision:
    """The same value as two reports print it."""

    kind: RevisionKind
    before: Observation
    after: Observation


def _kind(package: Edition, before: Observation, after: Observation) -> RevisionKind:
    if is_stated(before) != is_stated(after):
        return RevisionKind.SETTLED if is_stated(after) else RevisionKind.WITHDRAWN
    if None not in (before.value, after.value) and package.unit_of(before) != package.unit_of(after):
        return RevisionKind.UNIT_CHANGED
    was, is_now = (
        (item.value, item.upper_value, item.text, item.qualifier, item.as_of_date, item.status)
        for item in (before, after)
    )
    return RevisionKind.REWORDED if was == is_now else RevisionKind.REVISED


def _as_printed(package: Edition, item: Observation) -> Observation:
    """The observation without this project's correction: what the city has changed is told, not that."""
    key = f"{item.source_id}:{item.indicator_id}:{item.fiscal_year}:{item.role}"
    for correction in package.corrections_of_record.get(("observations", key), ()):
        if correction.column_name in ("value", "upper_value"):
            value = None if correction.source_value is None else Decimal(correction.source_value)
            is_upper = correction.column_name == "upper_value"
            item = replace(item, upper_value=value) if is_upper else replace(item, value=value)
    return item


def revisions_of(package: Edition, indicator_id: str) -> tuple[Revision, ...]:
    """What later reports, up to the edition's, print otherwise of one indicator; by year, oldest first."""
    latest: dict[tuple[int, str], Observation] = {}
    found = []
    for item in package.package.statements_of_indicator.get(indicator_id, ()):
        if not _is_known(package, item):
            continue
        place = (item.fiscal_year, item.role)
        before = latest.get(place)
        if before is not None and (before.printed or "") != (item.printed or ""):
            kind = _kind(package, _as_printed(package, before), _as_printed(package, item))
            found.append(Revision(kind, before, item))
        latest[place] = item
    return tuple(sorted(found, key=lambda item: (item.after.fiscal_year, item.after.role)))


def _is_known(package: Edition, item: Observation) -> bool:
    """Whether the report that prints ``item`` is not later than the edition."""
    year = package.source[item.source_id].report_fiscal_year
    return year is not None and package.report_year is not None and year <= package.report_year


def revisions(package: Edition) -> tuple[Revision, ...]:
    """Of every indicator of any report, the edition's own first."""
    return tuple(found for key in all_with(package, "indicator") for found in revisions_of(package, key))


_SIDES = ("printed", "value", "status", "source_id", "source_line")
REVISION_COLUMNS = (
    *("indicator_id", "fiscal_year", "role", "kind"),
    *(f"old_{name}" for name in _SIDES),
    *(f"new_{name}" for name in _SIDES),
)


def revision_rows(package: Edition) -> Iterator[list[Any]]:
    """The rows of ``data/revisions.csv``, in ``REVISION_COLUMNS``."""
    for item in revisions(package):
        place = [item.after.indicator_id, item.after.fiscal_year, item.after.role, item.kind.value]
        yield place + [getattr(side, name) for side in (item.before, item.after) for name in _SIDES]


# -- by report ------------------------------------------------------------------------


def editions_up_to(package: Edition) -> list[Edition]:
    """Those of the reports up to the edition's, oldest first."""
    newest = package.report_year
    return [package.edition(year) for year in package.report_years if newest and year <= newest]


def editions_newest_first(package: Edition) -> Iterator[Edition]:
    """``package``, then those of all reports: in the order in which one is asked for what it may not have."""
    yield package
    yield from map(package.edition, reversed(package.report_years))


def results_by_report(package: Edition, indicator_id: str) -> tuple[tuple[int, IndicatorResult], ...]:
    """(report year, result) for each report up to the edition's that lists the indicator, oldest first."""
    return tuple(
        (edition.year, metrics.result(edition, indicator_id))
        for edition in editions_up_to(package)
        if indicator_id in edition.indicator
    )


def latest_with(package: Edition, records: str, key: str) -> Edition:
    """``package`` if it has the record, else the newest edition that does. Raises ``KeyError``.

    ``records`` is a join by id: ``initiative``, ``indicator`` or ``policy``.
    """
    for edition in editions_newest_first(package):
        if key in getattr(edition, records):
            return edition
    raise KeyError(key)


def all_with(package: Edition, records: str) -> dict[str, Edition]:
    """Id → its edition as of ``latest_with``: of the edition's records, then of those of other reports."""
    found: dict[str, Edition] = {}
    for edition in editions_newest_first(package):
        found |= {key: edition for key in getattr(edition, records) if key not in found}
    return found


def all_areas(package: Edition) -> list[tuple[Edition, Policy]]:
    """Every area with its edition as of ``latest_with``: none is lost with a report that has not."""
    found: dict[tuple[str, str], tuple[Edition, Policy]] = {}
    for edition in editions_newest_first(package):
        for area in edition.areas:
            found.setdefault((area.level, area.policy_id), (edition, area))
    return list(found.values())


def indicators_of(package: Edition, initiative_id: str) -> list[tuple[Edition, Indicator]]:
    """Those of an initiative, then, each with its last edition, those that only earlier reports print."""
    found: dict[str, tuple[Edition, Indicator]] = {}
    for edition in (package, *reversed(editions_up_to(package))):
        for item in edition.indicators_of_initiative.get(initiative_id, ()):
            found.setdefault(item.indicator_id, (edition, item))
    return list(found.values())


def absence_of(package: Edition, initiative_id: str) -> Absence | None:
    """What the first report without an initiative, after the last one with it, was read to mean."""
    last = package.package.last_report_year.get(initiative_id)
    later = (year for year in package.report_years if last is not None and year > last)
    sources = (source.source_id for year in later for source in package.reports_of(year))
    found = {item.source_id: item for item in package.absences if item.initiative_id == initiative_id}
    return next((found[source_id] for source_id in sources if source_id in found), None)


# -- from one report to the next ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """Something of one id of which two reports say different things."""

    id: str
    before: T
    after: T


@dataclass(frozen=True, slots=True)
class Compared:
    """Records of one kind in two reports, by their ids: in print order of the report that has them."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: tuple[Changed[str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """From one report to the next one."""

    before: Edition
    after: Edition
    initiatives: Compared
    #: Those new initiatives that an earlier report than the one before listed.
    returned: frozenset[str]
    absences: Mapping[str, Absence]
    indicators: Compared
    changed_units: tuple[Changed[str], ...]
    policies: Compared
    moved_policies: tuple[str, ...]
    revisions: tuple[Revision, ...]
    reassessed: tuple[Changed[Assessment], ...]


def step(package: Edition, year: int) -> Step | None:
    """What the report of ``year`` changes against the one before; ``None`` for the first report."""
    earlier = [package.edition(item) for item in package.report_years if item < year]
    if not earlier:
        return None
    before, after = earlier[-1], package.edition(year)
    here = {item.source_id for item in package.reports_of(year)}
    initiatives = _compared(before, after, "initiative", lambda item: item.name)

    def unit(edition: Edition, indicator_id: str) -> str:
        return edition.indicator[indicator_id].unit or ""

    def place(edition: Edition, policy_id: str) -> tuple[str | None, str | None]:
        return edition.policy[policy_id].parent_policy_id, edition.policy[policy_id].number_printed

    return Step(
        before=before,
        after=after,
        initiatives=initiatives,
        returned=frozenset(
            key for key in initiatives.new if any(key in edition.initiative for edition in earlier)
        ),
        absences={item.initiative_id: item for item in package.package.absences if item.source_id in here},
        indicators=_compared(before, after, "indicator", lambda item: item.name_printed),
        changed_units=tuple(
            item for item in _changed(before, after, "indicator", unit) if item.before and item.after
        ),
        policies=_compared(before, after, "policy", lambda item: item.title),
        moved_policies=tuple(item.id for item in _changed(before, after, "policy", place)),
        revisions=tuple(
            found
            for found in revisions(after)
            if found.after.source_id in here and found.before.source_id not in here
        ),
        reassessed=_changed(before, after, "initiative", metrics.assessment_of_initiative),
    )


def _ids(edition: Edition, records: str) -> list[str]:
    """The ids of a join in print order."""
    by_id = getattr(edition, records)
    return sorted(by_id, key=lambda key: (by_id[key].source_id, by_id[key].source_line))


def _compared(before: Edition, after: Edition, records: str, name: Callable[[Any], str]) -> Compared:
    old, new = getattr(before, records), getattr(after, records)
    return Compared(
        new=tuple(key for key in _ids(after, records) if key not in old),
        gone=tuple(key for key in _ids(before, records) if key not in new),
        renamed=_changed(before, after, records, lambda edition, key: name(getattr(edition, records)[key])),
    )


def _changed(
    before: Edition, after: Edition, records: str, value: Callable[[Edition, str], T]
) -> tuple[Changed[T], ...]:
    """Of what both reports have, that of which they have another ``value``."""
    both = (key for key in _ids(after, records) if key in getattr(before, records))
    found = (Changed(key, value(before, key), value(after, key)) for key in both)
    return tuple(item for item in found if item.before != item.after)
