"""``/reports/``: the reports side by side, and what each changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, metrics, reports_compared
from shinchoku.metrics import Assessment, Money
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy, Source
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import RevisionKind, Step


def pages(package: Edition) -> Iterator[Page]:
    """The one page."""
    yield Page(
        addresses.REPORTS,
        "報告の年度",
        "年度ごとの報告の事業の数、判定、決算見込額を並べ、前の報告から変わったことを示します。",
        body,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A report in figures; ``step`` is what it changes against the one before (``None``: the first)."""

    edition: Edition
    sources: tuple[Source, ...]
    counts: dict[Assessment, int]
    money: Money
    step: Step | None

    @property
    def fiscal_year(self) -> int:
        return self.edition.year

    @property
    def relistings(self) -> int:
        return sum(item.is_relisted and item.indicator_position == 1 for item in self.edition.listings)


@dataclass(frozen=True, slots=True)
class Moved:
    """A node of the plan whose number or place is another one than in the report before."""

    policy: Policy
    address: str
    before: Policy
    above: str
    above_before: str


@dataclass(frozen=True, slots=True)
class StepView:
    """What a report changes against the one before, with both editions to name it."""

    step: Step
    before: Edition
    after: Edition
    moved: tuple[Moved, ...]
    revisions: dict[RevisionKind, int]


def _column(package: Edition, fiscal_year: int) -> Column:
    edition = package.edition(fiscal_year)
    return Column(
        edition=edition,
        sources=edition.reports_of(fiscal_year),
        counts=metrics.count_assessments(edition),
        money=metrics.settled(edition, edition.newest_settlement_year),
        step=reports_compared.step(package, fiscal_year),
    )


def _above(edition: Edition, policy: Policy) -> str:
    return edition.policy[policy.parent_policy_id].title if policy.parent_policy_id else ""


def _moved(before: Edition, after: Edition, policy_id: str) -> Moved:
    policy, earlier = after.policy[policy_id], before.policy[policy_id]
    is_part = policy.level == "part"
    return Moved(
        policy=policy,
        address=places.home_address(after) if is_part else places.policy_address(after, policy_id),
        before=earlier,
        above=_above(after, policy),
        above_before=_above(before, earlier),
    )


def _step_view(package: Edition, step: Step) -> StepView:
    before, after = package.edition(step.year_before), package.edition(step.year)
    kinds = Counter(item.kind for item in step.revisions)
    return StepView(
        step=step,
        before=before,
        after=after,
        moved=tuple(_moved(before, after, key) for key in step.moved_policies),
        revisions={kind: kinds[kind] for kind in RevisionKind if kinds[kind]},
    )


def body(package: Edition) -> str:
    """A column for each report, and a section for each step to the next."""
    columns = [_column(package, year) for year in package.report_years]
    return render(
        "reports.html",
        addresses.REPORTS,
        package=package,
        columns=columns,
        assessments=[item for item in Assessment if any(column.counts[item] for column in columns)],
        steps=[_step_view(package, column.step) for column in reversed(columns) if column.step],
        initiative_name=partial(places.initiative_name, package),
        policy_address=places.policy_address,
    )
