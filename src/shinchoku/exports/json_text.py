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


def _text(value: Any, line_break: str) -> str:
    if isinstance(value, Mapping):
        inner = line_break + "  "
        return _block(
            "{}", (f"{_scalar(key)}: {_text(item, inner)}" for key, item in value.items()), line_break
        )
    if isinstance(value, (list, tuple)):
        return _block("[]", (_text(item, line_break + "  ") for item in value), line_break)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return _scalar(value.isoformat())
    return _scalar(value)


def _block(brackets: str, items: Iterable[str], line_break: str) -> str:
    inner = line_break + "  "
    joined = f",{inner}".join(items)
    return f"{brackets[0]}{inner}{joined}{line_break}{brackets[1]}" if joined else brackets
