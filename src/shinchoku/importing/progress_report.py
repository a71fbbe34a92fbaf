"""Parser of a progress report: form, not meaning.

The form is for a layout to say: the table of contents; the headings of the plan's tree; tables between tabs, whose
header of one or more lines gives what each column is, and its year. Which years, how many rows and on which lines
is for the document. What the printed text leaves open is not decided here but in ``assemble``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from shinchoku import fiscal_year
from shinchoku.importing.identities import quoted, squeezed
from shinchoku.importing.layouts import ColumnHeading, HeadingForm, Layout, Level, issued_month
from shinchoku.importing.problem import ImportProblem, collected, raise_all, shortened
from shinchoku.importing.source_text import SourceText, collapsed
from shinchoku.text import without_format, without_markup

_RULE_CELL = re.compile(r"-{2,}")
#: What leads from an entry of the contents to its page.
_LEADER = re.compile(r"\s*[.…‥・]{2,}\s*(?=[0-9]+\s*$)")
#: Roles of columns whose cells are of a year.
YEARLY = frozenset(("base", "actual", "target", "activities", "settlement", "budget"))
#: Of these, what was done, and for how much: where no year is printed, that of the report.
_OF_REPORT = ("activities", "settlement", "budget")

#: (line number, text) of lines.
Lines = list[tuple[int, str]]
#: (line number, cells) of lines.
Table = list[tuple[int, list[str]]]


@dataclass
class Node:
    """A heading of the tree. ``line`` is the body's, or the contents' for one
    that has no heading in the body."""

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
        """From the top down to this node."""
        return (*self.parent.path(), self) if self.parent else (self,)


@dataclass(frozen=True)
class Column:
    """A column of a table: its role, its year, the unit of its amounts, which attribute it is."""

    role: str
    fiscal_year: int | None = None
    unit: str | None = None
    attribute: str | None = None

    @property
    def key(self) -> str:
        """The name of the cell in ``listings-printed.csv``."""
        if self.role in ("settlement", "budget"):
            return f"{self.role}_{self.fiscal_year}_thousand_yen"
        if self.role in ("base", "actual", "target"):
            return f"{self.role}_{self.fiscal_year}"
        return f"attribute_{self.attribute}" if self.role == "attribute" else self.role


@dataclass(frozen=True)
class Row:
    """A printed row: ``cells`` maps ``Column.key`` to text without markup.

    ``indicator_position`` is 1 but for a row that continues the one above it
    with a further indicator; such a row has that one's name and no name cell.
    One that ``is_policy`` is of the heading above it, whose title is its name.
    ``first`` is where its first column stands in the line.
    """

    line: int
    policy: Node
    position: int
    indicator_position: int
    has_mark: bool
    is_relisted: bool
    is_policy: bool
    name: str
    cells: dict[str, str]
    columns: tuple[Column, ...]
    first: int = field(compare=False)

    @property
    def place(self) -> dict[str, int]:
        """Key of a column → where in the line its cell stands."""
        return {column.key: at for at, column in enumerate(self.columns, self.first)}


@dataclass
class Report:
    """A parsed report: the tree in print order, the rows in print order, the header of each table by its line."""

    layout: Layout
    title: str = ""
    title_line: int = 0
    label: str | None = None
    label_line: int | None = None
    issued: str | None = None
    issued_line: int | None = None
    issued_month: str | None = None
    nodes: list[Node] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    headers: dict[int, tuple[Column, ...]] = field(default_factory=dict)
    #: The year that is reported, where it is stated and not to be seen from the columns.
    stated_year: int | None = None
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
        """The year that is reported: the newest with actuals, or the stated one. A target may be for a later one."""
        return self.stated_year or newest_actual(self.columns)


def newest_actual(columns: Iterable[Column]) -> int:
    """The newest year of actual values in a table; 0 where it has none."""
    return max((c.fiscal_year for c in columns if c.role == "actual" and c.fiscal_year), default=0)


@dataclass
class _Entry:
    """An entry of the contents, and the node that it is of."""

    level: str
    number: str
    title: str
    printed: str
    page: int | None
    line: int
    parent: _Entry | None
    below: list[_Entry] = field(default_factory=list)
    node: Node | None = None


_Placed = TypeVar("_Placed", Node, _Entry)


def parse(
    text: SourceText,
    layout: Layout,
    levels: Sequence[Level],
    problems: list[ImportProblem] | None = None,
    stated_year: int | None = None,
) -> Report:
    """The report in ``text``, of a plan with these ``levels``. Raises ``ImportProblem`` for all that cannot be
    read, naming the lines.

    Given ``problems``, what is wrong in a line is added to them, and the report holds the rest.
    """
    found: list[ImportProblem] = []
    report = _Parser(text, layout, levels, found, stated_year).report
    if problems is None:
        raise_all(found)
    else:
        problems += found
    report.is_whole = not found
    return report


class _Levels:
    """What may stand under what."""

    def __init__(self, layout: Layout, levels: Sequence[Level]) -> None:
        self.by_name = {level.name: level for level in levels}
        self.order = {level.name: at for at, level in enumerate(levels)}
        if unknown := sorted(layout.levels - self.order.keys()):
            remedy = f"ある階層は {'、'.join(self.order)} です（data/schemas/policies.json の level）。"
            raise ImportProblem(layout.file, None, f"階層「{unknown[0]}」がありません。", remedy)

    def label(self, name: str) -> str:
        return self.by_name[name].label

    def above(self, form: HeadingForm, tip: _Placed | None) -> tuple[bool, _Placed | None]:
        """Whether there is a place for a heading below what is open, and the node that is its parent there."""
        under = (form.below,) if form.below else self.by_name[form.level].under
        while tip is not None:
            if tip.level in under and self.order[tip.level] < self.order[form.level]:
                return True, tip
            tip = tip.parent
        return None in under, None

    def read(
        self, forms: Iterable[HeadingForm], line: str, tip: _Placed | None
    ) -> tuple[HeadingForm, str, str] | None:
        """The first form that a line fits, its number and title; of several that look the same, the one that
        belongs to the deepest heading above."""
        fitting = [(form, values) for form in forms if (values := form.read(line))]
        if not fitting:
            return None
        alike = [item for item in fitting if item[0].template == fitting[0][0].template]

        def depth(form: HeadingForm) -> int:
            has_place, parent = self.above(form, tip)
            return self.order[parent.level] if parent else -1 if has_place else -2

        form, values = max(alike, key=lambda item: depth(item[0]))
        return form, values.get("number", ""), values.get("title", "")


def _same_number(one: str, other: str) -> bool:
    """Whether two printed numbers are one: ``①`` is ``1``."""
    return bool(one) and unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)


class _Parser:
    def __init__(
        self,
        text: SourceText,
        layout: Layout,
        levels: Sequence[Level],
        problems: list[ImportProblem],
        stated_year: int | None,
    ) -> None:
        self.file, self.layout, self.problems = text.file, layout, problems
        self.levels = _Levels(layout, levels)
        self.report = Report(layout, stated_year=stated_year)
        self.entries: list[_Entry] = []
        self.printed_entries: set[tuple[str, str, str]] = set()
        #: By the node that it is of (its ``id``).
        self.entry_of: dict[int, _Entry] = {}
        self.in_contents = {form.level for form in layout.entries}
        self.are_contents_whole = True
        #: The heading that is open.
        self.tip: Node | None = None
        self.children: dict[int | None, int] = {}
        #: The lines of the header of the table that is open, and its columns once they are read.
        self.header: Table = []
        self.columns: tuple[Column, ...] = ()
        #: Where in a line the first of them stands.
        self.first = 0
        #: Whether a heading could not be read, or the header of the table, so that what follows hangs on nothing.
        self.is_lost = self.is_headless = False
        for number, line in self._body(text.numbered()):
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

    def _body(self, lines: Lines) -> Lines:
        """Read what stands before the body; the rest."""
        at = self._front(lines)
        begins = self.layout.contents_begin
        if begins is not None:
            if at == len(lines):
                message = f"「{begins}」の行がありません。"
                raise ImportProblem(self.file, None, message, "進捗状況の報告書か確かめてください。")
            at = self._contents(lines, at + 1)
        if at == len(lines):
            message = "本文の見出しがありません。"
            raise ImportProblem(self.file, None, message, "テキストが途中で切れていないか確かめてください。")
        if not self.report.title and not self.problems:
            raise ImportProblem(self.file, None, "表題がありません。", "最初の行を確かめてください。")
        return lines[at:]

    def _front(self, lines: Lines) -> int:
        """Where the contents begin, or the body of a report without them."""
        report, begins = self.report, self.layout.contents_begin
        for at, (number, line) in enumerate(lines):
            cells = line.split("\t")
            if begins is not None and begins.match(line) is not None:
                return at
            if begins is None and report.title and (self._is_heading(line) or self.layout.is_header(cells)):
                return at
            if self._is_label(line):
                report.label, report.label_line = line.strip(), number
            elif self.layout.issued and (issued := self.layout.issued.match(collapsed(line))) is not None:
                report.issued, report.issued_line = collapsed(line), number
                report.issued_month = issued_month(issued)
            elif not report.title and sum(bool(cell.strip()) for cell in cells) == 1:
                report.title, report.title_line = collapsed(line), number
            elif not self._is_left_out(line):
                message = f"表紙の「{shortened(line)}」が何の行か分かりません。"
                self._tell(number, message, f"表題の下の行を確かめてください。{self._to_leave_out(line)}")
        return len(lines)

    def _contents(self, lines: Lines, start: int) -> int:
        """Read the contents; where the body begins: at the first heading that is no entry, or that is one again."""
        tip: _Entry | None = None
        for at, (number, line) in enumerate(lines[start:], start):
            if self._is_label(line) or self._is_left_out(line):
                continue
            printed, _, page = (part.strip() for part in _LEADER.sub("\t", line).partition("\t"))
            found = self.levels.read(self.layout.entries, printed, tip)
            if self._is_heading(line) and (found is None or self._is_entry_again(found)):
                return at
            if found is None or not self.levels.above(found[0], tip)[0] or (page and not page.isdecimal()):
                message = f"目次の「{shortened(line)}」を読めません。"
                remedy = f"番号・題名・ページの形を確かめてください。新しい形なら、{self.layout.file} の contents の entries に書いてください。"
                self._tell(number, message, f"{remedy}\n{self._as_heading(line)}")
                self.are_contents_whole = False
                continue
            form, printed_number, title = found
            parent = self.levels.above(form, tip)[1]
            tip = _Entry(
                form.level, printed_number, title, printed, int(page) if page else None, number, parent
            )
            self.entries.append(tip)
            self.printed_entries.add((tip.level, tip.number, squeezed(tip.title)))
            if parent is not None:
                parent.below.append(tip)
        return len(lines)

    def _is_entry_again(self, found: tuple[HeadingForm, str, str]) -> bool:
        form, number, title = found
        return (form.level, number, squeezed(title)) in self.printed_entries

    def _entry(self, level: str, number: str, title: str, parent: Node | None) -> _Entry | None:
        """The contents' entry of a heading: by its number, else its title, else its place among those under the
        entry of its parent; or of one that hangs on nothing in the body, wherever it stands."""
        above = self.entry_of.get(id(parent))
        beside = above.below if above else [each for each in self.entries if each.parent is None]
        free = [each for each in beside if each.level == level and each.node is None]
        by_number = [each for each in free if _same_number(each.number, number)]
        by_title = [each for each in free if without_format(each.title) == without_format(title)]
        is_comparable = number and any(each.number for each in free)
        found = by_number or by_title or ([] if is_comparable else free)
        return found[0] if found else None

    def _entry_elsewhere(self, level: str, number: str, title: str) -> _Entry | None:
        """The entry of a heading whose parent stands only in the contents."""
        for entry in self.entries:
            is_open = entry.parent is None or entry.parent.node is not None
            if entry.level == level and entry.node is None and not is_open:
                same_title = without_format(entry.title) == without_format(title)
                if _same_number(entry.number, number) or same_title:
                    return entry
        return None

    def _check_contents_used(self) -> None:
        for entry in self.entries:
            if entry.node is None:
                message = f"目次の「{entry.printed}」に当たる見出しが本文にありません。"
                self._tell(entry.line, message, "本文の見出しを確かめてください。")

    # -- lines -------------------------------------------------------------

    def _is_label(self, line: str) -> bool:
        return self.layout.label is not None and self.layout.label.match(line) is not None

    def _is_left_out(self, line: str) -> bool:
        return any(template.match(line) is not None for template in self.layout.leave_out)

    def _is_heading(self, line: str) -> bool:
        cells = line.split("\t")
        return not any(cell.strip() for cell in cells[1:]) and self.layout.is_heading(line.strip())

    def _to_leave_out(self, line: str) -> str:
        printed = quoted(collapsed(line))
        return f"読まない行なら、{self.layout.file} の leave_out に書いてください。\n    - {printed}"

    def _as_heading(self, line: str) -> str:
        return f"    - {{level: …, printed: {quoted(collapsed(line.partition(chr(9))[0]))}}}（番号は {{number}}、題名は {{title}} に）"

    def _line(self, number: int, line: str) -> None:
        stripped = line.strip()
        cells = line.split("\t")
        if self._is_label(line) or self._is_left_out(stripped):
            return
        if self.layout.omission is not None and self.layout.omission.match(stripped) is not None:
            self._omission(number, stripped)
        elif len(cells) > 1 and any(cell.strip() for cell in cells[1:]):
            self._table_line(number, cells)
        elif not self._heading(number, stripped):
            raise self._problem(
                number,
                f"「{shortened(stripped)}」は見出しでも表の行でもありません。",
                "見出しの番号か、列を区切るタブが抜けていないか確かめてください。新しい形の見出しなら、"
                f"{self.layout.file} の headings に、読まない行なら leave_out に書いてください。\n"
                f"{self._as_heading(stripped)}",
            )

    # -- the tree ----------------------------------------------------------

    def _heading(self, number: int, stripped: str) -> bool:
        found = self.levels.read(self.layout.headings, stripped, self.tip)
        if found is not None:
            form, printed_number, title = found
            self._add(form, printed_number, title, number, stripped)
        return found is not None

    def _add(self, form: HeadingForm, number: str, title: str, line: int, heading: str) -> None:
        has_place, parent = self.levels.above(form, self.tip)
        entry = None
        if form.level in self.in_contents:
            entry = self._entry(form.level, number, title, parent) if has_place else None
            if entry is None and (entry := self._entry_elsewhere(form.level, number, title)):
                has_place, parent = True, self._opened(entry.parent)
        if not has_place:
            labels = "か".join(
                self.levels.label(level) for level in self.levels.by_name[form.level].under if level
            )
            raise self._problem(
                line,
                f"見出し「{shortened(title)}」の上に来るはずの見出し（{labels}）がありません。",
                "見出しの順番を確かめてください。",
            )
        if entry is None and form.level in self.in_contents and self.are_contents_whole:
            raise self._problem(
                line, f"見出し「{title}」が目次にありません。", "目次と本文を確かめてください。"
            )
        self.is_lost = False
        self._open(Node(form.level, number, title, line, self._next_position(parent), parent, heading), entry)

    def _opened(self, entry: _Entry | None) -> Node | None:
        """The node of an entry, opened from the contents where the body has none."""
        if entry is None or entry.node is not None:
            return entry.node if entry else None
        parent = self._opened(entry.parent)
        position = self._next_position(parent)
        return self._open(
            Node(entry.level, entry.number, entry.title, entry.line, position, parent, None), entry
        )

    def _next_position(self, parent: Node | None) -> int:
        key = id(parent) if parent else None
        self.children[key] = position = self.children.get(key, 0) + 1
        return position

    def _open(self, node: Node, entry: _Entry | None) -> Node:
        if entry is not None:
            entry.node = node
            self.entry_of[id(node)] = entry
            node.toc_printed, node.toc_page, node.toc_line = entry.printed, entry.page, entry.line
            node.number = node.number or entry.number
        self.tip = node
        self.report.nodes.append(node)
        return node

    def _omission(self, number: int, printed: str) -> None:
        if self.tip is None or self.tip.omission or not self._may_hold_rows(self.tip):
            raise self._problem(
                number,
                f"「{printed}」の前に{self._of_rows()}がありません。",
                "見出しの順番を確かめてください。",
            )
        self.tip.omission = printed

    def _may_hold_rows(self, node: Node) -> bool:
        return not self.layout.rows_under or node.level in self.layout.rows_under

    def _of_rows(self) -> str:
        """What a row stands below, as a message says it."""
        return "か".join(map(self.levels.label, self.layout.rows_under)) or "見出し"

    # -- tables ------------------------------------------------------------

    def _table_line(self, number: int, cells: list[str]) -> None:
        cells = [without_markup(cell) for cell in cells]
        if all(_RULE_CELL.fullmatch(cell) for cell in cells if cell):
            return
        if self.layout.is_header(cells):
            self.header, self.columns, self.is_headless = [(number, cells)], (), False
        elif self.header and not any(cells[at] for at in self._named() if at < len(cells)):
            self.header.append((number, cells))
        else:
            self._row(number, cells)

    def _named(self) -> list[int]:
        """Where the names and indicators stand, as the first line of the header says."""
        headings = enumerate(map(self.layout.column, self.header[0][1]))
        return [at for at, found in headings if found and found.role in ("name", "indicator")]

    def _read_header(self) -> tuple[Column, ...]:
        """Each column has its role and its year from its headings, or the year of the column to the left."""
        number, top = self.header[0]
        columns: list[Column] = []
        spanning: int | None = None
        first = self.first = next(at for at, cell in enumerate(top) if cell)
        last = max(at for _, cells in self.header for at, cell in enumerate(cells) if cell)
        for at in range(first, last + 1):
            named = [self._column_heading(line, cell) for line, cell in self._headings(at)]
            if at >= len(top):
                spanning = None
            elif top[at]:
                spanning = named[0].fiscal_year
            forms = [item.form for item in named if item.form]
            if len({form.role for form in forms}) > 1:
                forms = [form for form in forms if not form.is_year_alone]
            years = {item.fiscal_year for item in named if item.fiscal_year is not None}
            if len({form.role for form in forms}) != 1 or len(years) > 1:
                raise self._unclear(at, "の年度と「実績・目標・内容」などの欄が、1つに決まりません。")
            form = forms[0]
            year = (years.pop() if years else spanning) if form.role in YEARLY else None
            columns.append(Column(form.role, year, form.unit, form.attribute))
        of_report = self.report.stated_year or newest_actual(columns)
        for at, column in enumerate(columns):
            if column.fiscal_year is None and column.role in _OF_REPORT:
                columns[at] = column = replace(column, fiscal_year=of_report)
            if column.role in YEARLY and not column.fiscal_year:
                printed = quoted(self._headings(first + at)[-1][1])
                raise self._unclear(
                    first + at,
                    "に、年度がありません。",
                    f"印刷されていない年度は、{self.layout.file} の columns に書いてください。\n"
                    f"    {printed}: {{role: {column.role}, year: …}}",
                )
            if column.role != "leave_out" and column.key in [other.key for other in columns[:at]]:
                shown = f"（{fiscal_year.short(column.fiscal_year)}）" if column.fiscal_year else ""
                raise self._unclear(first + at, f"と同じ欄{shown}が、前にもあります。")
        return tuple(columns)

    def _headings(self, at: int) -> Lines:
        """What the header says of a column, from the top down."""
        return [(line, cells[at]) for line, cells in self.header if at < len(cells) and cells[at]]

    def _column_heading(self, line: int, printed: str) -> ColumnHeading:
        """What a cell of a header says."""
        if (found := self.layout.column(printed)) is None:
            message = f"表の見出し「{shortened(printed)}」を知りません。"
            raise ImportProblem(self.file, line, message, *self.layout.unknown_column(printed))
        return found

    def _unclear(self, at: int, message: str, remedy: str = "") -> ImportProblem:
        printed = shortened("・".join(cell for _, cell in self._headings(at)) or "空")
        message = f"表の見出しの{at + 1}列目（{printed}）{message}"
        remedy = remedy or "年度と欄は、1行でも上下2行でもかまいません。見出しを確かめてください。"
        return self._problem(self.header[-1][0], message, remedy)

    def _row(self, number: int, cells: list[str]) -> None:
        node = self.tip
        if self.header:
            told: list[ImportProblem] = []
            with collected(told):
                self.columns = self.report.headers[self.header[0][0]] = self._read_header()
            if told:  # one line of the layout answers for a column wherever it is printed
                asked = {problem.entry for problem in self.problems if problem.entry}
                self.problems += [problem for problem in told if problem.entry not in asked]
            self.header, self.is_headless = [], not self.columns
        if self.is_headless or self.is_lost:
            return  # what could not be read above it has been told
        if not self.columns:
            raise self._problem(
                number,
                "表の見出しより前に表の行があります。",
                f"表の見出しの行を確かめてください。見出しの字句が新しいなら、{self.layout.file} の columns に書いてください。",
            )
        if node is None or not self._may_hold_rows(node):
            raise self._problem(
                number, f"表の行の前に{self._of_rows()}がありません。", "見出しの行を確かめてください。"
            )
        mark = self.layout.mark
        first = 1 if self._has_column_for_mark(cells) else self.first
        has_mark = bool(mark) and mark in cells[: max(first, 1)]
        cells = cells[first:]
        if len(cells) == len(self.columns) + 1 and cells[-1] == "":
            cells = cells[:-1]
        if len(cells) != len(self.columns):
            message = f"列が{len(cells)}個あります（見出しは{len(self.columns)}個）。"
            self._tell(number, message, "タブの数と、行が途中で切れていないかを確かめてください。")
            return
        keyed = {
            column.key: cell
            for column, cell in zip(self.columns, cells, strict=True)
            if column.role != "leave_out"
        }
        row = Row(number, node, 1, 1, has_mark, False, False, "", keyed, self.columns, first)
        if "name" in keyed:
            self._add_named(row, keyed)
        elif "indicator" in keyed and not keyed["indicator"]:
            self._tell(number, "指標が空です。", "原資料の行を確かめてください。")
        else:
            self._add_row(replace(row, is_policy=True, name=node.title))

    def _add_named(self, row: Row, cells: dict[str, str]) -> None:
        """A row of an initiative, or one that goes on with the initiative above."""
        above = next(self._rows_of(row.policy), None)
        if self._continues(cells) and above is not None and not above.is_policy and not row.has_mark:
            self._add_row(
                replace(row, has_mark=above.has_mark, is_relisted=above.is_relisted, name=above.name)
            )
            return
        name, has_mark, is_relisted = self.layout.read_name(cells["name"])
        if not name or cells.get("indicator") == "":
            self._tell(row.line, "事業名か指標が空です。", "原資料の行を確かめてください。")
            return
        has_mark |= row.has_mark
        self._add_row(
            replace(row, has_mark=has_mark, is_relisted=is_relisted, name=name, cells={**cells, "name": name})
        )

    def _add_row(self, row: Row) -> None:
        """With its place among those of its heading, and of its initiative where it goes on with one."""
        last = next(self._rows_of(row.policy), None)
        above = None
        if row.is_policy:
            above = next((each for each in self._rows_of(row.policy) if each.is_policy), None)
        elif not row.cells["name"]:
            above = last
        self.report.rows.append(
            replace(
                row,
                position=last.position + 1 if last else 1,
                indicator_position=above.indicator_position + 1 if above else 1,
            )
        )

    def _has_column_for_mark(self, cells: list[str]) -> bool:
        """Whether the first cell is a column for the mark that has no heading, and not the name."""
        if self.first or not self.layout.mark or cells[0] not in ("", self.layout.mark):
            return False
        keyed = {column.key: cell for column, cell in zip(self.columns, cells, strict=False)}
        return len(cells) != len(self.columns) or not self._continues(keyed)

    def _continues(self, cells: dict[str, str]) -> bool:
        """Whether a row has an indicator but nothing else of an initiative of its own."""
        others = [cells[column.key] for column in self.columns if column.role in _OF_REPORT]
        return not cells.get("name") and bool(cells.get("indicator")) and not any(others)

    def _rows_of(self, node: Node) -> Iterator[Row]:
        """The last first."""
        for row in reversed(self.report.rows):
            if row.policy is not node:
                return
            yield row
