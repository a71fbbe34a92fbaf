"""Is a package folder right? Problems in Japanese, in stages that do not cascade.

The stages are the modules, in this order: ``descriptor`` (``datapackage.json``),
then for each file ``bytes_and_text``, ``layout`` and ``cells``, then ``tables``
(frictionless), ``form``, ``rules`` (across tables), ``documents``, ``surroundings``, ``texts`` and ``glossary``.

Where it is clear what was meant, a stage hands on just that, so that one defect
is one problem and hides no other; ``fix`` writes it. What is not clear goes no
further. Returns problems and never prints; only ``fix`` writes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from shinchoku import files, importing
from shinchoku.package.descriptor import without_derived
from shinchoku.paths import DATA, DECISIONS, DESCRIPTOR, GLOSSARY, LAYOUTS, SCHEMAS, SOURCES
from shinchoku.text import nearest
from shinchoku.validation import (
    bytes_and_text,
    cells,
    cross_table,
    descriptor,
    documents,
    form,
    glossary,
    layout,
    rules,
    surroundings,
    tables,
    texts,
)
from shinchoku.validation.documentation import (
    RuleDoc,
    rules_by_stage,
    rules_documented,
)
from shinchoku.validation.problems import ERROR, RULES, Problem, Rule, Stage, rule
from shinchoku.validation.reporting import FORMATS, render_text, to_github, to_json

__all__ = [
    "FORMATS",
    "RULES",
    "Problem",
    "Rule",
    "RuleDoc",
    "check_descriptor",
    "examine",
    "fix",
    "render_text",
    "rules",
    "rules_by_stage",
    "rules_documented",
    "to_github",
    "to_json",
    "validate",
]

_rule = partial(rule, Stage.FILES)

MISSING_FILE = _rule(
    "missing-file",
    "datapackage.json にある表のファイルがある。",
    "ファイルを元に戻してください。",
    example=("Settlements.csv", "settlements.csv"),
)
UNKNOWN_FILE = _rule(
    "unknown-file",
    f"{DATA}/ にあるファイルは、表か、{GLOSSARY} か、{SOURCES}/・{DECISIONS}/・{LAYOUTS}/・{SCHEMAS}/ のものである（ほかは読まれない）。",
    "要らないファイルなら消してください。表を増やすなら、datapackage.json に定義を足してください。",
    example=("observations のコピー.csv がある", "observations.csv だけがある"),
)

MISPLACED = _rule(
    "misplaced-file",
    "表や原資料のファイルは、決まった場所に、決まった名前である（ほかの場所や名前のものは読まれない）。",
    "正しい場所に置き直し、このファイルは消してください。",
    example=("data/data/observations.csv", "data/observations.csv"),
)

_SPREADSHEETS = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".ods"})


class Examined(NamedTuple):
    """What is wrong with a package, and the files in which all that is clear is mended."""

    problems: list[Problem]
    mended: dict[str, bytes]


def validate(directory: Path) -> list[Problem]:
    """Everything wrong with the package in ``directory``, by file and line; empty when it is right."""
    return examine(directory).problems


def check_descriptor(directory: Path) -> list[Problem]:
    """What is wrong with ``datapackage.json`` alone, without which nothing can be made of a package."""
    return descriptor.check(directory)[1]


def fix(directory: Path) -> list[Problem]:
    """Mend what needs no judgement; returns the problems that were there and are mended now.

    Everything is worked out before the first file is written. What remains, ``validate`` tells.
    """
    problems, mended = examine(directory)
    files.replace({directory / name: content for name, content in mended.items()})
    return [problem for problem in problems if problem.fixed is not None]


def examine(directory: Path) -> Examined:
    """Everything wrong with the package in ``directory``, and what ``fix`` would write."""
    described, problems = descriptor.check(directory)
    if described is None:
        return Examined(problems, {})
    present = _files(directory)
    places = _places(described, present)
    unknown = {file for file in present if places.get(_plain(file)) != file and not _is_layout(file)}
    described = without_derived(described)
    files = []
    for resource in described["resources"]:
        if resource["path"] in present:
            files.append(_read(resource, (directory / resource["path"]).read_bytes()))
        else:
            problems.append(_missing(resource["path"], unknown))
    problems += _out_of_place(unknown, places)
    laid_out = {file.table.name: file.table for file in files if file.table is not None}
    by_frictionless, apart = tables.check(laid_out, [p for file in files for p in file.of_cells])
    problems += [problem for file in files for problem in file.problems]
    problems += tables.rows_summed_up([p for file in files for p in file.of_cells] + by_frictionless)
    broken = apart | {problem.file for problem in problems if _is_open(problem)}
    broken |= {table.file for table in laid_out.values() if not table.whole}
    mended = {}
    for file in files:
        found, content = _form(file, file.name in broken)
        problems += found
        if content is not None:
            mended[file.name] = content
    sound = cross_table.Sound(
        directory,
        {name: table for name, table in laid_out.items() if table.file not in broken},
        frozenset(resource["name"] for resource in described["resources"]),
    )
    of_rules = cross_table.check(sound)
    problems += of_rules
    if not any(problem.rule == "source-text" for problem in of_rules):
        if of_documents := documents.check(sound, problems):
            problems = [item for item in problems if item.rule not in documents.CONSEQUENCES] + of_documents
        problems += texts.check(
            sound, [item for item in problems if RULES[item.rule].stage is not Stage.FORM]
        )
    problems += surroundings.check(sound, described, problems)
    problems += glossary.check(sound)
    return Examined(sorted(problems, key=lambda problem: (problem.file, problem.line or 0)), mended)


def _is_open(problem: Problem) -> bool:
    """Whether a person has to see to an error first. Of another encoding, characters may be lost."""
    is_lossy = problem.rule == bytes_and_text.SHIFT_JIS.id
    return problem.severity == ERROR and (problem.fixed is None or is_lossy)


def _files(directory: Path) -> set[str]:
    """The files of a package as they are spelt, also on a disk that ignores letter case: below ``data/`` and beside it.

    Without hidden ones, which a system or a killed command leaves. Of the folders beside it, the tables.
    """
    tables = (path for path in directory.glob("[!.]*/*") if path.suffix.lower() in _SPREADSHEETS)
    found = [*directory.glob("*"), *tables]
    for folder, _, names in os.walk(directory / DATA):
        found += [Path(folder) / name for name in names]
    inside = (path.relative_to(directory) for path in found if path.is_file())
    return {path.as_posix() for path in inside if not any(part[0] == "." for part in path.parts)}


#: What browsers and systems add to the name of a copy.
_COPY = re.compile(r"\s*\([0-9]+\)$|\s*-\s*コピー.*$|\s*のコピー.*$|^コピー\s*[~〜～]\s*|\s*-?\s*copy.*$")


def _plain(file: str) -> str:
    """The name of a file without what copying or saving it has changed: ``observations.csv`` for ``Observations (1).XLSX``."""
    name = re.sub(r"(\.[a-z]+)\.txt$", r"\1", PurePosixPath(file).name.casefold())
    stem, dot, suffix = name.replace(".yaml", ".yml").rpartition(".")
    return f"{_COPY.sub('', stem)}{dot}{'csv' if dot + suffix in _SPREADSHEETS else suffix}"


def _places(described: Any, present: Iterable[str]) -> dict[str, str]:
    """Plain name → where the file of that name belongs: the tables, and what lies in the folders beside them."""
    beside = [file for file in sorted(present) if str(PurePosixPath(file).parent) in (SOURCES, SCHEMAS)]
    beside += [f"{DECISIONS}/{name}.yml" for name in importing.DECIDED]
    tables = [resource["path"] for resource in described["resources"]]
    return {_plain(file): file for file in [*beside, GLOSSARY, DESCRIPTOR, *tables]}


def _is_layout(file: str) -> bool:
    """Whether a file is the form of a document, which may have any name."""
    return str(PurePosixPath(file).parent) == LAYOUTS and file.endswith(".yml")


def _out_of_place(unknown: Iterable[str], places: Mapping[str, str]) -> Iterator[Problem]:
    for file in unknown:
        place = places.get(_plain(file))
        is_below = file.startswith(f"{DATA}/")
        # A document beside the folder is one that was, or is to be, imported.
        if place is not None and place != file and (is_below or not place.startswith(f"{SOURCES}/")):
            remedy = f"「{place}」を直したものなら、その場所にその名前で置き直してください。「{file}」は消してください。"
            yield MISPLACED.problem(file, "この場所のこの名前のファイルは読まれません。", remedy=remedy)
        elif is_below and not PurePosixPath(file).name.startswith("README"):
            yield UNKNOWN_FILE.problem(file, "読まれないファイルです。")


def _missing(file: str, unknown: set[str]) -> Problem:
    """The problem of a missing file. One of nearly its name is that file, and no longer unknown."""
    near = nearest(file, (name for name in unknown if name.startswith(f"{DATA}/")), likeness=0.85)
    if near is None:
        return MISSING_FILE.problem(file, "ファイルがありません。")
    unknown.remove(near)
    remedy = f"「{near}」の名前を「{file}」に直してください。"
    return MISSING_FILE.problem(file, "ファイルがありません。", remedy=remedy)


# -- one file ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _File:
    """A table's file, as far as it could be read by itself."""

    name: str
    content: bytes
    records: bytes_and_text.Records | None
    table: layout.Table | None
    problems: list[Problem]
    of_cells: list[Problem]


def _read(resource: Any, content: bytes) -> _File:
    name = resource["path"]
    records, problems = bytes_and_text.read(content, name)
    if records is None or records.lines[:1] != [records.first]:  # no header to read the others by
        return _File(name, content, records, None, problems, [])
    table, of_layout = layout.check(resource["name"], resource, records)
    of_cells: list[Problem] = []
    if table is not None:
        table, of_cells = cells.check(table)
    if table is None or not table.whole:
        # Only a whole table is written anew; what is mended by hand first may change the rest.
        of_layout, of_cells = (
            [replace(problem, fixed=None) for problem in found] for found in (of_layout, of_cells)
        )
    return _File(name, content, records, table, problems + of_layout, of_cells)


def _form(file: _File, is_broken: bool) -> tuple[list[Problem], bytes | None]:
    """How a file that could be read is written, and its mended content where that differs."""
    if file.records is None:
        return [], None
    if file.table is None or not file.table.whole:
        content, problems = file.records.text.encode("utf-8"), []
    else:
        content = form.written(file.table, sort=not is_broken)
        problems = form.quotes(file.name, file.records)
        if not is_broken:
            problems += form.row_order(file.table)
    return problems, (None if content == file.content else content)
