"""What a word is looked for in, of an initiative, the same in the list as in the search; and what a result says of it.

Must not render anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shinchoku import metrics, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation
from shinchoku.text import one_line


def searched_text(package: Edition, initiative_id: str) -> tuple[str, ...]:
    """Its name, indicators, contents of every year and places in the plan, each once."""
    return tuple(dict.fromkeys(_printed(package, initiative_id)))


def _printed(package: Edition, initiative_id: str) -> Iterator[str]:
    yield package.initiative[initiative_id].name
    yield from (item.label for item in package.indicators_of_initiative.get(initiative_id, ()))
    yield from (item.text for item in package.activities_of_initiative.get(initiative_id, ()))
    for listing in package.listings_of_initiative.get(initiative_id, ()):
        yield from (node.title for node in package.policy_path(listing.direction_policy_id))


def at_once(package: Edition, results: Iterable[metrics.IndicatorResult]) -> str:
    """What a result of the search says: a line for each indicator, with a sign, its verdict and the values."""
    lines = []
    for result in results:
        verdict = words.ASSESSMENTS[result.assessment]
        said = result.indicator.label
        if result.fiscal_year is not None:
            values = f"{_said(package, result.actual)}、目標 {_said(package, result.target)}"
            said = f"{words.year(result.fiscal_year)}の{said} {values}"
        doubt = f"（{mark}）" if (mark := words.doubt(result)) else ""
        lines.append(one_line(f"{verdict.symbol} {verdict.label} {said}{doubt}"))
    return "\n".join(lines)


def _said(package: Edition, item: Observation | None) -> str:
    if item is None:
        return "欄なし"
    if item.status != "reported":
        return dictionary.codes(package, "observations", "status")[item.status].short
    said = item.text if item.value is None else f"{words.number(item.value)}{package.unit_of(item) or ''}"
    qualifiers = dictionary.codes(package, "observations", "qualifier")
    return f"{said}（{qualifiers[item.qualifier].label}）" if item.qualifier else said or ""
