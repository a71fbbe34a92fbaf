"""``/quality/``: what is missing, doubtful, read or corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from shinchoku import addresses, metrics, reports_compared, validation
from shinchoku.metrics import ListingMatch
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Absence, Initiative, group_by
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import Revision, RevisionKind

#: Revisions of one kind that the page shows; the others are in the table it links to.
_REVISIONS = 100


def _revisions(package: Edition) -> dict[RevisionKind, tuple[Revision, ...]]:
    """Those of every indicator of any report, by kind."""
    found = [
        revision
        for key in reports_compared.all_indicators(package)
        for revision in reports_compared.revisions_of(package, key)
    ]
    by_kind = group_by(found, "kind")
    return {kind: by_kind[kind] for kind in RevisionKind if kind in by_kind}


def _gone(package: Edition) -> list[tuple[int, Initiative, Absence | None]]:
    """(year of the report, initiative as the one before has it, what was read) of what is not listed any more."""
    steps = (reports_compared.step(package, year) for year in reversed(package.report_years))
    return [
        (step.year, item, step.absences.get(item.initiative_id))
        for step in steps
        if step
        for item in step.gone_initiatives
    ]


def pages(package: Edition) -> Iterator[Page]:
    """The one page."""
    yield Page(
        addresses.QUALITY,
        "データの品質",
        "値のない欄の理由、再掲の食い違い、印刷への疑問、読み取り、訂正の一覧です。",
        body,
    )


def body(package: Edition) -> str:
    """Everything that limits what the data says."""
    relistings = [places.place(package, item) for item in package.listings if item.is_relisted]
    observations = Counter(row.role for row in package.observations)
    return render(
        "quality.html",
        addresses.QUALITY,
        package=package,
        missing=metrics.missing_counts(package),
        totals={
            ("observations", "actual"): observations["actual"],
            ("observations", "target"): observations["target"],
            ("settlements", ""): len(package.settlements),
        },
        revisions=_revisions(package),
        gone=_gone(package),
        most_revisions=_REVISIONS,
        indicator_edition=partial(reports_compared.latest_with, package, "indicator"),
        initiative_name=partial(places.initiative_name, package),
        relistings=relistings,
        matches={match: sum(item.match == match for item in relistings) for match in ListingMatch},
        notes_by_category=group_by(package.source_notes, "category"),
        readings_by_column=group_by(package.readings, "table_name", "column_name"),
        table_titles={table.name: table.title for table in dictionary.tables(package)},
        field_titles=dictionary.titles(package),
        listing=package.package.listing,
        rules_by_stage=validation.rules_by_stage(),
    )
