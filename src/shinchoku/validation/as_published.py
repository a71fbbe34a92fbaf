"""The decisions that a package follows, read from its tables: a published package has no files of them.

Every name is taken from the line of the document that a row names, so that a name that was typed wrong is
held against the print. What no document settles is as it is published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from shinchoku.importing import (
    Decisions,
    ImportProblem,
    Tables,
    cells,
    grants_document,
    progress_report,
    source_text,
)
from shinchoku.importing.assemble import Assembly
from shinchoku.importing.grants_document import GrantsDocument
from shinchoku.importing.identities import id_by_place, squeezed
from shinchoku.importing.layouts import GRANTS_DOCUMENT, PROGRESS_REPORT, Layout, Level, read_layouts
from shinchoku.importing.problem import raise_all
from shinchoku.importing.progress_report import Report
from shinchoku.importing.row_values import printed_unit
from shinchoku.importing.source_text import SourceText
from shinchoku.package.descriptor import levels, read_descriptor
from shinchoku.package.editions import Package
from shinchoku.paths import LAYOUTS

_Parsed = TypeVar("_Parsed")


class UnknownForm(ImportProblem):
    """A document that is of no form that an import reads."""


def tables(package: Package, directory: Path) -> Tables:
    """What the documents of a package say, by its own decisions. Raises ``ImportProblem``."""
    texts = {
        item.source_id: source_text.read(directory / item.file, item.file)
        for item in package.sources
        if item.file  # else nothing is printed that could be held against it
    }
    plan = levels(read_descriptor(directory))
    reports, lists = {}, {}
    for source_id, text in texts.items():
        year = package.source[source_id].report_fiscal_year
        if year is None:
            lists[source_id] = _fitting(directory, text, GRANTS_DOCUMENT, grants_document.parse)
        else:
            parse = partial(progress_report.parse, levels=plan, stated_year=year)
            reports[source_id] = _fitting(directory, text, PROGRESS_REPORT, parse)
    reports = dict(sorted(reports.items(), key=lambda item: item[1].fiscal_year))
    decisions = _AsPublished(package, reports, lists, plan)
    entries = {entry["id"]: entry for entry in decisions.sources}
    assembly = Assembly(decisions, {}, plan)
    for source_id, document in lists.items():
        assembly.add_grants_document(entries[source_id], texts[source_id], document)
    for source_id, report in reports.items():
        assembly.add_progress_report(entries[source_id], texts[source_id], report)
    raise_all(assembly.problems)
    return assembly.tables


def _fitting(
    directory: Path, text: SourceText, kind: str, parse: Callable[[SourceText, Layout], _Parsed]
) -> _Parsed:
    """A document by the layout that it fits. Raises ``UnknownForm``."""
    problem = ImportProblem(text.file, None, f"文書の形が {LAYOUTS}/ にありません。", "")
    for layout in read_layouts(directory, kind):
        try:
            return parse(text, layout)
        except ImportProblem as error:
            problem = error
    raise UnknownForm(problem.file, problem.line, problem.message, "")


class _AsPublished(Decisions):
    def __init__(
        self,
        package: Package,
        reports: Mapping[str, Report],
        lists: Mapping[str, GrantsDocument],
        plan: Sequence[Level],
    ) -> None:
        self._package, self._reports, self._plan = package, reports, plan
        self._rows = {
            (source_id, row.line): row for source_id, report in reports.items() for row in report.rows
        }
        self._contents: dict[str, Any] = {
            "sources": [
                {"id": item.source_id, "file": item.file, "publisher": item.publisher, "terms": item.terms}
                | ({"url": item.url} if item.url else {})
                for item in package.sources
            ],
            "policies": self._policies(),
            "omissions": [
                {"title": item.title, "refers_to": item.omission_refers_to_policy_id, "reason": ""}
                for item in package.policies
                if item.omission_refers_to_policy_id is not None
            ],
            "initiatives": self._initiatives(),
            "indicators": self._indicators(),
            **_grants(package, lists),
        }
        super().__init__(Path())

    def _load(self, name: str) -> Any:
        return self._contents.get(name, [])

    def _policies(self) -> list[dict[str, str]]:
        """A title where it needs one: of the first report an id below an area comes from its place."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        known: set[tuple[str | None, str, str]] = set()
        for number, (source_id, report) in enumerate(self._reports.items()):
            node_at = {node.line: node for node in report.nodes}
            for item in self._package.document(source_id).policies:
                node = node_at.get(item.source_line)
                if node is None:
                    continue
                place = (item.parent_policy_id, item.policy_id, squeezed(node.title))
                from_place = id_by_place(self._plan, node.level, item.parent_policy_id, node.position)
                if place not in known and (number or item.policy_id != from_place):
                    found.setdefault(
                        (node.level, squeezed(node.title)),
                        {"id": item.policy_id, "level": node.level, "title": node.title},
                    )
                known.add(place)
        return list(found.values())

    def _initiatives(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        taken: set[str] = set()

        def add(initiative_id: str, name: str, kind: str) -> None:
            if squeezed(name) in taken:
                return
            taken.add(squeezed(name))
            if initiative_id in found:
                found[initiative_id].setdefault(kind, []).append({"name": name, "reason": ""})
            else:
                found[initiative_id] = {"id": initiative_id, "name": name}

        for records, kind in (
            (self._package.initiatives, "printed_as"),
            (self._package.listings, "relisted_as"),
        ):
            for item in records:
                row = self._rows.get((item.source_id, item.source_line))
                if row is not None and row.is_relisted == (kind == "relisted_as"):
                    add(item.initiative_id, row.name, kind)
        for item in self._package.initiatives:
            if item.is_loan_fund and item.initiative_id in found:
                found[item.initiative_id]["is_loan_fund"] = {"reason": ""}
        for absence in self._package.absences:
            if absence.initiative_id in found:
                entry = {"source": absence.source_id, "outcome": absence.outcome, "reason": absence.reason}
                entry |= {"into": absence.successor_initiative_id} if absence.successor_initiative_id else {}
                found[absence.initiative_id].setdefault("absent_from", []).append(entry)
        return list(found.values())

    def _indicators(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for item in self._package.indicators:
            entry = found[item.indicator_id]
            for column in ("value_kind", "desired_direction"):
                entry[column] = {"value": getattr(item, column), "reason": ""}
            row = self._rows.get((item.source_id, item.source_line))
            name = row.cells["indicator"] if row else item.name_printed
            entry.setdefault("printed_as", []).append({"name": name, "reason": ""})
            unit = (printed_unit(row) if row else None) or cells.read_indicator_name(name).unit
            if unit is None and item.unit is not None:
                entry["unit"] = {"value": item.unit, "reason": ""}
            entry.setdefault("unit_changed", []).append({"unit": unit or item.unit, "reason": ""})
        return dict(found)


def _grants(package: Package, lists: Mapping[str, GrantsDocument]) -> dict[str, list[dict[str, Any]]]:
    programmes = {(source, item.line): item for source, each in lists.items() for item in each.programmes}
    projects = {(source, item.line): item for source, each in lists.items() for item in each.projects}
    return {
        "grant_programmes": [
            {"id": item.programme_id, "name": printed.name, "first_fiscal_year": printed.first_fiscal_year}
            for item in package.grant_programmes
            if (printed := programmes.get((item.source_id, item.source_line)))
        ],
        "grants": [
            {
                "id": item.grant_id,
                "name": project.name,
                "applicants": project.applicants,
                "programme": item.programme_id,
                "confidence": item.membership_confidence,
                "reason": item.membership_reason,
            }
            for item in package.grants
            if (project := projects.get((item.source_id, item.source_line)))
        ],
    }
