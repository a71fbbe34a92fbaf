"""Parser of the list of grant projects (地方創生関連交付金の対象事業について).

The form: programme headings 「名前＜国費の割合＞【期間】」; project headings
「名前＜申請の形＞ ※注」 followed by an amount line 「国費 N 千円（北海道 M 千円）」
and description lines. Which programme a project belongs to is not printed and
therefore not parsed: ``assemble`` takes it from the decisions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shinchoku import fiscal_year
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.source_text import SourceText, collapsed

_LABEL = re.compile(r"参考資料\s*[0-9０-９]+")
#: The month of an issue and who issued it; a year is one that ``fiscal_year`` finds.
_ISSUED = re.compile(
    r"(?P<year>[^.年]+)(?:\.|年)\s*(?P<month>0?[1-9]|1[0-2])(?:月(?:[0-9]+日)?)?\s+(?P<publisher>.+)"
)
_PROGRAMME = re.compile(r"(?P<name>.+交付金)＜(?P<share>[^＞]*国費)＞【(?P<period>.+)】")
_PERIOD = re.compile(r"(?P<year>.+年度)(?:から\s*(?P<years>[0-9]+)\s*年間実施|実施（(?P<single>単年度)）)")
_GRANT = re.compile(r"(?P<name>.+)＜(?P<applicants>[^＞]*申請)＞\s*(?P<remark>※.+)?")
_YEN = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_AMOUNT = re.compile(rf"国費\s*(?P<city>{_YEN})\s*千円\s*(?:（北海道\s*(?P<hokkaido>{_YEN})\s*千円）)?")

_APPLICANT_TYPES = [
    (re.compile(r"単独申請"), "city_alone"),
    (re.compile(r"道との?共同申請"), "joint_with_hokkaido"),
    (re.compile(r"道と\s*[0-9]+\s*(?:自治体|市町村)との?共同申請"), "joint_with_hokkaido_and_municipalities"),
]


@dataclass(frozen=True)
class Programme:
    """A programme heading; ``period_years`` is 1 for 単年度."""

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
    amount: int = 0
    hokkaido_amount: int | None = None
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


def parse(text: SourceText) -> GrantsDocument:
    """The document in ``text``. Raises ``ImportProblem`` naming the line."""
    lines = [(number, collapsed(line)) for number, line in text.numbered()]
    first, rest = lines[0], lines[1:]
    document = GrantsDocument(title=first[1], title_line=first[0])
    for number, line in rest:
        _read_line(document, number, line, text.file)
    last = document.projects[-1] if document.projects else None
    if last is None or not document.programmes:
        raise ImportProblem(
            text.file,
            None,
            "交付金の制度か事業の見出しがありません。",
            "原資料のテキストを確かめてください。",
        )
    if not last.amount_line:
        raise _without_amount(text.file, last)
    return document


def _read_line(document: GrantsDocument, number: int, line: str, file: str) -> None:
    current = document.projects[-1] if document.projects else None
    if _LABEL.fullmatch(line):
        document.label, document.label_line = line, number
    elif match := _PROGRAMME.fullmatch(line):
        document.programmes.append(_programme(match, number, line, file))
    elif match := _GRANT.fullmatch(line):
        if current is not None and not current.amount_line:
            raise _without_amount(file, current)
        document.projects.append(_project(match, number, file))
    elif current is None:
        match = _ISSUED.fullmatch(line)
        years = fiscal_year.named_in(match["year"]) if match else ()
        if match is None or len(years) != 1:
            raise ImportProblem(
                file,
                number,
                f"「{shortened(line)}」が何の行か分かりません。",
                "表題・日付・制度の行を確かめてください。",
            )
        document.issued, document.issued_line = line, number
        document.issued_month = f"{years[0]}-{int(match['month']):02}"
    elif not current.amount_line:
        match = _AMOUNT.fullmatch(line)
        if match is None:
            raise _without_amount(file, current)
        current.amount_line, current.amount_printed = number, line
        current.amount = _yen(match["city"])
        current.hokkaido_amount = _yen(match["hokkaido"]) if match["hokkaido"] else None
    else:
        current.description.append((number, line))


def _programme(match: re.Match[str], number: int, line: str, file: str) -> Programme:
    period = _PERIOD.fullmatch(match["period"])
    try:
        first_fiscal_year = fiscal_year.parse(period["year"] if period else "")
    except ValueError:
        period = None
    if period is None:
        raise ImportProblem(
            file,
            number,
            f"期間「{match['period']}」を読めません。",
            "「H29年度から3年間実施」の形か確かめてください。",
        )
    return Programme(
        line=number,
        printed=line,
        name=match["name"],
        share=match["share"],
        period=match["period"],
        first_fiscal_year=first_fiscal_year,
        period_years=1 if period["single"] else int(period["years"]),
    )


def _project(match: re.Match[str], number: int, file: str) -> Project:
    applicants = match["applicants"]
    kind = next((kind for pattern, kind in _APPLICANT_TYPES if pattern.fullmatch(applicants)), None)
    if kind is None:
        raise ImportProblem(
            file,
            number,
            f"申請の形「{applicants}」を知りません。",
            "「単独申請」「道と共同申請」などの形か確かめてください。",
        )
    return Project(number, match["name"].strip(), applicants, kind, match["remark"])


def _without_amount(file: str, project: Project) -> ImportProblem:
    return ImportProblem(
        file,
        project.line,
        f"「{shortened(project.name)}」の次に国費の額の行がありません。",
        "「国費 25,000 千円」の形の行を確かめてください。",
    )


def _yen(printed: str) -> int:
    return int(printed.replace(",", ""))
