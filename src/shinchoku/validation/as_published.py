"""The decisions that a package follows, read from its tables: a published package has no files of them.

Every name is taken from the line of the document that a row names, so that a name that was typed wrong is
held against the print. What no document settles is as it is published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
from shinchoku.importing.identities import squeezed
from shinchoku.importing.problem import raise_all
from shinchoku.importing.progress_report import Report
from shinchoku.package.editions import Package


class UnknownForm(ImportProblem):
    """A document that is of no form that an import reads."""


def tables(package: Package, directory: Path) -> Tables:
    """What the documents of a package say, by its own decisions. Raises ``ImportProblem``."""
    texts = {
        item.source_id: source_text.read(directory / item.file, item.file)
        for item in package.sources
        if item.file
    }
    reports, lists = {}, {}
    for source in package.sources:
        if source.source_id not in texts:
            continue  # nothing is printed that could be held against it
        text = texts[source.source_id]
        try:
            if source.report_fiscal_year is None:
                lists[source.source_id] = grants_document.parse(text)
            else:
                reports[source.source_id] = progress_report.parse(text)
        except ImportProblem as error:
            raise UnknownForm(error.file, error.line, error.message, "") from None
    reports = dict(sorted(reports.items(), key=lambda item: item[1].fiscal_year))
    decisions = _AsPublished(package, reports, lists)
    entries = {entry["id"]: entry for entry in decisions.sources}
    assembly = Assembly(decisions, {})
    for source_id, document in lists.items():
        assembly.add_grants_document(entries[source_id], texts[source_id], document)
    for source_id, report in reports.items():
        assembly.add_progress_report(entries[source_id], texts[source_id], report)
    raise_all(assembly.problems)
    return assembly.tables


class _AsPublished(Decisions):
    def __init__(
        self, package: Package, reports: Mapping[str, Report], lists: Mapping[str, GrantsDocument]
    ) -> None:
        self._package, self._reports = package, reports
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
            "words": self._words(),
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
                from_place = f"{item.parent_policy_id}-{node.level[0]}{node.position}"
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
            unit = cells.read_indicator_name(name).unit
            if unit is None and item.unit is not None:
                entry["unit"] = {"value": item.unit, "reason": ""}
            entry.setdefault("unit_changed", []).append({"unit": unit or item.unit, "reason": ""})
        return dict(found)

    def _words(self) -> list[dict[str, Any]]:
        """The cells that say what no grammar tells, as they are published."""
        known = cells.Known(frozenset(item.unit for item in self._package.indicators if item.unit), {})
        found: dict[str, dict[str, Any]] = {}
        for item in self._package.observations:
            row = self._rows.get((item.source_id, item.source_line))
            cell = row.cells.get(f"{item.role}_{item.fiscal_year}") if row else None
            if cell is None or squeezed(cell) in found:
                continue
            try:
                cells.read_observation(cell, known)
            except cells.UnreadableCell:
                value = {} if item.value is None else {"value": item.value}
                found[squeezed(cell)] = {"printed": cell, "status": item.status, "reason": "", **value}
        return list(found.values())


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
