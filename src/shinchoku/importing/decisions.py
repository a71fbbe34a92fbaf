"""The decisions file by file: what the print leaves open, and why it was read so.

``data/decisions/*.yml`` are written by people. Here they are read and checked
for form (``schemas/decisions.json``); whether they fit the documents is for
``assemble``. Every reading carries its reason. Must not know how a document is
parsed. What people note beside the facts (notes of doubt, links, corrections)
is not here: those tables are edited as they are published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from shinchoku import paths
from shinchoku.importing.problem import ImportProblem
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import Unreadable, line_of, read_yaml, repeated_keys

_AS_OTHERS = "ほかの項目の形に合わせてください。"


class Decisions:
    """All decision files of a project; each attribute is a list of entries, ``indicators`` a dict by ID."""

    sources: Any
    policies: Any
    omissions: Any
    initiatives: Any
    grant_programmes: Any
    grants: Any
    indicators: Any

    def __init__(self, project: Path) -> None:
        """Read ``project``'s decisions. Raises ``ImportProblem``."""
        self._folder = project / paths.DECISIONS
        for name in NAMES:
            setattr(self, name, self._load(name))

    def file(self, name: str) -> str:
        """The name of a decisions file as messages give it."""
        return f"{paths.DECISIONS}/{name}.yml"

    def _load(self, name: str) -> Any:
        file = self.file(name)
        try:
            text, content = read_yaml(self._folder / f"{name}.yml")
        except FileNotFoundError:
            if name != "sources":  # nothing had to be decided
                return {} if name == "indicators" else []
            remedy = "取り込む文書の id・layout・file・publisher・terms を書いてください。"
            raise ImportProblem(file, None, "ファイルがありません。", remedy) from None
        except Unreadable as error:
            remedy = error.remedy or "字下げをまわりの項目とそろえ、「:」の後に半角の空白を入れてください。"
            raise ImportProblem(file, error.line, error.message, remedy) from None
        if content is None:
            content = {} if name == "indicators" else []
        for key, line in repeated_keys(text):
            raise ImportProblem(
                file, line, f"同じ項目「{key}」が2回あります。", "1つの項目にまとめてください。"
            )
        for found in findings("decisions", {name: content}):
            place = found.place[1:]
            message = f"{name_of(content, place)}{found.message}"
            raise ImportProblem(file, line_of(text, place), message, found.remedy or _AS_OTHERS)
        return content


def unique(entries: Iterable[Mapping[str, Any]], key: str, file: str) -> dict[Any, Mapping[str, Any]]:
    """Entries by ``key``. Raises ``ImportProblem`` when two share it."""
    found: dict[Any, Mapping[str, Any]] = {}
    for entry in entries:
        if entry[key] in found:
            raise ImportProblem(
                file, None, f"{key} の「{entry[key]}」が2回あります。", "片方を直してください。"
            )
        found[entry[key]] = entry
    return found


def decimal(value: float | int | str) -> Decimal:
    """A number of a YAML file without binary noise (0.7 is 0.7)."""
    return Decimal(str(value))


#: The files of decisions, without their ending.
NAMES = tuple(Decisions.__annotations__)
