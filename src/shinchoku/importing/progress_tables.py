"""The rows of one progress report become records, under the ids that earlier reports gave them.

What the print does not settle is taken from a decision and recorded as a
reading; everything that is left open is asked for at once. Must not know the
other documents: the tables, and what earlier reports have taught, are given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shinchoku.importing import cells
from shinchoku.importing.decisions import unique
from shinchoku.importing.identities import HINTS, Names, likest, quoted, squeezed
from shinchoku.importing.layouts import ROLES
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.progress_report import Node, Report, Row
from shinchoku.importing.row_values import RowValues, ValueReader
from shinchoku.importing.source_text import SourceText
from shinchoku.package.records import (
    RECORD_TYPES,
    Absence,
    Activity,
    Attribute,
    Indicator,
    Initiative,
    Listing,
    ListingDifference,
    Observation,
    Policy,
)

if TYPE_CHECKING:
    from shinchoku.importing.assemble import Assembly


class ProgressTables:
    """The tables of one progress report.

    What people must decide or mend is collected (``Assembly.problems``), so that one run tells all of it.
    """

    def __init__(self, assembly: Assembly, source_id: str, text: SourceText, report: Report) -> None:
        self.assembly, self.decisions, self.tables = assembly, assembly.decisions, assembly.tables
        self.source_id, self.text, self.report = source_id, text, report
        self.policy_ids: dict[int, str] = {}
        #: Line of a row → the id.
        self.initiative_ids: dict[int, str] = {}
        self.indicator_ids: dict[int, str] = {}
        self.entries = unique(self.decisions.initiatives, "id", self.decisions.file("initiatives"))
        self.questions = assembly.problems
        #: What a row that is not relisted says of its indicator, by its line.
        self.values: dict[int, RowValues] = {}

    def add(self) -> None:
        """Fill the tables; the tree first, for everything hangs on it.

        Once something is asked they are of no use: what is left is read for what else there is to tell.
        """
        before = len(self.questions)
        if self.report.is_whole:
            self._name_policies()
        names = self._names()
        originals = self._originals(names)
        self._name_indicators(originals)
        self._read_values()
        if self.report.is_whole and len(self.questions) == before:
            self._add_policies()
        for initiative_id, rows in originals.items():
            self._add_initiative(initiative_id, rows, names)
        if self.report.is_whole and len(self.questions) == before:
            for row in self.report.rows:
                self._add_listing(row, originals)
        self.assembly.initiatives_before = {key: rows[0].name for key, rows in originals.items()}

    def _where(self, line: int) -> dict[str, Any]:
        return {"source_id": self.source_id, "source_line": line}

    def _ask(self, line: int | None, message: str, remedy: str) -> None:
        self.questions.append(ImportProblem(self.text.file, line, message, remedy))

    # -- the tree ----------------------------------------------------------

    def _name_policies(self) -> None:
        """An id for every node; what hangs below one without an id waits for it."""
        ids, taken = self.assembly.policy_ids, dict[str, Node]()
        for node in self.report.nodes:
            parent_id = self.policy_ids.get(id(node.parent)) if node.parent else None
            if node.parent and parent_id is None:
                continue
            policy_id = ids.find(node.level, parent_id, node.title, node.position)
            if policy_id is None:
                self.questions.append(
                    ids.question(self.text.file, node.line, node.level, parent_id, node.title)
                )
                continue
            if policy_id in taken:
                message = (
                    f"「{shortened(node.title)}」のID {policy_id} は、{taken[policy_id].line}行目のものです。"
                )
                self._ask(node.line, message, f"{self.decisions.file('policies')} で別の id にしてください。")
                continue
            taken[policy_id] = node
            self.policy_ids[id(node)] = policy_id
            self.assembly.used["policies"].add((node.level, squeezed(node.title)))
        for node in taken.values():
            parent_id = self.policy_ids[id(node.parent)] if node.parent else None
            ids.learn(self.policy_ids[id(node)], node.level, parent_id, node.title)

    def _add_policies(self) -> None:
        for node in self.report.nodes:
            policy_id = self.policy_ids[id(node)]
            refers_to = self._omission_target(node) if node.omission else None
            if reason := self.assembly.policy_ids.reason(node.level, node.title):
                self._read("policies", policy_id, "policy_id", policy_id, reason)
            self.tables["policies"].append(
                Policy(
                    policy_id=policy_id,
                    level=node.level,
                    parent_policy_id=self.policy_ids[id(node.parent)] if node.parent else None,
                    position=node.position,
                    number_printed=node.number or None,
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

    def _read(self, table: str, record_id: str, column: str, value: str, reason: str) -> None:
        self.assembly.read(table, f"{self.source_id}:{record_id}", column, value, reason)

    @cached_property
    def _omissions(self) -> dict[str, dict[str, str]]:
        """Title → the decision on it, of which the first counts, where it refers to a heading of this report."""
        known, decided = {*self.policy_ids.values()}, reversed(self.decisions.omissions)
        found = {squeezed(entry["title"]): entry for entry in decided}
        return {title: entry for title, entry in found.items() if entry["refers_to"] in known}

    @cached_property
    def _titled(self) -> dict[str, list[Node]]:
        """Title → the headings that are not omitted."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.report.nodes:
            if not node.omission:
                found[squeezed(node.title)].append(node)
        return found

    def _omission_target(self, node: Node) -> str | None:
        """Where 「再掲のため省略」 points: the heading of the same title, or a decision."""
        title = self.report.layout.without_relisted(node.title)
        ids = self.policy_ids
        entry = self._omissions.get(squeezed(node.title))
        if entry is not None:
            self.assembly.used["omissions"].add(entry["title"])
            self._read(
                "policies", ids[id(node)], "omission_refers_to_policy_id", entry["refers_to"], entry["reason"]
            )
            return entry["refers_to"]
        same = self._titled.get(squeezed(title), ())
        if len(same) == 1:
            return ids[id(same[0])]
        message = f"省略された「{shortened(node.title)}」がどの見出しを指すか決まりません。"
        remedy = f"{self.decisions.file('omissions')} に title・refers_to・reason を書いてください。"
        self._ask(node.line, message, remedy)
        return None

    # -- initiatives -------------------------------------------------------

    def _names(self) -> Names:
        """Every known printed name of an initiative."""
        file = self.decisions.file("initiatives")
        names = Names()
        for entry in self.decisions.initiatives:
            others = [*entry.get("relisted_as", []), *entry.get("printed_as", [])]
            for name in [entry["name"], *(other["name"] for other in others)]:
                if names.add(name, entry["id"]) != entry["id"]:
                    message = f"名前「{name}」が2つの事業にあります。"
                    self.questions.append(ImportProblem(file, None, message, "どちらかを直してください。"))
        return names

    def _originals(self, names: Names) -> dict[str, list[Row]]:
        """Initiative id → its row that is not relisted, and those that continue it with further indicators."""
        originals: dict[str, list[Row]] = {}
        unknown: list[Row] = []
        for row in self.report.rows:
            initiative_id = names.find(row.name)
            if initiative_id is not None:
                self.initiative_ids[row.line] = initiative_id
            if row.indicator_position > 1:
                if initiative_id in originals and not row.is_relisted:
                    originals[initiative_id].append(row)
            elif initiative_id is None:
                unknown.append(row)
            elif initiative_id in originals and not row.is_relisted:
                line = originals[initiative_id][0].line
                message, mark = (
                    f"「{shortened(row.name)}」は{line}行目にもあります",
                    self.report.layout.relisted,
                )
                remedy = f"どちらかに{mark}が抜けていないか確かめてください。"
                if not mark:
                    file = self.report.layout.file
                    remedy = f"再掲の行に印があるなら、{file} の marks に「relisted: 印」を書いてください。"
                self._ask(row.line, f"{message}（再掲の印なし）。", remedy)
            elif not row.is_relisted:
                originals[initiative_id] = [row]
                self.assembly.used["initiatives"].add(initiative_id)
        self._ask_about_initiatives(unknown, originals)
        if self.report.is_whole and not unknown:
            self._check_relistings(originals)
        return originals

    def _check_relistings(self, originals: dict[str, list[Row]]) -> None:
        asked: set[str] = set()
        for row in self.report.rows:
            initiative_id = self.initiative_ids[row.line]
            if len(originals.get(initiative_id, ())) < row.indicator_position and initiative_id not in asked:
                asked.add(initiative_id)
                message = f"再掲の「{shortened(row.name)}」の、再掲でない行がありません。"
                self._ask(row.line, message, "元の行が抜けていないか確かめてください。")

    def _ask_about_initiatives(self, unknown: list[Row], originals: dict[str, list[Row]]) -> None:
        """Names that are no known initiative's, and initiatives that are not listed any more."""
        file = self.decisions.file("initiatives")
        gone = [item for item in self.assembly.initiatives_before.items() if item[0] not in originals]
        asked: set[str] = set()
        for number, row in enumerate(unknown):
            message = f"「{shortened(row.name)}」がどの事業か決まりません。"
            key = (
                "relisted_as（どの事業の再掲か）"
                if row.is_relisted
                else "id（英語。ページのアドレスになります）と name"
            )
            remedy = f"写し誤りなら名前を直し、印刷のとおりなら {file} に {key} を書いてください。"
            entry = None if row.is_relisted else (file, f"- {{id: …, name: {quoted(row.name)}}}")
            if not row.is_relisted and self.assembly.initiatives_before:
                near = likest(row.name, gone) if number < HINTS else None
                asked |= {near[0]} if near else set()
                renamed = f"「{shortened(near[1])}」（{near[0]}）" if near else "前の報告の事業"
                remedy = "\n".join(
                    [
                        f"{file} に、次のどちらかを書いてください。",
                        f"  {renamed}の名前が変わったものなら、その項目に：",
                        f'    printed_as: [{{name: {quoted(row.name)}, reason: "…"}}]',
                        "  新しい事業なら、新しい項目：",
                    ]
                )
            self.questions.append(ImportProblem(self.text.file, row.line, message, remedy, entry))
        for initiative_id, name in gone if self.report.is_whole else ():
            decided = self._absence(initiative_id)
            if decided is not None:
                self.assembly.used["absent_from"].add((initiative_id, self.source_id))
                self.tables["absences"].append(
                    Absence(
                        self.source_id,
                        initiative_id,
                        decided["outcome"],
                        decided.get("into"),
                        decided["reason"],
                    )
                )
            elif initiative_id not in self.assembly.ended and initiative_id not in asked:
                remedy = "\n".join(
                    [
                        f"どうなったかを、{file} の {initiative_id} に書いてください"
                        "（outcome は ended＝終わった・merged＝引き継がれた・not_stated＝わからない。merged なら into に引き継いだ事業の id）。",
                        f'    absent_from: [{{source: {self.source_id}, outcome: …, reason: "…"}}]',
                    ]
                )
                message = f"前の報告にあった「{shortened(name)}」（{initiative_id}）が載っていません。"
                self._ask(None, message, remedy)

    def _absence(self, initiative_id: str) -> dict[str, str] | None:
        absences = self.entries[initiative_id].get("absent_from", [])
        return next((item for item in absences if item["source"] == self.source_id), None)

    def _name_indicators(self, originals: dict[str, list[Row]]) -> None:
        ids = self.assembly.indicator_ids
        for initiative_id, rows in originals.items():
            rows = [row for row in rows if "indicator" in row.cells]
            printed = [(row.line, row.cells["indicator"]) for row in rows]
            named = list(ids.of_row(initiative_id, printed, self.text.file))
            self.questions += [question for _, question in named if question]
            for row, (indicator_id, _) in zip(rows, named, strict=True):
                if indicator_id:
                    self.indicator_ids[row.line] = indicator_id
            ids.learn(
                initiative_id,
                [
                    (indicator_id, name)
                    for (_, name), (indicator_id, _) in zip(printed, named, strict=True)
                    if indicator_id
                ],
            )

    def _read_values(self) -> None:
        reader = ValueReader(
            self.assembly, self.source_id, self.text.file, self.report.layout, self.questions
        )
        for row in self.report.rows:
            if row.is_relisted or "indicator" not in row.cells:
                continue
            if values := reader.read(row, self.indicator_ids.get(row.line)):
                self.values[row.line] = values

    def _add_initiative(self, initiative_id: str, rows: list[Row], names: Names) -> None:
        entry, row = self.entries[initiative_id], rows[0]
        ending, merged_into = self._ending(row, names)
        if ending:
            self.assembly.ended.add(initiative_id)
        else:
            self.assembly.ended.discard(initiative_id)
        self.tables["initiatives"].append(
            Initiative(
                initiative_id=initiative_id,
                name=row.name,
                has_mark=row.has_mark,
                is_policy=row.is_policy,
                is_loan_fund="is_loan_fund" in entry,
                lifecycle=ending.lifecycle if ending else "continuing",
                last_fiscal_year=ending.last_fiscal_year if ending else None,
                merged_into_initiative_id=merged_into,
                lifecycle_printed=row.cells.get("activities") if ending else None,
                **self._where(row.line),
            )
        )
        if loan := entry.get("is_loan_fund"):
            self._read("initiatives", initiative_id, "is_loan_fund", "true", loan["reason"])
        for reading in self._decided_names(entry, "printed_as", row):
            self._read("initiatives", initiative_id, "initiative_id", initiative_id, reading["reason"])
        for position, indicator_row in enumerate(rows, 1):
            if indicator_row.line in self.values:
                self._add_indicator(initiative_id, position, indicator_row)
        self._add_amounts(initiative_id, row)
        self._add_attributes(initiative_id, rows)
        if ending is None:
            self._add_activities(initiative_id, row)

    def _ending(self, row: Row, names: Names) -> tuple[cells.Ending | None, str | None]:
        """How an initiative ended, and the id of the one it was merged into."""
        activities = row.cells.get("activities", "")
        try:
            ending = cells.read_ending(activities)
        except cells.UnreadableCell:
            message = f"内容の「{shortened(activities)}」が、事業の終わり方なのか決まりません。"
            remedy = (
                "原資料の欄を確かめてください。読めるのは「(令和5年度をもって終了)」「(令和5年度単年事業)」"
                "「(令和5年度から○○事業に統合)」の形です。"
            )
            self._ask(row.line, message, remedy)
            return None, None
        if ending is None or ending.merged_into is None:
            return ending, None
        merged_into = names.find(ending.merged_into)
        if merged_into is None:
            message = f"統合先の「{ending.merged_into}」がどの事業か決まりません。"
            self._ask(row.line, message, f"{self.decisions.file('initiatives')} に名前を書いてください。")
        return ending, merged_into

    def _add_indicator(self, initiative_id: str, position: int, row: Row) -> None:
        indicator_id, values = self.indicator_ids[row.line], self.values[row.line]
        self.tables["indicators"].append(
            Indicator(
                indicator_id=indicator_id,
                initiative_id=initiative_id,
                position=position,
                name_printed=row.cells["indicator"],
                label=values.name.label,
                unit=values.unit,
                is_unit_printed=values.is_unit_printed,
                accumulation=values.name.accumulation,
                desired_direction=values.desired_direction,
                value_kind=values.value_kind,
                **self._where(row.line),
            )
        )
        for decision in self._printed_as(indicator_id, row):
            self._read("indicators", indicator_id, "indicator_id", indicator_id, decision["reason"])
        for (year, role, printed), reading in values.readings.items():
            self.tables["observations"].append(
                Observation(
                    indicator_id=indicator_id,
                    fiscal_year=year,
                    role=role,
                    value=reading.value,
                    upper_value=reading.upper_value,
                    text=reading.text,
                    status=reading.status,
                    qualifier=reading.qualifier,
                    as_of_date=reading.as_of_date,
                    remark=reading.remark,
                    printed=printed or None,
                    **self._where(row.line),
                )
            )

    def _printed_as(self, indicator_id: str, row: Row) -> Iterable[dict[str, str]]:
        entry = self.decisions.indicators.get(indicator_id, {})
        for other in entry.get("printed_as", []):
            if squeezed(other["name"]) == squeezed(row.cells["indicator"]):
                self.assembly.used["indicators"].add((indicator_id, "printed_as"))
                yield other

    def _add_amounts(self, initiative_id: str, row: Row) -> None:
        for column in row.columns:
            if column.unit is None or column.fiscal_year is None:
                continue
            printed, table = row.cells[column.key], f"{column.role}s"
            try:
                status, amount = cells.read_amount(printed, column.unit)
            except cells.UnreadableCell:
                message = f"{ROLES[column.role]}の「{shortened(printed)}」を読めません。"
                remedy = f"原資料の欄を確かめてください。読めるのは、{column.unit}を単位とする0以上の数か「—」です。"
                self._ask(row.line, message, remedy)
                continue
            self.tables[table].append(
                RECORD_TYPES[table](
                    initiative_id=initiative_id,
                    fiscal_year=column.fiscal_year,
                    amount_thousand_yen=amount,
                    status=status,
                    printed=printed or None,
                    **self._where(row.line),
                )
            )

    def _add_attributes(self, initiative_id: str, rows: list[Row]) -> None:
        """What is printed of an initiative besides; in a row that goes on with it only what is not said above."""
        said: set[tuple[str, str]] = set()
        for row in rows:
            for column in row.columns:
                text = row.cells.get(column.key)
                if column.attribute and text and (column.attribute, text) not in said:
                    said.add((column.attribute, text))
                    self.tables["attributes"].append(
                        Attribute(
                            initiative_id=initiative_id,
                            attribute=column.attribute,
                            text=text,
                            **self._where(row.line),
                        )
                    )

    def _add_activities(self, initiative_id: str, row: Row) -> None:
        years = (column.fiscal_year for column in row.columns if column.role == "activities")
        year = next((year for year in years if year is not None), 0)
        items = cells.split_activities(row.cells.get("activities", ""))
        for position, item in enumerate(items, 1):
            self.tables["activities"].append(
                Activity(
                    initiative_id,
                    year,
                    position,
                    item.marker,
                    item.text,
                    item.split_basis,
                    **self._where(row.line),
                )
            )

    # -- listings ----------------------------------------------------------

    def _add_listing(self, row: Row, originals: dict[str, list[Row]]) -> None:
        initiative_id = self.initiative_ids[row.line]
        original = self._original(row, originals[initiative_id])
        self.tables["listings"].append(
            Listing(
                initiative_id=initiative_id,
                policy_id=self.policy_ids[id(row.policy)],
                position=row.position,
                indicator_position=row.indicator_position,
                is_relisted=row.is_relisted,
                **self._where(row.line),
            )
        )
        if not row.is_relisted:
            return
        for reading in self._decided_names(self.entries[initiative_id], "relisted_as", row):
            self._read("listings", str(row.line), "initiative_id", initiative_id, reading["reason"])
        for key, printed in row.cells.items():
            if printed != original.cells.get(key, ""):
                self.tables["listing_differences"].append(
                    ListingDifference(self.source_id, row.line, key, printed or None)
                )

    def _original(self, row: Row, rows: list[Row]) -> Row:
        """The row that ``row`` prints again: that of the same indicator, or else of the same place."""
        for original in rows:
            if squeezed(original.cells.get("indicator", "")) == squeezed(row.cells.get("indicator", "")):
                return original
        return rows[row.indicator_position - 1]

    def _decided_names(self, entry: Mapping[str, Any], key: str, row: Row) -> Iterable[dict[str, str]]:
        """The decisions of an initiative's ``key`` that say why this row's name is its."""
        for other in entry.get(key, []):
            if row.indicator_position == 1 and squeezed(other["name"]) == squeezed(row.name):
                self.assembly.used[key].add((entry["id"], other["name"]))
                yield other
