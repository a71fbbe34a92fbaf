"""The glossary of a package: what words mean, written by hand in ``glossary.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from shinchoku.package.descriptor import PackageError, whole_characters
from shinchoku.package.records import Term
from shinchoku.wording import one_line

#: What ``glossary.yml`` holds: kind of entry → its properties and their types.
GLOSSARY_TYPES: dict[str, dict[str, type]] = {
    "group": {"group": str, "terms": list},
    "term": {"id": str, "term": str, "others": list, "meaning": str, "linked": bool, "printed": dict},
    "printed": {"source": str, "line": int},
}


def read_glossary(path: Path) -> tuple[Term, ...]:
    """The words in order; a package may be without a glossary. Raises ``PackageError``."""
    if not path.exists():
        return ()
    try:
        groups = whole_characters(yaml.safe_load(path.read_text(encoding="utf-8")))
        return tuple(
            _term(group["group"], entry) for group in map(_group, groups) for entry in group["terms"]
        )
    except yaml.YAMLError as error:
        raise PackageError(f"{path}: YAMLとして読めません（{error}）。") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise PackageError(f"{path}: 用語の書き方が違います（{error}）。") from None


def _of_types(entry: Mapping[str, Any], types: Mapping[str, type]) -> Mapping[str, Any]:
    """``entry``; raises ``KeyError`` or ``TypeError`` where it has something unknown or of another type."""
    for name, value in entry.items():
        if type(value) is not types[name]:  # exactly: for Python True is a line number
            raise TypeError(f"{name}: {value}")
    return entry


def _group(entry: Any) -> Mapping[str, Any]:
    return _of_types(entry, GLOSSARY_TYPES["group"])


def _term(group: str, entry: Any) -> Term:
    """Raises ``KeyError`` or ``TypeError`` where an entry lacks something, too."""
    _of_types(entry, GLOSSARY_TYPES["term"])
    printed = _of_types(entry.get("printed", {}), GLOSSARY_TYPES["printed"])
    others = entry.get("others", [])
    for other in others:
        _of_types({"term": other}, GLOSSARY_TYPES["term"])
    return Term(
        term_id=entry["id"],
        term=entry["term"],
        group=group,
        meaning=one_line(entry["meaning"]),
        printed_in=printed["source"] if printed else None,
        printed_line=printed["line"] if printed else None,
        others=tuple(others),
        is_linked=entry.get("linked", True),
    )
