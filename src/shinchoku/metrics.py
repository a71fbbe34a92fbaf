"""Everything that is calculated from the published facts, and nothing that is printed.

Fiscal years are compared as integers, numbers are ``Decimal`` or ``int`` and
never ``float``. What a published value is, and when it is absent, stands once, in
``calculated.json``; here is how it is found:

Assessment, achievement rate, progress, reached before, missed since, shortfall, doubts, cautions (``result``)
Trend and change rate (``trend``, ``change_rate``)
Course through a disruption (``passage``)
    Of what is cumulative, which cannot fall, the years are found that added nothing.
Shared indicator (``Tables.indicators_alike``, kept there with the joins)
Match of a relisting (``listing_match``)

Defined here alone:

Actuals (``actuals``)
    With the base value, as ``Tables.actual`` has them. A range and a bound (約, 以上) are compared with targets only.

Counts by assessment (``count_assessments``)
    Initiatives by the assessment of their first indicator; an initiative
    without an indicator is ``none``.
Settled amount (``settled``)
    Sum over initiatives, each once however often it is listed; with and
    without the initiatives that only fund loans. Of an area twice: of what is
    listed first there (areas add up to the whole), and of all listed there (they overlap).
Change (``changes``)
    A numeric actual minus the actual of the year before, never bridging a year
    without a number (for 累計 indicators this is the yearly increase), and
    minus the first numeric actual. A series ends where its unit changes: nothing
    is compared with a value in another unit.
Initiatives under a policy (``initiatives_in``)
    Distinct, in print order; at home there, or listed there at all.
Unit multiplier (``unit_multiplier``)
    The power of ten that a unit begins with: 4 for 万人, 3 for 千円, 6 for 百万円, 0 for 人.
Missing values (``missing_counts``)
    Observations and settlements without a value, by reason.

Every function costs what it looks at: joins are those of ``Tables``.
Must not import anything of this project except ``package`` and ``text``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum, auto
from typing import TypeGuard

from shinchoku.package import reprint
from shinchoku.package.descriptor import Disruption
from shinchoku.package.editions import View
from shinchoku.package.joins import compared_year, kept
from shinchoku.package.records import Amount, Indicator, Listing, Observation, SourceNote
from shinchoku.text import power_of_ten, says_nothing, without_format


class Assessment(StrEnum):
    """How an actual stands to its target; in the order in which they are shown."""

    ACHIEVED = auto()
    NOT_ACHIEVED = auto()
    ACHIEVED_QUALITATIVE = auto()
    PROVISIONAL = auto()
    PENDING = auto()
    NO_ACTUAL = auto()
    NOT_DUE = auto()
    NO_TARGET = auto()
    NONE = auto()


class Trend(StrEnum):
    """How an actual stands to an earlier one, the desired direction respected."""

    BETTER = auto()
    SAME = auto()
    WORSE = auto()
    NOT_COMPARABLE = auto()


class Course(StrEnum):
    """What became of an indicator in the years of a disruption; the first three are those that fell."""

    NOT_BACK = auto()
    BACK = auto()
    NOT_KNOWN = auto()
    HELD = auto()
    CUMULATIVE = auto()
    NOT_COMPARABLE = auto()


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator in a year; ``None`` where none has a target row.

    ``trend`` is against the year before, ``trend_from_reference`` against the reference year. ``progress`` is of
    the way from ``base`` to ``goal``, the last target, at ``latest``: the newest actual that is a number.
    """

    indicator: Indicator
    fiscal_year: int | None
    actual: Observation | None
    target: Observation | None
    assessment: Assessment
    achievement_rate: Decimal | None
    base: Observation | None
    goal: Observation | None
    latest: Observation | None
    progress: Decimal | None
    reached_before: int | None
    missed_since: tuple[int, ...]
    shortfall: Decimal | None
    trend: Trend
    trend_from_reference: Trend
    doubts: tuple[SourceNote, ...]
    cautions: tuple[SourceNote, ...]

    @property
    def is_doubted(self) -> bool:
        """Whether a note bears on it, on the very numbers or on what they rest on."""
        return bool(self.doubts or self.cautions)

    @property
    def is_cumulative(self) -> bool:
        return self.indicator.accumulation == "cumulative"

    @property
    def is_estimate(self) -> bool:
        """Whether the actual may still change: its trends may as well."""
        return is_estimate(self.actual)

    @property
    def is_reached(self) -> bool:
        """Whether the target is met, as a number or in words."""
        return self.assessment in _REACHED

    @property
    def is_judged(self) -> bool:
        """Whether the target is met or missed, one of the two."""
        return self.is_reached or self.assessment is Assessment.NOT_ACHIEVED


@dataclass(frozen=True, slots=True)
class Passage:
    """An indicator through the years of a disruption; ``None`` where no number can be compared.

    ``before`` is the actual of the reference year, ``worst`` the worst of those years,
    ``newest`` the newest one after them. ``zero_years`` print 0 after more than that;
    ``idle_years`` added nothing to what is cumulative.
    """

    indicator: Indicator
    course: Course
    before: Observation | None = None
    worst: Observation | None = None
    newest: Observation | None = None
    zero_years: tuple[int, ...] = ()
    idle_years: tuple[int, ...] = ()

    @property
    def has_fallen(self) -> bool:
        """Whether it was worse in those years than before."""
        return self.course in (Course.NOT_BACK, Course.BACK, Course.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Money:
    """Settled amounts in thousand yen, and how many initiatives state one."""

    fiscal_year: int | None
    total: Amount
    loan_fund: Amount
    without_loan_fund: Amount
    reported: int
    not_reported: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell printed differently where an initiative is listed again."""

    column: str
    here: str
    original: str


@dataclass(frozen=True, slots=True)
class Change:
    """A numeric actual, and how far it is from earlier ones; ``None`` where none is of its unit."""

    fiscal_year: int
    value: Decimal
    from_previous: Decimal | None
    from_first: Decimal | None


class ListingMatch(StrEnum):
    """How far a relisted row agrees with the original one."""

    IDENTICAL = auto()
    FORMAT = auto()
    SUBSTANCE = auto()


# -- actual against target ------------------------------------------------

_REACHED = (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE)

_ESTIMATES = ("estimate", "provisional")

#: Which way a value that is not exact may differ: −1 down, 1 up, 0 both.
_MAY_DIFFER = {"at_least": 1, "more_than": 1, "at_most": -1, "less_than": -1, "approximate": 0}


def is_stated(observation: Observation | None) -> TypeGuard[Observation]:
    """Whether the source gives a value, as a number or in words."""
    return observation is not None and observation.status == "reported"


def is_estimate(observation: Observation | None) -> bool:
    """Whether what is stated may still change."""
    return observation is not None and observation.qualifier in _ESTIMATES


def _says_something(observation: Observation | None) -> TypeGuard[Observation]:
    """A sign as its text does not, whatever the status."""
    return is_stated(observation) and not says_nothing(observation.text or "")


def _is_comparable(package: View, actual: Observation, target: Observation) -> bool:
    return package.package.unit_of(actual) == package.package.unit_of(target)


def _assess(
    package: View, indicator: Indicator, actual: Observation | None, target: Observation | None
) -> Assessment:
    if not _says_something(target):
        return Assessment.NO_TARGET if _says_something(actual) else Assessment.NONE
    if not _says_something(actual):
        is_pending = actual is not None and actual.status == "pending"
        return Assessment.PENDING if is_pending else Assessment.NO_ACTUAL
    if target.value is not None and actual.value is not None:
        if not _is_comparable(package, actual, target):
            return Assessment.NO_ACTUAL
        return _assess_numbers(indicator, actual, target)
    if target.value is None and actual.value is None:
        same = actual.text == target.text
        return Assessment.ACHIEVED_QUALITATIVE if same else Assessment.NOT_ACHIEVED
    # A number beside a word: stated, but nothing that could be held against the target.
    return Assessment.NO_ACTUAL


def _assess_numbers(indicator: Indicator, actual: Observation, target: Observation) -> Assessment:
    """Of numbers; provisional where what an actual is printed as may both meet and miss the target."""
    if is_estimate(actual) or target.qualifier == "approximate":
        return Assessment.PROVISIONAL
    better = -1 if indicator.desired_direction == "lower_is_better" else 1
    is_strict = target.qualifier in ("more_than", "less_than")
    differences = [(end - _aimed_at(indicator, target)) * better for end in _ends(actual)]
    found = {difference > 0 if is_strict else difference >= 0 for difference in differences}
    achieved = found.pop()
    may_differ = actual.qualifier in _MAY_DIFFER and (
        _MAY_DIFFER[actual.qualifier] * better != (1 if achieved else -1)
    )
    if found or may_differ:
        return Assessment.PROVISIONAL
    return Assessment.ACHIEVED if achieved else Assessment.NOT_ACHIEVED


def _ends(row: Observation) -> list[Decimal]:
    """A number, or both ends of a range."""
    return [end for end in (row.value, row.upper_value) if end is not None]


def _aimed_at(indicator: Indicator, target: Observation) -> Decimal:
    """The number that meets a target: of a range its nearer end, for within it is met, and beyond it in the desired direction."""
    return (max if indicator.desired_direction == "lower_is_better" else min)(_ends(target))


def is_comparable_as_number(row: Observation | None) -> TypeGuard[Observation]:
    """Whether it is one number, no range and no bound; an estimate is."""
    return (
        row is not None
        and row.value is not None
        and row.upper_value is None
        and row.qualifier not in _MAY_DIFFER
    )


def _achievement_rate(
    package: View, indicator: Indicator, actual: Observation | None, target: Observation | None
) -> Decimal | None:
    if actual is None or target is None or actual.value is None or target.value is None:
        return None
    if actual.upper_value is not None or target.upper_value is not None:
        return None
    dividend, divisor = actual.value, target.value
    if indicator.desired_direction == "lower_is_better":
        dividend, divisor = divisor, dividend
    if target.value <= 0 or divisor <= 0 or not _is_comparable(package, actual, target):
        return None
    return _percent(dividend, divisor)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    """One decimal, half up; of any two numbers, however many digits they have."""
    with localcontext(prec=len(f"{part:f}{whole:f}") + 8):
        return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _distance(indicator: Indicator, actual: Observation | None, target: Observation | None) -> Decimal | None:
    """Between two numbers, or one and the range it should be in; ``None`` where one is a text."""
    if actual is None or target is None or actual.value is None or target.value is None:
        return None
    return None if actual.upper_value is not None else abs(_aimed_at(indicator, target) - actual.value)


@kept
def actuals(package: View, indicator_id: str) -> dict[int, Observation]:
    """The ``actual`` of each year, oldest first."""
    rows = package.observations_of_indicator.get(indicator_id, ())
    years = sorted({row.fiscal_year for row in rows if row.role in ("base", "actual")})
    return {year: package.actual[indicator_id, year] for year in years}


def _last(rows: Iterable[Observation], role: str) -> Observation | None:
    """The last number of a role."""
    numbers = (row for row in rows if row.role == role and row.value is not None)
    return max(numbers, key=lambda row: row.fiscal_year, default=None)


def _progress(
    package: View,
    indicator: Indicator,
    base: Observation | None,
    latest: Observation | None,
    goal: Observation | None,
) -> Decimal | None:
    """Of the way from the base to the goal, where that is one: another number in the same unit, and a better one."""
    if not (
        is_comparable_as_number(base) and is_comparable_as_number(latest) and goal and goal.value is not None
    ):
        return None
    if goal.upper_value is not None or goal.qualifier == "approximate":
        return None
    if not base.fiscal_year < min(latest.fiscal_year, goal.fiscal_year):
        return None
    if not (_is_comparable(package, base, goal) and _is_comparable(package, latest, goal)):
        return None
    way = goal.value - _number(base)
    is_better = way < 0 if indicator.desired_direction == "lower_is_better" else way > 0
    return _percent(_number(latest) - _number(base), way) if is_better else None


def _before(
    package: View, indicator: Indicator, target: Observation | None
) -> tuple[int | None, tuple[int, ...]]:
    """Against a target, of the years before it: the first that met it, and those since that missed it."""
    if target is None:
        return None, ()
    earlier = {
        year: _assess(package, indicator, row, target)
        for year, row in actuals(package, indicator.indicator_id).items()
        if year < target.fiscal_year
    }
    first = min((year for year, found in earlier.items() if found in _REACHED), default=None)
    if first is None:
        return None, ()
    missed = (year for year, found in earlier.items() if found is Assessment.NOT_ACHIEVED and year > first)
    return first, tuple(sorted(missed))


def doubts(package: View, *compared: Observation | None) -> tuple[SourceNote, ...]:
    """The notes on some cells."""
    return tuple(
        note
        for row in compared
        if row is not None
        for note in package.notes_of([(row.source_id, row.source_line)])
        if note.printed_column == f"{row.role}_{row.fiscal_year}"
    )


def _cautions(
    package: View, indicator: Indicator, compared_with: Iterable[int | None], known: Iterable[SourceNote]
) -> tuple[SourceNote, ...]:
    """The notes that bear on a verdict beside the ``known`` ones on the very numbers judged."""
    of_row = (
        note
        for note in package.notes_of([(indicator.source_id, indicator.source_line)])
        if note.category == "indicator"
        or (note.category == "value" and note.printed_column in (None, "name", "indicator"))
    )
    compared = (package.actual.get((indicator.indicator_id, year)) for year in compared_with if year)
    of_values = (note for note in doubts(package, *compared) if note.category == "value")
    return tuple(note for note in dict.fromkeys((*of_row, *of_values)) if note not in known)


def trend(package: View, indicator_id: str, fiscal_year: int | None, against: int | None) -> Trend:
    """Of the actual of a year against that of an earlier one; a later one and none (``None``) are not compared."""
    if fiscal_year is None or against is None or against >= fiscal_year:
        return Trend.NOT_COMPARABLE
    now, then = (package.actual.get((indicator_id, year)) for year in (fiscal_year, against))
    if not (
        is_comparable_as_number(now) and is_comparable_as_number(then) and _is_comparable(package, now, then)
    ):
        return Trend.NOT_COMPARABLE
    if now.value == then.value:
        return Trend.SAME
    is_lower_better = package.indicator[indicator_id].desired_direction == "lower_is_better"
    return Trend.BETTER if (_number(now) < _number(then)) == is_lower_better else Trend.WORSE


def change_rate(package: View, found: IndicatorResult) -> Decimal | None:
    """By how many percent its actual is above (below: negative) that of the year before."""
    compared = compared_actuals(package, found)
    return relative_change(*compared) if compared else None


def compared_actuals(package: View, found: IndicatorResult) -> tuple[Observation, Observation] | None:
    """What its trend compares, both numbers: the actual of the year before, and its own."""
    if found.actual is None or found.trend is Trend.NOT_COMPARABLE:
        return None
    then = package.actual[found.indicator.indicator_id, found.actual.fiscal_year - 1]
    return then, found.actual


@kept
def result(package: View, indicator_id: str, fiscal_year: int | None = None) -> IndicatorResult:
    """What was aimed at and what was reached in a year: the newest with a target whose actual is due, unless told."""
    indicator = package.indicator[indicator_id]
    rows = package.observations_of_indicator.get(indicator_id, ())
    if fiscal_year is None:
        fiscal_year = compared_year(
            *([row.fiscal_year for row in rows if row.role == role] for role in ("actual", "target"))
        )
    actual = target = None
    if fiscal_year is not None:
        actual = package.observation.get((indicator_id, fiscal_year, "actual"))
        target = package.observation.get((indicator_id, fiscal_year, "target"))
    base, latest, goal = (_last(rows, role) for role in ("base", "actual", "target"))
    assessment = _assess(package, indicator, actual, target)
    newest = max((row.fiscal_year for row in rows if row.role == "actual"), default=None)
    if target is None and newest is not None and fiscal_year == newest:
        later = (row for row in rows if row.role == "target" and row.fiscal_year > newest)
        assessment = Assessment.NOT_DUE if any(map(_says_something, later)) else assessment
    before = fiscal_year and fiscal_year - 1
    reference = package.disruption.before if package.disruption else None
    reached_before, missed_since = _before(package, indicator, target)
    is_cumulative = indicator.accumulation == "cumulative"
    known = doubts(package, actual, target)
    earlier = sorted({row.fiscal_year for row in rows if row.fiscal_year < (fiscal_year or 0)})
    return IndicatorResult(
        indicator=indicator,
        fiscal_year=fiscal_year,
        actual=actual,
        target=target,
        assessment=assessment,
        achievement_rate=_achievement_rate(package, indicator, actual, target),
        base=base,
        goal=goal,
        latest=latest,
        progress=_progress(package, indicator, base, latest, goal),
        reached_before=reached_before,
        missed_since=missed_since,
        shortfall=_distance(indicator, actual, target) if assessment is Assessment.NOT_ACHIEVED else None,
        trend=trend(package, indicator_id, fiscal_year, before),
        trend_from_reference=trend(package, indicator_id, fiscal_year, None if is_cumulative else reference),
        doubts=known,
        cautions=_cautions(package, indicator, earlier if is_cumulative else (reference, before), known),
    )


def results_of_initiative(package: View, initiative_id: str) -> tuple[IndicatorResult, ...]:
    """Of every indicator, in the order of the initiative."""
    indicators = package.indicators_of_initiative.get(initiative_id, ())
    return tuple(result(package, item.indicator_id) for item in indicators)


def assessment_of_initiative(package: View, initiative_id: str) -> Assessment:
    """That of its first indicator; ``none`` without one."""
    results = results_of_initiative(package, initiative_id)
    return results[0].assessment if results else Assessment.NONE


def assessments(package: View) -> tuple[Assessment, ...]:
    """Those that its indicators may have: of the targets for later years only where there are any."""
    found = (result(package, item.indicator_id).assessment for item in package.indicators)
    is_waiting = Assessment.NOT_DUE in found
    return tuple(each for each in Assessment if each is not Assessment.NOT_DUE or is_waiting)


def count_assessments(package: View, initiative_ids: Iterable[str] | None = None) -> dict[Assessment, int]:
    """How many initiatives (all, unless told) there are of every assessment, also where none."""
    counts = dict.fromkeys(Assessment, 0)
    for initiative_id in _distinct(package, initiative_ids):
        counts[assessment_of_initiative(package, initiative_id)] += 1
    return counts


@kept
def changes(package: View, indicator_id: str) -> tuple[Change, ...]:
    """One entry for every year with a numeric actual, oldest first."""
    found: list[Change] = []
    first, unit = Decimal(0), None
    for year, row in actuals(package, indicator_id).items():
        if row.value is None or row.upper_value is not None:
            continue
        is_first = not found or package.package.unit_of(row) != unit
        if is_first:
            first, unit = row.value, package.package.unit_of(row)
        is_next = not is_first and found[-1].fiscal_year == year - 1
        found.append(
            Change(
                fiscal_year=year,
                value=row.value,
                from_previous=row.value - found[-1].value if is_next else None,
                from_first=None if is_first else row.value - first,
            )
        )
    return tuple(found)


def unit_multiplier(unit: str | None) -> int | None:
    """By which power of ten the numbers of a unit are to be multiplied for what it counts; none without one."""
    return None if unit is None else power_of_ten(unit)


# -- a disruption ---------------------------------------------------------


def passage(package: View, indicator_id: str, disruption: Disruption) -> Passage:
    """What became of an indicator in the years of a disruption."""
    indicator = package.indicator[indicator_id]
    is_in_words = indicator.value_kind == "qualitative"
    found = {} if is_in_words else actuals(package, indicator_id)
    exact = {year: row for year, row in found.items() if _is_exact(row)}
    if indicator.accumulation == "cumulative":
        idle = (year for year in disruption.fiscal_years if _added_nothing(package, exact, year))
        return Passage(indicator, Course.CUMULATIVE, idle_years=tuple(idle))
    if (before := exact.get(disruption.before)) is None:
        return Passage(indicator, Course.NOT_COMPARABLE)

    def goodness(row: Observation) -> Decimal:
        return _number(row) * (-1 if indicator.desired_direction == "lower_is_better" else 1)

    comparable = {year: row for year, row in exact.items() if _is_comparable(package, row, before)}
    during = [comparable[year] for year in disruption.fiscal_years if year in comparable]
    later = [row for year, row in sorted(comparable.items()) if year > disruption.fiscal_years[-1]]
    worst = min(during, key=goodness, default=None)
    newest = later[-1] if later else None
    if worst is not None and goodness(worst) < goodness(before):
        if newest is None:
            course = Course.NOT_KNOWN
        else:
            course = Course.BACK if goodness(newest) >= goodness(before) else Course.NOT_BACK
        zero = (row.fiscal_year for row in during if row.value == 0 < _number(before))
        return Passage(indicator, course, before, worst, newest, zero_years=tuple(zero))
    is_whole = len(during) == len(disruption.fiscal_years)
    return Passage(indicator, Course.HELD if is_whole else Course.NOT_COMPARABLE, before, worst, newest)


def _is_exact(row: Observation) -> bool:
    """Whether it is one number, no estimate and no bound; one of a certain day is."""
    return row.value is not None and row.upper_value is None and row.qualifier in (None, "as_of")


def _number(row: Observation) -> Decimal:
    """Of what is one."""
    return Decimal(0) if row.value is None else row.value


def _added_nothing(package: View, exact: Mapping[int, Observation], year: int) -> bool:
    now, then = exact.get(year), exact.get(year - 1)
    return (
        now is not None
        and then is not None
        and _is_comparable(package, now, then)
        and now.value == then.value
    )


def absolute_change(then: Observation, now: Observation) -> Decimal | None:
    """In the unit of both; ``None`` where one is no number."""
    return None if then.value is None or now.value is None else now.value - then.value


def relative_change(then: Observation, now: Observation) -> Decimal | None:
    """In % of the earlier number, one decimal, half up; ``None`` where that is not above zero."""
    if then.value is None or now.value is None or then.value <= 0:
        return None
    return _percent(now.value - then.value, then.value)


# -- money ----------------------------------------------------------------


def settled(package: View, fiscal_year: int | None, initiative_ids: Iterable[str] | None = None) -> Money:
    """What the initiatives (all, unless told) settled in a year, each counted once."""
    total: Amount = 0
    loan_fund: Amount = 0
    reported = not_reported = 0
    for initiative_id in _distinct(package, initiative_ids):
        row = package.settlement.get((initiative_id, fiscal_year))
        if row is None or (amount := row.amount_thousand_yen) is None:
            not_reported += 1
            continue
        reported += 1
        total += amount
        if package.initiative[initiative_id].is_loan_fund:
            loan_fund += amount
    return Money(fiscal_year, total, loan_fund, total - loan_fund, reported, not_reported)


# -- the plan tree --------------------------------------------------------


def _distinct(package: View, initiative_ids: Iterable[str] | None) -> Iterable[str]:
    return dict.fromkeys(package.initiative if initiative_ids is None else initiative_ids)


def _listings_below(package: View, policy_id: str) -> Iterator[Listing]:
    yield from package.listings_of_policy.get(policy_id, ())
    for child in package.policy_children.get(policy_id, ()):
        yield from _listings_below(package, child.policy_id)


def initiatives_in(package: View, policy_id: str, include_relisted: bool = False) -> tuple[str, ...]:
    """Initiatives whose original row (or any row) is printed below a node, in print order."""
    return tuple(
        dict.fromkeys(
            item.initiative_id
            for item in _listings_below(package, policy_id)
            if include_relisted or not item.is_relisted
        )
    )


# -- relistings -----------------------------------------------------------


def differences(package: View, listing: Listing) -> tuple[Difference, ...]:
    """The cells of a relisted row that are not printed as in the original row."""
    found = package.differences_of_listing.get((listing.source_id, listing.source_line), ())
    original = reprint.cells_of_original(package, listing) if found else {}
    return tuple(
        Difference(item.printed_column, item.printed or "", original.get(item.printed_column, ""))
        for item in found
    )


def listing_match(package: View, listing: Listing) -> ListingMatch:
    """How far a relisted row agrees with the original listing of its initiative."""
    found = differences(package, listing)
    if all(without_format(item.here) == without_format(item.original) for item in found):
        return ListingMatch.FORMAT if found else ListingMatch.IDENTICAL
    return ListingMatch.SUBSTANCE


# -- what is missing ------------------------------------------------------


def missing_counts(package: View) -> dict[tuple[str, str, str], int]:
    """(table, role or ``""``, status) → rows without a value, for every reason that occurs."""
    reasons = Counter(("observations", row.role, row.status) for row in package.observations)
    reasons.update(("settlements", "", row.status) for row in package.settlements)
    return {key: count for key, count in sorted(reasons.items()) if key[2] != "reported"}
