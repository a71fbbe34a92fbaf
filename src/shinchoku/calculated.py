"""What each calculated column and key is: its title, its formula in words, its codes and examples, in both languages.

All of it is written once, in ``calculated.json``: the derived tables, the JSON Schemas, the READMEs and the pages say it
as it stands there, and a test works every example out. ``metrics`` and ``reports_compared`` do the calculating; where one
of them changes, its words there do as well. Must not know how anything is calculated.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib import resources
from typing import Any

from shinchoku.package import dictionary
from shinchoku.package.descriptor import has_place
from shinchoku.package.dictionary import Code

#: Column or key → what stands in a Table Schema, with ``examples``; ``same_codes_as`` names another one, ``needs``
#: what a package must have a place for.
DEFINITIONS: Mapping[str, Mapping[str, Any]] = json.loads(
    resources.files("shinchoku").joinpath("calculated.json").read_text(encoding="utf-8")
)
_SAID_OF_A_CODE = ("value", "label", "label_en", "short", "meaning", "meaning_en")


def codes(name: str) -> dict[str, Code]:
    """Code → what it is called, in the order in which they are shown."""
    definition = DEFINITIONS[name]
    return dictionary.codes_of(DEFINITIONS[definition.get("same_codes_as", name)])


def field(name: str) -> dict[str, Any]:
    """The column as a Table Schema has it: the formula with its examples, and whose calculation it is."""
    definition = DEFINITIONS[name]
    of_codes = DEFINITIONS[definition.get("same_codes_as", name)].get("categories", ())
    examples = definition.get("examples", ())
    ja, en = (
        "／".join(_example(each, "、") for each in examples),
        "; ".join(_example(each, ", ") for each in examples),
    )
    said: dict[str, Any] = {
        "name": name,
        "type": definition["type"],
        "title": definition["title"],
        "title_en": definition["title_en"],
        "description": f"{definition['description']}{f'例：{ja}。' if ja else ''}このサイトの計算。",
        "description_en": f"{definition['description_en']}{f' Example: {en}.' if en else ''} Calculated by this site.",
    }
    if "unit" in definition:
        said["unit"] = definition["unit"]
    if of_codes:
        said["categories"] = [
            {key: each[key] for key in _SAID_OF_A_CODE if each.get(key)} for each in of_codes
        ]
        said["constraints"] = {"enum": [each["value"] for each in of_codes]}
    return said


def note(places: Collection[str]) -> str:
    """Names and titles of what this site calculates of a package with these places, in a sentence."""
    names = (name for name, each in DEFINITIONS.items() if has_place(places, each))
    said = "、".join(f"{name}（{DEFINITIONS[name]['title']}）" for name in names)
    return f"{said}はこのサイトの計算で、原資料の作成者の判断ではありません。"


def _example(example: Mapping[str, Any], comma: str) -> str:
    given = comma.join(f"{name}={value}" for name, value in example["given"].items())
    return f"{given} → {example['gives']}"
