"""When two wordings are one, and values in messages.

Pure functions of values and text, the same in a picture, on a page and in an import. Must not import anything of this project.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable


def one_line(text: str) -> str:
    """``text`` as a browser shows it: line ends and runs of spaces are one space. Wider spaces are text."""
    return re.sub(r"[ \t\n\f\r]+", " ", text).strip(" ")


#: Written differently but meant the same; applied after NFKC, which already unites full and half width.
_SAME_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−－~〜", "-"),
        **dict.fromkeys("、，､", ","),
        **dict.fromkeys("。．｡", "."),
        **dict.fromkeys("“”〝〟", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("・•●○◦⚫", None),
    }
)


def without_format(printed: str) -> str:
    """``printed`` with width, white space, bullets and variants of punctuation set aside."""
    return "".join(unicodedata.normalize("NFKC", printed).translate(_SAME_PUNCTUATION).split())


# -- in messages ------------------------------------------------------------------

_SHOWN_VALUE_LENGTH = 60
_COMPARED_NAMES = 1_000
# Also the "##[" with which a line of a build's log would give an order to the machine that runs it.
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    r"\ue000-\uf8ff\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]|(?<=#)#(?=\[)"
)


def spelt_out(text: str) -> str:
    """``text`` with the characters nobody sees written out."""
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def shown(value: object) -> str:
    """A value fit for a message: short, and nothing in it hidden."""
    text = str(value)
    if len(text) > _SHOWN_VALUE_LENGTH:
        text = text[:_SHOWN_VALUE_LENGTH] + "…"
    return spelt_out(text)


def quoted(values: Iterable[object], limit: int = 10) -> str:
    """``「a」「b」``, cut after ``limit`` values."""
    texts = [f"「{shown(value)}」" for value in values]
    rest = f"など{len(texts)}件" if len(texts) > limit else ""
    return "".join(texts[:limit]) + rest


def nearest(value: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name most like ``value``, letter case aside; ``None`` where none is alike.

    Of very many names only those that begin alike are compared, and of very many of these none:
    a hint may be missing, a check must not take minutes.
    """
    names = {name.lower(): name for name in known}
    wanted = unicodedata.normalize("NFKC", value).strip().lower()
    if len(names) > _COMPARED_NAMES:
        names = {lower: name for lower, name in names.items() if lower[:3] == wanted[:3]}
    if len(names) > _COMPARED_NAMES:
        return None
    match = difflib.get_close_matches(wanted[: _SHOWN_VALUE_LENGTH * 4], names, 1, likeness)
    return names[match[0]] if match else None


def meant(value: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """``「…」でしょうか。`` for the nearest known name, or nothing."""
    near = nearest(value, known, likeness)
    return "" if near is None else f"「{shown(near)}」でしょうか。"
