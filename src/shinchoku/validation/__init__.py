"""Is a package folder right? Problems in Japanese, in stages that do not cascade.

The stages are the modules, in this order: ``descriptor`` (``datapackage.json``),
then for each file ``bytes_and_text``, ``layout`` and ``cells``, then ``tables``
(frictionless), ``rules`` (across tables) and ``glossary``. A file with an error
goes no further, so one defect is one problem. Returns problems and never prints.
"""

from __future__ import annotations

from pathlib import Path

from shinchoku.paths import DATA
from shinchoku.validation import across, bytes_and_text, cells, descriptor, glossary, layout, rules, tables
from shinchoku.validation.problems import ERROR, RULES, Problem, Rule, nearest, render_text, rule, to_json

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
    present = _files(directory)
    unknown = present - {resource["path"] for resource in described["resources"]}
    laid_out: dict[str, layout.Table] = {}
    for resource in described["resources"]:
        if resource["path"] not in present:
            problems.append(_missing(resource["path"], unknown))
            continue
        rows, found = bytes_and_text.read(directory / resource["path"], resource["path"])
        problems += found
        if rows is None:
            continue
        table, found = layout.check(resource["name"], resource, rows)
        problems += found
        if table is not None:
            laid_out[table.name] = table
    problems += [
        UNKNOWN_FILE.problem(file, "datapackage.json にないファイルです。")
        for file in unknown
        if Path(file).suffix.lower() in _SPREADSHEETS
    ]
    of_cells = [problem for table in laid_out.values() for problem in cells.check(table)]
    by_frictionless, apart = tables.check(directory, described, laid_out, of_cells)
    problems += tables.rows_summed_up(of_cells + by_frictionless)
    broken = {problem.file for problem in problems if problem.severity == ERROR} | apart
    sound = across.Sound(
        directory,
        {name: table for name, table in laid_out.items() if table.file not in broken},
        frozenset(resource["name"] for resource in described["resources"]),
    )
    problems += across.check(sound)
    problems += glossary.check(sound)
    return sorted(problems, key=lambda problem: (problem.file, problem.line or 0))


def _files(directory: Path) -> set[str]:
    """The files in ``data/`` as they are spelt, also on a disk that ignores letter case."""
    data = directory / DATA
    return {f"{DATA}/{path.name}" for path in data.iterdir() if path.is_file()} if data.is_dir() else set()


def _missing(file: str, unknown: set[str]) -> Problem:
    """The problem of a missing file. One of nearly its name is that file, and no longer unknown."""
    near = nearest(file, unknown, likeness=0.85)
    if near is None:
        return MISSING_FILE.problem(file, "ファイルがありません。")
    unknown.remove(near)
    remedy = f"「{near}」の名前を「{file}」に直してください。"
    return MISSING_FILE.problem(file, "ファイルがありません。", remedy=remedy)
