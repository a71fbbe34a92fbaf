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
from shinchoku.text import half_width, power_of_ten, says_nothing

_WORDS = json.loads(Path(__file__).with_name("cell_words.json").read_text(encoding="utf-8"))

_NUMBER = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)"
#: A long dash is a minus only where it touches the number: it is also the sign for no value. ▼ is none: where it
#: is printed △ may be its opposite, and brackets may mean anything.
_SIGN = r"(?:\+|[-‐‑﹣▲△]\s?|[‒–—―])"
#: 「1億2,000万」, 「3万5千」: a number in parts, each with what it is counted in.
_PART = r"(?:[1-9](?:,?[0-9]{3}|[0-9]{0,2})[万億兆]|[1-9][十百千][万億]?)"
_IN_PARTS = rf"{_PART}(?:\s?{_PART})*(?:\s?{_PART}|[1-9](?:,?[0-9]{{3}}|[0-9]{{0,2}})(?![0-9]))"
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

    ``unit`` is the unit where it is printed in the cell itself. Of a range ``value`` is the lower end.
    """

    status: str
    value: Decimal | None = None
    text: str | None = None
    qualifier: str | None = None
    remark: str | None = None
    unit: str | None = None
    as_of_date: date | None = None
    upper_value: Decimal | None = None


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
#: 「2023.12」 is a month, and 「2022～2024」 are years, where no unit says otherwise.
_MONTH = re.compile(r"(?:19|20)[0-9]{2}\.(?:0?[1-9]|1[0-2])")
_LIKE_A_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\.[0-9]{1,2})?")
_NUMERIC = re.compile(
    rf"(?P<before>[^0-9]*?)(?P<sign>{_SIGN})?(?P<number>{_IN_PARTS}|{_NUMBER})(?P<after>(?:[^0-9.,].*)?)"
)
_RANGE = re.compile(
    rf"(?P<before>[^0-9]*?)(?P<sign>{_SIGN})?(?P<number>{_NUMBER})(?P<unit>[^0-9~〜]*?)(?P<to>\s?[~〜‐‑‒–—―-]\s?)"
    rf"(?P<upper_sign>{_SIGN})?(?P<upper>{_NUMBER})(?P<after>(?:[^0-9.,].*)?)"
)


def _value(sign: str | None, printed: str) -> Decimal:
    """Raises ``ValueError`` where the parts of a number are not in their order."""
    value, below = Decimal(0), None
    for digits, scale in re.findall(r"([0-9.]+)([十百千万億兆]*)", printed.replace(",", "")):
        part = Decimal(digits).scaleb(power_of_ten(scale))
        if below is not None and part >= below:
            raise ValueError(printed)
        value, below = value + part, Decimal(1).scaleb(power_of_ten(scale))
    return -value if value and sign and sign[0] != "+" else value


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
    match = _RANGE.fullmatch(text) or _NUMERIC.fullmatch(text)
    if match is None or _YEAR.match(text):
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
    try:
        value, upper = _numbers(match, unit, known.units)
    except ValueError:
        raise UnreadableCell(printed) from None
    if len(bounds := codes & _BOUNDS) > 1 or (bounds and upper is not None):
        raise UnreadableCell(printed)
    qualifier = next((code for code in _QUALIFIERS if code in codes), None)
    day = days.pop() if len(days) == 1 else None
    return Reading("reported", value, None, qualifier, "、".join(remarks) or None, unit, day, upper)


def _numbers(match: re.Match[str], unit: str | None, units: Iterable[str]) -> tuple[Decimal, Decimal | None]:
    """The number of a cell, or both ends of its range. Raises ``ValueError`` where they are not certain.

    A dash between numbers is many things (「3-5」), so a unit has to stand beside them, and after a word it is no minus.
    """
    value = _value(match["sign"], match["number"])
    if match["before"].strip() and (match["sign"] or "+")[0] not in "+▲△":
        raise ValueError(match[0])
    if "to" not in match.groupdict():
        is_in_parts = re.search(r"[十百千万億兆]", match["number"]) is not None
        if (is_in_parts and (unit is None or power_of_ten(unit))) or (
            unit is None and _MONTH.fullmatch(match["number"])
        ):
            raise ValueError(match[0])
        return value, None
    upper = _value(match["upper_sign"], match["upper"])
    is_signed, is_upper_signed = match["sign"] is not None, match["upper_sign"] is not None
    is_wave, lower_unit = match["to"].strip() in "~〜", match["unit"].strip()
    are_years = all(_LIKE_A_YEAR.fullmatch(match[end]) for end in ("number", "upper"))
    if (
        value >= upper
        or (lower_unit and (unit is None or unit_of(lower_unit, units) != unit))
        or (is_signed != is_upper_signed and upper)  # 「▲5～10」 may be -5 to -10
        or (not is_wave and (unit is None or is_signed or is_upper_signed or len(match["to"]) == 2))
        or (are_years and unit in (None, "年"))
    ):
        raise ValueError(match[0])
    return value, upper


def _phrases(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where each phrase beside a number stands, in brackets of any kind or not; what is unknown is one."""
    while first < last:
        ends = [found.end() for form in _QUALIFIERS.values() if (found := form.match(text, first, last))]
        if text[first] == " " or (
            text[first] == "、" and re.match(r"[^0-9、]、[^、]", text[first - 1 : last])
        ):
            first += 1
        elif bracket := _BRACKETS.match(text, first, last):
            yield from _phrases(text, *bracket.span(1)) if bracket[1] else [bracket.span()]
            first = bracket.end()
        else:
            yield first, (end := max(ends, default=last))
            first = end


def read_amount(printed: str, unit: str = "千円") -> tuple[str, int | Decimal | None]:
    """(status, thousand yen) of a cell of amounts in ``unit``, or in its own. Raises ``UnreadableCell``.

    Exact: what is about, still to come or less than nothing is for people to decide, and so is a fraction of a yen,
    or of a thousand, which more likely is 「412,018」 copied as 「412.018」.
    """
    reading = read_observation(printed)
    if reading.status in ("blank", "not_stated") and reading.remark is None:
        return reading.status, None
    counted_in = reading.unit or unit
    if (
        reading != Reading("reported", reading.value, unit=reading.unit)
        or reading.value is None
        or reading.value < 0
        or not is_of_yen(counted_in)
    ):
        raise UnreadableCell(printed)
    power = power_of_ten(counted_in)
    amount = reading.value.scaleb(power - 3)
    if (amount.scaleb(3) if power > 3 else reading.value) % 1:
        raise UnreadableCell(printed)
    return reading.status, amount.normalize() if amount % 1 else int(amount)


def is_of_yen(unit: str) -> bool:
    """Whether amounts may be counted in it: 円, 千円, 百万円, 億円 …"""
    return re.fullmatch("[十百千万億兆]*円", unit) is not None


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
