"""Japanese fiscal years (年度): the Western year in which the year's April lies.

A fiscal year is an ``int``: 平成30年度 = H30 = 2018, 令和元年度 = R1 = 2019.
The fiscal year April 2019 to March 2020 is called 令和元年度 (or R1) in the
reports although April 2019 was still 平成31年; era libraries get this wrong.
Must not import anything of this project.
"""

from __future__ import annotations

import re

#: (letter, name, fiscal year numbered 1), newest first.
_ERAS = (("R", "令和", 2019), ("H", "平成", 1989), ("S", "昭和", 1926))
_SHORT = re.compile(r"([RHS])\s*([0-9]{1,2}|元)")
_LONG = re.compile(r"(令和|平成|昭和)\s*([0-9]{1,2}|元)\s*年度?")


def parse(text: str) -> int:
    """The fiscal year of ``H30``, ``R元``, ``令和4年度`` …

    Raises ``ValueError`` for anything else.
    """
    stripped = text.strip()
    match = _SHORT.fullmatch(stripped) or _LONG.fullmatch(stripped)
    if match is None:
        raise ValueError(f"not a fiscal year: {text!r}")
    era, number = match.groups()
    first = next(first for letter, name, first in _ERAS if era in (letter, name))
    return first + (1 if number == "元" else int(number)) - 1


def _era(year: int) -> tuple[str, str, int]:
    for letter, name, first in _ERAS:
        if year >= first:
            return letter, name, year - first + 1
    raise ValueError(f"no era for fiscal year {year}")


def short(year: int) -> str:
    """``R4`` for 2022."""
    letter, _, number = _era(year)
    return f"{letter}{number}"


def era(year: int) -> str:
    """``令和4年度`` for 2022, ``令和元年度`` for 2019."""
    _, name, number = _era(year)
    return f"{name}{'元' if number == 1 else number}年度"


def both(year: int) -> str:
    """``令和4年度（2022年度）``."""
    return f"{era(year)}（{year}年度）"
