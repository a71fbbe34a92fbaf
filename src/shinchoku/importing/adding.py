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
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shinchoku import files, fiscal_year, importing, paths, validation
from shinchoku.importing import ImportProblem
from shinchoku.package.descriptor import primary_key, read_descriptor, resources
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package, read_table
from shinchoku.package.writing import write_tables

_SOURCES = f"{paths.DECISIONS}/sources.yml"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Unsound(Exception):
    """The tables a document would make have problems."""

    def __init__(self, problems: Sequence[validation.Problem]) -> None:
        super().__init__(f"{len(problems)}件の誤りがあります。")
        self.problems = problems


@dataclass(frozen=True)
class Result:
    """What was done: the rows of each table, the files that changed, and the package as it is now."""

    rows: Mapping[str, int]
    changed: Sequence[Path]
    package: Package


def import_all(project: Path) -> Result:
    """Make the tables again. Raises ``ImportProblem``, ``PackageError`` or ``Unsound``."""
    with _trial(project) as trial:
        return _into_place(project, trial, _import(trial))


def add_report(
    project: Path, file: Path, source_id: str, *, is_replacement: bool = False, years: str | None = None
) -> Result:
    """Add the progress report in ``file`` (text, xlsx or csv) under ``source_id``.

    With ``is_replacement`` it takes the place of the report of that id; ``years`` (``R4,R6``) confirms those
    of its headings. Raises ``ImportProblem``
    for all that it leaves open, ``PackageError`` or ``Unsound``; the project is then as it was.
    """
    with _trial(project) as trial:
        document = _add_document(trial, file, source_id, is_replacement, years)
        try:
            rows = _import(trial)
        except ImportProblem as error:
            for item in (error, *error.problems):
                if item.file == document:  # a copy that is not kept; the lines of both are the same
                    item.file = file.name
            raise
        _describe(trial, source_id)
        return _into_place(project, trial, rows)


@contextmanager
def _trial(project: Path) -> Iterator[Path]:
    """A copy of what an import needs. Raises ``PackageError`` where there is no package."""
    read_descriptor(project)
    with tempfile.TemporaryDirectory(prefix="shinchoku-import-") as name:
        trial = Path(name)
        shutil.copy(project / paths.DESCRIPTOR, trial)
        for folder in (paths.DATA, paths.RELEASES):
            if (project / folder).is_dir():
                shutil.copytree(project / folder, trial / folder)
        yield trial


def _import(trial: Path) -> dict[str, int]:
    declared = resources(read_descriptor(trial))
    keys = {name: primary_key(resource) for name, resource in declared.items()}
    editorial = {name: read_table(trial, name) for name in importing.EDITORIAL_TABLES}
    tables = importing.run_import(trial, editorial, keys)
    write_tables(trial, tables)
    return {name: len(records) for name, records in tables.items()}


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


def _add_document(trial: Path, file: Path, source_id: str, is_replacement: bool, years: str | None) -> str:
    """Put the text of a report beside the others, and name it in ``sources.yml``; returns its path."""
    if not _ID.fullmatch(source_id):
        remedy = "半角の英小文字・数字をハイフンでつないでください（例：progress-r5）。"
        raise ImportProblem(file.name, None, f"「{source_id}」はIDに使えません。", remedy)
    entries = {entry["id"]: entry for entry in importing.Decisions(trial).sources}
    if source_id in entries:
        if entries[source_id]["kind"] != "progress_report":
            remedy = "報告のIDを --source-id に書いてください。ほかの原資料は、import で読み直します。"
            raise ImportProblem(_SOURCES, None, f"「{source_id}」は進捗の報告ではありません。", remedy)
        _replace_document(trial, file, entries[source_id], is_replacement)
        return entries[source_id]["file"]
    if is_replacement:
        remedy = f"あるのは{'、'.join(entries)}です。"
        raise ImportProblem(_SOURCES, None, f"「{source_id}」という原資料がありません。", remedy)
    reports = [entry for entry in entries.values() if entry["kind"] == "progress_report"]
    if not reports:
        message = "前の報告がないので、作成者と利用条件が分かりません。"
        remedy = f"{_SOURCES} に1つ目の報告を書いて、import を実行してください。"
        raise ImportProblem(_SOURCES, None, message, remedy)
    content = importing.report_content(file)
    kept = f"{paths.SOURCES}/{source_id}.txt"
    (trial / kept).write_bytes(content)
    before = (trial / _SOURCES).read_text(encoding="utf-8")
    entry = [
        f"- id: {source_id}",
        "  kind: progress_report",
        f"  file: {kept}",
        f"  sha256: {hashlib.sha256(content).hexdigest()}",
        f"  publisher: {json.dumps(reports[-1]['publisher'], ensure_ascii=False)}",
        f"  terms: {json.dumps(reports[-1]['terms'], ensure_ascii=False)}",
        *([f"  years: {json.dumps(years.replace(' ', '').split(','))}"] if years else []),
    ]
    text = "\n".join([before.rstrip("\n"), *entry, ""])
    (trial / _SOURCES).write_text(text, encoding="utf-8")
    return kept


def _replace_document(trial: Path, file: Path, entry: Mapping[str, str], is_replacement: bool) -> None:
    target = trial / entry["file"]
    content = importing.report_content(file, before=target)
    if is_replacement:
        target.write_bytes(content)
        text = (trial / _SOURCES).read_text(encoding="utf-8")
        if "sha256" in entry:
            text = text.replace(entry["sha256"], hashlib.sha256(content).hexdigest())
        (trial / _SOURCES).write_text(text, encoding="utf-8")
    elif target.read_bytes() != content:
        message = f"「{entry['id']}」は、中身の違う文書がもう取り込まれています。"
        remedy = (
            "新しい年度の報告なら別の --source-id に、同じ報告の差し替えなら --replace を付けてください。"
        )
        raise ImportProblem(entry["file"], None, message, remedy)


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
    content = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (trial / paths.DESCRIPTOR).write_text(content, encoding="utf-8")
