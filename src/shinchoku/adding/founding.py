"""A project of its own for another city's plan, in which only the report is missing.

What the folder begins with stands in ``new/``, the words of the tables in ``package.defaults``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from shinchoku import files, paths
from shinchoku.adding.declaring import FIRST_LEVEL
from shinchoku.package import defaults
from shinchoku.package.writing import csv_bytes
from shinchoku.schemas.writing import json_bytes

#: Of every plan; the others come with a report that prints something for them.
_TABLES = ("absences", "source_notes", "readings", "corrections")
_OWN_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "クリエイティブ・コモンズ 表示 4.0 国際",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


class NotEmpty(Exception):
    """There is something where a new project was to be."""


@dataclass(frozen=True)
class Plan:
    """What nobody but its city can say of a plan; ``code`` is the 6 digits of 全国地方公共団体コード."""

    city: str
    city_en: str
    code: str
    title: str
    title_en: str


def found(target: Path, plan: Plan) -> list[Path]:
    """Write a project for ``plan`` into an empty or new folder. Returns the files. Raises ``NotEmpty``."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotEmpty(f"{target} には、もう何かあります。空のフォルダか、新しい名前を指定してください。")
    begun = dict(_begun(resources.files("shinchoku.adding").joinpath("new"), plan))
    declared = defaults.resources(
        {"policies.level": [FIRST_LEVEL]}, _TABLES, columns=(), licence=_OWN_LICENCE
    )
    declared = [{**each, "allowEmpty": True} for each in declared]  # until a report is read
    begun |= _described(_descriptor(target.resolve().name, plan), declared)
    begun |= {
        each["path"]: csv_bytes((field["name"] for field in each["schema"]["fields"]), ())
        for each in declared
    }
    written = {target / name: content for name, content in begun.items()}
    files.replace(written)
    return sorted(written)


def _begun(folder: Traversable, plan: Plan, above: str = "") -> Iterator[tuple[str, bytes]]:
    """Path → content of what every project begins with; a name without its dot is that of a hidden file."""
    words = {"@city@": plan.city, "@plan@": plan.title, "@version@": metadata.version("shinchoku")}
    for item in folder.iterdir():
        name = f".{item.name}" if item.name in ("github", "gitignore", "gitattributes") else item.name
        if item.is_dir():
            yield from _begun(item, plan, f"{above}{name}/")
            continue
        text = item.read_text(encoding="utf-8")
        for word, said in words.items():
            text = text.replace(word, said)
        yield f"{above}{name}", text.encode("utf-8")


def _descriptor(name: str, plan: Plan) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": name,
        "title": f"{plan.city} {plan.title} データ",
        "title_en": f"{plan.title_en} of {plan.city_en}",
        "description": f"{plan.city}の「{plan.title}」の進み具合を、資料の全ての欄と出典の行番号とともに表形式にしたデータ。",
        "description_en": f"Progress of the {plan.title_en} of {plan.city_en}: every cell of its reports as tables, "
        "with the line that states it.",
        "version": "0.1.0",
        "created": datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z"),
        "licenses": [
            {
                "title": "原資料から引用した部分と、このプロジェクトの独自部分とで違います",
                "title_en": "Not the same for what is quoted from the documents and for what is this project's own",
                "path": "LICENSE-DATA.md",
            }
        ],
        "sources": [],
        "contributors": [
            {"title": f"{name} contributors", "role": "wrangler", "roles": ["wrangler", "publisher"]}
        ],
        "spatial": {"code": plan.code, "name": plan.city, "name_en": plan.city_en},
    }


def _described(descriptor: Mapping[str, Any], declared: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """``datapackage.json`` and the schemas that it names by their paths."""
    schemas = {f"{paths.SCHEMAS}/{each['name']}.json": each["schema"] for each in declared}
    named = [{**each, "schema": path} for each, path in zip(declared, schemas, strict=True)]
    return {paths.DESCRIPTOR: json_bytes({**descriptor, "resources": named})} | {
        path: json_bytes(schema) for path, schema in schemas.items()
    }
