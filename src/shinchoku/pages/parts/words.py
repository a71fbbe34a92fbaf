"""How numbers, years and codes are said in Japanese on a page.

Pure functions from a value to text; escaping is the templates' work. Must not
import anything that reads files or makes HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shinchoku import fiscal_year
from shinchoku.metrics import Assessment, ListingMatch
from shinchoku.reports_compared import RevisionKind
from shinchoku.wording import MISSING, number


@dataclass(frozen=True)
class Verdict:
    """An assessment in words; the symbol tells them apart without colour."""

    symbol: str
    label: str
    meaning: str


VERDICTS: dict[Assessment, Verdict] = {
    Assessment.ACHIEVED: Verdict("◯", "目標達成", "実績の数値が目標に達しています。"),
    Assessment.NOT_ACHIEVED: Verdict(
        "△", "目標未達", "実績の数値が目標に届いていません。言葉どうしのときは、目標の言葉と異なります。"
    ),
    Assessment.ACHIEVED_QUALITATIVE: Verdict(
        "●", "目標の段階に到達", "言葉で書かれた実績が、目標の言葉と同じです。"
    ),
    Assessment.PROVISIONAL: Verdict("◇", "見込み値のため保留", "実績が見込み値なので、判定していません。"),
    Assessment.PENDING: Verdict("…", "集計中", "実績がまだ集計中・調査中なので、判定できません。"),
    Assessment.NO_ACTUAL: Verdict(
        "？", "実績の印刷なし", "目標はありますが、比べられる実績の印刷がありません。"
    ),
    Assessment.NO_TARGET: Verdict("＊", "目標の印刷なし", "実績はありますが、目標の印刷がありません。"),
    Assessment.NONE: Verdict("／", "実績・目標の印刷なし", "比べられる実績も目標も印刷されていません。"),
}

#: Short words for the reasons why a cell has no number, next to the longer labels of the schema.
STATUSES: dict[str, str] = {"reported": "値あり", **MISSING}

#: What each of these words stands for in print.
STATUS_MEANINGS: dict[str, str] = {
    "pending": "「集計中」「調査中」など、まだ数えている途中と印刷されています。",
    "not_surveyed": "「調査未実施」「非調査年」など、その年度は調べていないと印刷されています。",
    "not_calculable": "「集計不可」など、算出できないと印刷されています。",
    "not_stated": "「—」や「-」だけが印刷され、理由の印刷はありません。",
    "no_target": "目標値を設けていないと印刷されています。",
    "blank": "何も印刷されていません。",
}

MATCHES: dict[ListingMatch, str] = {
    ListingMatch.IDENTICAL: "同じ印刷",
    ListingMatch.FORMAT: "書式だけの違い",
    ListingMatch.SUBSTANCE: "内容の違い",
}


@dataclass(frozen=True)
class Revised:
    """How a later report differs, in words; ``mark`` stands beside the value (empty: it stays as it was)."""

    label: str
    mark: str
    meaning: str


REVISIONS: dict[RevisionKind, Revised] = {
    RevisionKind.REVISED: Revised("改められた", "改定あり", "前の報告と違う値が印刷されています。"),
    RevisionKind.SETTLED: Revised("確定した", "後で確定", "前の報告では値がなく、後の報告で印刷されました。"),
    RevisionKind.WITHDRAWN: Revised(
        "取り下げ", "取り下げ", "前の報告にあった値が、後の報告では印刷されていません。"
    ),
    RevisionKind.REWORDED: Revised("書き方だけ", "", "値は同じで、印刷の書き方だけが違います。"),
}

_PRINTED_COLUMN = re.compile(r"(actual|target|settlement)_(\d{4})(_thousand_yen)?")
_ROLES = {"actual": "実績", "target": "目標", "settlement": "決算見込額（千円）"}
_COLUMNS = {"name": "事業名", "indicator": "指標", "activities": "内容"}


def signed(value: Decimal) -> str:
    """``+12``, ``−3.5`` or ``±0``."""
    if value == 0:
        return "±0"
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


def rate(value: Decimal) -> str:
    """``58.3%``."""
    return f"{number(value)}%"


def thousand_yen(amount: int) -> str:
    """An amount as the documents print it: ``93,198,101千円``."""
    return f"{amount:,}千円"


def yen(amount_thousand: int) -> str:
    """The same amount the way people say it: ``約931億9,810万円``; 約 only if rounded."""
    ten_thousand, rest = divmod(abs(amount_thousand), 10)
    if ten_thousand == 0:
        return f"{amount_thousand * 1000:,}円"
    ten_thousand += rest >= 5
    oku, man = divmod(ten_thousand, 10000)
    words = (f"{oku:,}億" if oku else "") + (f"{man:,}万" if man else "") + "円"
    return f"{'約' if rest else ''}{'−' if amount_thousand < 0 else ''}{words}"


def year(value: int) -> str:
    """``令和4年度（2022年度）``."""
    return fiscal_year.both(value)


def printed_column(column: str) -> str:
    """A column of the printed table: ``actual_2021`` → ``令和3年度（2021年度）の実績``."""
    match = _PRINTED_COLUMN.fullmatch(column)
    if match is None:
        return _COLUMNS[column]
    return f"{year(int(match[2]))}の{_ROLES[match[1]]}"


#: How sure a reading is, from the surest: a confidence of at least so much, and the word for it.
CONFIDENCES = (
    (Decimal("0.9"), "とても高い"),
    (Decimal("0.75"), "高い"),
    (Decimal("0.6"), "中くらい"),
    (Decimal(0), "低い"),
)


def confidence(value: Decimal) -> str:
    """``高い`` for 0.8."""
    return next(word for least, word in CONFIDENCES if value >= least)


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
