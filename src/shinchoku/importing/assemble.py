"""Parsed documents and decisions become the tables of the package.

Here and in ``progress_tables`` parsing and reading meet. Each value that the
print does not settle is taken from a decision and recorded in the table
``readings``; a row or cell that neither settles raises ``ImportProblem``, never
a guess. Reports are read oldest first, so that each finds the ids of the one before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from shinchoku import paths
from shinchoku.importing import corrections, grants_document, progress_report, report_years
from shinchoku.importing.corrections import EditorialTables, PrimaryKeys, Tables
from shinchoku.importing.decisions import Decisions, decimal, unique
from shinchoku.importing.identities import IndicatorIds, PolicyIds, squeezed
from shinchoku.importing.layouts import GRANTS_DOCUMENT, Layout, Level
from shinchoku.importing.problem import ImportProblem, collected, raise_all, shortened
from shinchoku.importing.progress_report import Report
from shinchoku.importing.progress_tables import ProgressTables
from shinchoku.importing.source_text import SourceText, collapsed
from shinchoku.package.records import (
    RECORD_TYPES,
    Correction,
    Grant,
    GrantDescription,
    GrantProgramme,
    InitiativeGrant,
    Observation,
    Reading,
    Source,
    SourceNote,
)

_COMPARE = (
    "名前のつづりを原資料と比べてください（まだ取り込んでいない報告のための判断なら、"
    "import progress でその報告を取り込んでください）。"
)


class Assembly:
    """The tables as they grow, document by document."""

    def __init__(self, decisions: Decisions, primary_keys: PrimaryKeys, levels: Sequence[Level]) -> None:
        self.decisions, self.primary_keys = decisions, primary_keys
        self.tables: Tables = {name: [] for name in RECORD_TYPES}
        self.used: dict[str, set[Any]] = defaultdict(set)
        self.texts: dict[str, SourceText] = {}
        #: File → the layout of reports that are read by it.
        self.layouts: dict[str, Layout] = {}
        self.policy_ids = PolicyIds(decisions, levels)
        self.indicator_ids = IndicatorIds(decisions)
        #: What stops the import, told when everything has been read.
        self.problems: list[ImportProblem] = []
        #: Initiative id → its name in the report before, and those that have been printed as ended.
        self.initiatives_before: dict[str, str] = {}
        self.ended: set[str] = set()

    # -- documents ---------------------------------------------------------

    def add_progress_report(self, entry: dict[str, Any], text: SourceText, report: Report) -> None:
        """Tree, initiatives, listings and everything printed in their rows."""
        self._add_source(
            entry,
            text,
            title=report.title,
            title_line=report.title_line,
            label_printed=report.label,
            label_line=report.label_line,
            issued_printed=report.issued,
            issued_line=report.issued_line,
            issued_month=report.issued_month,
            report_fiscal_year=report.fiscal_year,
        )
        self.layouts[report.layout.file] = report.layout
        ProgressTables(self, entry["id"], text, report).add()
        self.policy_ids.is_first_report = False

    def add_grants_document(
        self, entry: dict[str, Any], text: SourceText, document: grants_document.GrantsDocument
    ) -> None:
        """Programmes, granted projects and their descriptions."""
        self._add_source(
            entry,
            text,
            title=document.title,
            title_line=document.title_line,
            label_printed=document.label,
            label_line=document.label_line,
            issued_printed=document.issued,
            issued_line=document.issued_line,
            issued_month=document.issued_month,
        )
        programme_ids = self._add_programmes(entry["id"], text, document)
        self._add_grants(entry["id"], text, document, programme_ids)

    def _add_source(self, entry: dict[str, Any], text: SourceText, **facts: Any) -> None:
        optional = dict.fromkeys(
            (
                "label_printed",
                "label_line",
                "issued_printed",
                "issued_line",
                "issued_month",
                "report_fiscal_year",
            )
        )
        self.texts[entry["id"]] = text
        self.tables["sources"].append(
            Source(
                source_id=entry["id"],
                publisher=entry["publisher"],
                terms=entry["terms"],
                url=entry.get("url"),
                file=entry["file"],
                line_count=len(text.lines),
                sha256=text.sha256,
                **{**optional, **facts},
            )
        )

    def _add_programmes(
        self, source_id: str, text: SourceText, document: grants_document.GrantsDocument
    ) -> set[str]:
        file = self.decisions.file("grant_programmes")
        known = {(squeezed(e["name"]), e["first_fiscal_year"]): e for e in self.decisions.grant_programmes}
        unique(self.decisions.grant_programmes, "id", file)
        for programme in document.programmes:
            key = (squeezed(programme.name), programme.first_fiscal_year)
            if key not in known:
                message = f"制度「{programme.name}」のIDが決まっていません。"
                remedy = f"{file} に id・name・first_fiscal_year を書いてください。"
                self.problems.append(ImportProblem(text.file, programme.line, message, remedy))
                continue
            self.used["grant_programmes"].add(known[key]["id"])
            self.tables["grant_programmes"].append(
                GrantProgramme(
                    programme_id=known[key]["id"],
                    name=programme.name,
                    first_fiscal_year=programme.first_fiscal_year,
                    period_years=programme.period_years,
                    national_share_printed=programme.share,
                    period_printed=programme.period,
                    heading_printed=programme.printed,
                    source_id=source_id,
                    source_line=programme.line,
                )
            )
        return {item.programme_id for item in self.tables["grant_programmes"]}

    def _add_grants(
        self,
        source_id: str,
        text: SourceText,
        document: grants_document.GrantsDocument,
        programme_ids: set[str],
    ) -> None:
        file = self.decisions.file("grants")
        unique(self.decisions.grants, "id", file)
        known = {(squeezed(e["name"]), squeezed(e["applicants"])): e for e in self.decisions.grants}
        for project in document.projects:
            entry = known.get((squeezed(project.name), squeezed(project.applicants)))
            if entry is None or entry["programme"] not in programme_ids:
                message = f"交付金事業「{shortened(project.name)}」のIDか制度が決まっていません。"
                remedy = f"{file} に id・name・applicants・programme・confidence・reason を書いてください。"
                self.problems.append(ImportProblem(text.file, project.line, message, remedy))
                continue
            self.used["grants"].add(entry["id"])
            self.tables["grants"].append(
                Grant(
                    grant_id=entry["id"],
                    name=project.name,
                    programme_id=entry["programme"],
                    membership_confidence=decimal(entry["confidence"]),
                    membership_reason=entry["reason"],
                    applicant_type=project.applicant_type,
                    applicants_printed=project.applicants,
                    remark_printed=project.remark,
                    amount_thousand_yen=project.amount,
                    partner_amount_thousand_yen=project.partner_amount,
                    amount_printed=project.amount_printed,
                    amount_line=project.amount_line,
                    source_id=source_id,
                    source_line=project.line,
                )
            )
            for position, (line, printed) in enumerate(project.description, 1):
                self.tables["grant_descriptions"].append(
                    GrantDescription(entry["id"], position, printed, source_id, line)
                )

    # -- editorial tables --------------------------------------------------

    def add_editorial(self, editorial: EditorialTables) -> None:
        """Links, notes of doubt and corrections, which must fit what was imported."""
        self._add_links(f"{paths.DATA}/initiative_grants.csv", editorial["initiative_grants"])
        for line, note in enumerate(editorial["source_notes"], 2):
            with collected(self.problems):
                self._check_note(f"{paths.DATA}/source_notes.csv", line, note)
            self.tables["source_notes"].append(note)
        file = f"{paths.DATA}/corrections.csv"
        places: corrections.Places = {}
        for line, correction in enumerate(editorial["corrections"], 2):
            with collected(self.problems):
                corrections.apply(correction, self.tables, self.primary_keys, places, file, line)
        self._check_later_reports(editorial["corrections"], file)
        self._check_all_used()

    def _check_later_reports(self, corrected: Iterable[Correction], file: str) -> None:
        """A later report that prints what was corrected would silently undo the correction."""
        reports = [item.source_id for item in self.tables["sources"] if item.report_fiscal_year is not None]
        order = {source_id: number for number, source_id in enumerate(reports)}
        printed: dict[str, list[Observation]] = defaultdict(list)
        for item in self.tables["observations"]:
            printed[f"{item.indicator_id}:{item.fiscal_year}:{item.role}"].append(item)
        for line, correction in enumerate(corrected, 2):
            if correction.table_name != "observations" or correction.column_name != "value":
                continue
            source_id, _, place = correction.record_key.partition(":")
            own = order.get(source_id, len(order))
            again = (
                item
                for item in printed.get(place, ())
                if order.get(item.source_id, -1) > own
                and item.value is not None
                and str(item.value) == correction.source_value
            )
            for item in islice(again, 1):
                message = (
                    f"訂正した値「{correction.source_value}」が、{item.source_id} の{item.source_line}行目に"
                    "また印刷されています。"
                )
                remedy = (
                    f"その値も訂正するなら {item.source_id}:{place} の行を加え、"
                    "印刷が正しかったのなら、この訂正を消してください。"
                )
                self.problems.append(ImportProblem(file, line, message, remedy))

    def _add_links(self, file: str, links: Iterable[InitiativeGrant]) -> None:
        known = {item.initiative_id for item in self.tables["initiatives"]}
        granted = {item.grant_id for item in self.tables["grants"]}
        for line, link in enumerate(links, 2):
            for value, ids in ((link.initiative_id, known), (link.grant_id, granted)):
                if value not in ids:
                    message = f"「{value}」は原資料にありません。"
                    self.problems.append(ImportProblem(file, line, message, "IDのつづりを確かめてください。"))
            self.tables["initiative_grants"].append(link)

    def _check_note(self, file: str, line: int, note: SourceNote) -> None:
        text = self.texts.get(note.source_id)
        if text is None or not 1 <= note.source_line <= len(text.lines):
            raise ImportProblem(
                file,
                line,
                f"注記の場所 {note.source_id} {note.source_line}行目がありません。",
                "source_id と source_line を確かめてください。",
            )
        if note.printed not in collapsed(text.lines[note.source_line - 1]):
            raise ImportProblem(
                file,
                line,
                f"注記の印刷「{shortened(note.printed)}」が{text.file}の{note.source_line}行目にありません。",
                "printed は原資料の字句のまま書いてください。",
            )

    def read(self, table: str, key: str, column: str, value: str, reason: str) -> None:
        """Record that a value is this project's reading, and why."""
        self.tables["readings"].append(Reading(table, key, column, value, reason))

    def _check_all_used(self) -> None:
        """A decision that fits nothing is a misspelling, not a spare."""
        for file, layout in self.layouts.items():
            for word in layout.words:
                if (file, word["printed"]) not in self.used["words"]:
                    message = f"words の「{word['printed']}」に当たる欄が原資料にありません。"
                    self.problems.append(ImportProblem(file, None, message, _COMPARE))
        for name in ("omissions", "initiatives", "grant_programmes", "grants"):
            key = "title" if name == "omissions" else "id"
            for entry in getattr(self.decisions, name):
                if entry[key] not in self.used[name]:
                    self._unused(name, f"「{entry[key]}」に当たるものが原資料にありません。")
        for entry in self.decisions.policies:
            if (entry["level"], squeezed(entry["title"])) not in self.used["policies"]:
                self._unused("policies", f"「{entry['title']}」に当たるものが原資料にありません。")
        for entry in self.decisions.initiatives:
            for key, where in (("relisted_as", "再掲の行"), ("printed_as", "再掲でない行")):
                for other in entry.get(key, []):
                    if (entry["id"], other["name"]) not in self.used[key]:
                        self._unused(
                            "initiatives", f"{key} の「{other['name']}」と印刷された{where}がありません。"
                        )
            for absence in entry.get("absent_from", []):
                if (entry["id"], absence["source"]) not in self.used["absent_from"]:
                    self._unused(
                        "initiatives",
                        f"「{entry['id']}」が {absence['source']} から載らなくなった、ということがありません。",
                        "載っている報告か、前の報告から載っていないので、その absent_from を消してください。",
                    )
        for indicator_id, readings in self.decisions.indicators.items():
            for column in readings:
                if (indicator_id, column) not in self.used["indicators"]:
                    self._unused(
                        "indicators",
                        f"「{indicator_id}」の {column} は使われません（印刷されているか、指標がありません）。",
                        "その項目を消すか、指標のIDを直してください。",
                    )

    def _unused(self, name: str, message: str, remedy: str = _COMPARE) -> None:
        self.problems.append(ImportProblem(self.decisions.file(name), None, message, remedy))


def assemble(
    decisions: Decisions,
    documents: Mapping[str, tuple[SourceText, Layout]],
    editorial: EditorialTables,
    primary_keys: PrimaryKeys,
    levels: Sequence[Level],
) -> Tables:
    """All tables from the documents (source id → text and form), the decisions and what people noted.

    ``primary_keys`` (table → columns) is how corrections name a row, ``levels`` are those of the plan. Raises
    ``ImportProblem``; the records are not yet sorted by key.
    """
    assembly = Assembly(decisions, primary_keys, levels)
    problems = assembly.problems
    reports = []
    for entry in decisions.sources:
        text, layout = documents[entry["id"]]
        with collected(problems):
            if layout.kind == GRANTS_DOCUMENT:
                assembly.add_grants_document(entry, text, grants_document.parse(text, layout))
                continue
            stated = report_years.stated(entry, decisions.file("sources"))
            reports.append((entry, text, progress_report.parse(text, layout, levels, problems, stated)))
    reports.sort(key=lambda item: item[2].fiscal_year)
    before: tuple[str, int] | None = None
    for entry, text, report in reports:
        problems += report_years.problems(report, text.file, entry, before, decisions.file("sources"))
        before = entry["id"], report.fiscal_year
    for entry, text, report in reports:
        number_of_problems = len(problems)
        assembly.add_progress_report(entry, text, report)
        if len(problems) > number_of_problems:
            break  # a later report would ask the same again
    raise_all(problems)
    assembly.add_editorial(editorial)
    raise_all(problems)
    _check_unchanged(decisions, {source_id: text for source_id, (text, _) in documents.items()})
    return assembly.tables


def _check_unchanged(decisions: Decisions, texts: Mapping[str, SourceText]) -> None:
    """A text cut off inside its last cell reads well; only its checksum tells.

    Checked last, so that a defect with a line is reported with its line.
    """
    problems = []
    for entry in decisions.sources:
        text, file = texts[entry["id"]], decisions.file("sources")
        if entry.get("sha256", text.sha256) != text.sha256:
            message = f"中身が、{file} に記録されたものと違います（途中で切れたか、書き換えられた可能性）。"
            remedy = (
                "元のファイルに戻してください。印刷と見比べて写し間違いを直したのなら、"
                f"{file} の sha256 を {text.sha256} に直して import を実行してください。"
            )
            problems.append(ImportProblem(entry["file"], len(text.lines), message, remedy))
    raise_all(problems)
