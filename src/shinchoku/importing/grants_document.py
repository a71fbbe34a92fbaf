"""Parser of a list of grant projects: form, not meaning.

The form is for a layout to say: headings of programmes; headings of projects, each followed by a line with its
amount and lines that describe it. Which programme a project belongs to is not printed and
therefore not parsed: ``assemble`` takes it from the decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shinchoku import fiscal_year
from shinchoku.importing import cells
from shinchoku.importing.layouts import Layout, Template, issued_month
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.source_text import SourceText, collapsed
from shinchoku.text import quoted


@dataclass(frozen=True)
class Programme:
    """A programme heading; ``period_years`` is 1 where no number is printed."""

    line: int
    printed: str
    name: str
    share: str
    period: str
    first_fiscal_year: int
    period_years: int


@dataclass
class Project:
    """A granted project; amounts in thousand yen."""

    line: int
    name: str
    applicants: str
    applicant_type: str
    remark: str | None
    #: 0 until the line of the amount is read.
    amount_line: int = 0
    amount_printed: str = ""
    amount: int | Decimal = 0
    partner_amount: int | Decimal | None = None
    description: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class GrantsDocument:
    """The parsed document, in print order."""

    title: str
    title_line: int
    label: str | None = None
    label_line: int | None = None
    issued: str | None = None
    issued_line: int | None = None
    issued_month: str | None = None
    programmes: list[Programme] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)


def parse(text: SourceText, layout: Layout) -> GrantsDocument:
    """The document in ``text``. Raises ``ImportProblem`` naming the line."""
    lines = [(number, collapsed(line)) for number, line in text.numbered()]
    first, rest = lines[0], lines[1:]
    document = GrantsDocument(title=first[1], title_line=first[0])
    for number, line in rest:
        _read_line(document, layout, number, line, text.file)
    last = document.projects[-1] if document.projects else None
    if last is None or not document.programmes:
        raise ImportProblem(
            text.file,
            None,
            "交付金の制度か事業の見出しがありません。",
            f"原資料のテキストと、{layout.file} の programme・grants を確かめてください。",
        )
    if not last.amount_line:
        raise _without_amount(text.file, last, layout)
    return document


def _read_line(document: GrantsDocument, layout: Layout, number: int, line: str, file: str) -> None:
    current = document.projects[-1] if document.projects else None
    if layout.label and layout.label.match(line) is not None:
        document.label, document.label_line = line, number
    elif layout.programme and (found := layout.programme.match(line)):
        document.programmes.append(_programme(found, layout, number, line, file))
    elif found := _first(layout.grants, line):
        if current is not None and not current.amount_line:
            raise _without_amount(file, current, layout)
        document.projects.append(_project(found, layout, number, file))
    elif current is None:
        issued = layout.issued.match(line) if layout.issued else None
        if issued is None:
            raise ImportProblem(
                file,
                number,
                f"「{shortened(line)}」が何の行か分かりません。",
                f"表題・日付・制度の行と、{layout.file} を確かめてください。",
            )
        document.issued, document.issued_line = line, number
        document.issued_month = issued_month(issued)
    elif not current.amount_line:
        found = _first(layout.amounts, line)
        if not found:
            raise _without_amount(file, current, layout)
        current.amount_line, current.amount_printed = number, line
        current.amount = _thousand_yen(found["amount"], layout)
        current.partner_amount = _thousand_yen(found["partner"], layout) if "partner" in found else None
    else:
        current.description.append((number, line))


def _first(templates: Iterable[Template], line: str) -> Mapping[str, str] | None:
    return next((found for each in templates if (found := each.match(line)) is not None), None)


def _programme(found: Mapping[str, str], layout: Layout, number: int, line: str, file: str) -> Programme:
    period = _first(layout.periods, found["period"])
    if period is None:
        raise ImportProblem(
            file,
            number,
            f"期間「{found['period']}」を読めません。",
            f"読める形は{quoted(layout.periods)}です。新しい形なら、{layout.file} の periods に書いてください。",
        )
    return Programme(
        line=number,
        printed=line,
        name=found["name"],
        share=found["share"],
        period=found["period"],
        first_fiscal_year=fiscal_year.parse(period["year"]),
        period_years=int(period.get("years", 1)),
    )


def _project(found: Mapping[str, str], layout: Layout, number: int, file: str) -> Project:
    applicants = found["applicants"]
    kind = next(
        (code for form, code in layout.applicants.items() if form.match(applicants) is not None), None
    )
    if kind is None:
        raise ImportProblem(
            file,
            number,
            f"申請の形「{applicants}」を知りません。",
            f"印刷のとおりなら、{layout.file} の applicants に書いてください。\n"
            f"    {applicants}: {next(iter(layout.applicants.values()), '…')}",
        )
    return Project(number, found["name"], applicants, kind, found.get("remark"))


def _without_amount(file: str, project: Project, layout: Layout) -> ImportProblem:
    return ImportProblem(
        file,
        project.line,
        f"「{shortened(project.name)}」の次に額の行がありません。",
        f"{quoted(layout.amounts)}の形の行を確かめてください。",
    )


def _thousand_yen(printed: str, layout: Layout) -> int | Decimal:
    amount = cells.read_amount(printed, layout.amount_unit)[1]
    assert amount is not None, printed
    return amount
