"""What stands already in the folder the site is made from: downloads with their sizes, examples of their use.

Both are there before any page is made that shows them. Who makes pages says which folder it is (``at``), or
``SHINCHOKU_DOCS_DIR`` names it; where none is known, or nothing was written, nothing is found. Must not render anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shinchoku import addresses

INDEX = f"{addresses.DATA}index.json"
_EXAMPLES = "data-examples/"


_folder: ContextVar[Path | None] = ContextVar("_folder", default=None)


@contextmanager
def at(folder: Path) -> Iterator[None]:
    """It is this folder while pages are made in the block."""
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def folder(address: str) -> Path | None:
    """A folder in it; ``None`` where there is none."""
    docs = _folder.get() or os.environ.get("SHINCHOKU_DOCS_DIR")
    path = Path(docs or "", address)
    return path if docs and path.is_dir() else None


def downloads() -> dict[str, Mapping[str, Any]]:
    """Address → what ``index.json`` says of the file: its bytes, rows, date, SHA-256."""
    docs = folder("")
    if docs is None or not (docs / INDEX).is_file():
        return {}
    listed = json.loads((docs / INDEX).read_text(encoding="utf-8"))
    return {each["path"]: each for each in listed["files"]}


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: the file it is, and what it prints."""

    name: str
    text: str
    printed: str

    @property
    def address(self) -> str:
        return f"{_EXAMPLES}{self.name}"


def examples() -> dict[str, Example]:
    """Name → example, of every file that has beside it what it prints: ``{stem}.printed.txt``."""
    place = folder(_EXAMPLES)
    texts = {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()} if place else {}
    printed = {name: texts.get(f"{name.partition('.')[0]}.printed.txt") for name in texts}
    return {name: Example(name, texts[name], said) for name, said in printed.items() if said is not None}
