"""The page on what is missing, doubtful, read or corrected."""

from __future__ import annotations

from collections import Counter
from functools import partial

from shinchoku import addresses, metrics, reports_compared, validation
from shinchoku.metrics import ListingMatch
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Absence, Initiative, group_by
from shinchoku.pages import places
from shinchoku.pages.initiatives import field_titles, value_labels
from shinchoku.pages.rendering import render
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


def quality(package: Edition) -> str:
    """The body of ``/quality/``."""
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
        outcome_labels=dictionary.labels(package, "absences", "outcome"),
        initiative_name=partial(places.initiative_name, package),
        relistings=relistings,
        matches={match: sum(item.match == match for item in relistings) for match in ListingMatch},
        status_labels=dictionary.labels(package, "observations", "status"),
        category_labels=dictionary.labels(package, "source_notes", "category"),
        notes_by_category=group_by(package.source_notes, "category"),
        readings_by_column=group_by(package.readings, "table_name", "column_name"),
        table_titles={table.name: table.title for table in dictionary.tables(package)},
        field_titles=field_titles(package),
        value_labels=value_labels(package),
        listing=package.package.listing,
        rules_by_stage=validation.rules_by_stage(),
    )
