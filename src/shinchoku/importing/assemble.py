"""Parsed documents and decisions become the tables of the package.

Here, and only here, parsing and reading meet. Each value that the print does
not settle is taken from a decision and recorded in the table ``readings``; a
row or cell that neither settles raises ``ImportProblem``, never a guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from shinchoku import model, paths
from shinchoku.importing import cells, corrections, grants_document, progress_report
from shinchoku.importing.corrections import EditorialTables, PrimaryKeys, Tables
from shinchoku.importing.decisions import Decisions, decimal, unique
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.progress_report import Node, Report, Row
from shinchoku.importing.source_text import SourceText, collapsed

_LEVEL_LETTERS = {"pillar": "p", "measure": "m", "direction": "d"}


def _squeezed(name: str) -> str:
    """A name without white space: how printed names are compared."""
    return "".join(name.split())


class Assembly:
    """The tables as they grow, document by document."""

    def __init__(self, decisions: Decisions, primary_keys: PrimaryKeys) -> None:
        self.decisions, self.primary_keys = decisions, primary_keys
        self.tables: Tables = {name: [] for name in model.RECORD_TYPES}
        self.used: dict[str, set[Any]] = defaultdict(set)
        self.texts: dict[str, SourceText] = {}

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
            report_fiscal_year=max(report.fiscal_years),
        )
        ProgressTables(self, entry["id"], text, report).add()

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
            model.Source(
                source_id=entry["id"],
                publisher=entry["publisher"],
                terms=entry["terms"],
                file=entry["file"],
                line_count=len(text.lines),
                sha256=text.sha256,
                **{**optional, **facts},
            )
        )

    def _add_programmes(self, source_id, text, document) -> set[str]:
        file = self.decisions.file("grant_programmes")
        known = {(_squeezed(e["name"]), e["first_fiscal_year"]): e for e in self.decisions.grant_programmes}
        unique(self.decisions.grant_programmes, "id", file)
        for programme in document.programmes:
            key = (_squeezed(programme.name), programme.first_fiscal_year)
            if key not in known:
                raise ImportProblem(
                    text.file,
                    programme.line,
                    f"制度「{programme.name}」のIDが決まっていません。",
                    f"{file} に id・name・first_fiscal_year を書いてください。",
                )
            self.used["grant_programmes"].add(known[key]["id"])
            self.tables["grant_programmes"].append(
                model.GrantProgramme(
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

    def _add_grants(self, source_id, text, document, programme_ids: set[str]) -> None:
        file = self.decisions.file("grants")
        unique(self.decisions.grants, "id", file)
        known = {(_squeezed(e["name"]), _squeezed(e["applicants"])): e for e in self.decisions.grants}
        for project in document.projects:
            entry = known.get((_squeezed(project.name), _squeezed(project.applicants)))
            if entry is None or entry["programme"] not in programme_ids:
                raise ImportProblem(
                    text.file,
                    project.line,
                    f"交付金事業「{shortened(project.name)}」のIDか制度が決まっていません。",
                    f"{file} に id・name・applicants・programme・confidence・reason を書いてください。",
                )
            self.used["grants"].add(entry["id"])
            self.tables["grants"].append(
                model.Grant(
                    grant_id=entry["id"],
                    name=project.name,
                    programme_id=entry["programme"],
                    membership_confidence=decimal(entry["confidence"]),
                    membership_reason=entry["reason"],
                    applicant_type=project.applicant_type,
                    applicants_printed=project.applicants,
                    remark_printed=project.remark,
                    amount_thousand_yen=project.amount,
                    hokkaido_amount_thousand_yen=project.hokkaido_amount,
                    amount_printed=project.amount_printed,
                    amount_line=project.amount_line,
                    source_id=source_id,
                    source_line=project.line,
                )
            )
            for position, (line, printed) in enumerate(project.description, 1):
                self.tables["grant_descriptions"].append(
                    model.GrantDescription(entry["id"], position, printed, source_id, line)
                )

    # -- editorial tables --------------------------------------------------

    def add_editorial(self, editorial: EditorialTables) -> None:
        """Links, notes of doubt and corrections, which must fit what was imported."""
        self._add_links(f"{paths.DATA}/initiative_grants.csv", editorial["initiative_grants"])
        for line, note in enumerate(editorial["source_notes"], 2):
            self._check_note(f"{paths.DATA}/source_notes.csv", line, note)
            self.tables["source_notes"].append(note)
        for line, correction in enumerate(editorial["corrections"], 2):
            corrections.apply(
                correction, self.tables, self.primary_keys, f"{paths.DATA}/corrections.csv", line
            )
        self._check_all_used()

    def _add_links(self, file: str, links: Iterable[model.InitiativeGrant]) -> None:
        known = {item.initiative_id for item in self.tables["initiatives"]}
        granted = {item.grant_id for item in self.tables["grants"]}
        for line, link in enumerate(links, 2):
            for value, ids in ((link.initiative_id, known), (link.grant_id, granted)):
                if value not in ids:
                    raise ImportProblem(
                        file, line, f"「{value}」は原資料にありません。", "IDのつづりを確かめてください。"
                    )
            self.tables["initiative_grants"].append(link)

    def _check_note(self, file: str, line: int, note: model.SourceNote) -> None:
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
        self.tables["readings"].append(model.Reading(table, key, column, value, reason))

    def _check_all_used(self) -> None:
        """A decision that fits nothing is a misspelling, not a spare."""
        for name in ("policies", "omissions", "initiatives", "grant_programmes", "grants"):
            key = "title" if name == "omissions" else "id"
            for entry in getattr(self.decisions, name):
                if entry[key] not in self.used[name]:
                    raise ImportProblem(
                        self.decisions.file(name),
                        None,
                        f"「{entry[key]}」に当たるものが原資料にありません。",
                        "名前のつづりを原資料と比べてください。",
                    )
        for entry in self.decisions.initiatives:
            for other in entry.get("relisted_as", []):
                if other["name"] not in self.used["relisted_as"]:
                    raise ImportProblem(
                        self.decisions.file("initiatives"),
                        None,
                        f"relisted_as の「{other['name']}」と印刷された再掲の行がありません。",
                        "名前のつづりを原資料と比べてください。",
                    )
        for initiative_id, readings in self.decisions.indicators.items():
            for column in readings:
                if (initiative_id, column) not in self.used["indicators"]:
                    raise ImportProblem(
                        self.decisions.file("indicators"),
                        None,
                        f"「{initiative_id}」の {column} は使われません（印刷されているか、事業がありません）。",
                        "その項目を消すか、事業IDを直してください。",
                    )


class ProgressTables:
    """The tables of one progress report."""

    def __init__(self, assembly: Assembly, source_id: str, text: SourceText, report: Report) -> None:
        self.assembly, self.decisions, self.tables = assembly, assembly.decisions, assembly.tables
        self.source_id, self.text, self.report = source_id, text, report
        self.policy_ids: dict[int, str] = {}
        self.entries = unique(self.decisions.initiatives, "id", self.decisions.file("initiatives"))

    def add(self) -> None:
        """Fill the tables; the tree first, for everything hangs on it."""
        self._add_policies()
        names = self._names()
        originals = self._originals(names)
        for initiative_id, row in originals.items():
            self._add_initiative(initiative_id, row, names)
        for row in self.report.rows:
            self._add_listing(row, names, originals)

    def _where(self, line: int) -> dict[str, Any]:
        return {"source_id": self.source_id, "source_line": line}

    # -- the tree ----------------------------------------------------------

    def _add_policies(self) -> None:
        known = {(e["level"], _squeezed(e["title"])): e["id"] for e in self.decisions.policies}
        unique(self.decisions.policies, "id", self.decisions.file("policies"))
        for node in self.report.nodes:
            self.policy_ids[id(node)] = self._policy_id(node, known)
        for node in self.report.nodes:
            refers_to = self._omission_target(node) if node.omission else None
            self.tables["policies"].append(
                model.Policy(
                    policy_id=self.policy_ids[id(node)],
                    level=node.level,
                    parent_policy_id=self.policy_ids[id(node.parent)] if node.parent else None,
                    position=node.position,
                    number_printed=node.number,
                    title=node.title,
                    heading_printed=node.heading,
                    toc_printed=node.toc_printed,
                    toc_page=node.toc_page,
                    toc_line=node.toc_line,
                    omission_printed=node.omission,
                    omission_refers_to_policy_id=refers_to,
                    **self._where(node.line),
                )
            )

    def _policy_id(self, node: Node, known: dict[tuple[str, str], str]) -> str:
        if letter := _LEVEL_LETTERS.get(node.level):
            return f"{self.policy_ids[id(node.parent)]}-{letter}{node.position}"
        policy_id = known.get((node.level, _squeezed(node.title)))
        if policy_id is None:
            raise ImportProblem(
                self.text.file,
                node.line,
                f"「{node.title}」のIDが決まっていません。",
                f"{self.decisions.file('policies')} に id・level・title を書いてください。",
            )
        self.assembly.used["policies"].add(policy_id)
        return policy_id

    def _omission_target(self, node: Node) -> str:
        """Where 「再掲のため省略」 points: the direction of the same title, or a decision."""
        title = node.title.removesuffix("（再掲）").removesuffix("(再掲)")
        ids = self.policy_ids
        for entry in self.decisions.omissions:
            if _squeezed(entry["title"]) == _squeezed(node.title):
                if entry["refers_to"] not in ids.values():
                    break
                self.assembly.used["omissions"].add(entry["title"])
                self.assembly.read(
                    "policies",
                    ids[id(node)],
                    "omission_refers_to_policy_id",
                    entry["refers_to"],
                    entry["reason"],
                )
                return entry["refers_to"]
        same = [
            other
            for other in self.report.nodes
            if other is not node and not other.omission and _squeezed(other.title) == _squeezed(title)
        ]
        if len(same) == 1:
            return ids[id(same[0])]
        raise ImportProblem(
            self.text.file,
            node.line,
            f"省略された「{shortened(node.title)}」がどの取組を指すか決まりません。",
            f"{self.decisions.file('omissions')} に title・refers_to・reason を書いてください。",
        )

    # -- initiatives -------------------------------------------------------

    def _names(self) -> dict[str, str]:
        """Every known printed name → initiative id."""
        file = self.decisions.file("initiatives")
        names: dict[str, str] = {}
        for entry in self.decisions.initiatives:
            for name in [entry["name"], *(other["name"] for other in entry.get("relisted_as", []))]:
                if names.setdefault(_squeezed(name), entry["id"]) != entry["id"]:
                    raise ImportProblem(
                        file, None, f"名前「{name}」が2つの事業にあります。", "どちらかを直してください。"
                    )
        return names

    def _initiative_id(self, row: Row, names: dict[str, str]) -> str:
        initiative_id = names.get(_squeezed(row.name))
        if initiative_id is None:
            key = "relisted_as（どの事業の再掲か）" if row.is_relisted else "id と name"
            raise ImportProblem(
                self.text.file,
                row.line,
                f"「{shortened(row.name)}」がどの事業か決まりません。",
                f"{self.decisions.file('initiatives')} に {key} を書いてください。",
            )
        return initiative_id

    def _originals(self, names: dict[str, str]) -> dict[str, Row]:
        originals: dict[str, Row] = {}
        for row in self.report.rows:
            if row.is_relisted:
                continue
            initiative_id = self._initiative_id(row, names)
            if initiative_id in originals:
                raise ImportProblem(
                    self.text.file,
                    row.line,
                    f"「{shortened(row.name)}」は{originals[initiative_id].line}行目にもあります（再掲の印なし）。",
                    "どちらかに【再掲】が抜けていないか確かめてください。",
                )
            originals[initiative_id] = row
            self.assembly.used["initiatives"].add(initiative_id)
        return originals

    def _add_initiative(self, initiative_id: str, row: Row, names: dict[str, str]) -> None:
        entry = self.entries[initiative_id]
        activities = row.cells["activities"]
        try:
            ending = cells.read_ending(activities)
        except cells.UnreadableCell:
            raise self._unreadable(row, "内容", activities) from None
        merged_into = None
        if ending and ending.merged_into:
            merged_into = names.get(_squeezed(ending.merged_into))
            if merged_into is None:
                raise ImportProblem(
                    self.text.file,
                    row.line,
                    f"統合先の「{ending.merged_into}」がどの事業か決まりません。",
                    f"{self.decisions.file('initiatives')} に名前を書いてください。",
                )
        self.tables["initiatives"].append(
            model.Initiative(
                initiative_id=initiative_id,
                name=row.name,
                is_flagship=row.is_flagship,
                is_loan_fund="is_loan_fund" in entry,
                lifecycle=ending.lifecycle if ending else "continuing",
                last_fiscal_year=ending.last_fiscal_year if ending else None,
                merged_into_initiative_id=merged_into,
                lifecycle_printed=activities if ending else None,
                **self._where(row.line),
            )
        )
        if loan := entry.get("is_loan_fund"):
            self.assembly.read("initiatives", initiative_id, "is_loan_fund", "true", loan["reason"])
        self._add_indicator(initiative_id, row)
        self._add_settlements(initiative_id, row)
        if ending is None:
            self._add_activities(initiative_id, row)

    def _add_indicator(self, initiative_id: str, row: Row) -> None:
        indicator_id = f"{initiative_id}-1"
        readings = {}
        for column in row.columns:
            if column.role in ("actual", "target"):
                printed = row.cells[column.key]
                try:
                    readings[column] = cells.read_observation(printed)
                except cells.UnreadableCell:
                    raise self._unreadable(row, column.key, printed) from None
        name = cells.read_indicator_name(row.cells["indicator"])
        in_cells = {reading.unit for reading in readings.values() if reading.unit}
        printed_units = in_cells | ({name.unit} if name.unit else set())
        if len(printed_units) > 1:
            raise ImportProblem(
                self.text.file,
                row.line,
                f"単位が1つに決まりません（{'・'.join(sorted(printed_units))}）。",
                "原資料の行を確かめてください。",
            )
        has_text = any(reading.text for reading in readings.values())
        unit = printed_units.pop() if printed_units else None
        is_unit_printed = True if unit else None
        if unit is None and not has_text and (decided := self._decided(initiative_id, indicator_id, "unit")):
            unit, is_unit_printed = decided, False
        kind = "qualitative" if has_text else ("percentage" if unit == "%" else "number") if unit else None
        kind = kind or self._decided(initiative_id, indicator_id, "value_kind")
        if kind is None:
            raise ImportProblem(
                self.text.file,
                row.line,
                f"指標「{shortened(name.label)}」の単位が印刷されていません。",
                f"{self.decisions.file('indicators')} に {initiative_id} の unit を理由と共に書いてください。",
            )
        self.tables["indicators"].append(
            model.Indicator(
                indicator_id=indicator_id,
                initiative_id=initiative_id,
                position=1,
                name_printed=row.cells["indicator"],
                label=name.label,
                unit=unit,
                is_unit_printed=is_unit_printed,
                accumulation=name.accumulation,
                desired_direction=self._decided(initiative_id, indicator_id, "desired_direction")
                or "higher_is_better",
                value_kind=kind,
                **self._where(row.line),
            )
        )
        for column, reading in readings.items():
            self.tables["observations"].append(
                model.Observation(
                    indicator_id=indicator_id,
                    fiscal_year=column.fiscal_year,
                    role=column.role,
                    value=reading.value,
                    text=reading.text,
                    status=reading.status,
                    qualifier=reading.qualifier,
                    remark=reading.remark,
                    printed=row.cells[column.key] or None,
                    **self._where(row.line),
                )
            )

    def _decided(self, initiative_id: str, indicator_id: str, column: str) -> str | None:
        decision = self.decisions.indicators.get(initiative_id, {}).get(column)
        if decision is None:
            return None
        self.assembly.used["indicators"].add((initiative_id, column))
        self.assembly.read("indicators", indicator_id, column, decision["value"], decision["reason"])
        return decision["value"]

    def _add_settlements(self, initiative_id: str, row: Row) -> None:
        for column in row.columns:
            if column.role != "settlement":
                continue
            printed = row.cells[column.key]
            try:
                status, amount = cells.read_amount(printed)
            except cells.UnreadableCell:
                raise self._unreadable(row, "決算見込額", printed) from None
            self.tables["settlements"].append(
                model.Settlement(
                    initiative_id,
                    column.fiscal_year,
                    amount,
                    status,
                    printed or None,
                    **self._where(row.line),
                )
            )

    def _add_activities(self, initiative_id: str, row: Row) -> None:
        year = next(column.fiscal_year for column in row.columns if column.role == "activities")
        items = cells.split_activities(row.cells["activities"])
        for position, item in enumerate(items, 1):
            self.tables["activities"].append(
                model.Activity(
                    initiative_id,
                    year,
                    position,
                    item.marker,
                    item.text,
                    item.split_basis,
                    **self._where(row.line),
                )
            )

    def _unreadable(self, row: Row, column: str, printed: str) -> ImportProblem:
        return ImportProblem(
            self.text.file,
            row.line,
            f"{column}の「{shortened(printed)}」を読めません。",
            "原資料の欄を確かめ、新しい書き方なら読み方を cells.py に加えてください。",
        )

    # -- listings ----------------------------------------------------------

    def _add_listing(self, row: Row, names: dict[str, str], originals: dict[str, Row]) -> None:
        initiative_id = self._initiative_id(row, names)
        original = originals.get(initiative_id)
        if original is None:
            raise ImportProblem(
                self.text.file,
                row.line,
                f"再掲の「{shortened(row.name)}」の、再掲でない行がありません。",
                "元の行が抜けていないか確かめてください。",
            )
        self.tables["listings"].append(
            model.Listing(
                initiative_id=initiative_id,
                direction_policy_id=self.policy_ids[id(row.direction)],
                position=row.position,
                is_relisted=row.is_relisted,
                **self._where(row.line),
            )
        )
        if not row.is_relisted:
            return
        if [c.key for c in row.columns] != [c.key for c in original.columns]:
            raise ImportProblem(
                self.text.file,
                row.line,
                f"再掲の行の列が{original.line}行目と違います。",
                "表の見出しを確かめてください。",
            )
        for reading in self._relisted_as(initiative_id, row):
            key = f"{self.source_id}:{row.line}"
            self.assembly.read("listings", key, "initiative_id", initiative_id, reading["reason"])
        for key, printed in row.cells.items():
            if printed != original.cells[key]:
                self.tables["listing_differences"].append(
                    model.ListingDifference(self.source_id, row.line, key, printed or None)
                )

    def _relisted_as(self, initiative_id: str, row: Row) -> Iterable[dict[str, str]]:
        for other in self.entries[initiative_id].get("relisted_as", []):
            if _squeezed(other["name"]) == _squeezed(row.name):
                self.assembly.used["relisted_as"].add(other["name"])
                yield other


def assemble(
    decisions: Decisions,
    texts: dict[str, SourceText],
    editorial: EditorialTables,
    primary_keys: PrimaryKeys,
) -> Tables:
    """All tables from the documents (source id → text), the decisions and what people noted.

    ``primary_keys`` (table → columns) is how corrections name a row. Raises
    ``ImportProblem``; the records are not yet sorted by key.
    """
    assembly = Assembly(decisions, primary_keys)
    reports = [entry for entry in decisions.sources if entry["kind"] == "progress_report"]
    if len(reports) > 1:
        raise ImportProblem(
            decisions.file("sources"),
            None,
            f"進捗状況の報告が2つあります（{reports[0]['id']}、{reports[1]['id']}）。",
            "いまの取り込みが扱えるのは1つです。どちらかの項目を外してください。",
        )
    for entry in decisions.sources:
        text = texts[entry["id"]]
        if entry["kind"] == "progress_report":
            assembly.add_progress_report(entry, text, progress_report.parse(text))
        elif entry["kind"] == "grants_document":
            assembly.add_grants_document(entry, text, grants_document.parse(text))
        else:
            raise ImportProblem(
                decisions.file("sources"),
                None,
                f"kind の「{entry['kind']}」を知りません。",
                "progress_report か grants_document を書いてください。",
            )
    assembly.add_editorial(editorial)
    _check_unchanged(decisions, texts)
    return assembly.tables


def _check_unchanged(decisions: Decisions, texts: dict[str, SourceText]) -> None:
    """A text cut off inside its last cell reads well; only its checksum tells.

    Checked last, so that a defect with a line is reported with its line.
    """
    for entry in decisions.sources:
        text = texts[entry["id"]]
        if entry.get("sha256", text.sha256) != text.sha256:
            raise ImportProblem(
                entry["file"],
                len(text.lines),
                f"中身が、{decisions.file('sources')} に記録されたものと違います（途中で切れたか、書き換えられた可能性）。",
                f"元のファイルに戻してください。新しい文書なら、sha256 を {text.sha256} に直してください。",
            )
