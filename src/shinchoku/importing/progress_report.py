"""Parser of a progress report (各種取組の進捗状況): form, not meaning.

The form: a table of contents; then headings of the tree (《部》, 重点分野N.,
《横断的戦略N.》, 柱N., 基本施策N., ①…) and tab-separated tables whose two-line
header gives the fiscal years and the role of each column, together or one
below the other. Which years, how many rows and on which lines is for the
document to say. What the printed text leaves open is not decided here but in
``assemble``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from shinchoku import fiscal_year
from shinchoku.importing.problem import ImportProblem, collected, raise_all, shortened
from shinchoku.importing.source_text import SourceText, collapsed
from shinchoku.text import without_markup

RELISTED = "【再掲】"
STAR = "★"

_LABEL = re.compile(r"【資料[0-9]+】")
_OMISSION = re.compile(r"[～〜].*省略[～〜]")
_DIRECTION = re.compile(r"(?:-\s*)?(?P<number>[①-⑳])\s*(?P<title>.+)")
_HEADINGS = [
    ("strategy", re.compile(r"《横断的戦略(?P<number>[0-9]+)[.．]\s*(?P<title>.+)》")),
    ("part", re.compile(r"《(?P<title>[^0-9》]+)》")),
    ("field", re.compile(r"重点分野(?P<number>[0-9]+)[.．]\s*(?P<title>.+)")),
    ("pillar", re.compile(r"柱(?P<number>[0-9]+)[.．]\s*(?P<title>.+)")),
    ("measure", re.compile(r"基本施策(?P<number>[0-9]+)[.．]\s*(?P<title>.+)")),
]
_TOC_PART = re.compile(r"(?P<number>[0-9]+)[.．]\s*(?P<title>\D+)")
_TOC_STRATEGY = re.compile(r"横断的戦略(?P<number>[0-9]+)\s+(?P<title>.+)")
_TOC_ITEM = re.compile(r"(?P<number>[①-⑳])(?P<title>.+)")
_RULE_CELL = re.compile(r"-{2,}")
_BRACKETS = str.maketrans("（）", "()")

#: Printed column heading → role of the column; the longer before what it begins with.
_COLUMN_ROLES = {
    "実績(指標)": "actual",
    "目標(指標)": "target",
    "内容": "activities",
    "決算見込額(千円)": "settlement",
    "実績値": "actual",
    "目標値": "target",
    "実績": "actual",
    "目標": "target",
}
_HEADINGS_READ = (
    "読めるのは、「H30」「R4」「令和4年度」「2022年度」「令和4年度実績」のような年度と、"
    f"{'・'.join(_COLUMN_ROLES)}です。年度と欄は、1行でも上下2行でもかまいません。"
)
#: What may stand directly above what; a heading anywhere else is an error.
_PARENT_LEVELS = {
    "field": ("part",),
    "strategy": ("part",),
    "pillar": ("strategy",),
    "measure": ("pillar", "field"),
    "direction": ("measure",),
}
LEVELS = ("part", "field", "strategy", "pillar", "measure", "direction")


#: (line number, text) of lines.
Lines = list[tuple[int, str]]
#: (line number, cells) of lines.
Table = list[tuple[int, list[str]]]


@dataclass
class Node:
    """A heading of the tree. ``line`` is the body's, or the contents' for a
    part that has no heading in the body."""

    level: str
    number: str
    title: str
    line: int
    position: int
    parent: Node | None
    heading: str | None
    toc_printed: str | None = None
    toc_page: int | None = None
    toc_line: int | None = None
    omission: str | None = None

    def path(self) -> tuple[Node, ...]:
        """From the part down to this node."""
        return (*self.parent.path(), self) if self.parent else (self,)


@dataclass(frozen=True)
class Column:
    """A column of a table: its role and, but for name and indicator, its year."""

    role: str
    fiscal_year: int | None = None

    @property
    def key(self) -> str:
        """The name of the cell in ``listings-printed.csv``."""
        if self.role == "settlement":
            return f"settlement_{self.fiscal_year}_thousand_yen"
        if self.role in ("actual", "target"):
            return f"{self.role}_{self.fiscal_year}"
        return self.role


@dataclass(frozen=True)
class Row:
    """A printed row: ``cells`` maps ``Column.key`` to text without markup.

    ``indicator_position`` is 1 but for a row that continues the one above it
    with a further indicator; such a row has that one's name and no name cell.
    """

    line: int
    direction: Node
    position: int
    indicator_position: int
    has_star: bool
    is_relisted: bool
    name: str
    cells: dict[str, str]
    columns: tuple[Column, ...]


@dataclass
class Report:
    """A parsed report: the tree in print order, the rows in print order, the header of each table by its line."""

    title: str
    title_line: int
    label: str | None
    label_line: int | None
    nodes: list[Node] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    headers: dict[int, tuple[Column, ...]] = field(default_factory=dict)
    #: Whether every line could be read.
    is_whole: bool = True

    @property
    def fiscal_years(self) -> tuple[int, ...]:
        return tuple(sorted({c.fiscal_year for row in self.rows for c in row.columns if c.fiscal_year}))

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of most of its tables."""
        return Counter(self.headers.values()).most_common(1)[0][0] if self.headers else ()

    @property
    def fiscal_year(self) -> int:
        """The year that is reported: the newest with actuals. A target may be for a later one."""
        return newest_actual(self.columns)


def newest_actual(columns: Iterable[Column]) -> int:
    """The newest year of actual values in a table; 0 where it has none."""
    return max((c.fiscal_year for c in columns if c.role == "actual" and c.fiscal_year), default=0)


@dataclass(frozen=True)
class _TocEntry:
    level: str
    number: str
    title: str
    printed: str
    page: int | None
    line: int


def parse(text: SourceText, problems: list[ImportProblem] | None = None) -> Report:
    """The report in ``text``. Raises ``ImportProblem`` for all that cannot be read, naming the lines.

    Given ``problems``, what is wrong in a line is added to them, and the report holds the rest.
    """
    found: list[ImportProblem] = []
    report = _Parser(text, found).report
    if problems is None:
        raise_all(found)
    else:
        problems += found
    report.is_whole = not found
    return report


class _Parser:
    def __init__(self, text: SourceText, problems: list[ImportProblem]) -> None:
        self.file, self.problems = text.file, problems
        lines = text.numbered()
        front, contents, body = self._sections(lines)
        self.are_contents_whole = True
        self.report = self._front(front)
        self.contents = self._contents(contents)
        self.open: dict[str, Node] = {}
        self.children: dict[int | None, int] = {}
        #: The lines of the header of the table that is open, and its columns once they are read.
        self.header: Table = []
        self.columns: tuple[Column, ...] = ()
        #: Whether a heading could not be read, or the header of the table, so that what follows hangs on nothing.
        self.is_lost = self.is_headless = False
        for number, line in body:
            told: list[ImportProblem] = []
            with collected(told):
                self._line(number, line)
            if not self.is_lost:
                self.problems += told
            self.is_lost |= bool(told)
        if self.problems:
            return
        if not self.report.rows:
            raise ImportProblem(
                self.file, None, "表の行がありません。", "原資料のテキストを確かめてください。"
            )
        self._check_contents_used()

    def _problem(self, line: int, message: str, remedy: str) -> ImportProblem:
        return ImportProblem(self.file, line, message, remedy)

    def _tell(self, line: int, message: str, remedy: str) -> None:
        """What is wrong in a line alone; what others hang on is raised."""
        self.problems.append(self._problem(line, message, remedy))

    # -- front matter and table of contents -------------------------------

    def _sections(self, lines: Lines) -> tuple[Lines, Lines, Lines]:
        start = next((i for i, (_, line) in enumerate(lines) if line.strip() == "目次"), None)
        if start is None:
            raise ImportProblem(
                self.file, None, "「目次」の行がありません。", "進捗状況の報告書か確かめてください。"
            )
        end = next((i for i, (_, line) in enumerate(lines) if i > start and line.startswith("《")), None)
        if end is None:
            raise ImportProblem(
                self.file,
                None,
                "本文の見出し「《…》」がありません。",
                "テキストが途中で切れていないか確かめてください。",
            )
        return lines[:start], lines[start + 1 : end], lines[end:]

    def _front(self, lines: Lines) -> Report:
        label, label_line, title, title_line = None, None, None, 0
        for number, line in lines:
            if _LABEL.fullmatch(line.strip()):
                label, label_line = line.strip(), number
            elif title is None and sum(bool(cell.strip()) for cell in line.split("\t")) == 1:
                title, title_line = collapsed(line), number
            else:
                message = f"表紙の「{shortened(line)}」が何の行か分かりません。"
                self._tell(number, message, "表題と目次の間の行を確かめてください。")
        if title is None and not self.problems:
            raise ImportProblem(self.file, None, "表題がありません。", "最初の行を確かめてください。")
        return Report(title or "", title_line, label, label_line)

    def _contents(self, lines: Lines) -> list[_TocEntry]:
        entries: list[_TocEntry] = []
        item_level: str | None = None
        for number, line in lines:
            level: str | None = None
            printed, _, page = (part.strip() for part in line.partition("\t"))
            if _LABEL.fullmatch(printed):
                continue
            if match := _TOC_STRATEGY.fullmatch(printed):
                level, item_level = "strategy", "pillar"
            elif match := _TOC_PART.fullmatch(printed):
                level, item_level = "part", "field"
            elif match := _TOC_ITEM.fullmatch(printed):
                level = item_level
            if match is None or level is None or (page and not page.isdecimal()):
                message = f"目次の「{shortened(line)}」を読めません。"
                self._tell(number, message, "番号・題名・ページの形を確かめてください。")
                self.are_contents_whole = False
                continue
            entries.append(
                _TocEntry(
                    level, match["number"], match["title"], printed, int(page) if page else None, number
                )
            )
        return entries

    def _toc_entry(self, node: Node) -> _TocEntry | None:
        """The contents' entry of a node, found by its place in the tree."""
        if node.level not in ("part", "field", "strategy", "pillar"):
            return None
        strategy = None
        fields_seen = pillars_seen = 0
        for entry in self.contents:
            if entry.level == "strategy":
                strategy, pillars_seen = entry.number, 0
            fields_seen += entry.level == "field"
            pillars_seen += entry.level == "pillar"
            if entry.level != node.level:
                continue
            if node.level == "part" and entry.title.strip() == node.title:
                return entry
            if node.level == "strategy" and entry.number == node.number:
                return entry
            if node.level == "field" and fields_seen == node.position:
                return entry
            in_same_strategy = node.parent is not None and strategy == node.parent.number
            if node.level == "pillar" and in_same_strategy and pillars_seen == node.position:
                return entry
        return None

    def _check_contents_used(self) -> None:
        used = {node.toc_line for node in self.report.nodes}
        for entry in self.contents:
            if entry.line not in used:
                message = f"目次の「{entry.printed}」に当たる見出しが本文にありません。"
                self._tell(entry.line, message, "本文の見出しを確かめてください。")

    # -- body --------------------------------------------------------------

    def _line(self, number: int, line: str) -> None:
        stripped = line.strip()
        cells = line.split("\t")
        if _LABEL.fullmatch(stripped):
            return
        if _OMISSION.fullmatch(stripped):
            self._omission(number, stripped)
        elif len(cells) > 1 and any(cell.strip() for cell in cells[1:]):
            self._table_line(number, cells)
        elif not self._heading(number, stripped):
            raise self._problem(
                number,
                f"「{shortened(stripped)}」は見出しでも表の行でもありません。",
                "見出しの番号か、列を区切るタブが抜けていないか確かめてください。",
            )

    def _heading(self, number: int, stripped: str) -> bool:
        for level, pattern in _HEADINGS:
            if match := pattern.fullmatch(stripped):
                if level == "strategy":
                    self._open_part_from_contents(number)
                self._add(level, match.groupdict().get("number"), match["title"], number, stripped)
                return True
        if match := _DIRECTION.fullmatch(stripped):
            self._add("direction", match["number"], match["title"], number, stripped)
            return True
        return False

    def _open_part_from_contents(self, number: int) -> None:
        """A part whose heading stands in the contents only (横断的戦略)."""
        entries = [entry for entry in self.contents if entry.level == "part"]
        strategies_from = next((entry.line for entry in self.contents if entry.level == "strategy"), 0)
        entry = max((e for e in entries if e.line < strategies_from), key=lambda e: e.line, default=None)
        if entry is None:
            raise self._problem(number, "横断的戦略の部が目次にありません。", "目次を確かめてください。")
        if self.open.get("part") is None or self.open["part"].title != entry.title.strip():
            self._add("part", entry.number, entry.title.strip(), entry.line, None)

    def _add(
        self, level: str, printed_number: str | None, title: str, line: int, heading: str | None
    ) -> None:
        parent = self._parent(level, line, title)
        for deeper in LEVELS[LEVELS.index(level) :]:
            self.open.pop(deeper, None)
        if level in ("field", "strategy"):
            self.open.pop("field", None)
        key = id(parent) if parent else None
        self.children[key] = position = self.children.get(key, 0) + 1
        node = Node(level, printed_number or "", title.strip(), line, position, parent, heading)
        if entry := self._toc_entry(node):
            node.toc_printed, node.toc_page, node.toc_line = entry.printed, entry.page, entry.line
            node.number = node.number or entry.number
        elif level in ("part", "field", "strategy", "pillar") and self.are_contents_whole:
            raise self._problem(
                line, f"見出し「{title}」が目次にありません。", "目次と本文を確かめてください。"
            )
        self.open[level], self.is_lost = node, False
        self.report.nodes.append(node)

    def _parent(self, level: str, line: int, title: str) -> Node | None:
        if level == "part":
            return None
        for candidate in _PARENT_LEVELS[level]:
            if candidate in self.open:
                return self.open[candidate]
        raise self._problem(
            line,
            f"見出し「{shortened(title)}」の上に来るはずの見出しがありません。",
            "見出しの順番を確かめてください。",
        )

    def _omission(self, number: int, printed: str) -> None:
        node = self.open.get("direction")
        if node is None or node.omission:
            raise self._problem(
                number, f"「{printed}」の前に取組の方向がありません。", "見出しの順番を確かめてください。"
            )
        node.omission = printed

    # -- tables ------------------------------------------------------------

    def _table_line(self, number: int, cells: list[str]) -> None:
        cells = [without_markup(cell) for cell in cells]
        if all(_RULE_CELL.fullmatch(cell) for cell in cells if cell):
            return
        if cells[0] == "取組":
            self.header, self.columns, self.is_headless = [(number, cells)], (), False
        elif self.header and not any(cells[:2]):
            self.header.append((number, cells))
        else:
            self._row(number, cells)

    def _read_header(self) -> tuple[Column, ...]:
        """Each column has its role and its year from its headings, or the year of the column to the left."""
        number, top = self.header[0]
        if top[1] != "指標":
            raise self._problem(
                number,
                f"表の見出し「{top[1]}」を知りません。",
                "「取組・指標・年度」の形か確かめてください。",
            )
        columns = [Column("name"), Column("indicator")]
        spanning: int | None = None
        for at in range(2, max(at for _, cells in self.header for at, cell in enumerate(cells, 1) if cell)):
            named = [self._column_heading(line, cell) for line, cell in self._headings(at)]
            if at >= len(top):
                spanning = None
            elif top[at]:
                spanning = named[0].fiscal_year
            roles = {item.role for item in named if item.role}
            years = {item.fiscal_year for item in named if item.fiscal_year is not None}
            if len(roles) != 1 or len(years) > 1:
                raise self._unclear(at, "の年度と「実績・目標・内容」などの欄が、1つに決まりません。")
            columns.append(Column(roles.pop(), years.pop() if years else spanning))
        for at, column in enumerate(columns[2:], 2):
            if column.fiscal_year is None and column.role in ("activities", "settlement"):
                # What was done, and for how much, is of the year that is reported.
                columns[at] = column = replace(column, fiscal_year=newest_actual(columns))
            if not column.fiscal_year:
                raise self._unclear(at, "に、年度がありません。")
            if column.key in [other.key for other in columns[:at]]:
                raise self._unclear(
                    at, f"と同じ欄（{fiscal_year.short(column.fiscal_year)}）が、前にもあります。"
                )
        if "activities" not in [column.role for column in columns]:
            raise self._problem(number, "表の見出しに「内容」がありません。", _HEADINGS_READ)
        return tuple(columns)

    def _headings(self, at: int) -> Lines:
        """What the header says of a column, from the top down."""
        return [(line, cells[at]) for line, cells in self.header if at < len(cells) and cells[at]]

    def _column_heading(self, line: int, printed: str) -> Column:
        """What a cell of a header says; the role is empty where it says none."""
        text = "".join(printed.translate(_BRACKETS).split())
        role = next((name for name in _COLUMN_ROLES if name in text), "")
        year = text.replace(role, "", 1).strip("()の")
        try:
            return Column(_COLUMN_ROLES.get(role, ""), fiscal_year.parse(year) if year or not role else None)
        except ValueError:
            known = "は年度として読めません" if line == self.header[0][0] else "を知りません"
            raise self._problem(
                line, f"表の見出し「{shortened(printed)}」{known}。", _HEADINGS_READ
            ) from None

    def _unclear(self, at: int, message: str) -> ImportProblem:
        printed = shortened("・".join(cell for _, cell in self._headings(at)) or "空")
        message = f"表の見出しの{at + 1}列目（{printed}）{message}"
        return self._problem(self.header[-1][0], message, _HEADINGS_READ)

    def _row(self, number: int, cells: list[str]) -> None:
        direction = self.open.get("direction")
        if self.header:
            with collected(self.problems):
                self.columns = self.report.headers[self.header[0][0]] = self._read_header()
            self.header, self.is_headless = [], not self.columns
        if self.is_headless or self.is_lost:
            return  # what could not be read above it has been told
        if not self.columns:
            raise self._problem(
                number, "表の見出しより前に表の行があります。", "見出しの2行を確かめてください。"
            )
        if direction is None:
            raise self._problem(
                number, "表の行の前に取組の方向がありません。", "「①」などの見出しを確かめてください。"
            )
        has_star = cells[0] == STAR
        if self._has_column_for_mark(cells):
            cells = cells[1:]
        elif len(cells) == len(self.columns) + 1 and cells[-1] == "":
            cells = cells[:-1]
        if len(cells) != len(self.columns):
            message = f"列が{len(cells)}個あります（見出しは{len(self.columns)}個）。"
            self._tell(number, message, "タブの数と、行が途中で切れていないかを確かめてください。")
            return
        keyed = {column.key: cell for column, cell in zip(self.columns, cells, strict=True)}
        position = sum(1 for _ in self._rows_of(direction)) + 1
        above = next(self._rows_of(direction), None)
        name = keyed["name"]
        if self._continues(keyed) and above is not None and not has_star:
            self.report.rows.append(
                replace(
                    above,
                    line=number,
                    position=position,
                    indicator_position=above.indicator_position + 1,
                    cells=keyed,
                    columns=self.columns,
                )
            )
            return
        if not keyed["indicator"] or not name.removeprefix(STAR).strip().removeprefix(RELISTED):
            self._tell(number, "事業名か指標が空です。", "原資料の行を確かめてください。")
            return
        if name.startswith(STAR):
            has_star, name = True, name.removeprefix(STAR).strip()
        is_relisted = name.startswith(RELISTED)
        name = name.removeprefix(RELISTED).strip()
        self.report.rows.append(
            Row(
                number,
                direction,
                position,
                1,
                has_star,
                is_relisted,
                name,
                keyed | {"name": name},
                self.columns,
            )
        )

    def _has_column_for_mark(self, cells: list[str]) -> bool:
        """Whether the first cell is the column for the mark, and not the name."""
        if cells[0] not in ("", STAR):
            return False
        keyed = {column.key: cell for column, cell in zip(self.columns, cells, strict=False)}
        return len(cells) != len(self.columns) or not self._continues(keyed)

    def _continues(self, cells: dict[str, str]) -> bool:
        """Whether a row has an indicator but nothing else of an initiative of its own."""
        others = [cells[column.key] for column in self.columns if column.role in ("activities", "settlement")]
        return not cells["name"] and bool(cells["indicator"]) and not any(others)

    def _rows_of(self, direction: Node) -> Iterator[Row]:
        for row in reversed(self.report.rows):
            if row.direction is not direction:
                return
            yield row
