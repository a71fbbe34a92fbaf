"""What people have written beside the facts, as pages say it: doubts and readings. Must not render anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shinchoku import metrics
from shinchoku.metrics import Assessment, IndicatorResult
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Reading, SourceNote
from shinchoku.pages.parts import places

_IN_BRACKETS = re.compile(r"（[^（）]*）")


def alike(notes: Iterable[SourceNote]) -> list[list[SourceNote]]:
    """Notes that say the same of several lines together, in the order of the first.

    They quote and suspect the same, and their reasons begin with the same sentence, but for what
    stands in brackets there: another line where it is so, too.
    """
    found: dict[tuple[str | None, ...], list[SourceNote]] = {}
    for note in notes:
        reason = _IN_BRACKETS.sub("", note.reason.partition("。")[0])
        key = note.category, note.printed_column, note.printed, note.suspected, reason
        found.setdefault(key, []).append(note)
    return list(found.values())


def verdicts(package: Edition) -> dict[str, list[IndicatorResult]]:
    """Note → the results that stand on the number it doubts, of what was judged."""
    found: dict[str, list[IndicatorResult]] = {}
    for indicator in package.indicators:
        result = metrics.result(package, indicator.indicator_id)
        if result.is_reached or result.assessment is Assessment.NOT_ACHIEVED:
            for note in result.doubts:
                found.setdefault(note.note_id, []).append(result)
    return found


def value(package: Edition, reading: Reading) -> str:
    """What was read, in words: the label of a code, the name of what an id stands for."""
    codes = dictionary.codes(package, reading.table_name, reading.column_name)
    if reading.value in codes:
        return codes[reading.value].label
    if reading.column_name == "initiative_id":
        return places.initiative_name(package, reading.value)
    if reading.column_name.endswith("policy_id") and reading.value in package.policy:
        return package.policy[reading.value].title
    return reading.value
