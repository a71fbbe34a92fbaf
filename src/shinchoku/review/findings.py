"""All that differs between two packages, put together once for every format.

Must not print, and must not know how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shinchoku import paths, validation
from shinchoku.changes.comparing import Kind, RowChange, TableChanges, compare
from shinchoku.changes.row_names import Place, RowNames
from shinchoku.package.cells import read_cells
from shinchoku.package.descriptor import PackageError, read_descriptor, value_of
from shinchoku.package.reading import read_package
from shinchoku.review import touched
from shinchoku.review.outcome import Outcome, outcome
from shinchoku.review.touched import Page

#: Keys that cannot be compared are told one by one up to here.
_KEYS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A value before and after (``None``: no such row), and what its code means (``""``: it is no code)."""

    column: str
    title: str
    old: str | None
    new: str | None
    old_label: str
    new_label: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row that differs: what it is, where it is shown and printed, and which of its cells differ."""

    kind: Kind
    key: tuple[str, ...]
    name: str
    place: Place | None
    printed_at: str
    cells: tuple[Cell, ...]

    @property
    def address(self) -> str | None:
        return self.place.address if self.place else None


@dataclass(frozen=True)
class TableReview:
    """A table that differs; ``remarks`` say what cannot be seen in its records."""

    name: str
    title: str
    records: tuple[Record, ...]
    remarks: tuple[str, ...]

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many rows were added, removed, changed."""
        return Counter(record.kind for record in self.records)


@dataclass(frozen=True)
class Review:
    """All that differs between the package called ``before`` and the one called ``after``.

    ``outcome`` is ``None`` where it could not be calculated; ``remarks`` say why. ``pages`` are those
    that show something else (``are_pages_made``) or merely those of the changed rows.
    """

    before: str
    after: str
    tables: tuple[TableReview, ...]
    outcome: Outcome | None
    pages: tuple[Page, ...]
    are_pages_made: bool
    files: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.tables or self.files)

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many rows were added and removed, and how many values of other rows changed."""
        found: Counter[Kind] = Counter()
        for record in (record for table in self.tables for record in table.records):
            found[record.kind] += len(record.cells) if record.kind == Kind.CHANGED else 1
        return found


def review(old: Path, new: Path, before: str = "", after: str = "") -> Review:
    """What differs between two package folders. Raises ``PackageError`` where one is no package."""
    earlier, later = _records(old), _records(new)
    changes = compare(earlier.tables, later.tables)
    tables = tuple(_table_review(table, earlier, later) for table in changes if table.is_changed)
    files = tuple(_other_files(old, new))
    calculated, shown, remarks = _consequences(old, new) if tables or files else (None, None, [])
    places = (record.place for table in tables for record in table.records)
    return Review(
        before=before or str(old),
        after=after or str(new),
        tables=tables,
        outcome=calculated,
        pages=touched.pages_of_rows(places) if shown is None else shown,
        are_pages_made=shown is not None,
        files=files,
        remarks=tuple(remarks),
    )


def _records(directory: Path) -> RowNames:
    return RowNames(read_descriptor(directory), read_cells(directory))


# -- tables ---------------------------------------------------------------


def _table_review(changes: TableChanges, earlier: RowNames, later: RowNames) -> TableReview:
    words = earlier if changes.after is None else later
    return TableReview(
        name=changes.name,
        title=words.table_title(changes.name),
        records=tuple(_record(row, earlier, later) for row in changes.rows),
        remarks=tuple(_remarks(changes, earlier, later)),
    )


def _record(change: RowChange, earlier: RowNames, later: RowNames) -> Record:
    now, row = (later, change.new) if change.new else (earlier, change.old)
    return Record(
        kind=change.kind,
        key=change.key,
        name=now.name(change.table, row),
        place=now.place(change.table, row),
        printed_at=now.printed_at(row),
        cells=tuple(_cell(change, column, earlier, later) for column in change.columns),
    )


def _cell(change: RowChange, column: str, earlier: RowNames, later: RowNames) -> Cell:
    old = change.old[column] if change.old else None
    new = change.new[column] if change.new else None
    return Cell(
        column=column,
        title=(earlier if new is None else later).column_title(change.table, column),
        old=old,
        new=new,
        old_label=earlier.label(change.table, column, old) if old else "",
        new_label=later.label(change.table, column, new) if new else "",
    )


def _remarks(changes: TableChanges, earlier: RowNames, later: RowNames) -> Iterator[str]:
    name = changes.name

    def titles(words: RowNames, columns: tuple[str, ...]) -> str:
        return "、".join(f"{words.column_title(name, column)}（{column}）" for column in columns)

    if changes.before is None or changes.after is None:
        for table, happened in ((changes.after, "新しくできました"), (changes.before, "なくなりました")):
            if table is not None:
                yield f"この表は{happened}（{len(table.rows):,}行）。"
        return
    if changes.columns_added:
        yield f"加わった列：{titles(later, changes.columns_added)}"
    if changes.columns_removed:
        yield f"なくなった列：{titles(earlier, changes.columns_removed)}"
    if changes.before.key != changes.after.key:
        was, now = titles(earlier, changes.before.key), titles(later, changes.after.key)
        yield f"行を1つに決める列（主キー）が変わりました：{was} → {now}"
    if not changes.key:
        yield (
            "どちらにもある主キーがないので、行どうしは比べていません"
            f"（前は{len(changes.before.rows):,}行、後は{len(changes.after.rows):,}行）。"
        )
    elif changes.key != changes.after.key:
        yield f"行は、前の主キー（{titles(earlier, changes.key)}）で照らし合わせています。"
    if changes.incomparable:
        told = "、".join("「" + ":".join(key) + "」" for key in changes.incomparable[:_KEYS_TOLD])
        rest = "など" if len(changes.incomparable) > _KEYS_TOLD else ""
        yield (
            f"同じ主キーの行がいくつもあり、どの行がどう変わったか言えないキーが{len(changes.incomparable):,}個あります"
            f"（前は{len(changes.before.rows):,}行、後は{len(changes.after.rows):,}行）：{told}{rest}"
        )


# -- everything else --------------------------------------------------------


def _other_files(old: Path, new: Path) -> Iterator[str]:
    """The files of the package that are no tables and differ: documents, glossary, decisions, the schema."""
    tables = {
        resource["path"]
        for directory in (old, new)
        for resource in value_of(directory / paths.DESCRIPTOR)["resources"]  # also what is computed
    }
    names = {name for directory in (old, new) for name in _files(directory)} - tables
    for name in sorted(names):
        before, after = old / name, new / name
        if not (before.is_file() and after.is_file() and before.read_bytes() == after.read_bytes()):
            yield name


def _files(directory: Path) -> Iterator[str]:
    yield paths.DESCRIPTOR
    for path in (directory / paths.DATA).rglob("*"):
        name = path.relative_to(directory)
        if path.is_file() and not path.is_symlink() and not any(part[0] == "." for part in name.parts):
            yield name.as_posix()


def _consequences(old: Path, new: Path) -> tuple[Outcome | None, tuple[Page, ...] | None, list[str]]:
    """What is calculated, the pages where they could be made, and why something is missing."""
    packages, remarks = [], []
    for which, folder in (("前", old), ("後", new)):
        try:
            packages.append(read_package(folder))
        except PackageError as error:
            reason = str(error).replace(f"{folder}/", "")
            remarks.append(
                f"{which}のデータをこの版の形式で読めないため、判定・合計・ページの違いは計算していません。理由：{reason}"
            )
    if remarks:
        return None, None, remarks
    earlier, later = packages
    try:
        calculated = outcome(earlier, later)
    except KeyError as missing:  # neither package needs to have passed the check
        remark = f"表にないIDを指す行があるため、判定・合計・ページの違いは計算していません。ID：{missing}"
        return None, None, [remark]
    if any(problem.severity == "error" for folder in (old, new) for problem in validation.validate(folder)):
        reason = "検査でエラーになるデータがある"
    elif max(touched.count(earlier), touched.count(later)) > touched.MOST_PAGES:
        reason = f"ページが{touched.MOST_PAGES:,}より多い"
    else:
        return calculated, touched.pages_that_differ(earlier, later), []
    return (
        calculated,
        None,
        [f"{reason}ため、変わった行のページだけを挙げ、一覧や合計のページは調べていません。"],
    )
