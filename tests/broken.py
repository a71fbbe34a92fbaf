"""The defects of ``fixtures/broken/cases.yml``: one case, one file that is wrong in a copy of the small package."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def set_json(content: bytes, steps: list[str | int], value: Any) -> bytes:
    """A JSON file with another value at a place, or without it (``None``)."""
    descriptor = json.loads(content)
    *path, last = steps
    parent = descriptor
    for step in path:
        parent = parent[step]
    if value is None:
        del parent[last]
    else:
        parent[last] = value
    return json.dumps(descriptor, ensure_ascii=False, indent=2).encode()


def replace_once(content: bytes, old: bytes, new: bytes) -> bytes:
    """With ``new`` for ``old``, which must be there once."""
    assert content.count(old) == 1, f"{old.decode()} must occur once"
    return content.replace(old, new)


def _edited(content: bytes, case: dict[str, Any]) -> bytes:
    """The file with the defect of a case; the keys are explained in cases.yml."""
    if "content" in case:
        content = case["content"].encode()
    if "content_hex" in case:
        content = bytes.fromhex(case["content_hex"])
    if "replace" in case:
        old, new = case["replace"]
        content = replace_once(content, old.encode(), new.encode() * case.get("repeat", 1))
    if "replace_hex" in case:
        content = replace_once(content, *map(bytes.fromhex, case["replace_hex"]))
    if "replace_all" in case:
        content = content.replace(*(text.encode() for text in case["replace_all"]))
    if "json" in case:
        content = set_json(content, *case["json"])
    if "encoding" in case:
        content = content.decode().encode(case["encoding"], errors="replace")
    if "newline" in case:
        content = content.replace(b"\n", case["newline"].encode())
    content = case.get("prepend", "").encode() + content + case.get("append", "").encode()
    return bytes.fromhex(case.get("prepend_hex", "")) + content


def break_file(directory: Path, case: dict[str, Any]) -> None:
    """The defect of a case, in the file that it names."""
    path = directory / case["file"]
    if "delete" in case:
        path.unlink()
    elif "rename" in case:
        path.rename(directory / case["rename"])
    elif "copy" in case:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((directory / case["copy"]).read_bytes())
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_edited(path.read_bytes() if path.exists() else b"", case))


def prepare(directory: Path, case: dict[str, Any]) -> None:
    """The package in which a case breaks something: as it is, or with what is given."""
    table = directory / "data" / "sources.csv"
    before = {path: path.read_bytes() for path in (directory / "data" / "sources").iterdir()}
    for edit in case.get("given", ()):
        break_file(directory, edit)
    for path, content in before.items():
        digests = [hashlib.sha256(text).hexdigest().encode() for text in (content, path.read_bytes())]
        table.write_bytes(table.read_bytes().replace(*digests))
