"""``/reports/``: the reports side by side, and what each changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shinchoku import addresses, reports_compared
from shinchoku.metrics import Assessment
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, totals
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import RevisionKind, Step


@dataclass(frozen=True, slots=True)
class Column:
    """A report in figures; ``step`` is what it changes against the one before (``None``: the first)."""

    edition: Edition
    whole: totals.Totals
    step: Step | None


def body(package: Edition) -> str:
    """A column for each report, and a section for each step to the next."""
    editions = [package.edition(year) for year in package.report_years]
    columns = [
        Column(
            edition,
            totals.of(edition, edition.newest_settlement_year),
            reports_compared.step(package, edition.year),
        )
        for edition in editions
    ]
    return render(
        "reports.html",
        addresses.REPORTS,
        package=package,
        columns=columns,
        assessments=[item for item in Assessment if any(column.whole.counts[item] for column in columns)],
        steps=[column.step for column in reversed(columns) if column.step],
        every_kind=RevisionKind,
        address_in=places.policy_address,
    )


def pages(package: Edition) -> Iterator[Page]:
    """One, whatever there is."""
    money = [dictionary.amounts(package)["settlement"]] if package.has.money else []
    shown = "、".join(["事業の数", *(["判定"] if package.is_judged else []), *money])
    yield Page(
        addresses.REPORTS,
        "報告の年度",
        f"年度ごとの報告の{shown}を並べ、前の報告から変わったことを示します。",
        body,
    )
