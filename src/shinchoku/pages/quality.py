"""``/quality/``: what is missing, doubtful, read or corrected."""

from __future__ import annotations

from collections import Counter
from functools import partial

from shinchoku import addresses, metrics, reports_compared, validation
from shinchoku.metrics import ListingMatch
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import group_by
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import places
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import Revision, RevisionKind

#: Revisions of one kind that the page shows; the others are in the table it links to.
_REVISIONS = 100


def _revisions(package: Edition) -> dict[RevisionKind, tuple[Revision, ...]]:
    """Those of every indicator of any report, by kind."""
    by_kind = group_by(reports_compared.revisions(package), "kind")
    return {kind: by_kind[kind] for kind in RevisionKind if kind in by_kind}


def body(package: Edition) -> str:
    """Everything that limits what the data says."""
    newest_first = reversed(package.report_years)
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
        steps=list(filter(None, (reports_compared.step(package, year) for year in newest_first))),
        most_revisions=_REVISIONS,
        indicator_edition=partial(reports_compared.latest_with, package, "indicator"),
        relistings=relistings,
        matches={match: sum(item.match == match for item in relistings) for match in ListingMatch},
        notes_by_category=group_by(package.source_notes, "category"),
        readings_by_column=group_by(package.readings, "table_name", "column_name"),
        table_titles={table.name: table.title for table in dictionary.tables(package)},
        rules_by_stage=validation.rules_by_stage(),
    )


pages = the_one(
    addresses.QUALITY,
    "データの品質",
    "値のない欄の理由、再掲の食い違い、資料の値への疑問、読み取り、訂正の一覧です。",
    body,
)
