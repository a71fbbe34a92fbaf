"""The published versions beside a package: is the one it says it is among them?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shinchoku.package.releases import version_number
from shinchoku.paths import DESCRIPTOR, RELEASES
from shinchoku.validation.problems import Problem, Stage, rule

UNFINISHED = rule(
    Stage.FILES,
    "release-unfinished",
    f"datapackage.json の version の版は、{RELEASES}/ にある（版をまだ出していなければ、なくてよい）。",
    "途中で止まった shinchoku release は、同じ命令をもう一度実行すると終わります。"
    "手で書き換えたのなら、version を元に戻してください。",
    example=("version が 1.1.0 で、releases/ には 1.0.0 だけ", "releases/1.1.0 もある"),
)
#: What ``release`` leaves where it is killed.
_BEGUN = re.compile(r"\.writing-.*")


def check(directory: Path, descriptor: Mapping[str, Any]) -> list[Problem]:
    """Whether ``release`` was killed before its end."""
    folder, version = directory / RELEASES, descriptor["version"]
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    released = [version_number(name) for name in names if version_number(name)]
    if not released and not any(map(_BEGUN.fullmatch, names)):
        return []
    if version_number(version) <= max(released, default=()):
        return []
    message = f"version は「{version}」ですが、{RELEASES}/ にその版がありません。"
    return [UNFINISHED.problem(DESCRIPTOR, message, value=version)]
