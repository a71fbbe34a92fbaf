"""The decisions file by file: what the print leaves open, and why it was read so.

``data/decisions/*.yml`` are written by people. Here they are read and checked
for form; whether they fit the documents is for ``assemble``. Every reading
carries its reason. Must not know how a document is parsed. What people note
beside the facts (notes of doubt, links, corrections) is not here: those tables
are edited as they are published.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shinchoku import paths
from shinchoku.importing.problem import ImportProblem

#: File → (keys an entry must have, keys it may have).
_SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "sources": ({"id", "kind", "file", "publisher", "terms"}, {"sha256"}),
    "policies": ({"id", "level", "title"}, {"reason"}),
    "omissions": ({"title", "refers_to", "reason"}, set()),
    "initiatives": ({"id", "name"}, {"relisted_as", "printed_as", "absent_from", "is_loan_fund"}),
    "grant_programmes": ({"id", "name", "first_fiscal_year"}, set()),
    "grants": ({"id", "name", "applicants", "programme", "confidence", "reason"}, set()),
}
#: Key → what its value must be; every other value is text.
_TYPES: dict[str, tuple[type, ...]] = {
    "first_fiscal_year": (int,),
    "confidence": (int, float),
    "relisted_as": (list,),
    "printed_as": (list,),
    "absent_from": (list,),
    "is_loan_fund": (dict,),
    "unit": (dict,),
    "desired_direction": (dict,),
    "value_kind": (dict,),
}
_INDICATOR_COLUMNS = {"unit", "desired_direction", "value_kind"}
OUTCOMES = ("ended", "merged", "not_stated")


class _Loader(yaml.SafeLoader):
    """YAML in which a key that is written twice is an error, not the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"duplicate key {key_node.value}", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


class Decisions:
    """All decision files of a project; each attribute is a list of entries."""

    def __init__(self, project: Path) -> None:
        """Read ``project``'s decisions. Raises ``ImportProblem``."""
        self._folder = project / paths.DECISIONS
        self.sources = self._entries("sources")
        self.policies = self._entries("policies")
        self.omissions = self._entries("omissions")
        self.initiatives = self._entries("initiatives")
        self.grant_programmes = self._entries("grant_programmes")
        self.grants = self._entries("grants")
        self.indicators = self._indicators()

    def file(self, name: str) -> str:
        """The name of a decisions file as messages give it."""
        return f"{paths.DECISIONS}/{name}.yml"

    def _load(self, name: str) -> Any:
        try:
            content = (self._folder / f"{name}.yml").read_text(encoding="utf-8")
            return yaml.load(content, _Loader)
        except FileNotFoundError:
            raise ImportProblem(
                self.file(name),
                None,
                "ファイルがありません。",
                "判断が1つもなければ「[]」だけのファイルを置いてください。",
            ) from None
        except UnicodeDecodeError:
            raise ImportProblem(
                self.file(name), None, "UTF-8の文字として読めません。", "文字コードをUTF-8にしてください。"
            ) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise ImportProblem(
                self.file(name),
                line,
                "YAMLとして読めません。",
                "字下げ、「:」の後の空白、同じ名前が2回ないかを確かめてください。",
            ) from None

    def _entries(self, name: str) -> list[dict[str, Any]]:
        content = self._load(name)
        if not isinstance(content, list):
            raise ImportProblem(
                self.file(name),
                None,
                "「- 」で始まる一覧ではありません。",
                "ほかの項目の形に合わせてください。",
            )
        required, optional = _SHAPES[name]
        for number, entry in enumerate(content, 1):
            self._check_keys(name, f"{number}番目の項目", entry, required, optional)
        return content

    def _check_keys(self, name: str, place: str, entry: Any, required: set[str], optional: set[str]) -> None:
        if not isinstance(entry, dict):
            raise ImportProblem(
                self.file(name),
                None,
                f"{place}が「名前: 値」の形ではありません。",
                "ほかの項目に合わせてください。",
            )
        missing = sorted(required - entry.keys())
        unknown = sorted(entry.keys() - required - optional)
        if missing or unknown:
            message = "".join(
                [f"{place}に {', '.join(missing)} がありません。" if missing else ""]
                + [f"{place}の {', '.join(map(str, unknown))} を知りません。" if unknown else ""]
            )
            raise ImportProblem(self.file(name), None, message, "ほかの項目の形に合わせてください。")
        for key, value in entry.items():
            wanted = _TYPES.get(key, (str,))
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise ImportProblem(
                    self.file(name),
                    None,
                    f"{place}の {key} の値「{value}」の形が違います。",
                    "ほかの項目の形に合わせてください。",
                )
        for key in ("relisted_as", "printed_as"):
            for other in entry.get(key, []):
                self._check_keys(name, f"{place}の {key} ", other, {"name", "reason"}, set())
        for absence in entry.get("absent_from", []):
            where = f"{place}の absent_from "
            self._check_keys(name, where, absence, {"source", "outcome", "reason"}, {"into"})
            if absence["outcome"] not in OUTCOMES or (absence["outcome"] == "merged") != ("into" in absence):
                raise ImportProblem(
                    self.file(name),
                    None,
                    f"{where}の outcome「{absence['outcome']}」の書き方が違います。",
                    f"{'・'.join(OUTCOMES)} のどれかを書き、merged のときだけ into を書いてください。",
                )
        if "is_loan_fund" in entry:
            self._check_keys(name, f"{place}の is_loan_fund ", entry["is_loan_fund"], {"reason"}, set())

    def _indicators(self) -> dict[str, dict[str, Any]]:
        content = self._load("indicators") or {}
        if not isinstance(content, dict):
            raise ImportProblem(
                self.file("indicators"),
                None,
                "「指標のID: …」の形ではありません。",
                "ほかの項目に合わせてください。",
            )
        for indicator_id, readings in content.items():
            self._check_keys("indicators", indicator_id, readings, set(), _INDICATOR_COLUMNS | {"printed_as"})
            for column, reading in readings.items():
                if column == "printed_as":
                    continue
                place = f"{indicator_id} の {column} "
                self._check_keys("indicators", place, reading, {"value", "reason"}, set())
        return content


def unique(entries: Iterable[dict[str, Any]], key: str, file: str) -> dict[Any, dict[str, Any]]:
    """Entries by ``key``. Raises ``ImportProblem`` when two share it."""
    found: dict[Any, dict[str, Any]] = {}
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
