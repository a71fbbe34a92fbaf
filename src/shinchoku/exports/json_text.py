"""JSON with every decimal as it is: ``1.28`` and ``175``, whatever their length.

The standard encoder has no door for ``Decimal`` except through ``float``, which
is not exact; scalars other than ``Decimal`` are still its work. What is not indented
is all its work where each decimal is a number that it writes the same.
Must not import anything of this project.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_scalar = json.JSONEncoder(ensure_ascii=False).encode


class _OtherDecimal(ValueError):
    """No number of the standard encoder is written so."""


def encode(value: Any) -> bytes:
    """``value`` as an indented JSON file in UTF-8."""
    return (_text(value, "\n") + "\n").encode("utf-8")


def encode_lines(value: Mapping[str, Any] | Iterable[Any]) -> bytes:
    """An array with an element a line, or an object with a key a line: small, and what changes is seen by line."""
    if isinstance(value, Mapping):
        begin, end, lines = b"{", b"}\n", (f"{_scalar(key)}:{_line(item)}" for key, item in value.items())
    else:
        begin, end, lines = b"[", b"]\n", (_line(item) for item in value)
    # Bytes at once: a text of all of it would take several times as much.
    joined = b",\n".join(line.encode("utf-8") for line in lines)
    return b"\n".join((begin, joined, end)) if joined else begin + end


def _line(value: Any) -> str:
    if value is None:
        return "null"
    if value.__class__ is int:  # most are of these: the encoder is called for the others
        return str(value)
    try:
        return _without_a_space(value)
    except _OtherDecimal:
        return _text(value)


def _as_standard(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = format(value, "f")
        number = float(text) if "." in text else int(text)
        if str(number) != text:  # as of 62.0, but not of 62.00
            raise _OtherDecimal
        return number
    return value.isoformat() if isinstance(value, date) else dict(value)


_without_a_space = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_as_standard
).encode


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
