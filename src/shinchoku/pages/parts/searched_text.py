"""What a word is looked for in, of an initiative: the same in the list as in the search.

Must not render anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shinchoku.package.editions import Edition
from shinchoku.text import normalise


def searched_text(package: Edition, initiative_id: str) -> tuple[str, ...]:
    """Its name, indicators, contents of every year, places in the plan, and what people type for words of these.

    Each once. What is typed is only there where a word that is meant by it is.
    """
    printed = tuple(dict.fromkeys(_printed(package, initiative_id)))
    return printed + tuple(dict.fromkeys(_typed(package, printed)))


def _printed(package: Edition, initiative_id: str) -> Iterator[str]:
    yield package.initiative[initiative_id].name
    yield from (item.label for item in package.indicators_of_initiative.get(initiative_id, ()))
    yield from (item.text for item in package.activities_of_initiative.get(initiative_id, ()))
    for listing in package.listings_of_initiative.get(initiative_id, ()):
        yield from (node.title for node in package.policy_path(listing.direction_policy_id))


def _typed(package: Edition, printed: Iterable[str]) -> Iterator[str]:
    text = normalise("\n".join(printed))
    for typed, meant in package.aliases.items():
        if any(normalise(word) in text for word in meant):
            yield typed
