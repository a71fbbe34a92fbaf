"""The glossary of a package: what words mean, written by hand in ``glossary.yml``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shinchoku.package.descriptor import PackageError, value_of
from shinchoku.package.records import Term
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import read_yaml
from shinchoku.text import one_line


def read_glossary(path: Path) -> tuple[Term, ...]:
    """The words in order; a package may be without a glossary. Raises ``PackageError``."""
    if not os.path.lexists(path):
        return ()
    groups = value_of(path, read_yaml)
    for found in findings("glossary", groups):
        raise PackageError(f"{path}: {name_of(groups, found.place)}{found.message}")
    return tuple(_term(group["group"], entry) for group in groups for entry in group["terms"])


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
        is_linked=entry.get("linked", True),
    )
