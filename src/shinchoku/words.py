"""How numbers, years and calculated codes are said in Japanese, on a page, in a picture and in an export.

Pure functions from a value to text; escaping is the templates' work. Must not
import anything that reads a project's files or makes HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shinchoku import calculated, fiscal_year
from shinchoku.metrics import Assessment, IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.joins import Tables
from shinchoku.package.records import Amount, Observation

#: The codes that are calculated; those that stand in tables are called as the Table Schemas say.
ASSESSMENTS = calculated.codes("assessment")
TRENDS = calculated.codes("trend")
MATCHES = calculated.codes("match")
#: How a later report differs; ``short`` stands beside the value, and is empty where that stayed as it was.
REVISIONS = calculated.codes("kind")


def doubt(result: IndicatorResult) -> str:
    """The mark of a verdict that a note bears on; ``""`` where none does."""
    return "値への疑問" if result.doubts else "指標などへの疑問" if result.cautions else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Assessments that are counted together, and how that is said."""

    name: str
    symbol: str
    short: str
    label: str
    assessments: tuple[Assessment, ...]


_DECIDED = (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE, Assessment.NOT_ACHIEVED)
#: The one grouping of assessments, in the order in which they are shown.
OUTCOMES = (
    Outcome("reached", "◯", "届いた", "目標に届いた", _DECIDED[:2]),
    Outcome("missed", "△", "届かなかった", "目標に届かなかった", _DECIDED[2:]),
    Outcome(
        "open", "…", "判定なし", "判定していない", tuple(item for item in Assessment if item not in _DECIDED)
    ),
)

#: How far something is on its way from a base value to a target: of the way, in %, at least so much, and the word.
STAGES = (
    (Decimal(100), "目標の値まで来ている"),
    (Decimal(50), "半分以上進んだ"),
    (Decimal("0.1"), "半分より手前"),
    (Decimal("-Infinity"), "基準値から進んでいない"),
)


def stage(progress: Decimal) -> str:
    """``半分以上進んだ`` for 73.3."""
    return next(word for least, word in STAGES if progress >= least)


_OF_YEAR = re.compile(r"([a-z]+)_(\d{4})(_thousand_yen)?")
#: A column of the printed table of no year → the table and column of the package by which it is called.
_CALLED_AS = {
    "name": ("initiatives", "name"),
    "indicator": ("indicators", None),
    "unit": ("indicators", "unit"),
    "activities": ("activities", None),
}


def number(value: Decimal | int) -> str:
    """``1,270`` or ``82.3``: thousands separated, decimals as they are."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def value(item: Observation) -> str:
    """The number of an observation, ``10〜15`` for a range, or what it says instead."""
    if item.value is None:
        return item.text or ""
    return number(item.value) + ("" if item.upper_value is None else f"〜{number(item.upper_value)}")


def share(part: Amount, whole: Amount) -> str:
    """``40.4%``, or a statement that there is nothing to divide by."""
    if whole == 0:
        return "計算できません"
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent}%"


def signed(value: Decimal) -> str:
    """``+12``, ``−3.5`` or ``±0``."""
    if value == 0:
        return "±0"
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


def rate(value: Decimal) -> str:
    """``58.3%``."""
    return f"{number(value)}%"


def thousand_yen(amount: Amount) -> str:
    """An amount as the documents print it: ``93,198,101千円``."""
    return f"{amount:,}千円"


def yen(amount_thousand: Amount) -> str:
    """The same amount the way people say it: ``約931億9,810万円``; 約 only if rounded."""
    whole, rest = divmod(abs(Decimal(amount_thousand)), 10)
    ten_thousand = int(whole)
    if ten_thousand == 0:
        return f"{int(amount_thousand * 1000):,}円"
    ten_thousand += rest >= 5
    oku, man = divmod(ten_thousand, 10000)
    words = (f"{oku:,}億" if oku else "") + (f"{man:,}万" if man else "") + "円"
    return f"{'約' if rest else ''}{'−' if amount_thousand < 0 else ''}{words}"


def yen_in_english(amount_thousand: Amount) -> str:
    """``4,757 million yen``, as there is no word for 億."""
    return f"{Decimal(amount_thousand).scaleb(-3).quantize(Decimal(1), ROUND_HALF_UP):,} million yen"


def year(value: int) -> str:
    """``令和4年度（2022年度）``."""
    return fiscal_year.both(value)


def printed_column(package: Tables, column: str) -> str:
    """A column of the printed table: ``actual_2021`` → ``令和3年度（2021年度）の実績``."""
    of_year, called = _printed_column(package, column)
    return called if of_year is None else f"{year(of_year)}の{called}"


def printed_column_short(package: Tables, column: str) -> str:
    """The same where there is little room: ``R3 実績``."""
    of_year, called = _printed_column(package, column)
    return called if of_year is None else f"{fiscal_year.short(of_year)} {called}"


def _printed_column(package: Tables, column: str) -> tuple[int | None, str]:
    """The year that a column is of, and what it is called without that."""
    if match := _OF_YEAR.fullmatch(column):
        role, of_year, is_amount = match[1], int(match[2]), match[3]
        if is_amount:
            return of_year, f"{dictionary.title(package, f'{role}s', 'amount_thousand_yen')}（千円）"
        codes = dictionary.codes(package, "observations", "role")
        return of_year, codes[role].label if role in codes else role
    if column in _CALLED_AS:
        return None, dictionary.title(package, *_CALLED_AS[column])
    codes = dictionary.codes(package, "attributes", "attribute")
    code = codes.get(column.removeprefix("attribute_"))
    return None, code.label if code else column


#: How sure a reading is, from the surest: a confidence of at least so much, the word for it, and what that means.
CONFIDENCES = (
    (Decimal("0.9"), "とても高い", "資料の書き方から、ほかの読み方はほとんど考えられません。"),
    (Decimal("0.75"), "高い", "はっきりした手がかりがありますが、ほかの読み方もできます。"),
    (Decimal("0.6"), "中くらい", "手がかりはありますが、違うかもしれません。"),
    (Decimal(0), "低い", "似たところがあるだけで、違うことも十分にありえます。"),
)


def confidence(value: Decimal) -> str:
    """``高い`` for 0.8."""
    return next(word for least, word, _ in CONFIDENCES if value >= least)


def line(number_of_line: int) -> str:
    """A line of a source document: ``50行目``."""
    return f"{number_of_line}行目"


def day(value: date) -> str:
    """``2027年1月5日``."""
    return f"{value.year}年{value.month}月{value.day}日"


def month(value: str) -> str:
    """``2017年11月`` for ``2017-11``."""
    western, _, number_of_month = value.partition("-")
    return f"{western}年{int(number_of_month)}月"
