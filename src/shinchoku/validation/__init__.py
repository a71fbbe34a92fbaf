"""Is a package folder right? Problems in Japanese, in stages that do not cascade.

The stages are the modules, in this order: ``descriptor`` (``datapackage.json``),
then for each file ``bytes_and_text``, ``layout`` and ``cells``, then ``tables``
(frictionless) and ``rules`` (across tables). A file with an error goes no
further, so one defect is one problem. Returns problems and never prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shinchoku.paths import DATA
from shinchoku.validation import across, bytes_and_text, cells, descriptor, layout, rules, tables
from shinchoku.validation.problems import ERROR, RULES, Problem, Rule, render_text, rule, to_json

__all__ = ["RULES", "Problem", "Rule", "render_text", "rules", "to_json", "validate"]

MISSING_FILE = rule(
    "missing-file", "datapackage.json にある表のファイルがある。", "ファイルを元に戻してください。"
)
UNKNOWN_FILE = rule(
    "unknown-file",
    f"{DATA}/ にあるCSVや表計算のファイルは、すべて datapackage.json にある。",
    "要らないファイルなら消してください。表を増やすなら、datapackage.json に定義を足してください。",
)

_SPREADSHEETS = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".ods"})


def validate(directory: Path) -> list[Problem]:
    """Everything wrong with the package in ``directory``, by file and line; empty when it is right."""
    described, problems = descriptor.check(directory)
    if described is None:
        return problems
    problems += _unknown_files(directory, described)
    laid_out: dict[str, layout.Table] = {}
    for resource in described["resources"]:
        table, found = _table(directory, resource)
        problems += found
        if table is not None:
            laid_out[table.name] = table
    of_cells = [problem for table in laid_out.values() for problem in cells.check(table)]
    by_frictionless, apart = tables.check(directory, described, laid_out, of_cells)
    problems += tables.rows_summed_up(of_cells + by_frictionless)
    broken = {problem.file for problem in problems if problem.severity == ERROR} | apart
    sound = {name: table for name, table in laid_out.items() if table.file not in broken}
    problems += across.check(directory, sound, (resource["name"] for resource in described["resources"]))
    return sorted(problems, key=lambda problem: (problem.file, problem.line or 0))


def _table(directory: Path, resource: Mapping[str, Any]) -> tuple[layout.Table | None, list[Problem]]:
    file = resource["path"]
    path = directory / file
    if file not in _files(directory):
        near = descriptor.near_file(path)
        remedy = f"「{near}」の名前を「{path.name}」に直してください。" if near else None
        return None, [MISSING_FILE.problem(file, "ファイルがありません。", remedy=remedy)]
    rows, problems = bytes_and_text.read(path, file)
    if rows is None:
        return None, problems
    return layout.check(resource["name"], resource, rows)


def _files(directory: Path) -> set[str]:
    """The files in ``data/`` as they are spelt, also on a disk that ignores letter case."""
    data = directory / DATA
    return {f"{DATA}/{path.name}" for path in data.iterdir() if path.is_file()} if data.is_dir() else set()


def _unknown_files(directory: Path, described: Mapping[str, Any]) -> Iterator[Problem]:
    known = {resource["path"] for resource in described["resources"]}
    # A file that is a known one but for its spelling is told of where the known one is missed.
    misspelt = {f"{DATA}/{descriptor.near_file(directory / file)}" for file in known - _files(directory)}
    for file in sorted(_files(directory) - known - misspelt):
        if Path(file).suffix.lower() in _SPREADSHEETS:
            yield UNKNOWN_FILE.problem(file, "datapackage.json にないファイルです。")
