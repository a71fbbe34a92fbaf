"""The document's own judgements, as it prints them: of an initiative, and how often each was given. Must not render anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku.package import dictionary
from shinchoku.package.dictionary import Code
from shinchoku.package.editions import Edition


@dataclass(frozen=True, slots=True)
class Given:
    """A grade as printed, and what its legend says of it (may be empty)."""

    grade: str
    meaning: str


def kinds(package: Edition) -> tuple[Code, ...]:
    """The attributes that are grades, of which any is printed."""
    printed = {row.attribute for row in package.attributes}
    codes = dictionary.codes(package, "attributes", "attribute").values()
    return tuple(code for code in codes if code.is_grade and code.value in printed)


def given(package: Edition, kind: Code, initiative_id: str) -> Given | None:
    """The grade of an initiative; ``None`` where none is printed."""
    for row in package.attributes_of_initiative.get(initiative_id, ()):
        if row.attribute == kind.value:
            return Given(row.text, dict(kind.legend).get(row.text, ""))
    return None


def counted(package: Edition, initiatives: Iterable[str]) -> dict[Code, dict[Given, int]]:
    """Of each kind how often every grade was given, those of its legend first, also where never."""
    ids = list(initiatives)
    found = {}
    for kind in kinds(package):
        counts = Counter(grade for key in ids if (grade := given(package, kind, key)))
        legend = [Given(value, meaning) for value, meaning in kind.legend]
        others = sorted(set(counts) - set(legend), key=lambda each: each.grade)
        found[kind] = {grade: counts[grade] for grade in (*legend, *others)}
    return found
