"""The grammar of printed cells: what a cell of the report says, and what not.

Pure functions from printed text to values. A cell is read as a whole or not at all: one that is not
of the grammar, or has anything left over, raises ``UnreadableCell`` and is for people to decide.
The words it knows stand in ``cell_words.json``, all others in the decisions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from shinchoku import fiscal_year
from shinchoku.importing.source_text import collapsed
from shinchoku.text import half_width, says_nothing

_WORDS = json.loads(Path(__file__).with_name("cell_words.json").read_text(encoding="utf-8"))

_NUMBER = r"(?P<number>[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)"
_SIGN = r"(?P<sign>[-+]|[▲△]\s?)?"
_ERA_YEAR = r"(?P<year>(?:令和|平成)\s*(?:0?[1-9]|[1-9][0-9]|元)\s*年度)"
#: A year, perhaps with a month and a day, and what makes it less exact.
_DATE = (
    r"(?:(?:令和|平成|[RH])\s?(?:[0-9]{1,2}|元)|[0-9]{4}(?=\s?年|[./]))\s?(?:年度?)?"
    r"(?:[./]?\s?[0-9]{1,2}月?)?(?:[./]?[0-9]{1,2}日?)?(?:初め|末|中|頃|ごろ|上旬|中旬|下旬|[春夏秋冬]|以降|に)*"
)
_TO_COME = rf"{_DATE}\s?(?:実績)?値?[をの]?(?:公表|発表|判明|集計|算出|確定)(?:予定|見込み?)"


class UnreadableCell(ValueError):
    """The cell says something the grammar does not know; ``unit`` is all that is unknown of a number."""

    def __init__(self, printed: str, unit: str | None = None) -> None:
        super().__init__(printed)
        self.unit = unit


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
    as_of_date: date | None = None


@dataclass(frozen=True)
class Known:
    """What people have decided of cells: more units, and what whole cells (without white space) say."""

    units: frozenset[str] = frozenset()
    words: Mapping[str, Reading] = field(default_factory=dict)


def _any_of(words: str) -> str:
    """A pattern of the longest of these words that fits, also with a space in it."""
    ordered = sorted(words.split(), key=len, reverse=True)
    return "|".join(r"\s?".join(map(re.escape, word)) for word in ordered)


_UNIT = rf"(?:{_any_of(_WORDS['scales'])})?\s?(?:{_any_of(_WORDS['units'])})"
#: (status, pattern) of cells that print a reason instead of a number. The group ``remark`` is the
#: part that says more than the status does.
_REASONS = [
    *(
        (status, re.compile(rf"(?:{_any_of(words)})\s*(?:\((?P<remark>[^0-9]+)\))?"))
        for status, words in _WORDS["statuses"].items()
    ),
    ("pending", re.compile(rf"\(?(?P<remark>{_TO_COME}|{_DATE}\s?実績値?[をの]?確定)\)?")),
    ("not_calculable", re.compile(r"[—–―-]\s*\((?P<remark>[^0-9]*算出不可)\)")),
    ("no_target", re.compile(r"[—–―-]\s*\((?P<remark>[^0-9]*目標値なし)\)")),
]
#: The codes of ``qualifier``, the one that weighs most first, and how they are printed.
_QUALIFIERS = {code: re.compile(_any_of(words)) for code, words in _WORDS["qualifiers"].items()} | {
    "provisional": re.compile(rf"{_any_of(_WORDS['qualifiers']['provisional'])}|{_TO_COME}"),
    "as_of": re.compile(rf"※?\s?{_DATE}(?:時点|現在)"),
}
_BOUNDS = frozenset(("at_least", "at_most", "more_than", "less_than"))
_BRACKETS = re.compile(r"[(\[{<〔【〈《「『]([^()\[\]{}<>〔〕【】〈〉《》「」『』]*)[)\]}>〕】〉》」』]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}\s?年")
_NUMERIC = re.compile(rf"(?P<before>[^0-9]*?){_SIGN}{_NUMBER}(?P<after>(?:[^0-9.,].*)?)")


def number(text: str) -> Decimal | None:
    """``1,158``, ``16.1``, ``１０１３`` or ``▲5`` as a number, else ``None``."""
    match = re.fullmatch(_SIGN + _NUMBER, half_width(text))
    return _value(match) if match else None


def _value(match: re.Match[str]) -> Decimal:
    value = Decimal(match["number"].replace(",", ""))
    return -value if value and (match["sign"] or "+")[0] != "+" else value


def unit_of(text: str, decided: Iterable[str] = ()) -> str | None:
    """A known unit in its one spelling (``％`` is ``%``), ``None`` for any other text."""
    unit = "".join(half_width(text).split())
    return unit if re.fullmatch(_UNIT, unit) or unit in map(half_width, decided) else None


def read_observation(printed: str, known: Known = Known()) -> Reading:
    """What an 実績 or 目標 cell (white space collapsed) says. Raises ``UnreadableCell``."""
    if printed == "":
        return Reading("blank")
    if (decided := known.words.get("".join(printed.split()))) is not None:
        return decided
    if says_nothing(printed):
        return Reading("not_stated")
    text = half_width(printed)  # of the same length: what is found in it is kept as it is printed
    for status, pattern in _REASONS:
        if match := pattern.fullmatch(text):
            return Reading(status, remark=printed[slice(*match.span("remark"))] or None)
    if (match := _NUMERIC.fullmatch(text)) is None or _YEAR.match(text):
        raise UnreadableCell(printed)
    unit, start = None, match.start("after")
    decided_unit = rf"\s?({_any_of(half_width(' '.join(known.units))) or '(?!)'})"
    found = [re.match(pattern, match["after"]) for pattern in (rf"\s?({_UNIT})", decided_unit)]
    if longest := max(filter(None, found), key=re.Match.end, default=None):
        unit, start = "".join(longest[1].split()), start + longest.end()
    codes, remarks, days = set[str](), [], set[date | None]()
    for first, last in [*_phrases(text, 0, match.end("before")), *_phrases(text, start, len(text))]:
        phrase = text[first:last]
        code = next((code for code, form in _QUALIFIERS.items() if form.fullmatch(phrase)), None)
        if code and not (code in _BOUNDS and last <= match.start("number")):
            codes.add(code)
            remarks.append(printed[first:last])
            if code == "as_of":
                days.add(fiscal_year.day_named_in(phrase))
        elif unit is None and last != match.end("before") and (beside := unit_of(phrase, known.units)):
            unit = beside  # before a number in brackets only
        else:
            rest = match["after"].strip()
            is_word = rest[:1].isalpha() and rest.replace("・", "").isalpha() and not match["before"]
            raise UnreadableCell(printed, rest if is_word else None)
    if len(codes & _BOUNDS) > 1:
        raise UnreadableCell(printed)
    qualifier = next((code for code in _QUALIFIERS if code in codes), None)
    day = days.pop() if len(days) == 1 else None
    return Reading("reported", _value(match), None, qualifier, "、".join(remarks) or None, unit, day)


def _phrases(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where each phrase beside a number stands, in brackets of any kind or not; what is unknown is one."""
    while first < last:
        ends = [found.end() for form in _QUALIFIERS.values() if (found := form.match(text, first, last))]
        if text[first] == " " or (text[first] == "、" and first + 1 < last):
            first += 1
        elif bracket := _BRACKETS.match(text, first, last):
            yield from _phrases(text, *bracket.span(1)) if bracket[1] else [bracket.span()]
            first = bracket.end()
        else:
            yield first, (end := max(ends, default=last))
            first = end


def read_amount(printed: str, unit: str = "千円") -> tuple[str, int | None]:
    """(status, thousand yen) of a 決算見込額 cell. Raises ``UnreadableCell``."""
    if printed == "":
        return "blank", None
    if says_nothing(printed):
        return "not_stated", None
    value = number(printed)
    if value is None or value < 0 or value != value.to_integral_value():
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
    units, accumulation = set[str](), None
    label = printed
    for found in re.finditer(r"\((?:単位:)?([^()]*)\)", half_width(printed)):
        if found[1] in _ACCUMULATION:
            accumulation = _ACCUMULATION[found[1]]
        elif unit := unit_of(found[1]):
            units.add(unit)
        else:
            continue
        label = label.replace(printed[slice(*found.span())], "", 1)
    if accumulation is None:
        words = ("annual", "年間"), ("cumulative", "累計")
        accumulation = next((code for code, word in words if word in printed), "unspecified")
    return IndicatorName(collapsed(label), units.pop() if len(units) == 1 else None, accumulation)


@dataclass(frozen=True)
class Ending:
    """How an initiative ended; ``merged_into`` is the printed name."""

    lifecycle: str
    last_fiscal_year: int
    merged_into: str | None = None


_ENDINGS = [
    (re.compile(rf"\({_ERA_YEAR}(?:末?をもって|末で|で|事業)(?:終了|廃止)\)"), "ended"),
    (re.compile(rf"\({_ERA_YEAR}単年(?:度)?事業\)"), "single_year"),
    (re.compile(rf"\({_ERA_YEAR}から(?P<into>.+)に統合\)"), "merged"),
]
_LIKE_AN_ENDING = re.compile(
    r"[(\[【〔][^()\[\]【】〔〕]*(?:終了|統合|廃止|移管|休止|中止)[^()\[\]【】〔〕]*[)\]】〕]"
    rf"|[・※]?\s?(?:{_ERA_YEAR}[^・]*)?(?:事業)?(?:終了|統合|廃止|移管)(?:予定)?"
)


def read_ending(activities: str) -> Ending | None:
    """The ending that a 内容 cell prints instead of activities, if it does."""
    printed = half_width(activities)
    for pattern, lifecycle in _ENDINGS:
        if match := pattern.fullmatch(printed):
            year = fiscal_year.parse(match["year"])
            if lifecycle == "merged":
                return Ending(lifecycle, year - 1, match["into"])
            return Ending(lifecycle, year)
    if _LIKE_AN_ENDING.fullmatch(printed):
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
