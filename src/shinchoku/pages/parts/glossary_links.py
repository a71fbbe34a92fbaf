"""Words of the glossary in running text: the first time a page says one, it leads to what it means."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.package.joins import kept
from shinchoku.package.records import Term


def _pattern(word: str) -> str:
    """Latin words as a whole: IT is not a part of ICT. Japanese ones wherever they stand."""
    before = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", word) else ""
    after = r"(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]$", word) else ""
    return f"{before}{re.escape(word)}{after}"


@kept
def _terms(package: Edition) -> tuple[dict[str, Term], re.Pattern[str] | None]:
    """Word → the term it says; and what finds these words."""
    linked = (term for term in package.glossary if term.is_linked)
    terms = {word: term for term in linked for word in (term.term, *term.others)}
    longest_first = sorted(terms, key=lambda word: (-len(word), word))
    return terms, re.compile("|".join(map(_pattern, longest_first))) if terms else None


class Explainer:
    """Links the first occurrence of every term on one page; a new one for every page."""

    def __init__(self, package: Edition, link: Callable[[str], str]) -> None:
        self._link = link
        self._said: set[str] = set()
        self._terms, self._words = _terms(package)

    def __call__(self, text: str) -> Markup:
        """``text`` escaped, with links; not for names, nor inside another link."""
        if self._words is None:
            return escape(text)
        parts, end = [], 0
        for match in self._words.finditer(text):
            term = self._terms[match[0]]
            if term.term_id in self._said:
                continue
            self._said.add(term.term_id)
            address = self._link(f"{addresses.GLOSSARY}#{term.term_id}")
            link = Markup('<a class="term" href="{}">{}</a>').format(address, match[0])
            parts += [escape(text[end : match.start()]), link]
            end = match.end()
        return Markup("").join([*parts, escape(text[end:])])
