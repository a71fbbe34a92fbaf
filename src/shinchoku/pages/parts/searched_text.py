"""What a word is looked for in, of an initiative, the same in the list as in the search; and what a result says of it.

Must not render anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from shinchoku import metrics, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.parts.values import aim_in_short, in_short
from shinchoku.text import one_line

#: The parts of it, as a result names them.
PARTS = ("事業名", "指標", "内容", "計画での場所")


def searched_parts(package: Edition, initiative_id: str) -> tuple[tuple[str, ...], ...]:
    """Its name, indicators, contents of every year and places in the plan, by ``PARTS``.

    Each text of a part once. An indicator is also found by how it is added up, as the pages say it.
    """
    kinds = dictionary.codes(package, "indicators", "accumulation")
    indicators = package.indicators_of_initiative.get(initiative_id, ())
    listings = package.listings_of_initiative.get(initiative_id, ())
    places = (package.policy_path(listing.policy_id) for listing in listings)
    parts: tuple[Iterable[str], ...] = (
        (package.initiative[initiative_id].name,),
        chain(
            (item.label for item in indicators),
            (kinds[item.accumulation].label for item in indicators if item.accumulation != "unspecified"),
        ),
        (item.text for item in package.activities_of_initiative.get(initiative_id, ())),
        (node.title for node in chain(*places)),
    )
    return tuple(tuple(dict.fromkeys(part)) for part in parts)


def at_once(package: Edition, results: Iterable[metrics.IndicatorResult]) -> str:
    """What a result of the search says: a line for each indicator, with a sign, its verdict and the values."""
    lines = []
    for result in results:
        verdict = words.ASSESSMENTS[result.assessment]
        said = result.indicator.label
        if result.fiscal_year is not None:
            values = f"{in_short(package, result.actual)}、{aim_in_short(package, result)}"
            said = f"{words.year(result.fiscal_year)}の{said} {values}"
        doubt = f"（{mark}）" if (mark := words.doubt(result)) else ""
        lines.append(one_line(f"{verdict.symbol} {verdict.label} {said}{doubt}"))
    return "\n".join(lines)
