"""The glossary of a package: what words mean and what people type for them, written by hand in ``glossary.yml``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shinchoku.package.descriptor import PackageError, value_of
from shinchoku.package.records import Term
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import read_yaml
from shinchoku.text import one_line


def read_glossary(path: Path) -> tuple[tuple[Term, ...], dict[str, tuple[str, ...]]]:
    """The words that are explained, in order, and what is typed → the words that are meant by it.

    A package may be without a glossary. Raises ``PackageError``.
    """
    if not os.path.lexists(path):
        return (), {}
    groups = value_of(path, read_yaml)
    for found in findings("glossary", groups):
        raise PackageError(f"{path}: {name_of(groups, found.place)}{found.message}")
    terms = tuple(_term(group["group"], entry) for group in groups for entry in group.get("terms", ()))
    return terms, _meant_by(groups)


def _meant_by(groups: list[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word, aliases in _aliases_of(groups):
        for alias in aliases:
            found.setdefault(alias, []).append(word)
    return {alias: tuple(words) for alias, words in found.items()}


def _aliases_of(groups: list[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Each word with what people type for it: explained words first, then others."""
    for group in groups:
        yield from (
            (entry["term"], entry["aliases"]) for entry in group.get("terms", ()) if "aliases" in entry
        )
        yield from group.get("words", {}).items()


def _term(group: str, entry: Mapping[str, Any]) -> Term:
    printed = entry.get("printed", {})
    return Term(
        term_id=entry["id"],
        term=entry["term"],
        group=group,
        meaning=one_line(entry["meaning"]),
        printed_in=printed.get("source"),
        printed_line=printed.get("line"),
        others=tuple(entry.get("others", ())),
        aliases=tuple(entry.get("aliases", ())),
        is_linked=entry.get("linked", True),
    )
