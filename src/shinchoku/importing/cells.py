"""The grammar of printed cells: what a cell of the report says, and what not.

Pure functions from printed text to values. A cell outside the grammar raises
``UnreadableCell``: it is never taken for a word by accident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shinchoku import fiscal_year
from shinchoku.importing.source_text import collapsed

_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_ERA_YEAR = r"(?P<year>(?:令和|平成)\s*(?:[0-9]{1,2}|元)\s*年度)"

#: Units that a report prints in parentheses after an indicator's name.
UNITS = frozenset(
    "人 千人 万人 件 千件 社 企業 事業所 団体 店 世帯 戸 棟 室 台 回 日 年 円 千円 百万円 億円 "
    "% ％ ポイント ha km km2 t 千t 万t kg kWh 泊 人泊 万人泊 か所 箇所 地区 本 冊 名".split()
)


class UnreadableCell(ValueError):
    """The cell says something the grammar does not know."""


@dataclass(frozen=True)
class Reading:
    """What an 実績 or 目標 cell says; the fields are those of an observation.

    ``unit`` is the unit where it is printed in the cell itself.
    """

    status: str
    value: Decimal | None = None
    text: str | None = None
    qualifier: str | None = None
    remark: str | None = None
    unit: str | None = None


def number(text: str) -> Decimal | None:
    """``1,158`` or ``16.1`` or ``1013`` as a number, else ``None``."""
    match = re.fullmatch(_NUMBER, text)
    return Decimal(match["number"].replace(",", "")) if match else None


#: (pattern, status) of cells that print a reason instead of a number. The
#: group ``remark`` is the part that says more than the status does.
_REASONS = [
    (re.compile(r"[—–―-]"), "not_stated"),
    (re.compile(r"集計中|調査中"), "pending"),
    (re.compile(r"(?P<remark>[0-9]{4}\.[0-9]{1,2}頃実績確定)"), "pending"),
    (re.compile(r"(?:調査未実施|非調査年)\s*(?:\((?P<remark>.+)\))?"), "not_surveyed"),
    (re.compile(r"集計不可|算出不可"), "not_calculable"),
    (re.compile(r"[—–―-]\s*\((?P<remark>.*算出不可)\)"), "not_calculable"),
    (re.compile(r"[—–―-]\s*\((?P<remark>.*目標値なし)\)"), "no_target"),
]
_ESTIMATE = re.compile(_NUMBER + r"\s*\((?P<remark>見込み?値?)\)")
_AS_OF = re.compile(_NUMBER + r"\s*(?P<remark>※.+時点)")
_WITH_UNIT = re.compile(_NUMBER + r"\s*(?P<unit>[^0-9\s(※,.][^(※]*)")
#: Words that would explain a missing value; in a word not known above they
#: must not pass as a qualitative value.
_SUSPICIOUS = re.compile(r"集計|調査|算出|未定|不明|なし|不可|確定|[0-9０-９※—]")


def read_observation(printed: str) -> Reading:
    """What an 実績 or 目標 cell (white space collapsed) says."""
    if printed == "":
        return Reading("blank")
    for pattern, status in _REASONS:
        if match := pattern.fullmatch(printed):
            return Reading(status, remark=match.groupdict().get("remark"))
    if (value := number(printed)) is not None:
        return Reading("reported", value=value)
    for pattern, qualifier in ((_ESTIMATE, "estimate"), (_AS_OF, "as_of")):
        if match := pattern.fullmatch(printed):
            return Reading(
                "reported", value=number(match["number"]), qualifier=qualifier, remark=match["remark"]
            )
    if match := _WITH_UNIT.fullmatch(printed):
        return Reading("reported", value=number(match["number"]), unit="".join(match["unit"].split()))
    if _SUSPICIOUS.search(printed):
        raise UnreadableCell(printed)
    return Reading("reported", text=printed)


def read_amount(printed: str) -> tuple[str, int | None]:
    """(status, thousand yen) of a 決算見込額 cell."""
    if printed == "":
        return "blank", None
    if re.fullmatch(r"[—–―-]", printed):
        return "not_stated", None
    value = number(printed)
    if value is None or value != value.to_integral_value():
        raise UnreadableCell(printed)
    return "reported", int(value)


@dataclass(frozen=True)
class IndicatorName:
    """A printed indicator name taken apart."""

    label: str
    unit: str | None
    accumulation: str


_ACCUMULATION = {"累計": "cumulative", "年間": "annual", "単年": "single_year", "単年度": "single_year"}


def read_indicator_name(printed: str) -> IndicatorName:
    """Label, unit and accumulation; other parentheses belong to the label."""
    unit, accumulation = None, None
    label = printed
    for inner in re.findall(r"\(([^()]*)\)", printed):
        if inner in _ACCUMULATION:
            accumulation = _ACCUMULATION[inner]
        elif inner in UNITS:
            unit = inner.replace("％", "%")
        else:
            continue
        label = label.replace(f"({inner})", "", 1)
    if accumulation is None:
        accumulation = "annual" if "年間" in printed else "unspecified"
    return IndicatorName(collapsed(label), unit, accumulation)


@dataclass(frozen=True)
class Ending:
    """How an initiative ended; ``merged_into`` is the printed name."""

    lifecycle: str
    last_fiscal_year: int
    merged_into: str | None = None


_ENDINGS = [
    (re.compile(rf"\({_ERA_YEAR}(?:をもって|事業)終了\)"), "ended"),
    (re.compile(rf"\({_ERA_YEAR}単年(?:度)?事業\)"), "single_year"),
    (re.compile(rf"\({_ERA_YEAR}から(?P<into>.+)に統合\)"), "merged"),
]
_LIKE_AN_ENDING = re.compile(r"\([^()]*(?:終了|統合|廃止|移管|休止)[^()]*\)")


def read_ending(activities: str) -> Ending | None:
    """The ending that a 内容 cell prints instead of activities, if it does."""
    for pattern, lifecycle in _ENDINGS:
        if match := pattern.fullmatch(activities):
            year = fiscal_year.parse(match["year"])
            if lifecycle == "merged":
                return Ending(lifecycle, year - 1, match["into"])
            return Ending(lifecycle, year)
    if _LIKE_AN_ENDING.fullmatch(activities):
        raise UnreadableCell(activities)
    return None


@dataclass(frozen=True)
class Item:
    """One item of a 内容 cell; ``marker + text`` joined by spaces is the cell."""

    marker: str | None
    text: str
    split_basis: str


_MARKER = re.compile(r"[・①-⑳]")


def split_activities(cell: str) -> list[Item]:
    """The items of a 内容 cell (white space collapsed).

    An item starts at a printed marker. Where the cell has none, a space ends
    an item, unless it stands inside brackets or between Latin words: that is
    a reading, and marked as such.
    """
    words = cell.split(" ")
    if cell == "":
        return []
    marked = any(_MARKER.match(word) for word in words)
    parts = [words[0]]
    for before, word in zip(words, words[1:], strict=False):
        if _MARKER.match(word) if marked else _separates(parts[-1], before, word):
            parts.append(word)
        else:
            parts[-1] += " " + word
    if len(parts) == 1 and not marked:
        return [Item(None, cell, "whole_cell")]
    basis = "marker" if marked else "space"
    return [
        Item(part[0], part[1:], basis) if _MARKER.match(part) else Item(None, part, basis) for part in parts
    ]


def _separates(part: str, before: str, after: str) -> bool:
    inside_brackets = any(part.count(left) > part.count(right) for left, right in ("「」", "()", "（）"))
    between_latin = before[-1].isascii() and after[0].isascii()
    return not inside_brackets and not between_latin
