"""What is calculated from two packages and differs: assessments, rates, totals.

All of it is this site's calculation, made by ``metrics``. Takes packages that could be read as
records; whether they could is for the caller. Must not render anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shinchoku import addresses, metrics, words
from shinchoku.changes import row_names
from shinchoku.metrics import IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition, Package
from shinchoku.package.records import Amount


@dataclass(frozen=True, slots=True)
class AssessmentChange:
    """An indicator assessed otherwise than before; ``None`` where it was not there, or is no longer.

    ``edition`` says of which report, and is empty where there is but one.
    """

    edition: str
    name: str
    before: IndicatorResult | None
    after: IndicatorResult | None

    @property
    def page(self) -> str:
        newest = self.after or self.before
        return addresses.initiative(newest.indicator.initiative_id) if newest else ""

    @property
    def is_verdict_changed(self) -> bool:
        """Whether more than the achievement rate differs, or the year that is judged."""
        before, after = (each and each.assessment for each in (self.before, self.after))
        return before != after

    @property
    def is_changed(self) -> bool:
        """Whether anything calculated differs."""
        before, after = (each and each.achievement_rate for each in (self.before, self.after))
        return self.is_verdict_changed or before != after


@dataclass(frozen=True, slots=True)
class Total:
    """A number over the whole plan; ``None`` where there is none to count. ``unit`` is 千円, 事業 …"""

    edition: str
    name: str
    unit: str
    before: Amount | None
    after: Amount | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of assessments and totals; only what differs."""

    assessments: tuple[AssessmentChange, ...]
    totals: tuple[Total, ...]


def outcome(old: Package, new: Package) -> Outcome:
    """How what is calculated from ``new`` differs from what is calculated from ``old``."""
    editions = list(_editions(old, new))
    return Outcome(
        assessments=tuple(change for edition in editions for change in _assessment_changes(*edition)),
        totals=tuple(total for edition in editions for total in _total_changes(*edition)),
    )


def _editions(old: Package, new: Package) -> Iterator[tuple[str, Edition, Edition]]:
    """What is held against each other: the newest reports, and earlier ones with themselves."""
    if old.report_years[-1:] != new.report_years[-1:]:
        years = [
            row_names.year(each.report_years[-1]) if each.report_years else "なし" for each in (old, new)
        ]
        yield f"最も新しい報告（{' → '.join(years)}）", old.newest, new.newest
    common = sorted({*old.report_years} & {*new.report_years}, reverse=True)
    is_only = {*old.report_years} == {*new.report_years} and len(common) == 1
    for year in common:
        yield "" if is_only else f"{row_names.year(year)}の報告", old.edition(year), new.edition(year)
    if not (old.report_years or new.report_years):
        yield "", old.newest, new.newest


def _total_changes(edition: str, old: Edition, new: Edition) -> Iterator[Total]:
    years = {*old.settlement_years, *new.settlement_years}
    if old.report_year != new.report_year:  # another report has other initiatives: their past is no change
        years &= {old.report_year, new.report_year}
    before, after = _totals(old, years), _totals(new, years)
    for total in dict.fromkeys([*after, *before]):
        if before.get(total) != after.get(total):
            yield Total(edition, *total, before.get(total), after.get(total))


def _totals(edition: Edition, years: set[int]) -> dict[tuple[str, str], Amount]:
    """(name, unit) → number, in the order in which they are shown."""
    found: dict[tuple[str, str], Amount] = {
        ("事業の数", "事業"): len(edition.initiatives),
        ("掲載行の数" + "（再掲を含む）" * edition.has.relistings, "行"): len(edition.listings),
    }
    counts = metrics.count_assessments(edition)
    found |= {(f"判定「{words.ASSESSMENTS[each].label}」", "事業"): count for each, count in counts.items()}
    for year in sorted(years & {*edition.settlement_years}):
        money = metrics.settled(edition, year)
        name = f"{row_names.year(year)}の{dictionary.title(edition, 'settlements', 'amount_thousand_yen')}"
        if "initiatives.is_loan_fund" in edition.places:
            found[f"{name}の合計（貸付資金を含む）", "千円"] = money.total
            found[f"{name}の合計（貸付資金を除く）", "千円"] = money.without_loan_fund
        else:
            found[f"{name}の合計", "千円"] = money.total
        found[f"{name}のある事業", "事業"] = money.reported
    if edition.has.grants:
        found["交付金の国費の合計", "千円"] = sum(item.amount_thousand_yen for item in edition.grants)
    return found


def _assessment_changes(edition: str, old: Edition, new: Edition) -> Iterator[AssessmentChange]:
    for indicator_id in dict.fromkeys([*new.indicator, *old.indicator]):
        before, after = (
            metrics.result(each, indicator_id) if indicator_id in each.indicator else None
            for each in (old, new)
        )
        name = _name(new if after else old, indicator_id)
        change = AssessmentChange(edition, name, before, after)
        if change.is_changed:
            yield change


def _name(edition: Edition, indicator_id: str) -> str:
    indicator = edition.indicator[indicator_id]
    initiative = edition.initiative.get(indicator.initiative_id)
    unit = f"（{indicator.unit}）" if indicator.unit else ""
    return f"{initiative.name if initiative else indicator.initiative_id} › {indicator.label}{unit}"
