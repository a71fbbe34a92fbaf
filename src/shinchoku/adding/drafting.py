"""A first layout of a report in a form nobody has described yet, for a person to correct.

What a heading, a column or a word is, is guessed from how it is printed; every guess says the line it saw, and
what is no more than a guess is marked 「？」. Must not be used to read a report: that is for the layout it drafts.
"""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shinchoku import fiscal_year, importing, paths
from shinchoku.adding.declaring import FIRST_LEVEL
from shinchoku.importing import ImportProblem, cells
from shinchoku.schemas import reading
from shinchoku.text import says_nothing, without_markup

#: What stands beside whatever a person has to look at.
ASK = "# ？"

#: Role of a column → how its heading, of one width and without its year, tells it; the first that fits. A word
#: after the role names the attribute.
_ROLES = {
    "leave_out": r"(?:ID|NO\.?|番号|通番|連番|項番|整理番号)",
    "indicator": r"(?:\w*指標(?:名称?)?|数値目標|KPI)(?:\((?:KPI|指標)\))?",
    "unit": r"\(?単位\)?",
    "attribute remarks": r".*(?:備考|課題|今後|方向性|改善|特記|理由|意見|分析).*",
    "attribute grade": r".*(?:評価|達成度|達成状況|判定|進捗度|進捗状況|ランク).*",
    "attribute division": r".*(?:担当|所管|所属|主管|部署).*",
    "settlement": r".*決算.*",
    "budget": r".*予算.*",
    "base": r".*(?:基準|当初値|策定時|スタート).*",
    "target": r".*(?:目標|計画値|めざす値|目指す値).*",
    "actual": r".*(?:実績|現状値|現在値|現況値).*",
    "activities": r".*(?:内容|概要|実施状況).*",
    "name": r"(?:主な|具体的な?|個別の?|関連)?(?:事務事業|事業|取組|取り組み|施策)(?:[・(]?(?:事業|取組)\)?)?(?:名称?|項目)?",
}
_OF_INDICATOR = ("base", "target", "actual")
_MONEY = re.compile(r"(?:十|百|千)?[万億]?円")
_LEFT_OUT = "leave_out"
_LONGEST_HEADING = 40

#: How an ordinal is printed; letters that could begin a word need a sign after them.
_ORDINALS = {
    "number": r"[0-9０-９]+(?:[-‐－.．][0-9０-９]+)*",
    "circled": r"[①-⑳]",
    "roman": r"[Ⅰ-Ⅻⅰ-ⅻ]|[IVX]+(?=[.．、)）\s])",
    "kanji": r"[一二三四五六七八九十]+(?=[.．、)）章節編部\s])",
    "kana": r"[ア-ン](?=[.．、)）\s])",
    "letter": r"[A-ZＡ-Ｚ](?=[.．、)）\s])",
}
_NUMBERED = [
    (
        kind,
        re.compile(
            rf"(?P<before>[^\W\d①-⑳]{{0,10}}?[(（]?)(?:{form})(?P<after>[)）章節編部.．、:：]*)(?P<rest>.+)"
        ),
    )
    for kind, form in _ORDINALS.items()
]
_ENCLOSED = re.compile(r"(?P<left>[《【＜〈「『\[])(?P<inner>.+)(?P<right>[》】＞〉」』\]])")
_LABEL = re.compile(r"(?P<before>[【\[(（]\D+)[0-9０-９]+(?P<after>[】\])）])")
_MONTH = re.compile(r"(?:[RHS]|令和|平成|昭和)?\s*(?:[0-9]+|元)\s*[年./]\s*[0-9]{1,2}\s*月?\s*")
_LIST_MARK = re.compile(r"\A[-・■□●○◆◇▼▽]\s*")
_CONTENTS = re.compile(r"目\s*次|もくじ")
_RELISTED = re.compile(r"[【\[(（〔]\s*再掲\s*[】\])）〕]")
_OMITTED = re.compile(r"(?P<before>[～〜（(※]*).*省略(?P<after>[^省略]*)")
_RULE = re.compile(r"-{2,}")
_PLAIN = re.compile(r"[^\W\d_][\w（）()・ー％/]*")
#: Level ← what the word before the number of its headings ends with, where the project has no levels yet.
_LEVELS = {"goal": "目標", "policy": "方針 政策", "strategy": "戦略", "field": "分野", "project": "プロジェクト"} | {
    "measure": "施策", "direction": "方向 方向性", "action": "取組 事業", "part": "編 部", "chapter": "章"
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """The text of a layout, and how many places of it are to be looked at."""

    text: str
    questions: int


@dataclass
class _Heading:
    """What headings of one look have in common."""

    printed: str
    word: str
    line: int
    example: str
    titles: set[str] = field(default_factory=set)
    count: int = 0
    level: str = ""
    is_guessed: bool = False


@dataclass
class _Column:
    """A heading of a column, its year replaced: where it stands, and what it seems to be."""

    printed: str
    role: str
    attribute: str
    unit: str | None
    line: int
    example: str
    has_year: bool


def draft(file: Path, project: Path | None = None) -> Draft:
    """A layout for the report in ``file`` (txt, csv, xlsx). Its levels are named as those of ``project``,
    where they are known. Raises ``ImportProblem`` where no table is found."""
    rows = [(number, row) for number, row in enumerate(importing.report_rows(file), 1) if any(row)]
    text = _Drafter(file.name, rows, _levels_of(project)).text()
    return Draft(text, text.count(ASK))


def path_of(project: Path, name: str) -> Path:
    """Where the layout of a name is kept."""
    return project / paths.DATA / "layouts" / f"{name}.yml"


def _levels_of(project: Path | None) -> dict[str, str]:
    """Label → level of the project's plan."""
    try:
        schema = reading.read_json(project / paths.SCHEMAS / "policies.json")[1] if project else {}
    except (OSError, reading.Unreadable):
        schema = {}
    fields = [item for item in schema.get("fields", ()) if item.get("name") == "level"]
    declared = fields[0].get("categories", ()) if fields else ()
    return {item["label"]: item["value"] for item in declared if item != FIRST_LEVEL}


def squeezed(text: str) -> str:
    """A heading in one width, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _year_in(text: str) -> str | None:
    """What of a heading is its year: the longest part that is one."""
    if not fiscal_year.named_in(text):
        return None
    spans = itertools.combinations(range(len(text) + 1), 2)
    longest_first = sorted(spans, key=lambda span: span[0] - span[1])
    return next((text[first:last] for first, last in longest_first if _is_year(text[first:last])), None)


def _is_number(cell: str) -> bool:
    try:
        return cells.read_observation(cell).value is not None
    except cells.UnreadableCell:
        return False


def _is_year(text: str) -> bool:
    try:
        return bool(fiscal_year.parse(text))
    except ValueError:
        return False


def _column(printed: str, line: int) -> _Column:
    heading = squeezed(printed)
    if len(heading) > _LONGEST_HEADING:
        return _Column(heading, "", "", None, line, printed, False)
    year = _year_in(heading)
    bare = heading.replace(year or "", "", 1).replace("()", "")
    role = next((role for role, form in _ROLES.items() if re.fullmatch(form, bare, re.IGNORECASE)), "")
    if year and not bare:
        role = "actual"
    role, _, attribute = role.partition(" ")
    unit = _MONEY.search(bare) if role in ("settlement", "budget") else None
    template = heading.replace(year, "{year}", 1) if year else heading
    return _Column(template, role, attribute, unit[0] if unit else None, line, printed, year is not None)


#: Line and cells of a row that heads a table.
_HeadRow = tuple[int, list[str]]


def _is_named(cell: str) -> bool:
    return bool(cell) and _column(cell, 0).role in ("name", "indicator")


class _Drafter:
    def __init__(self, file: str, rows: list[tuple[int, list[str]]], levels: Mapping[str, str]) -> None:
        self.known_levels = levels
        self.rows = [
            (number, row) for number, row in rows if not all(_RULE.fullmatch(cell) for cell in row if cell)
        ]
        headers = self._read_headers()
        if not headers:
            raise ImportProblem(
                file,
                None,
                "表の見出しの行（事業名、指標、実績、目標などが並ぶ行）が見つかりません。",
                "表のある報告のファイルか、列がタブかコンマで区切られているか確かめてください。",
            )
        self.head_lines = {number for header in headers for number, _ in header}
        self.first_head = min(self.head_lines)
        #: First line of a header → place in a row → what the column there is.
        self.places = {header[0][0]: self._columns_of(header) for header in headers}
        columns: dict[str, _Column] = {}
        for column in (column for places in self.places.values() for _, column in sorted(places.items())):
            columns.setdefault(column.printed, column)
        self.columns = list(columns.values())
        singles = [(number, cell) for number, row in self.rows for cell in [_alone(row)] if cell]
        self.contents = self._contents_lines()
        self.labels = Counter(text for _, text in singles if _LABEL.fullmatch(text))
        self.omitted = [(n, text) for n, text in singles if _OMITTED.fullmatch(text) and n > self.first_head]
        skipped = {number for number, _ in self.contents} | {number for number, _ in self.omitted}
        singles = [(n, text) for n, text in singles if n not in skipped and text not in self.labels]
        self.title = next((item for item in singles if item[0] < self.first_head), None)
        self.headings, self.others = self._headings([item for item in singles if item != self.title])
        self.issued = next(
            ((n, text) for n, text in self.others if n < self.first_head and _MONTH.search(text)), None
        )

    # -- tables ------------------------------------------------------------

    def _read_headers(self) -> list[list[_HeadRow]]:
        """The headers: rows in which most cells say what a column is, each with those below that go on with it."""
        found: list[list[_HeadRow]] = []
        is_open = False
        for number, row in self.rows:
            roles = [column.role for cell in row if cell and (column := _column(cell, number))]
            is_told = len(roles) > 1 and sum(map(bool, roles)) * 2 >= len(roles)
            if is_told and not {"name", "indicator"}.isdisjoint(roles) and len(set(roles)) > 1:
                found.append([(number, row)])
                is_open = True
                continue
            named = [at for at, cell in enumerate(found[-1][0][1]) if _is_named(cell)] if found else []
            is_below = is_told and not any(at < len(row) and row[at] for at in named)
            if is_open := is_open and is_below and not any(map(_is_number, row)):
                found[-1].append((number, row))
        return found

    def _columns_of(self, header: list[_HeadRow]) -> dict[int, _Column]:
        """Place in a row → the column there. A year over columns that say below what they are is none."""
        found: dict[int, _Column] = {}
        is_spanned = False
        for at in range(max(len(row) for _, row in header)):
            cells = [_column(row[at], number) for number, row in header if at < len(row) and row[at]]
            is_spanned = any(column.has_year for column in cells) or (
                is_spanned and at < len(header[0][1]) and not header[0][1][at]
            )
            told = [column for column in cells if column.printed.strip("()") != "{year}"] or cells
            if told:
                found[at] = replace(told[-1], has_year=is_spanned)
        return found

    def _table_rows(self) -> Iterator[tuple[int, list[str], dict[int, _Column]]]:
        """The rows of the tables, what stands before them (a mark) apart, and what their columns are."""
        places: dict[int, _Column] = {}
        for number, row in self.rows:
            if number in self.places:
                places = self.places[number]
            elif places and number not in self.head_lines and sum(map(bool, row)) > 1:
                has_mark = len(row) == max(places) + 2 and (not row[0] or _is_mark(row[0]))
                yield number, row[1:] if has_mark else row, places

    # -- headings ----------------------------------------------------------

    def _contents_lines(self) -> list[tuple[int, list[str]]]:
        """The lines of a table of contents: from its title to the last that ends with a page before any table."""
        start = next((n for n, row in self.rows if _CONTENTS.fullmatch(_alone(row))), None)
        if start is None or start > self.first_head:
            return []
        paged = [n for n, row in self.rows if start < n < self.first_head and _is_entry(row)]
        return [(n, row) for n, row in self.rows if start <= n <= max(paged, default=start)]

    def _headings(self, lines: list[tuple[int, str]]) -> tuple[list[_Heading], list[tuple[int, str]]]:
        """What headings look like, and the lines that are none."""
        found: dict[str, _Heading] = {}
        others: list[tuple[int, str]] = []
        for number, text in lines:
            template = _template(text)
            if template is None:
                others.append((number, text))
                continue
            printed, word, title = template
            heading = found.setdefault(printed, _Heading(printed, word, number, text))
            heading.count += 1
            heading.titles.add(squeezed(title))
        headings = []
        for heading in found.values():
            if (
                heading.count == 1
                and fiscal_year.named_in(heading.example)
                and heading.line < self.first_head
            ):
                others.append((heading.line, heading.example))
            else:
                headings.append(heading)
        self._name_levels(headings)
        return headings, others

    def _name_levels(self, headings: list[_Heading]) -> None:
        """Each its level: the project's of that name, or one its word suggests; the rest in the order they come."""
        for heading in headings:
            heading.level = self.known_levels.get(heading.word, "")
        for heading in headings:
            taken = {other.level for other in headings}
            suggested = (
                level
                for level, words in _LEVELS.items()
                if heading.word.endswith(tuple(words.split())) and level not in taken
            )
            if not heading.level and not self.known_levels:
                heading.level = next(suggested, "")
        taken = {heading.level for heading in headings}
        left = [level for level in self.known_levels.values() if level not in taken]
        for at, heading in enumerate(headings, 1):
            if not heading.level:
                heading.level, heading.is_guessed = left.pop(0) if left else f"level{at}", True

    def _entries(self) -> Iterator[tuple[str, str, str, int, str]]:
        """(level, template, level of the entry above where that tells it apart, line, text) of each look of an entry."""
        of_title = {title: heading.level for heading in self.headings for title in heading.titles}
        of_word = {heading.word: heading.level for heading in self.headings if heading.word}
        found: dict[tuple[str, str], tuple[str, int, str]] = {}
        above, previous = "", ("", "")
        for number, row in self.contents[1:]:
            text = next(cell for cell in row if cell)
            if text in self.labels or (template := _template(text)) is None:
                continue
            printed, word, title = template
            same = next((level for look, level in found if look == printed), "？")
            level = of_title.get(squeezed(title)) or of_word.get(word) or same
            if previous[0] not in ("", printed):
                above = previous[1]
            found.setdefault((printed, level), (above, number, text))
            previous = printed, level
        several = Counter(printed for printed, _ in found)
        for (printed, level), (over, number, text) in found.items():
            yield level, printed, over if several[printed] > 1 else "", number, text

    # -- text --------------------------------------------------------------

    def text(self) -> str:
        """The layout, with what was seen beside each line."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield "# 報告の形の下書き。「？」のあるところを印刷と見比べて直し、済んだら「？」を消してください。"
        yield "kind: progress_report"
        if self.title:
            yield f"# 表題：{_seen(*self.title)}"
        for label, _ in self.labels.most_common(1):
            match = _LABEL.fullmatch(label)
            assert match
            yield f"label: {_quoted(match['before'] + '{number}' + match['after'])}"
        if self.issued:
            number, text = self.issued
            printed = "{month} {publisher}" if _MONTH.match(text) else "{publisher} {month}"
            yield f"issued: {_quoted(printed)}  # {_seen(number, text)}"
        if self.contents:
            yield "contents:"
            number, row = self.contents[0]
            yield f"  begins: {_quoted(_alone(row))}  # {number}行目"
            yield "  entries:  # 上の階層から順に。同じ形のものは、below（すぐ上の階層）で分けます"
            for level, printed, below, number, text in self._entries():
                under = f", below: {below}" if below else ""
                ask = f"{ASK} 階層の名前。" if level == "？" else "#"
                yield f"    - {{level: {level}, printed: {_quoted(printed)}{under}}}  {ask} {_seen(number, text)}"
        if self.headings:
            yield "# 見出し：初めに当てはまるものに読みます。level は階層の名前で、公開データに出ます（半角の英小文字）。"
            yield "headings:"
            for heading in sorted(self.headings, key=lambda item: -len(re.sub("{.*?}", "", item.printed))):
                ask = f"{ASK} 階層の名前。" if heading.is_guessed else "#"
                seen = f"{_seen(heading.line, heading.example)}など{heading.count}か所"
                yield f"  - {{level: {heading.level}, printed: {_quoted(heading.printed)}}}  {ask} {seen}"
        others = {text: number for number, text in reversed(self.others) if (number, text) != self.issued}
        if others:
            yield f"{ASK} 見出しでも表でもない行。読まなくてよいものは、初めの「# 」を消します。"
            yield "# leave_out:"
            yield from (f"#   - {_quoted(text)}  # {number}行目" for text, number in reversed(others.items()))
        yield "# 表の列：印刷された見出し → 何の列か。表は、初めの列の見出しで始まります。"
        yield "columns:"
        yield from self._column_lines()
        yield from self._mark_lines()
        yield from self._word_lines()

    def _column_lines(self) -> Iterator[str]:
        notes = (
            cell
            for number, row in self.rows
            if number not in self.head_lines
            for cell in row
            if "単位" in cell
        )
        noted = next((unit[0] for note in notes if (unit := _MONEY.search(note))), None)
        used: Counter[str] = Counter()
        for column in self.columns:
            role, ask = column.role, ""
            if role in ("name", "indicator", "unit", "activities"):
                used[role] += 1
                if used[role] > 1:
                    role, ask = "", f"同じ役の列が前にあります（{column.role}）。"
            if role in _OF_INDICATOR and not column.has_year:
                ask = "年度が印刷されていません。{role: " + role + ", year: R6} のように書きます。"
            says = role
            if role in ("settlement", "budget"):
                counted = column.unit or noted
                says = f"{{role: {role}, unit: {counted or '円'}}}"
                ask = ask or ("" if counted else "金額の単位。")
            elif role == "attribute":
                used[column.attribute] += 1
                name = column.attribute + (str(used[column.attribute]) if used[column.attribute] > 1 else "")
                says = f"{{role: attribute, attribute: {name}}}"
            elif not role:
                says, ask = _LEFT_OUT, ask or "何の列か分かりません。"
            comment = f"{ASK} {ask}" if ask else "#"
            yield f"  {_quoted(column.printed)}: {says}  {comment} {_seen(column.line, column.example)}"
        if any(column.attribute for column in self.columns):
            yield "# attribute の名前（division など）は、公開データに出ます。市の評価の名前には grade を入れます。"

    def _mark_lines(self) -> Iterator[str]:
        marks: dict[str, tuple[str, int, str]] = {}
        for number, row in self.rows:
            if number <= self.first_head or sum(map(bool, row)) < 2:
                continue
            first = next(cell for cell in row if cell)
            if _is_mark(first[0]) and number not in self.head_lines:
                marks.setdefault("has_mark", (first[0], number, " ".join(filter(None, row[:2]))))
            if match := _RELISTED.search(" ".join(row[:2])):
                marks.setdefault("relisted", (match[0], number, " ".join(filter(None, row[:2]))))
        if marks:
            yield "marks:"
            for name, (sign, number, text) in marks.items():
                yield f"  {name}: {_quoted(sign)}  # {_seen(number, text)}"
        if self.omitted:
            number, text = self.omitted[0]
            match = _OMITTED.fullmatch(text)
            assert match
            printed = match["before"] + "{any}省略" + match["after"]
            yield f"omission: {_quoted(printed)}  # {_seen(number, text)}など{len(self.omitted)}か所"

    def _word_lines(self) -> Iterator[str]:
        """What stands in the cells of values that is neither a number nor a word that is known to be none."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, row, places in self._table_rows():
            for at, cell in enumerate(row):
                if at in places and places[at].role in _OF_INDICATOR and not _is_read(cell):
                    found[cell].append(number)
        if not found:
            yield "words: []"
            return
        yield "# 数の代わりに印刷された言葉：値のない理由なら pending（集計中）・not_surveyed（調査なし）・"
        yield "# not_calculable（算出不可）・not_stated（記載なし）・no_target（目標なし）、値そのものなら reported。"
        yield "words:"
        for printed, lines in found.items():
            status = "not_surveyed" if "調査" in printed else "reported"
            where = f"{lines[0]}行目" + (f"など{len(lines)}か所" if len(lines) > 1 else "")
            yield f"  - {{printed: {_quoted(printed)}, status: {status}, reason: …}}  {ASK} 読み方と理由。{where}"


def _alone(row: Sequence[str]) -> str:
    """What stands alone in a row, without the mark of a list; empty where there is more."""
    filled = [cell for cell in row if cell]
    return _LIST_MARK.sub("", filled[0], count=1) if len(filled) == 1 else ""


def _is_entry(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return len(filled) == 2 and filled[1].isdecimal()


def _is_mark(text: str) -> bool:
    """Whether a cell is a single symbol (category So), as lists use them beside a name."""
    return len(text) == 1 and unicodedata.category(text) == "So"


def _is_read(cell: str) -> bool:
    try:
        cells.read_observation(" ".join(cell.split()))
    except ValueError:
        return says_nothing(cell)
    return True


def _template(text: str) -> tuple[str, str, str] | None:
    """(the look of a numbered or enclosed heading, the word before its number, its title)."""
    left, right = "", ""
    if match := _ENCLOSED.fullmatch(text):
        left, text, right = match["left"], match["inner"], match["right"]
    for kind, form in _NUMBERED:
        match = form.fullmatch(text)
        if not match or not match["rest"].strip():
            continue
        has_sign = bool(match["before"] or match["after"] or match["rest"][0].isspace() or kind == "circled")
        if has_sign and not _is_year(f"{match['before']}{match[0][len(match['before'])]}"):
            blank = "" if match["after"] else " "
            printed = f"{left}{match['before']}{{{kind}}}{match['after']}{blank}{{title}}{right}"
            return printed, match["before"].rstrip("(（"), match["rest"].strip()
    return (f"{left}{{title}}{right}", "", text.strip()) if left else None


def _quoted(text: str) -> str:
    """Text as a value of YAML, in quotes where it could be read as something else."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _seen(line: int, text: str) -> str:
    text = without_markup(text)
    return f"{line}行目「{text[:30]}{'…' if len(text) > 30 else ''}」"


def next_steps(draft: Draft, name: str | None) -> str:
    """What a person does with a draft."""
    name = name or "NAME"
    return "\n".join(
        [
            f"1. 「# ？」のある{draft.questions}か所を、印刷と見比べて直します。ほかの行も、横に書いた行と合っているか確かめます。",
            f"2. shinchoku import progress 報告のファイル --source-id progress-r5 --layout {name} を実行します。",
            "   決まらないこと、読めないところは、行と、どのファイルに何を書き足すかが示されます。",
            "3. 取り込めたら、data/schemas/policies.json の level（階層の名前、ページにする階層）と"
            " attributes.json の attribute（評価などの欄の名前と凡例）を確かめます。",
        ]
    )
