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
Kept (``latest_with``, ``all_initiatives``, ``all_indicators``, ``former_indicators``)
    What a later report does not have any more, as the last one that has it.

Must not import anything of this project except the package, the metrics and the wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum, auto
from typing import Any

from shinchoku import metrics
from shinchoku.metrics import Assessment, IndicatorResult
from shinchoku.package.editions import Edition
from shinchoku.package.records import Absence, Initiative, Observation


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
    had, has = before.status == "reported", after.status == "reported"
    if had != has:
        return RevisionKind.SETTLED if has else RevisionKind.WITHDRAWN
    if None not in (before.value, after.value) and package.unit_of(before) != package.unit_of(after):
        return RevisionKind.UNIT_CHANGED
    same = (before.value, before.text, before.qualifier, before.status) == (
        after.value,
        after.text,
        after.qualifier,
        after.status,
    )
    return RevisionKind.REWORDED if same else RevisionKind.REVISED


def _as_printed(package: Edition, item: Observation) -> Observation:
    """The observation without this project's correction: what the city has changed is told, not that."""
    key = f"{item.source_id}:{item.indicator_id}:{item.fiscal_year}:{item.role}"
    for correction in package.corrections_of_record.get(("observations", key), ()):
        if correction.column_name == "value":
            text = correction.source_value
            item = replace(item, value=None if text is None else Decimal(text))
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
    """Of every indicator of the edition, in its order."""
    return tuple(found for item in package.indicators for found in revisions_of(package, item.indicator_id))


_SIDES = ("printed", "value", "status", "source_id", "source_line")
REVISION_COLUMNS = (
    *("indicator_id", "fiscal_year", "role", "kind"),
    *(f"old_{name}" for name in _SIDES),
    *(f"new_{name}" for name in _SIDES),
)


def revision_rows(package: Edition) -> Iterator[list[Any]]:
    """The rows of ``data/revisions.csv``, in ``REVISION_COLUMNS``: of every indicator of any report."""
    for indicator_id in all_indicators(package):
        for item in revisions_of(package, indicator_id):
            sides = [getattr(side, name) for side in (item.before, item.after) for name in _SIDES]
            yield [indicator_id, item.after.fiscal_year, item.after.role, item.kind.value, *sides]


def results_by_report(package: Edition, indicator_id: str) -> tuple[tuple[int, IndicatorResult], ...]:
    """(report year, result) for each report up to the edition's that lists the indicator, oldest first."""
    return tuple(
        (year, metrics.result(edition, indicator_id))
        for year, edition in editions_up_to(package)
        if indicator_id in edition.indicator
    )


def latest_with(package: Edition, records: str, key: str) -> Edition:
    """``package`` if it has the record, else the newest edition that does. Raises ``KeyError``.

    ``records`` is a join by id: ``initiative``, ``indicator`` or ``policy``.
    """
    editions = (package.edition(year) for year in reversed(package.report_years))
    for edition in (package, *editions):
        if key in getattr(edition, records):
            return edition
    raise KeyError(key)


def all_initiatives(package: Edition) -> tuple[str, ...]:
    """The ids of the edition's initiatives, then of those that only other reports list."""
    others = (package.edition(year) for year in reversed(package.report_years))
    return tuple(dict.fromkeys(key for edition in (package, *others) for key in edition.initiative))


def all_indicators(package: Edition) -> tuple[str, ...]:
    """The ids of the edition's indicators, then of those that only other reports print."""
    others = (package.edition(year) for year in reversed(package.report_years))
    return tuple(dict.fromkeys(key for edition in (package, *others) for key in edition.indicator))


def former_indicators(package: Edition, initiative_id: str) -> tuple[tuple[Edition, str], ...]:
    """(last edition, indicator id) of what only earlier reports print of an initiative, newest first."""
    known = {item.indicator_id for item in package.indicators_of_initiative.get(initiative_id, ())}
    found = []
    for _, edition in reversed(tuple(editions_up_to(package))):
        for item in edition.indicators_of_initiative.get(initiative_id, ()):
            if item.indicator_id not in known:
                known.add(item.indicator_id)
                found.append((edition, item.indicator_id))
    return tuple(found)


def absence_of(package: Edition, initiative_id: str) -> Absence | None:
    """What the first report without an initiative, after the last one with it, was read to mean."""
    last = package.package.last_report_year.get(initiative_id)
    later = {
        item.source_id: item.report_fiscal_year
        for item in package.sources
        if last is not None and item.report_fiscal_year is not None and item.report_fiscal_year > last
    }
    found = (item for item in package.absences if item.initiative_id == initiative_id)
    return min(
        (item for item in found if item.source_id in later),
        key=lambda item: later[item.source_id],
        default=None,
    )


def editions_up_to(package: Edition) -> Iterable[tuple[int, Edition]]:
    """(report year, edition) of each report up to the edition's, oldest first."""
    newest = package.report_year
    return ((year, package.edition(year)) for year in package.report_years if newest and year <= newest)


@dataclass(frozen=True, slots=True)
class Renamed:
    """Something of one id that two reports call by different names."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reassessed:
    """An initiative whose assessment is another one than in the report before."""

    initiative_id: str
    before: Assessment
    after: Assessment


@dataclass(frozen=True, slots=True)
class Step:
    """From the report of ``year_before`` to that of ``year``; ids in print order of the report that has them."""

    year_before: int
    year: int
    new_initiatives: tuple[str, ...]
    #: Those of them that an earlier report than the one before listed.
    returned_initiatives: frozenset[str]
    gone_initiatives: tuple[Initiative, ...]
    absences: Mapping[str, Absence]
    renamed_initiatives: tuple[Renamed, ...]
    new_indicators: tuple[str, ...]
    gone_indicators: tuple[str, ...]
    renamed_indicators: tuple[Renamed, ...]
    changed_units: tuple[Renamed, ...]
    new_policies: tuple[str, ...]
    gone_policies: tuple[str, ...]
    renamed_policies: tuple[Renamed, ...]
    moved_policies: tuple[str, ...]
    revisions: tuple[Revision, ...]
    reassessed: tuple[Reassessed, ...]


def step(package: Edition, year: int) -> Step | None:
    """What the report of ``year`` changes against the one before; ``None`` for the first report."""
    earlier = [item for item in package.report_years if item < year]
    if not earlier:
        return None
    before, after = package.edition(earlier[-1]), package.edition(year)
    here = {item.source_id for item in package.reports_of(year)}
    new, gone, renamed = _compared(before.initiative, after.initiative, lambda item: item.name)
    new_indicators, gone_indicators, renamed_indicators = _compared(
        before.indicator, after.indicator, lambda item: item.name_printed
    )
    new_policies, gone_policies, renamed_policies = _compared(
        before.policy, after.policy, lambda item: item.title
    )
    return Step(
        year_before=earlier[-1],
        year=year,
        new_initiatives=new,
        returned_initiatives=frozenset(
            key for key in new if any(key in package.edition(item).initiative for item in earlier)
        ),
        gone_initiatives=tuple(before.initiative[key] for key in gone),
        absences={item.initiative_id: item for item in package.package.absences if item.source_id in here},
        renamed_initiatives=renamed,
        new_indicators=new_indicators,
        gone_indicators=gone_indicators,
        renamed_indicators=renamed_indicators,
        changed_units=tuple(
            Renamed(key, unit, item.unit)
            for key, item in _in_print_order(after.indicator)
            if key in before.indicator
            and (unit := before.indicator[key].unit)
            and item.unit
            and unit != item.unit
        ),
        new_policies=new_policies,
        gone_policies=gone_policies,
        renamed_policies=renamed_policies,
        moved_policies=tuple(
            key
            for key, item in _in_print_order(after.policy)
            if key in before.policy
            and (before.policy[key].parent_policy_id, before.policy[key].number_printed)
            != (item.parent_policy_id, item.number_printed)
        ),
        revisions=tuple(
            found
            for found in revisions(after)
            if found.after.source_id in here and found.before.source_id not in here
        ),
        reassessed=tuple(_reassessed(before, after)),
    )


def _in_print_order(records: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(records.items(), key=lambda item: (item[1].source_id, item[1].source_line))


def _compared(
    before: Mapping[str, Any], after: Mapping[str, Any], name: Callable[[Any], str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Renamed, ...]]:
    """(new ids, gone ids, renamed) of records by id."""
    return (
        tuple(key for key, _ in _in_print_order(after) if key not in before),
        tuple(key for key, _ in _in_print_order(before) if key not in after),
        tuple(
            Renamed(key, name(before[key]), name(item))
            for key, item in _in_print_order(after)
            if key in before and name(before[key]) != name(item)
        ),
    )


def _reassessed(before: Edition, after: Edition) -> Iterable[Reassessed]:
    for key, _ in _in_print_order(after.initiative):
        if key not in before.initiative:
            continue
        was, is_now = (metrics.assessment_of_initiative(edition, key) for edition in (before, after))
        if was != is_now:
            yield Reassessed(key, was, is_now)
