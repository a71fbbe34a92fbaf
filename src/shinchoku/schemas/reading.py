"""JSON and YAML as people write them: values, the lines they stand in, and why a text has none.

Must not know what a file is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shinchoku import files

#: Steps from the top of a value to a value in it.
Place = tuple[str | int, ...]

_BOM = b"\xef\xbb\xbf"
_SAVE = "「UTF-8（BOMなし）」で保存し直してください。"
_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Unreadable(Exception):
    """A file that has no value. ``message`` and ``remedy``, which may be empty, are Japanese."""

    def __init__(
        self, message: str, line: int | None = None, remedy: str = "", value: str | None = None
    ) -> None:
        self.message, self.line, self.remedy, self.value = message, line, remedy, value
        super().__init__(f"{line}行目: {message}{remedy}" if line else f"{message}{remedy}")


def read_json(path: Path) -> tuple[str, Any]:
    """The text of a JSON file and its value. Raises ``Unreadable`` or ``OSError``."""
    content = files.read(path)
    if content.startswith(_BOM):
        raise Unreadable("先頭にBOMがあります。", 1, _SAVE)
    text = _decoded(content)
    repeated = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        found = dict(items)
        repeated |= len(found) < len(items)
        return found

    def constant(name: str) -> None:
        raise ValueError(name)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1].strip() if text else ""
        raise Unreadable(f"JSONとして読めません（{error.colno}文字目）。", error.lineno, value=line) from None
    except (ValueError, RecursionError):
        raise Unreadable("JSONとして読めません。") from None
    if repeated:
        key, at = next(repeated_keys(text), ("", None))
        message = f"1つのかっこの中に同じ項目「{key}」が2回あります。"
        raise Unreadable(message, at, "どちらか1つを消してください。", key or None)
    return text, _writable(value)


def read_yaml(path: Path) -> tuple[str, Any]:
    """The text of a YAML file and its value. Raises ``Unreadable`` or ``OSError``.

    Of a key that stands twice the last value counts; see ``repeated_keys``.
    """
    text = _decoded(files.read(path))
    try:
        return text, _writable(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable("YAMLとして読めません。", mark and mark.line + 1) from None
    except (KeyError, ValueError, AttributeError, TypeError, RecursionError):  # of values like 2024-13-45
        raise Unreadable("YAMLとして読めない値があります。") from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("UTF-8として読めません。", line, _SAVE) from None


def _writable(value: Any) -> Any:
    """``value``. Raises ``Unreadable`` where an escape left half a character in it."""
    try:
        json.dumps(value, ensure_ascii=False, default=str, skipkeys=True).encode("utf-8")
    except UnicodeEncodeError:
        message = "\\ud800 のような、1文字にならない符号があります。"
        raise Unreadable(message, remedy="その符号を消してください。") from None
    return value


@lru_cache(maxsize=2)
def _tree(text: str) -> yaml.Node | None:
    """JSON is read as YAML because that parser keeps positions."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return None


def line_of(text: str, place: Iterable[str | int]) -> int | None:
    """The line of a value in JSON or YAML, or of the deepest of its parents that exists."""
    node = _tree(text)
    for step in place:
        child = None
        if isinstance(node, yaml.MappingNode):
            child = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
        if child is None:
            break
        node = child
    return None if node is None else node.start_mark.line + 1


def repeated_keys(text: str) -> Iterator[tuple[str, int]]:
    """(key, line) of each key that stands in one mapping a second time."""
    nodes, visited = [_tree(text)], set()
    while nodes:
        node = nodes.pop()
        if id(node) in visited:  # an alias may name what it is part of
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            seen = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        yield key.value, key.start_mark.line + 1
                    seen.add(key.value)
                nodes.append(value)
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value
