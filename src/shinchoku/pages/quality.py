"""``/quality/``: what is missing, doubtful, read or corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from shinchoku import addresses, metrics, reports_compared, validation
from shinchoku.changes.row_names import Place, RowNames
from shinchoku.metrics import IndicatorResult, ListingMatch
from shinchoku.package import dictionary
from shinchoku.package.cells import as_cells, find
from shinchoku.package.descriptor import resources
from shinchoku.package.editions import Edition
from shinchoku.package.records import Correction, Listing, Reading, group_by
from shinchoku.pages.page import Page
from shinchoku.pages.parts import notes, places
from shinchoku.pages.parts.rendering import render
from shinchoku.reports_compared import Revision, RevisionKind

_WORST_FIRST = (ListingMatch.SUBSTANCE, ListingMatch.FORMAT, ListingMatch.IDENTICAL)


def _revisions(package: Edition) -> dict[RevisionKind, tuple[Revision, ...]]:
    """Those of every indicator of any report, by kind."""
    by_kind = group_by(reports_compared.revisions(package), "kind")
    return {kind: by_kind[kind] for kind in RevisionKind if kind in by_kind}


@dataclass(frozen=True, slots=True)
class Doubts:
    """Notes of doubt under one heading, what says the same of several lines together."""

    key: str
    title: str
    doubts: list[notes.Doubt]

    @property
    def count(self) -> int:
        return sum(1 + len(doubt.others) for doubt in self.doubts)


def _doubts(package: Edition, verdicts: dict[str, list[IndicatorResult]]) -> Iterator[Doubts]:
    """Those on a number that was judged first, then the others by what they are."""
    judged = [note for note in package.source_notes if note.note_id in verdicts]
    if judged:
        yield Doubts("judged", "判定に使った値への疑問", [notes.Doubt(note) for note in judged])
    titles = dictionary.codes(package, "source_notes", "category")
    others = (note for note in package.source_notes if note.note_id not in verdicts)
    for category, found in group_by(others, "category").items():
        yield Doubts(category, titles[category].label, notes.grouped(found))


class _Subjects:
    """What a reading or a correction is about: its name, and where it is shown; its key where it has neither."""

    def __init__(self, package: Edition) -> None:
        self._names = RowNames(package.descriptor, as_cells(package.package))

    def __call__(self, item: Reading | Correction) -> tuple[str, Place | None]:
        row = find(self._names.tables, item.table_name, item.record_key)
        if row is None:
            return f"{item.table_name} {item.record_key}", None
        return self._names.name(item.table_name, row), self._names.place(item.table_name, row)


def body(package: Edition) -> str:
    """Everything that limits what the data says."""
    newest_first = reversed(package.report_years)
    relistings: dict[ListingMatch, list[Listing]] = {match: [] for match in _WORST_FIRST}
    for item in package.listings:
        if item.is_relisted:
            relistings[metrics.listing_match(package, item)].append(item)
    verdicts = notes.verdicts(package)
    observations = Counter(row.role for row in package.observations)
    return render(
        "quality.html",
        addresses.QUALITY,
        package=package,
        missing=metrics.missing_counts(package),
        totals={
            place: count
            for place, count in {
                **{("observations", role): observations[role] for role in ("base", "actual", "target")},
                ("settlements", ""): len(package.settlements),
            }.items()
            if count
        },
        revisions=_revisions(package),
        gone=[
            (step, key)
            for year in newest_first
            if (step := reports_compared.step(package, year))
            for key in step.initiatives.gone
        ],
        indicator_edition=partial(reports_compared.latest_with, package, "indicator"),
        relistings=relistings,
        place=partial(places.place, package),
        doubts=list(_doubts(package, verdicts)),
        verdicts=verdicts,
        subject=_Subjects(package),
        readings_by_column=group_by(package.readings, "table_name", "column_name"),
        table_titles={name: table["title"] for name, table in resources(package.descriptor).items()},
        rules_by_stage=validation.rules_by_stage(),
    )


def pages(package: Edition) -> Iterator[Page]:
    """One, whatever there is."""
    relisted = "再掲の食い違い、" if package.has.relistings else ""
    yield Page(
        addresses.QUALITY,
        "データの品質",
        f"値のない欄の理由、{relisted}資料の値への疑問、読み取り、訂正の一覧です。",
        body,
    )
