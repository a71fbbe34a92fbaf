"""``datapackage.json`` of a package folder, with its schemas in it.

Whether it says what it means is for ``validation``; here what has not the form of a table cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shinchoku.package.records import LOG
from shinchoku.paths import DESCRIPTOR, is_inside, links_outside
from shinchoku.schemas.reading import Unreadable, read_json


class PackageError(Exception):
    """The folder cannot be read as a package; the message is for a maintainer."""


def read_descriptor(directory: Path) -> dict[str, Any]:
    """``datapackage.json`` of a package folder, with the Table Schemas in it that it names by their paths.

    Raises ``PackageError``.
    """
    for link in links_outside(directory):
        raise PackageError(
            f"{directory / link}: フォルダの外を指すリンクです。ファイルそのものを置いてください。"
        )
    path = directory / DESCRIPTOR
    descriptor = _json(path)
    try:
        for resource in descriptor["resources"]:
            if isinstance(resource["schema"], str):
                resource["schema"] = _json(inside(directory, resource["schema"]))
        is_readable = all(map(_is_table, descriptor["resources"]))
    except (KeyError, TypeError):
        is_readable = False
    if not is_readable:
        remedy = "shinchoku validate で確かめてください。"
        raise PackageError(f"{path}: 表の定義（resources）として読めません。{remedy}")
    return without_log(descriptor)


def _json(path: Path) -> Any:
    try:
        return read_json(path)[1]
    except OSError:
        raise PackageError(f"{path}: ファイルがありません。") from None
    except Unreadable as error:
        raise PackageError(f"{path} {error}") from None


def inside(directory: Path, name: str) -> Path:
    """The file ``name`` of a package folder. Raises ``PackageError`` where that is outside of the folder."""
    path = directory / name
    if not is_inside(path, directory):
        raise PackageError(f"{path}: パッケージのフォルダの外にあるファイルです。")
    return path


def _is_table(resource: Any) -> bool:
    """Whether a resource says what is needed to read its table. Raises where it is of another form."""
    fields = [field[name] for field in resource["schema"]["fields"] for name in ("name", "type")]
    names = (resource["name"], resource["path"], *primary_key(resource), *fields)
    return all(type(name) is str for name in names)


def resources(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Table name → its resource in the descriptor."""
    return {resource["name"]: resource for resource in descriptor["resources"]}


def without_log(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """A published descriptor without the table that is computed: a folder needs none, and its is not read."""
    return {**descriptor, "resources": [each for each in descriptor["resources"] if each.get("name") != LOG]}


def primary_key(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the primary key, also where it is written as one name."""
    key = resource["schema"]["primaryKey"]
    return (key,) if isinstance(key, str) else tuple(key)
