"""Notes of doubt as a page says them: the same doubt once, with every line it is about. Must not render anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shinchoku.package.records import SourceNote

#: How a note says that it repeats another one.
_SAME_AS = re.compile(r"（\d+行目と同じ）")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A note, and those that say the same of other lines; the first has the whole reason."""

    note: SourceNote
    others: list[SourceNote] = field(default_factory=list)

    def says(self, note: SourceNote) -> bool:
        """Whether a note adds nothing but its line."""
        first, told = (
            (each.category, each.printed_column, each.printed, each.suspected) for each in (self.note, note)
        )
        return first == told and _SAME_AS.sub("", note.reason).rstrip("。") in self.note.reason


def grouped(notes: Iterable[SourceNote]) -> list[Doubt]:
    """In the order of their first notes."""
    found: list[Doubt] = []
    for note in notes:
        same = next((doubt for doubt in found if doubt.says(note)), None)
        if same is None:
            found.append(Doubt(note))
        else:
            same.others.append(note)
    return found
