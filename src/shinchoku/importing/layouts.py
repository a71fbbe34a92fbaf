"""The form of a document as people write it down: ``data/layouts/{name}.yml``.

A layout holds what is printed, with placeholders (``施策{number} {title}``), and what it is: a heading of which
level, a column of which role, a mark, a word in place of a number. Here it is read, checked
(``schemas/layout.json``) and made into patterns. Must not know a document, nor what is done with what fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from shinchoku import fiscal_year, paths
from shinchoku.importing.identities import quoted as pasted
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import Unreadable, line_of, read_yaml, repeated_keys
from shinchoku.text import half_width, quoted

PROGRESS_REPORT, GRANTS_DOCUMENT = "progress_report", "grants_document"

_YEN = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_MONTH = r"[^.年]+(?:\.|年)\s*(?:0?[1-9]|1[0-2])(?![0-9])(?:月(?:[0-9]+日)?)?"
#: Placeholder → what it stands for, in half width.
_PLACEHOLDERS = {
    "circled": "[①-⑳㉑-㉟㊱-㊿❶-❿]",
    "number": r"[0-9]+(?:[-.‐‑–—ー][0-9]+)*",
    "roman": "[Ⅰ-Ⅻⅰ-ⅻ]|[IVXivx]+",
    "kanji": "[一二三四五六七八九十]+",
    "kana": "[ア-ン]",
    "letter": "[A-Za-z]",
    "title": ".+",
    "name": ".+",
    "year": ".+?",
    "month": _MONTH,
    "publisher": ".+",
    "any": ".*",
    "share": "[^<>]+",
    "applicants": "[^<>]+",
    "period": "[^【】]+",
    "remark": "※.+",
    "years": "[0-9]+",
    "amount": _YEN,
    "partner": _YEN,
}
#: Those that are the number of a heading.
_NUMBERS = frozenset(("circled", "number", "roman", "kanji", "kana", "letter"))
#: Those that almost any text fits: more of them, or in a longer line, would take too long to be told apart.
_FREE = frozenset(
    ("title", "name", "year", "month", "publisher", "any", "share", "applicants", "period", "remark")
)
_MOST_FREE, _LONGEST_OF_SEVERAL = 3, 500
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ALIKE = str.maketrans({"〜": "~"})
#: Of a column; whatever is longer says more than what a column is.
_LONGEST_HEADING = 200
#: What a list puts before a line.
_LIST_MARK = re.compile(r"(?:[-*・•■□▪◆◇●○▼▽▶►]\s*)+")

#: What a column may be, as a message says it.
ROLES = {
    "name": "事業名",
    "indicator": "指標",
    "unit": "単位",
    "base": "基準値",
    "actual": "実績",
    "target": "目標",
    "activities": "内容",
    "settlement": "決算額",
    "budget": "予算額",
    "attribute": "そのほかの欄",
    "leave_out": "読まない",
}


class Level(Protocol):
    """A level of the plan: of those from the top down, what may stand directly ``under`` which (``None``: the top)."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def under(self) -> tuple[str | None, ...]: ...
    @property
    def folder(self) -> str | None: ...


@dataclass(frozen=True)
class Template:
    """Printed text with placeholders. White space, width and the kind of brackets do not matter."""

    printed: str

    def __str__(self) -> str:
        return self.printed

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = _PLACEHOLDER.split(_alike(self.printed))
        found = []
        for at, part in enumerate(parts):
            if at % 2 == 0:
                found += [re.escape(word) for word in part.split()]
            elif part == "any":
                found.append(_PLACEHOLDERS[part])
            else:
                found.append(f"(?P<{'number' if part in _NUMBERS else part}>{_PLACEHOLDERS[part]})")
        # Possessive: a run of white space is tried in one way only.
        return re.compile(r"\s*+".join(["", *found, ""]), re.IGNORECASE)

    def match(self, text: str) -> Mapping[str, str] | None:
        """What stands in the place of each placeholder, as printed; ``None`` where the text does not fit."""
        if len(text) > _LONGEST_OF_SEVERAL and len(self.free) > 1:
            return None
        match = self._pattern.fullmatch(_alike(text))
        if match is None:
            return None
        found = {name: text[slice(*match.span(name))].strip() for name in match.groupdict()}
        try:
            if "year" in found:
                fiscal_year.parse(found["year"])
        except ValueError:
            return None
        return None if "month" in found and len(fiscal_year.named_in(found["month"])) != 1 else found

    @property
    def words(self) -> str:
        """What is printed whatever stands in the placeholders, without signs: ``施策`` of ``施策{number} {title}``."""
        return "".join(re.findall(r"[\w・]+", " ".join(_PLACEHOLDER.split(self.printed)[::2])))

    @property
    def free(self) -> tuple[str, ...]:
        """The placeholders that almost any text fits."""
        return tuple(name for name in self.placeholders if name in _FREE)

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """Their names, in print order."""
        return tuple(_PLACEHOLDER.findall(self.printed))


def _alike(text: str) -> str:
    """Text in which every character that may be written otherwise is one and the same, each in its place."""
    return half_width(text).translate(_ALIKE)


def without_list_mark(line: str) -> str:
    """A line without what a list puts before it."""
    return _LIST_MARK.sub("", line, count=1) if _LIST_MARK.match(line) else line


def issued_month(found: Mapping[str, str]) -> str | None:
    """``2023-06``, where what fits a template names a month."""
    match = re.search(r"(?:\.|年)\s*([0-9]+)", half_width(found.get("month", "")))
    return f"{fiscal_year.named_in(found['month'])[0]}-{int(match[1]):02}" if match else None


@dataclass(frozen=True)
class HeadingForm:
    """A heading, or an entry of the contents: of which level, and what it is printed as.

    ``below`` tells forms of one look apart: the level that is the nearest above.
    """

    level: str
    template: Template
    below: str | None = None

    def read(self, line: str) -> Mapping[str, str] | None:
        """Number and title of a line that is such a heading; one that is all title has its text for it."""
        for text in (line, without_list_mark(line)):
            if (found := self.template.match(text)) is not None:
                return {"title": text.strip(), **found}
        return None


@dataclass(frozen=True)
class ColumnForm:
    """What a column is that is headed so; the year where its heading prints none."""

    template: Template
    role: str
    unit: str | None = None
    attribute: str | None = None
    fiscal_year: int | None = None

    @property
    def is_year_alone(self) -> bool:
        """Whether only a year is printed: which may as well span columns of other roles."""
        return self.template.printed.strip() == "{year}"


@dataclass(frozen=True)
class ColumnHeading:
    """What one cell of a header says: the form it fits, a year, or both."""

    form: ColumnForm | None
    fiscal_year: int | None

    @property
    def role(self) -> str | None:
        """What the column is; ``None`` where the cell is a year alone."""
        return self.form.role if self.form else None


@dataclass(frozen=True)
class Layout:
    """The form of one kind of document; ``file`` is its name in messages."""

    name: str
    kind: str
    label: Template | None = None
    issued: Template | None = None
    contents_begin: Template | None = None
    entries: tuple[HeadingForm, ...] = ()
    headings: tuple[HeadingForm, ...] = ()
    #: The levels directly under which rows stand; empty for any.
    rows_under: tuple[str, ...] = ()
    columns: tuple[ColumnForm, ...] = ()
    #: ``has_mark`` and ``relisted``, as they are printed before a name.
    marks: Mapping[str, str] = field(default_factory=dict)
    omission: Template | None = None
    leave_out: tuple[Template, ...] = ()
    words: tuple[Mapping[str, Any], ...] = ()
    #: Of a list of grants.
    programme: Template | None = None
    periods: tuple[Template, ...] = ()
    grants: tuple[Template, ...] = ()
    amounts: tuple[Template, ...] = ()
    amount_unit: str = "千円"
    applicants: Mapping[Template, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of the file as messages give it."""
        return f"{paths.LAYOUTS}/{self.name}.yml"

    @property
    def levels(self) -> frozenset[str]:
        """All that it speaks of."""
        named = {level for form in (*self.entries, *self.headings) for level in (form.level, form.below)}
        return frozenset(filter(None, (*named, *self.rows_under)))

    @property
    def mark(self) -> str:
        """What stands before the name of an initiative that is marked; empty where none is."""
        return self.marks.get("has_mark", "")

    @property
    def relisted(self) -> str:
        """What stands before or behind the name of an initiative that is printed again; empty where none is."""
        return self.marks.get("relisted", "")

    def read_name(self, printed: str) -> tuple[str, bool, bool]:
        """A name without its marks, and whether it has the one and the other."""
        name, has_mark, is_relisted = printed, False, False
        if self.mark and name.startswith(self.mark):
            name, has_mark = name.removeprefix(self.mark).strip(), True
        if length := len(self.relisted):
            if _alike(name[:length]) == _alike(self.relisted):
                name, is_relisted = name[length:].strip(), True
            elif _alike(name[-length:]) == _alike(self.relisted):
                name, is_relisted = name[:-length].strip(), True
        return name, has_mark, is_relisted

    def without_relisted(self, title: str) -> str:
        """A title without the word of that mark behind it, in brackets of any kind: ``（再掲）``."""
        word = re.escape(self.relisted.strip("【】〔〕[]()（）"))
        return re.sub(rf"\s*[(（【〔\[]{word}[)）】〕\]]$", "", title) if word else title

    @property
    def first(self) -> str:
        """The printed heading of the column that a table begins with."""
        return self.columns[0].template.printed

    @property
    def units(self) -> tuple[str, ...]:
        """What amounts are counted in."""
        return tuple(dict.fromkeys(form.unit for form in self.columns if form.unit))

    def is_heading(self, line: str) -> bool:
        """Whether a line is a heading of the tree."""
        return any(form.read(line) for form in self.headings)

    @cached_property
    def _seen(self) -> dict[str, ColumnHeading | None]:
        return {}

    def column(self, printed: str) -> ColumnHeading | None:
        """What a cell of a header says; ``None`` where the layout does not know it."""
        if len(printed) > _LONGEST_HEADING:
            return None
        if printed not in self._seen:
            self._seen[printed] = self._column(printed)
        return self._seen[printed]

    def _column(self, printed: str) -> ColumnHeading | None:
        text = "".join(_alike(printed).split())
        for form in self.columns:
            if (found := form.template.match(text)) is not None:
                year = fiscal_year.parse(found["year"]) if "year" in found else form.fiscal_year
                return ColumnHeading(form, year)
        named = {name: form for form in self.columns if (name := _named(form)) and name in text}
        longest = max(named, key=len, default="")
        try:
            year = fiscal_year.parse(text.replace(longest, "", 1).strip("()の"))
        except ValueError:
            return None
        return ColumnHeading(named.get(longest), year)

    def is_header(self, cells: Iterable[str]) -> bool:
        """Whether a line begins a table: it has the heading of a name or an indicator, and of something else."""
        found = [heading.role for cell in cells if cell and (heading := self.column(cell))]
        return len(found) > 1 and not {"name", "indicator"}.isdisjoint(found)

    def unknown_column(self, printed: str) -> tuple[str, tuple[str, str]]:
        """What to do of a column that the layout does not know, and what to write into which file."""
        roles = "、".join(
            f"{role}＝{said}" for role, said in ROLES.items() if role not in ("settlement", "budget")
        )
        return (
            f"欄の名前なら、{self.file} の columns に、何の欄かを書いてください（{roles}。"
            "金額は {role: settlement, unit: 千円} か {role: budget, unit: 千円}）。"
            "年度の書き方は「H30」「R4」「令和4年度」「2022年度」「FY2022」です。"
        ), (self.file, f"{pasted(printed)}: leave_out")


def _named(form: ColumnForm) -> str:
    """The heading of a column without a year in it, which may stand before or behind."""
    return "" if form.template.placeholders else "".join(_alike(form.template.printed).split())


def read_layout(project: Path, name: str) -> Layout:
    """The layout of that name. Raises ``ImportProblem``."""
    file = f"{paths.LAYOUTS}/{name}.yml"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        remedy = "ファイルの名前から .yml を除いたものを、半角の英数字で書いてください。"
        raise ImportProblem(
            f"{paths.DECISIONS}/sources.yml", None, f"layout の「{name}」は名前に使えません。", remedy
        )
    try:
        text, content = read_yaml(project / file)
    except FileNotFoundError:
        remedy = (
            f"文書の形を書いたファイルを置くか、{paths.DECISIONS}/sources.yml の layout を直してください。"
        )
        raise ImportProblem(file, None, "ファイルがありません。", remedy) from None
    except Unreadable as error:
        remedy = error.remedy or "字下げをまわりの項目とそろえ、「:」の後に半角の空白を入れてください。"
        raise ImportProblem(file, error.line, error.message, remedy) from None
    for key, line in repeated_keys(text):
        raise ImportProblem(file, line, f"同じ項目「{key}」が2回あります。", "1つの項目にまとめてください。")
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in (PROGRESS_REPORT, GRANTS_DOCUMENT):
        message = f"kind が {PROGRESS_REPORT} でも {GRANTS_DOCUMENT} でもありません。"
        remedy = f"進捗の報告なら「kind: {PROGRESS_REPORT}」の行を書いてください。"
        raise ImportProblem(file, line_of(text, ["kind"]), message, remedy)
    for found in findings("layout", {kind: content}):
        place = found.place[1:]
        remedy = found.remedy or "ほかの項目の形に合わせてください。"
        raise ImportProblem(file, line_of(text, place), f"{name_of(content, place)}{found.message}", remedy)
    return _Reader(file, text, content).layout(name, kind)


def read_layouts(project: Path, kind: str) -> tuple[Layout, ...]:
    """All layouts of a kind that a project has. Raises ``ImportProblem``."""
    names = sorted(path.stem for path in (project / paths.LAYOUTS).glob("*.yml"))
    return tuple(layout for name in names if (layout := read_layout(project, name)).kind == kind)


class _Reader:
    """Values of a checked file as parts of a layout, with the line of what is wrong in them."""

    def __init__(self, file: str, text: str, content: Mapping[str, Any]) -> None:
        self.file, self.text, self.content = file, text, content

    def layout(self, name: str, kind: str) -> Layout:
        content, contents = self.content, self.content.get("contents", {})
        amounts = content.get("amounts", {})
        return Layout(
            name=name,
            kind=kind,
            label=self._template("label"),
            issued=self._template("issued"),
            contents_begin=self._template("contents", "begins") if contents else None,
            entries=self._headings("contents", "entries") if contents else (),
            headings=self._headings("headings"),
            rows_under=tuple(content.get("rows_under", ())),
            columns=tuple(self._columns(content.get("columns", {}))),
            marks=content.get("marks", {}),
            omission=self._template("omission"),
            leave_out=self._templates("leave_out"),
            words=tuple(content.get("words", ())),
            programme=self._template("programme"),
            periods=self._templates("periods"),
            grants=self._templates("grants"),
            amounts=self._templates("amounts", "printed") if amounts else (),
            amount_unit=amounts.get("unit", "千円"),
            applicants={
                self._made(printed, "applicants", printed): code
                for printed, code in content.get("applicants", {}).items()
            },
        )

    def _value(self, *place: str | int) -> Any:
        value: Any = self.content
        for step in place:
            value = value.get(step) if isinstance(value, dict) else value[step]
        return value

    def _template(self, *place: str | int) -> Template | None:
        value = self._value(*place)
        return None if value is None else self._made(value, *place)

    def _templates(self, *place: str | int) -> tuple[Template, ...]:
        return tuple(
            self._made(text, *place, number) for number, text in enumerate(self._value(*place) or ())
        )

    def _made(self, printed: str, *place: str | int) -> Template:
        template = Template(str(printed))
        names = template.placeholders
        if unknown := [name for name in names if name not in _PLACEHOLDERS]:
            raise self._problem(
                place,
                f"「{shortened(template.printed)}」の {{{unknown[0]}}} を知りません。",
                f"使えるのは{quoted(('{' + name + '}' for name in _PLACEHOLDERS), 30)}です。",
            )
        if len(template.free) > _MOST_FREE:
            message = f"「{shortened(template.printed)}」に、どんな字句でも合う {{…}} が{len(template.free)}あります。"
            remedy = f"{_MOST_FREE}つまでにしてください。続くところは、1つの {{any}} で足ります。"
            raise self._problem(place, message, remedy)
        groups = ["number" if name in _NUMBERS else name for name in names if name != "any"]
        if len(set(groups)) < len(groups):
            message = f"「{shortened(template.printed)}」に、同じ役目の {{…}} が2つあります。"
            raise self._problem(place, message, "片方を {any} にしてください。")
        return template

    def _headings(self, *place: str | int) -> tuple[HeadingForm, ...]:
        return tuple(
            HeadingForm(
                item["level"], self._made(item["printed"], *place, number, "printed"), item.get("below")
            )
            for number, item in enumerate(self._value(*place) or ())
        )

    def _columns(self, columns: Mapping[str, Any]) -> Iterable[ColumnForm]:
        for printed, value in columns.items():
            template = self._made("".join(str(printed).split()), "columns", printed)
            form = {"role": value} if isinstance(value, str) else value
            year = None
            if "year" in form:
                try:
                    year = fiscal_year.parse(form["year"])
                except ValueError:
                    message = (
                        f"「{shortened(str(printed))}」の year の「{form['year']}」は年度として読めません。"
                    )
                    remedy = "「year: R6」の形にしてください。"
                    raise self._problem(("columns", printed, "year"), message, remedy) from None
            yield ColumnForm(template, form["role"], form.get("unit"), form.get("attribute"), year)

    def _problem(self, place: Sequence[str | int], message: str, remedy: str) -> ImportProblem:
        return ImportProblem(self.file, line_of(self.text, place), message, remedy)
