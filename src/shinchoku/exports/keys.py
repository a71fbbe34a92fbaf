"""The keys of the JSON files that are no column of their row (``json_keys.json``), and which of them a package has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from shinchoku import calculated
from shinchoku.package.descriptor import has_place
from shinchoku.package.joins import Tables

KEYS: Mapping[str, Mapping[str, Any]] = json.loads(
    resources.files("shinchoku.exports").joinpath("json_keys.json").read_text(encoding="utf-8")
)


@cache
def absent(places: frozenset[str]) -> frozenset[str]:
    """The keys that a package with these places has not: nothing of the kind is in its plan."""
    declared = (*KEYS.items(), *calculated.DEFINITIONS.items())
    return frozenset(name for name, each in declared if not has_place(places, each))


def known(package: Tables, element: Mapping[str, Any]) -> dict[str, Any]:
    """Of an object, the keys that the package has."""
    left_out = absent(package.places)
    return {name: value for name, value in element.items() if name not in left_out}
