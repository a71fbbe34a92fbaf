"""JSON with every decimal as it is: ``1.28`` and ``175``, whatever their length.

The standard encoder has no door for ``Decimal`` except through ``float``, which
is not exact; scalars other than ``Decimal`` are still its work.
Must not import anything of this project.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_scalar = json.JSONEncoder(ensure_ascii=False).encode


def encode(value: Any) -> bytes:
    """``value`` as an indented JSON file in UTF-8."""
    return (_text(value, "\n") + "\n").encode("utf-8")


def encode_lines(elements: Iterable[Any]) -> bytes:
    """An array with an element a line: small, and what changes between two versions is seen by line."""
    return (_block("[]", map(_text, elements), "\n") + "\n").encode("utf-8")


def _text(value: Any, line_break: str = "") -> str:
    """Indented where lines are broken, else without a space."""
    inner = line_break and line_break + "  "
    if isinstance(value, Mapping):
        colon = ": " if line_break else ":"
        items = (f"{_scalar(key)}{colon}{_text(item, inner)}" for key, item in value.items())
        return _block("{}", items, line_break)
    if isinstance(value, (list, tuple)):
        return _block("[]", (_text(item, inner) for item in value), line_break)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return _scalar(value.isoformat())
    return _scalar(value)


def _block(brackets: str, items: Iterable[str], line_break: str) -> str:
    inner = line_break and line_break + "  "
    joined = f",{inner}".join(items)
    return f"{brackets[0]}{inner}{joined}{line_break}{brackets[1]}" if joined else brackets
