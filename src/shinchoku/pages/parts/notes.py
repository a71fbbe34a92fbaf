"""What people have written beside the facts as a page says it: doubts and readings. Must not render anything.

The same doubt is said once, with every line it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shinchoku import metrics
from shinchoku.metrics import IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Reading, SourceNote

#: How a note says that it repeats another one.
_SAME_AS = re.compile(r"（\d+行目と同じ）")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A note, and those that say the same of other lines; the first has the whole reason."""

    note: SourceNote
    others: list[SourceNote] = field(default_factory=list)

    def says(self, note: SourceNote) -> bool:
        """Whether a note on the same words adds nothing but its line."""
        return _SAME_AS.sub("", note.reason).rstrip("。") in self.note.reason


def grouped(notes: Iterable[SourceNote]) -> list[Doubt]:
    """In the order of their first notes."""
    found: list[Doubt] = []
    on_the_same: dict[tuple[str | None, ...], list[Doubt]] = {}
    for note in notes:
        words = (note.category, note.printed_column, note.printed, note.suspected)
        doubts = on_the_same.setdefault(words, [])
        same = next((doubt for doubt in doubts if doubt.says(note)), None)
        if same is None:
            doubts.append(Doubt(note))
            found.append(doubts[-1])
        else:
            same.others.append(note)
    return found


def verdicts(package: Edition) -> dict[str, list[IndicatorResult]]:
    """Note → the results that stand on the number it doubts, of what was judged."""
    found: dict[str, list[IndicatorResult]] = {}
    for indicator in package.indicators:
        result = metrics.result(package, indicator.indicator_id)
        if result.is_judged:
            for note in result.doubts:
                found.setdefault(note.note_id, []).append(result)
    return found


def value(package: Edition, reading: Reading) -> str:
    """What was read, in words: the label of a code, the name of what an id stands for."""
    codes = dictionary.codes(package, reading.table_name, reading.column_name)
    if reading.value in codes:
        return codes[reading.value].label
    # A reading holds what people wrote: an id of nothing is shown as it is.
    if reading.column_name == "initiative_id" and reading.value in package.initiative:
        return package.initiative[reading.value].name
    if reading.column_name.endswith("policy_id") and reading.value in package.policy:
        return package.policy[reading.value].title
    return reading.value
