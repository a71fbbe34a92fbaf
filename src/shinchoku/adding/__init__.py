"""From documents and decisions to the tables of a project, and a new report among them.

``import_all`` makes the tables again from the documents that are there;
``add_report`` adds a progress report first. Both try everything on a copy and put
it into place only when the result is sound, so what is refused leaves no trace.
What a document says is for ``importing``, whether tables are right for ``validation``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from shinchoku import files, fiscal_year, importing, paths, validation
from shinchoku.adding import declaring
from shinchoku.importing import ImportProblem, SeveralProblems, replacing, source_text
from shinchoku.importing.layouts import PROGRESS_REPORT, read_layout
from shinchoku.importing.replacing import Change
from shinchoku.package.descriptor import (
    levels,
    licence_files,
    primary_key,
    read_descriptor,
    resources,
)
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package, read_table
from shinchoku.package.writing import csv_bytes, write_tables
from shinchoku.schemas.writing import json_bytes
from shinchoku.validation.cross_table import WRITE_REASON

_SOURCES = f"{paths.DECISIONS}/sources.yml"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Unsound(Exception):
    """The tables a document would make have problems."""

    def __init__(self, problems: Sequence[validation.Problem]) -> None:
        super().__init__(f"{len(problems)}件の誤りがあります。")
        self.problems = problems


@dataclass(frozen=True)
class Result:
    """What was done: the rows of each table, the files that changed, and the package as it is now.

    ``notes`` is what is to be known of how the document was read: a title → what stands below it.
    """

    rows: Mapping[str, int]
    changed: Sequence[Path]
    package: Package
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)


def import_all(project: Path) -> Result:
    """Make the tables again. Raises ``ImportProblem``, ``PackageError`` or ``Unsound``."""
    with _trial(project) as trial:
        return _into_place(project, trial, _import(trial))


def add_report(
    project: Path,
    file: Path,
    source_id: str,
    *,
    is_replacement: bool = False,
    is_as_printed: bool = False,
    years: str | None = None,
    layout: str | None = None,
) -> Result:
    """Add the progress report in ``file`` (text, xlsx or csv) under ``source_id``; its form is the ``layout`` of that
    name, or that of the report before it.

    With ``is_replacement`` it takes the place of the report of that id; then each printed cell that
    changes is asked about, unless a row of ``corrections.csv`` says that it is a correction, or
    ``is_as_printed`` that all others are as printed. ``years`` (``R4,R6``) confirms those of its headings. Raises
    ``ImportProblem`` for all that it leaves open, ``PackageError`` or ``Unsound``; the project is then as it was.
    """
    with _trial(project) as trial:
        document = _add_document(trial, file, source_id, is_replacement, years, layout)
        try:
            rows = _import(trial)
        except ImportProblem as error:
            for item in (error, *error.problems):
                if item.file == document.file:  # a copy that is not kept; the lines of both are the same
                    item.file = file.name
            raise
        if document.changed and not is_as_printed:
            before, after = (_Printed(folder, source_id) for folder in (project, trial))
            raise SeveralProblems(
                [_question(file.name, change, before, after) for change in document.changed]
            )
        _describe(trial, source_id)
        return replace(_into_place(project, trial, rows), notes=document.notes())


@contextmanager
def _trial(project: Path) -> Iterator[Path]:
    """A copy of what an import needs. Raises ``PackageError`` where there is no package."""
    texts = licence_files(read_descriptor(project))
    with files.workshop() as trial:
        for name in (paths.DESCRIPTOR, *(text for text in texts if (project / text).is_file())):
            shutil.copy(project / name, trial)
        for folder in (paths.DATA, paths.RELEASES):
            files.copy(project / folder, trial / folder)
        yield trial


def _import(trial: Path) -> dict[str, int]:
    layouts = {
        files.read(trial / entry["file"]).decode("utf-8", "replace"): read_layout(trial, entry["layout"])
        for entry in importing.Decisions(trial).sources
    }
    declaring.declare_levels(trial, layouts)
    descriptor = read_descriptor(trial)
    keys = {name: primary_key(resource) for name, resource in resources(descriptor).items()}
    editorial = {name: read_table(trial, name) for name in importing.EDITORIAL_TABLES}
    tables = importing.run_import(trial, editorial, keys, levels(descriptor))
    declaring.declare(trial, tables, [*layouts.values()])
    write_tables(trial, tables)
    return {name: len(tables[name]) for name in resources(read_descriptor(trial))}


def _into_place(project: Path, trial: Path, rows: Mapping[str, int]) -> Result:
    if problems := [item for item in validation.validate(trial) if item.severity == "error"]:
        raise Unsound(problems)
    made = [path for path in (trial / paths.DATA).rglob("*") if path.is_file() and path.name[0] != "."]
    # A document before the decision that names it: killed between them, the same command starts afresh.
    made.sort(key=lambda path: (path == trial / _SOURCES, path))
    contents = {
        project / path.relative_to(trial): path.read_bytes() for path in [trial / paths.DESCRIPTOR, *made]
    }
    return Result(rows, files.replace(contents), read_package(trial))


@dataclass(frozen=True)
class _Document:
    """The text of a report as it is kept, what it changes of the one before, and what of that it does not."""

    file: str
    reading: Sequence[str]
    changed: Sequence[Change] = ()
    corrected: Sequence[Change] = ()

    def notes(self) -> dict[str, Sequence[str]]:
        """Title → what is to be said in the summary."""
        return {
            "印刷のとおりに直した、写しの字句": [
                f"{change.line or '—'}行目、{change}" for change in self.changed
            ],
            "写しは変えず、訂正として載せる値": [f"{change.line}行目、{change}" for change in self.corrected],
            "ファイルの読み方": self.reading,
        }


def _add_document(
    trial: Path, file: Path, source_id: str, is_replacement: bool, years: str | None, layout: str | None
) -> _Document:
    """Put the text of a report beside the others, and name it in ``sources.yml``."""
    if not _ID.fullmatch(source_id):
        remedy = "半角の英小文字・数字をハイフンでつないでください（例：progress-r5）。"
        raise ImportProblem(file.name, None, f"「{source_id}」はIDに使えません。", remedy)
    entries = {entry["id"]: entry for entry in importing.Decisions(trial).sources}
    if source_id in entries:
        if not _is_report(trial, entries[source_id]):
            remedy = "報告のIDを --source-id に書いてください。ほかの原資料は、import で読み直します。"
            raise ImportProblem(_SOURCES, None, f"「{source_id}」は進捗の報告ではありません。", remedy)
        if layout not in (None, entries[source_id]["layout"]):
            remedy = f"{_SOURCES} の「{source_id}」の layout を直し、--layout を付けずに実行してください。"
            raise ImportProblem(_SOURCES, None, "取り込んだ報告の形は、--layout では変わりません。", remedy)
        return _replace_document(trial, file, entries[source_id], is_replacement)
    if is_replacement:
        remedy = f"あるのは{'、'.join(entries)}です。"
        raise ImportProblem(_SOURCES, None, f"「{source_id}」という原資料がありません。", remedy)
    reports = [entry for entry in entries.values() if _is_report(trial, entry)]
    last = reports[-1] if reports else _first(trial)
    name = layout or last.get("layout")
    if name is None:
        message = "前の報告がないので、報告の形が分かりません。"
        remedy = (
            "--layout に data/layouts/ の形の名前を書いてください（shinchoku layout で下書きを作れます）。"
        )
        raise ImportProblem(_SOURCES, None, message, remedy)
    text, notes = importing.report_text(file, read_layout(trial, name))
    content = text.encode("utf-8")
    kept = f"{paths.SOURCES}/{source_id}.txt"
    (trial / kept).parent.mkdir(parents=True, exist_ok=True)
    (trial / kept).write_bytes(content)
    before = (trial / _SOURCES).read_text(encoding="utf-8")
    if not entries:
        before = before.rstrip().removesuffix("[]")  # an empty list
    entry = [
        f"- id: {source_id}",
        f"  layout: {name}",
        f"  file: {kept}",
        f"  sha256: {hashlib.sha256(content).hexdigest()}",
        f"  publisher: {json.dumps(last['publisher'], ensure_ascii=False)}",
        f"  terms: {json.dumps(last['terms'], ensure_ascii=False)}",
        *([f"  years: {json.dumps(years.replace(' ', '').split(','))}"] if years else []),
    ]
    (trial / _SOURCES).write_text(
        "\n".join([*filter(None, [before.rstrip("\n")]), *entry, ""]), encoding="utf-8"
    )
    return _Document(kept, notes)


def _first(trial: Path) -> dict[str, str]:
    """What is known of a report that none came before."""
    city = read_descriptor(trial).get("spatial", {}).get("name", "不明")
    return {"publisher": city, "terms": "資料に利用条件が印刷されているかは、まだ確かめていない。"}


def _is_report(trial: Path, entry: Mapping[str, str]) -> bool:
    return read_layout(trial, entry["layout"]).kind == PROGRESS_REPORT


def _replace_document(trial: Path, file: Path, entry: Mapping[str, str], is_replacement: bool) -> _Document:
    target, source_id = trial / entry["file"], entry["id"]
    before = source_text.read(target, entry["file"])
    layout, plan = read_layout(trial, entry["layout"]), levels(read_descriptor(trial))
    text, notes = importing.report_text(file, layout)
    corrected: list[Change] = []
    changed: list[Change] = []
    if is_replacement:
        printed = _Printed(trial, source_id)
        for change in replacing.changes(before, source_text.of(file.name, text), layout, plan):
            (corrected if printed.is_corrected(change) else changed).append(change)
        if corrected:
            text = replacing.with_cells_kept(source_text.of(file.name, text), corrected, layout, plan)
    kept = source_text.kept_where_same(target.read_text(encoding="utf-8"), text, layout.mark)
    content = kept.encode("utf-8")
    if is_replacement:
        target.write_bytes(content)
        sources = (trial / _SOURCES).read_text(encoding="utf-8")
        if "sha256" in entry:
            sources = sources.replace(entry["sha256"], hashlib.sha256(content).hexdigest())
        (trial / _SOURCES).write_text(sources, encoding="utf-8")
    elif target.read_bytes() != content:
        message = f"「{source_id}」は、中身の違う文書がもう取り込まれています。"
        remedy = (
            "新しい年度の報告なら別の --source-id に、同じ報告の差し替えなら --replace を付けてください。"
        )
        raise ImportProblem(entry["file"], None, message, remedy)
    return _Document(entry["file"], notes, changed, corrected)


class _Printed:
    """What the tables hold of the cells that a report prints."""

    #: Table → the columns that say what its printed cell means.
    _MEANINGS: ClassVar = {
        "observations": ("value", "text", "status", "qualifier", "as_of_date", "remark"),
        "settlements": ("amount_thousand_yen", "status"),
        "budgets": ("amount_thousand_yen", "status"),
    }

    def __init__(self, folder: Path, source_id: str) -> None:
        tables = {
            name: [item for item in read_table(folder, name) if item.source_id == source_id]
            for name in ("listings", "indicators", *self._MEANINGS)
        }
        self._listings = {item.source_line: item for item in tables["listings"]}
        self._indicators = {
            (item.initiative_id, item.position): item.indicator_id for item in tables["indicators"]
        }
        declared = resources(read_descriptor(folder))
        self._records = {
            (name, ":".join(str(getattr(item, column)) for column in primary_key(declared[name]))): item
            for name in self._MEANINGS
            for item in tables[name]
        }
        self._source_id = source_id
        self._corrected: dict[tuple[str, str], set[str | None]] = defaultdict(set)
        for item in read_table(folder, "corrections"):
            self._corrected[item.table_name, item.record_key].add(item.published_value)

    def key(self, change: Change) -> tuple[str, str] | None:
        """Table and key of the record that a changed cell is printed for; its line is that of this report."""
        listing = self._listings.get(change.line_before or 0)
        if listing is None or change.column is None:
            return None
        year, role = change.column.fiscal_year, change.column.role
        if (table := f"{role}s") in ("settlements", "budgets"):
            return table, f"{self._source_id}:{listing.initiative_id}:{year}"
        indicator_id = self._indicators.get((listing.initiative_id, listing.indicator_position))
        return "observations", f"{self._source_id}:{indicator_id}:{year}:{role}"

    def is_corrected(self, change: Change) -> bool:
        """Whether a correction says that this is what is published, and that something else is printed."""
        key = self.key(change)
        said = {change.after, change.after.replace(",", "")}
        return key is not None and not said.isdisjoint(self._corrected.get(key, ()))

    def rows_for(self, change: Change, after: _Printed) -> list[str]:
        """The rows of ``corrections.csv`` that would make of this what ``after`` holds."""
        key = self.key(change)
        old, new = (printed._records.get(key) if key else None for printed in (self, after))
        if key is None or old is None or new is None:
            return []
        rows = [
            (*key, column, getattr(old, column), getattr(new, column), WRITE_REASON, date.today())
            for column in self._MEANINGS[key[0]]
            if getattr(old, column) != getattr(new, column)
        ]
        where = (self._source_id, old.source_line)
        return [csv_bytes([], [(*row, *where)]).decode("utf-8").strip("\n") for row in rows]


def _question(file: str, change: Change, before: _Printed, after: _Printed) -> ImportProblem:
    """Whether a changed cell was copied wrongly or is corrected, with both answers."""
    rows = before.rows_for(change, after)
    keep = (
        f"data/corrections.csv の終わりに次の行を書き足し、「{WRITE_REASON}」を理由に直して、もう一度実行します。"
        if rows
        else "元の字句に戻して、もう一度実行します（公開する字句だけを改めるには、data の表を直します）。"
    )
    remedy = [
        "印刷を見て、どちらかにしてください。",
        f"  印刷も「{change.after or '空欄'}」なら（写し間違い）：--as-printed を付けて、もう一度実行します。",
        f"  印刷は「{change.before or '空欄'}」なら（訂正）：{keep}",
        *(f"    {row}" for row in rows),
    ]
    message = f"{change.place}の「{change.before or '空欄'}」が「{change.after or '空欄'}」に変わります。"
    return ImportProblem(file, change.line or change.line_before, message, "\n".join(remedy))


def _describe(trial: Path, source_id: str) -> None:
    """Name a report in the descriptor, as a source of the package."""
    source = read_package(trial).source[source_id]
    # As it is written, not as it is read: with the paths of the schemas in place of them.
    descriptor = json.loads((trial / paths.DESCRIPTOR).read_text(encoding="utf-8"))
    named = {item.get("path") for item in descriptor["sources"]}
    if source.report_fiscal_year is None or source.file in named:
        return
    year = fiscal_year.era(source.report_fiscal_year)
    descriptor["sources"].append(
        {"title": f"{source.title}（{year}の報告、{source.publisher}）", "path": source.file}
    )
    (trial / paths.DESCRIPTOR).write_bytes(json_bytes(descriptor))
