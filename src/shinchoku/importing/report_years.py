"""Whether the years in the headings of a report can be right: every figure lands in the year above it.

Must not know what a heading looks like, nor what the figures say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from shinchoku import fiscal_year
from shinchoku.importing.layouts import ROLES
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.progress_report import Column, Report


def stated(entry: Mapping[str, Any], sources: str) -> int | None:
    """The year that an entry of ``sources`` says a report is of. Raises ``ImportProblem``."""
    if "report_year" not in entry:
        return None
    try:
        return fiscal_year.parse(entry["report_year"])
    except ValueError:
        message = f"{entry['id']} の report_year の「{entry['report_year']}」は年度として読めません。"
        raise ImportProblem(sources, None, message, "「report_year: R5」の形にしてください。") from None


def problems(
    report: Report, file: str, entry: Mapping[str, Any], before: tuple[str, int] | None, sources: str
) -> Iterator[ImportProblem]:
    """What is wrong in the headings of a report (``file``), or to be confirmed in its ``entry`` of ``sources``.

    ``before`` is the id of the report before it, and its year.
    """
    if not report.headers:
        return
    line, of_most = 0, report.columns
    alike: dict[Any, Counter[tuple[Column, ...]]] = defaultdict(Counter)
    for columns in report.headers.values():
        alike[_roles(columns)][columns] += 1
    for number, columns in reversed(report.headers.items()):
        if columns == of_most:
            line = number
            continue
        usual = alike[_roles(columns)].most_common(1)[0][0]
        if columns != usual:
            message = f"表の見出し（{_shown(columns)}）が、ほかの表（{_shown(usual)}）と違います。"
            yield ImportProblem(file, number, message, "年度と欄を、ほかの表とそろえてください。")
    year = report.fiscal_year
    if not year:
        message = "実績の欄がないので、どの年度の報告か決まりません。"
        remedy = f"{sources} の {entry['id']} の項目に「report_year: R5」の形で書いてください。"
        yield ImportProblem(file, line, message, remedy)
        return
    if before is not None and before[1] == year:
        message = f"{fiscal_year.era(year)}の報告が2つあります（{before[0]}、{entry['id']}）。"
        remedy = (
            "見出しの年度を確かめるか、どちらかの項目を外してください。"
            f"差し替えるなら、import progress に --source-id {before[0]} と --replace を付けてください。"
        )
        yield ImportProblem(sources, None, message, remedy)
        return
    actual_years = [column.fiscal_year or 0 for column in report.columns if column.role == "actual"]
    printed = [fiscal_year.short(each) for each in actual_years]
    doubts = list(_doubts(report, actual_years, before))
    if doubts and entry.get("years") != printed:
        message = f"見出しにある実績の年度（{'・'.join(printed)}）は、{'。'.join(doubts)}。"
        remedy = (
            f"見出しの年度を確かめてください。印刷のとおりで正しければ、{sources} の {entry['id']} の項目に"
            f"「years: [{', '.join(printed)}]」の行を加えてください"
            f"（初めて取り込む報告なら、同じ命令に --years {','.join(printed)} を付けてください）。"
        )
        yield ImportProblem(file, line, message, remedy)


def _doubts(report: Report, years: list[int], before: tuple[str, int] | None) -> Iterator[str]:
    newest = fiscal_year.short(report.fiscal_year)
    if any(later != earlier + 1 for earlier, later in pairwise(years)):
        yield "1年ずつ続いていません"
    if before is not None and report.fiscal_year != before[1] + 1:
        yield f"前の報告（{before[0]}、{fiscal_year.short(before[1])}）の次の年度（{fiscal_year.short(before[1] + 1)}）で終わっていません"
    if report.fiscal_year > max(fiscal_year.named_in(report.title), default=report.fiscal_year):
        yield f"表題「{shortened(report.title)}」の年度より後の {newest} を含みます"
    newest_of = {
        column.role: column.fiscal_year
        for column in sorted(report.columns, key=lambda column: column.fiscal_year or 0)
        if column.role in ("activities", "settlement")
    }
    if not {*newest_of.values()} <= {report.fiscal_year}:
        yield f"内容か決算額の年度（{_years({*newest_of.values()})}）と合いません"
    targets = [column.fiscal_year or 0 for column in report.columns if column.role == "target"]
    if report.fiscal_year > max(targets, default=report.fiscal_year):
        yield f"どの目標の年度（{fiscal_year.short(max(targets))}まで）よりも後の {newest} を含みます"
    if report.fiscal_year > date.today().year:
        yield f"まだ始まっていない {newest} を含みます"


def _shown(columns: Iterable[Column]) -> str:
    return "・".join(
        f"{fiscal_year.short(column.fiscal_year)}{ROLES[column.role]}"
        for column in columns
        if column.fiscal_year
    )


def _roles(columns: Iterable[Column]) -> tuple[tuple[str, str | None], ...]:
    """What the columns of a table are, whatever their years."""
    return tuple((column.role, column.attribute) for column in columns)


def _years(years: Iterable[int | None]) -> str:
    return "・".join(fiscal_year.short(year) for year in sorted(filter(None, years)))
