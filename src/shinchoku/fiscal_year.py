"""Japanese fiscal years (年度): the Western year in which the year's April lies.

A fiscal year is an ``int``: 平成30年度 = H30 = 2018, 令和元年度 = R1 = 2019.
The fiscal year April 2019 to March 2020 is called 令和元年度 (or R1) in the
reports although April 2019 was still 平成31年; era libraries get this wrong.
A plan may count calendar years (年) instead: each is a ``CalendarYear``, and called as one.
Years are read in any width.
Must not import anything of this project.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date

#: (letter, name, fiscal year numbered 1), newest first.
_ERAS = (("R", "令和", 2019), ("H", "平成", 1989), ("S", "昭和", 1926))
#: A year of either calendar; whether it is a fiscal year is said by what stands around it.
_YEAR = re.compile(
    r"(?:(?P<era>令和|平成|昭和|(?<![A-Za-z0-9])[RHS])\s*(?P<number>0?[1-9]|[1-9][0-9]|元)"
    r"|(?<![0-9])(?P<western>(?:19[3-9]|20[0-9])[0-9]))(?![A-Za-z0-9])"
)
#: A day: that of a month, or the last of a month, a year or a fiscal year (``fiscal``).
_DAY = re.compile(
    rf"{_YEAR.pattern}\s*(?:"
    r"年(?P<fiscal>度)?(?P<end_of_year>末)"
    r"|[年./]\s*(?P<month>1[0-2]|0?[1-9])(?![0-9])(?:月?末|[月./]\s*(?P<day>[12][0-9]|3[01]|0?[1-9])(?![0-9])))"
    r"(?!日?\s*(?:頃|ごろ|以降))"
)
_DAY_ALONE = re.compile(rf"{_DAY.pattern}日?(?:時点|現在)?")
#: How a year is written, ``{}`` being its word; ``E`` is a year of an era, ``W`` a Western one, which alone could be any
#: number. What months or what day it has may stand there where that is all of it: a part of a year is not that year.
_FORM = r"(?:E(?:{0})?(?:[(/]W(?:{0})?\)?(?:{0})?)?|W{0}(?:[(/]E(?:{0})?\)?)?|W[(/]E(?:{0})?\)?(?:{0})?)"
_WRITTEN = re.compile(
    rf"(?:{_FORM.format('年度')}|FYW(?:年度)?(?:[(/]E(?:年度)?\)?)?)"
    r"(?:\(?4月?[~〜-](?:翌年?)?3月\)?)?"
)
_WRITTEN_CALENDAR = re.compile(rf"{_FORM.format('年')}(?:\(?(?:1月?[~〜-]12月|暦年)\)?)?")
#: Full width only: what else stands for a digit (``²``, ``⑤``) is a mark beside it.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}


class CalendarYear(int):
    """A year from January to December; every other ``int`` is a fiscal year."""

    def __add__(self, years: int) -> CalendarYear:
        return CalendarYear(int(self) + years)

    def __sub__(self, other: int) -> int:
        difference = int(self) - other
        return difference if isinstance(other, CalendarYear) else CalendarYear(difference)


def _number(match: re.Match[str]) -> int:
    if match["western"]:
        return int(match["western"])
    first = next(first for letter, name, first in _ERAS if match["era"] in (letter, name))
    return first + (1 if match["number"] == "元" else int(match["number"])) - 1


def named_in(text: str) -> tuple[int, ...]:
    """The years of either calendar that a text names, as 2017 for 「平成29年11月」 and 「H29.11」."""
    return tuple(map(_number, _YEAR.finditer(text.translate(_HALF_WIDTH))))


def day_named_in(text: str) -> date | None:
    """The day that a text names to the day: 「R5.3末」, 「令和5年3月31日」, 「R4年度末」; ``None`` where it is not so exact."""
    match = _DAY.search(text.translate(_HALF_WIDTH))
    if match is None:
        return None
    year = _number(match)
    if match["end_of_year"]:
        return date(year + 1, 3, 31) if match["fiscal"] else date(year, 12, 31)
    month = int(match["month"])
    try:
        return date(year, month, int(match["day"] or monthrange(year, month)[1]))
    except ValueError:
        return None


def parse(text: str, calendar: bool = False) -> int:
    """The fiscal year of ``H30``, ``R元``, ``令和4年度``, ``FY2022``, ``令和4年度(2022年度)``, ``R5.3末`` …

    Or the ``CalendarYear`` of ``R4``, ``令和4年``, ``2022年(1～12月)``, ``R4.12末`` …
    Raises ``ValueError`` for anything else, as for two years that differ, and for a year of the other kind.
    """
    printed = "".join(text.translate(_HALF_WIDTH).upper().split())
    written = _YEAR.sub(lambda match: "W" if match["western"] else "E", printed)
    years = set(named_in(printed))
    if len(years) == 1 and (_WRITTEN_CALENDAR if calendar else _WRITTEN).fullmatch(written):
        year = years.pop()
        return CalendarYear(year) if calendar else year
    day = day_named_in(printed) if _DAY_ALONE.fullmatch(printed) else None
    if day and (day.month, day.day) == ((12, 31) if calendar else (3, 31)):
        return CalendarYear(day.year) if calendar else day.year - 1
    raise ValueError(f"not a {'calendar' if calendar else 'fiscal'} year: {text!r}")


def moved(text: str, by: int) -> str:
    """``text`` with each fiscal year in it (not 「R5.3」, a mere number or a 「令和5年」 not alone) moved by some years."""
    half_width = text.translate(_HALF_WIDTH)
    for match in reversed(list(_YEAR.finditer(half_width)) if by else []):
        before, after = half_width[: match.start()], half_width[match.end() :].lstrip()
        year = _number(match) + by
        if match["western"]:
            is_fiscal = after.startswith("年度") or before.endswith(("FY", "("))
            later = str(year)
        else:
            is_fiscal = not re.match(r"[.]|年(?!度)", after)
            later = short(year) if len(match["era"]) == 1 else era(year).removesuffix("年度")
        if is_fiscal or (not before.strip() and after.strip() == "年"):
            text = text[: match.start()] + later + text[match.end() :]
    return text


def _era(year: int) -> tuple[str, str, int]:
    for letter, name, first in _ERAS:
        if year >= first:
            return letter, name, year - first + 1
    raise ValueError(f"no era for fiscal year {year}")


def word(year: int) -> str:
    """What a year of this kind is called: ``年度`` or ``年``."""
    return "年" if isinstance(year, CalendarYear) else "年度"


def short(year: int) -> str:
    """``R4`` for 2022."""
    letter, _, number = _era(year)
    return f"{letter}{number}"


def era(year: int) -> str:
    """``令和4年度`` for 2022, ``令和元年度`` for 2019."""
    _, name, number = _era(year)
    return f"{name}{'元' if number == 1 else number}{word(year)}"


def span(years: Iterable[int]) -> str:
    """``平成28〜29年度``, ``平成30年度〜令和2年度``; a single year is called as alone."""
    ordered = sorted(years)
    first, last = era(ordered[0]), era(ordered[-1])
    if first == last:
        return first
    name = _era(ordered[0])[1]
    if last.startswith(name):
        first = first.removesuffix(word(ordered[0]))
    return f"{first}〜{last.removeprefix(name)}"


def both(year: int) -> str:
    """``令和4年度（2022年度）``."""
    return f"{era(year)}（{year}{word(year)}）"
