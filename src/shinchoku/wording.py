"""What a number, a share and a missing value are called, and when two wordings are one.

Pure functions of values and text, the same in a picture, on a page and in an import. Must not import anything of this project.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

#: Why there is no value, in words that fit below a column; the schema's labels are longer.
MISSING: dict[str, str] = {
    "pending": "集計中",
    "not_surveyed": "調査なし",
    "not_calculable": "算出不可",
    "not_stated": "記載なし",
    "no_target": "目標値なし",
    "blank": "空欄",
}


def one_line(text: str) -> str:
    """``text`` as a browser shows it: line ends and runs of spaces are one space. Wider spaces are text."""
    return re.sub(r"[ \t\n\f\r]+", " ", text).strip(" ")


def number(value: Decimal | int) -> str:
    """``1,270`` or ``82.3``: thousands separated, decimals as they are."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def share(part: int, whole: int) -> str:
    """``40.4%``, or a statement that there is nothing to divide by."""
    if whole == 0:
        return "計算できません"
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent}%"


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
