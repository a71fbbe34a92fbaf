"""From documents and decisions to the tables of a project, and a new report among them.

``refresh`` makes the tables again from the documents that are there; ``adopt``
adds a progress report first. Both try everything on a copy and put it into
place only when the result is sound, so what is refused leaves no trace. What a
document says is for ``importing``, whether tables are right for ``validation``.
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

from shinchoku import files, fiscal_year, importing, paths, reports_compared, validation, words
from shinchoku.importing import ImportProblem
from shinchoku.package import dictionary
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


def refresh(project: Path) -> Result:
    """Make the tables again. Raises ``ImportProblem``, ``PackageError`` or ``Unsound``."""
    with _trial(project) as trial:
        rows = _import(trial)
        return _into_place(project, trial, rows)


def adopt(project: Path, file: Path, source_id: str, *, is_replacement: bool = False) -> Result:
    """Add the progress report in ``file`` (text, xlsx or csv) under ``source_id``.

    With ``is_replacement`` it takes the place of the report of that id. Raises ``ImportProblem``,
    ``DecisionsNeeded`` among them, ``PackageError`` or ``Unsound``; the project is then as it was.
    """
    with _trial(project) as trial:
        document = _add_document(trial, file, source_id, is_replacement)
        with _named_as_given(document, file):
            rows = _import(trial)
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


def _errors(directory: Path) -> list[validation.Problem]:
    return [problem for problem in validation.validate(directory) if problem.severity == "error"]


def _into_place(project: Path, trial: Path, rows: Mapping[str, int]) -> Result:
    if problems := _errors(trial):
        raise Unsound(problems)
    made = [path for path in (trial / paths.DATA).rglob("*") if path.is_file() and path.name[0] != "."]
    # A document before the decision that names it: killed between them, the same command starts afresh.
    made.sort(key=lambda path: (path == trial / _SOURCES, path))
    contents = {
        project / path.relative_to(trial): path.read_bytes() for path in [trial / paths.DESCRIPTOR, *made]
    }
    return Result(rows, files.replace(contents), read_package(trial))


@contextmanager
def _named_as_given(document: str, file: Path) -> Iterator[None]:
    """Problems of the document name the file that was given: its lines are the same, its copy is not kept."""
    try:
        yield
    except ImportProblem as error:
        problems = [
            ImportProblem(
                file.name if item.file == document else item.file, item.line, item.message, item.remedy
            )
            for item in getattr(error, "problems", [error])
        ]
        raise problems[0] if len(problems) == 1 else importing.DecisionsNeeded(problems) from None


# -- the document ---------------------------------------------------------------


def _add_document(trial: Path, file: Path, source_id: str, is_replacement: bool) -> str:
    """Put the text of a report beside the others, and name it in ``sources.yml``; returns its path."""
    if not _ID.fullmatch(source_id):
        raise ImportProblem(
            file.name,
            None,
            f"「{source_id}」はIDに使えません。",
            "半角の英小文字・数字をハイフンでつないでください（例：progress-r5）。",
        )
    entries = {entry["id"]: entry for entry in importing.Decisions(trial).sources}
    if source_id in entries:
        _replace_document(trial, file, entries[source_id], is_replacement)
        return entries[source_id]["file"]
    if is_replacement:
        raise ImportProblem(
            _SOURCES,
            None,
            f"「{source_id}」という原資料がありません。",
            f"あるのは{'、'.join(entries)}です。",
        )
    reports = [entry for entry in entries.values() if entry["kind"] == "progress_report"]
    if not reports:
        raise ImportProblem(
            _SOURCES,
            None,
            "前の報告がないので、作成者と利用条件が分かりません。",
            f"{_SOURCES} に1つ目の報告を書いて、import を実行してください。",
        )
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
    ]
    text = "\n".join([before.rstrip("\n"), *entry, ""])
    (trial / _SOURCES).write_text(text, encoding="utf-8")
    return kept


def _replace_document(trial: Path, file: Path, entry: Mapping[str, str], is_replacement: bool) -> None:
    target = trial / entry["file"]
    content = importing.report_content(file, before=target)
    if not is_replacement:
        if target.read_bytes() == content:
            return
        raise ImportProblem(
            entry["file"],
            None,
            f"「{entry['id']}」は、中身の違う文書がもう取り込まれています。",
            "新しい年度の報告なら別の --source-id に、同じ報告の差し替えなら --replace を付けてください。",
        )
    target.write_bytes(content)
    text = (trial / _SOURCES).read_text(encoding="utf-8")
    if "sha256" in entry:
        text = text.replace(entry["sha256"], hashlib.sha256(content).hexdigest())
    (trial / _SOURCES).write_text(text, encoding="utf-8")


def _describe(trial: Path, source_id: str) -> None:
    """Name the document in the descriptor, as a source of the package."""
    source = read_package(trial).source[source_id]
    # As it is written, not as it is read: with the paths of the schemas in place of them.
    descriptor = json.loads((trial / paths.DESCRIPTOR).read_text(encoding="utf-8"))
    if any(item.get("path") == source.file for item in descriptor["sources"]):
        return
    year = fiscal_year.era(source.report_fiscal_year)
    descriptor["sources"].append(
        {"title": f"{source.title}（{year}の報告、{source.publisher}）", "path": source.file}
    )
    content = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (trial / paths.DESCRIPTOR).write_text(content, encoding="utf-8")


# -- the summary ------------------------------------------------------------------


def summary(published: Package, source_id: str) -> str:
    """What the report of ``source_id`` brings, as Markdown for the pull request."""
    source = published.source[source_id]
    year = source.report_fiscal_year
    edition = published.edition(year)
    lines = [
        f"## {fiscal_year.both(year)}の報告",
        "",
        f"原資料：{_code(source.title)}（`{source.file}`、{source.line_count:,}行）",
        "",
        f"- 事業：{len(edition.initiatives):,}件、掲載行：{len(published.document(source_id).listings):,}行",
    ]
    step = reports_compared.step(published, year)
    if step is None:
        return "\n".join([*lines, "- 比べる前の報告はありません。", ""])
    before = published.edition(step.year_before)
    gone = {item.initiative_id: item.name for item in step.gone_initiatives}
    sections: list[tuple[str, list[str]]] = [
        (
            "新しい事業",
            [
                _named(key, edition.initiative[key].name)
                + ("：以前の報告にもありました" if key in step.returned_initiatives else "")
                for key in step.new_initiatives
            ],
        ),
        ("載らなくなった事業", [_gone(published, step, key, name) for key, name in gone.items()]),
        (
            "終了・統合と印刷された事業",
            [
                f"{_named(item.initiative_id, item.name)}：{_code(item.lifecycle_printed)}"
                for item in edition.initiatives
                if item.lifecycle_printed
                and before.initiative.get(item.initiative_id, item).lifecycle_printed
                != item.lifecycle_printed
            ],
        ),
        ("名前の変わった事業", [_renamed(item) for item in step.renamed_initiatives]),
        ("新しい指標", [_named(key, edition.indicator[key].name_printed) for key in step.new_indicators]),
        (
            "載らなくなった指標",
            [
                _named(key, before.indicator[key].name_printed)
                for key in step.gone_indicators
                if before.indicator[key].initiative_id not in gone
            ],
        ),
        ("名前の変わった指標", [_renamed(item) for item in step.renamed_indicators]),
        ("新しい施策", [_named(key, edition.policy[key].title) for key in step.new_policies]),
        ("載らなくなった施策", [_named(key, before.policy[key].title) for key in step.gone_policies]),
        ("題名の変わった施策", [_renamed(item) for item in step.renamed_policies]),
        (
            "番号や場所の変わった施策",
            [_named(key, edition.policy[key].title) for key in step.moved_policies],
        ),
        ("前の報告と違う過去の値", [_revised(item) for item in step.revisions]),
        (
            "判定の変わった事業",
            [
                f"{_named(item.initiative_id, edition.initiative[item.initiative_id].name)}："
                f"{words.ASSESSMENTS[item.before].label} → {words.ASSESSMENTS[item.after].label}"
                for item in step.reassessed
            ],
        ),
    ]
    for title, items in sections:
        if items:
            lines += ["", f"### {title}（{len(items):,}件）", "", *(f"- {item}" for item in items)]
    if none := [title for title, items in sections if not items]:
        lines += ["", f"次のものはありません：{'、'.join(none)}。"]
    return "\n".join([*lines, ""])


def _code(text: str) -> str:
    """Printed text as code, in which Markdown and mentions do nothing."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"


def _named(key: str, name: str) -> str:
    return f"{_code(name)}（{key}）"


def _renamed(item: reports_compared.Renamed) -> str:
    return f"{_code(item.before)} → {_code(item.after)}（{item.id}）"


def _gone(published: Package, step: reports_compared.Step, key: str, name: str) -> str:
    absence = step.absences.get(key)
    if absence is None:
        return f"{_named(key, name)}：前の報告で終了と印刷されています。"
    into = f"（{absence.successor_initiative_id}）" if absence.successor_initiative_id else ""
    outcome = dictionary.codes(published, "absences", "outcome")[absence.outcome].label
    return f"{_named(key, name)}：{outcome}{into}（このサイトの読み取り：{_code(absence.reason)}）"


def _revised(item: reports_compared.Revision) -> str:
    role = "実績" if item.after.role == "actual" else "目標"
    return (
        f"{item.after.indicator_id} {fiscal_year.era(item.after.fiscal_year)}の{role}："
        f"{_code(item.before.printed or '空欄')}（{item.before.source_id} {item.before.source_line}行目） → "
        f"{_code(item.after.printed or '空欄')}（{item.after.source_id} {item.after.source_line}行目）、{words.REVISIONS[item.kind].label}"
    )
