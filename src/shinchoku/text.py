"""Text as it is shown and compared: nothing invisible, and what is written differently but read alike.

Pure functions from text to text; escaping for a format is that format's work.
Must not import anything of this project.
"""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from itertools import takewhile

#: A longer value is shown around the place where it begins to differ.
LONGEST = 300
_BEFORE_DIFFERENCE = 20

_LINE_ENDS = re.compile(r"\r\n|[\r\n]")
_OUTER_SPACE = re.compile(r"^[ \u3000]+|[ \u3000]+$")
_SPACES = str.maketrans({" ": "␣", "\u3000": "□"})
#: Letters, a symbol and a joiner that nobody sees, and the sign for what nobody could read; what else is
#: invisible is told by its category.
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0\ufffd")
_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    is_space = category == "Zs" and character not in " \u3000"
    return category in _HIDDEN_CATEGORIES or character in _BLANK or is_space


def _with_codes(text: str) -> str:
    """``text`` with the codes of what nobody sees."""
    if text.isprintable() and not _BLANK.intersection(text):
        return text
    codes = (f"\\u{ord(each):04x}" if ord(each) <= 0xFFFF else f"\\U{ord(each):08x}" for each in text)
    return "".join(code if _is_hidden(each) else each for each, code in zip(text, codes, strict=True))


def visible(text: str) -> str:
    """``text`` on one line: ``⏎`` for the end of one, ``␣`` and ``□`` for spaces at its ends, codes for the rest."""
    text = _LINE_ENDS.sub("⏎", text)
    return _with_codes(_OUTER_SPACE.sub(lambda found: found[0].translate(_SPACES), text))


def says_more(printed: str, *said: str | None) -> bool:
    """Whether a value as printed says more than these parts of it: marks and spaces between them say nothing."""
    if printed == said[0]:
        return False
    rest = _bare(printed)
    for part in said:
        rest = rest.replace(_bare(part or ""), "", 1)
    return bool(rest)


def _bare(text: str) -> str:
    return re.sub(r"[\s,()]", "", unicodedata.normalize("NFKC", text)).replace("〜", "~")


def excerpt(text: str, start: int = 0) -> str:
    """What of a value is shown: all, or a part from ``start`` on that says how much there is."""
    if len(text) <= LONGEST:
        return visible(text)
    cut = text[start : start + LONGEST]
    before, after = "…" if start else "", "…" if start + LONGEST < len(text) else ""
    return f"{before}{visible(cut)}{after}（全{len(text):,}文字）"


def pair(old: str, new: str) -> tuple[str, str]:
    """Two values that differ, each with the place where it begins to."""
    if len(old) <= LONGEST and len(new) <= LONGEST:
        return visible(old), visible(new)
    start = max(0, len(os.path.commonprefix([old, new])) - _BEFORE_DIFFERENCE)
    return excerpt(old, start), excerpt(new, start)


def likeness(old: str, new: str) -> str:
    """Why two values look alike, where they do; empty where they do not."""
    if _without_form(old) == _without_form(new):
        return "空白や文字の幅などだけの違い"
    numbers = _number(old), _number(new)
    return "同じ数の、別の書き方" if None not in numbers and numbers[0] == numbers[1] else ""


def _without_form(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return "".join(each for each in normal if not each.isspace() and not _is_hidden(each))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


#: Full width, and the sign that only looks like a hyphen, as the ASCII character they are read as.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
#: Every form of dash, dots, asterisks and strokes; no cross, which is a mark beside ○ and △.
_SIGNS = re.compile(
    r"[(\[]?(?:[-_‐‑‒–—―⸺⸻﹘﹣⁃ーｰ─━~〜.・･·…‥⋯*/\\|]\s?)+[)\]]?",
)


def half_width(text: str) -> str:
    """``text`` with its full-width letters, digits and signs in ASCII, each in its place."""
    return text.translate(_HALF_WIDTH)


def says_nothing(text: str) -> bool:
    """Whether a cell is only a sign that there is no value: dashes, dots, strokes."""
    return _SIGNS.fullmatch(half_width(text)) is not None


_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "億": 8, "兆": 12}


def power_of_ten(unit: str) -> int:
    """By which power of ten what is counted in a unit is multiplied: 4 for 万人, 6 for 百万円, 0 for 人."""
    return sum(_POWERS[sign] for sign in takewhile(_POWERS.__contains__, unit))


# -- as it is searched ------------------------------------------------------------

#: Forms of one kanji in names, as printed and as typed; each group is read as its first.
_KANJI = (
    "渓溪 沢澤 辺邊邉 高髙 崎﨑 斉齊 斎齋 国國 広廣 浜濱 島嶋 桜櫻 滝瀧 竜龍 鉄鐵 学學 会會 円圓 恵惠 栄榮 "
    "実實 検檢 観觀 緑綠 芸藝 薬藥 関關 歩步 条條 満滿 単單"
)
_SMALL_KANA = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))


def _alike() -> dict[str, str]:
    kanji = {other: forms[0] for forms in _KANJI.split() for other in forms[1:]}
    hiragana = (chr(code) for code in range(ord("ぁ"), ord("ゖ") + 1))
    katakana = {chr(ord(kana) + 0x60): _SMALL_KANA.get(kana, kana) for kana in hiragana}
    return kanji | _SMALL_KANA | katakana


#: Character → the one it is searched as. ``search.js`` gets it in ``index.json``.
ALIKE = _alike()
_TABLE = str.maketrans(ALIKE)


def normalise(text: str) -> str:
    """One width, case and kana, and no punctuation; ``search.js`` does exactly the same.

    Nothing is found across tabs and line ends, so they stay. Other spaces and marks go,
    but still part Latin words and numbers: ``t-CO2`` has two words, ``412,018`` is one number,
    and 平成28年度 is H28年度.
    """
    text = re.sub(r" +(?=[₀-₉])", "", text)  # an extraction from print has "CO ₂"
    text = unicodedata.normalize("NFKC", text).lower().translate(_TABLE)
    text = re.sub(r"(?<=[ぁ-ゖ])ー+(?![ぁ-ゖー])", "", text)  # サーバー is also written サーバ
    text = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", text)
    text = re.sub(r"令和(?=[0-9元])", "r", re.sub(r"平成(?=[0-9元])", "h", text))
    text = re.sub(r"(?<=[rh])元(?=年)", "1", text)
    text = re.sub(
        r"(?:[^\w\u2600-\u266f\t\n]|_)+", " ", text
    )  # stars and the like are printed to tell names apart
    return re.sub(r"(?<![a-z0-9]) +| +(?![a-z0-9])", "", text)


# -- as it is compared, and quoted in messages ----------------------------------


def one_line(text: str) -> str:
    """``text`` as a browser shows it: line ends and runs of spaces are one space. Wider spaces are text."""
    return re.sub(r"[ \t\n\f\r]+", " ", text).strip(" ")


#: As an extraction from print leaves it. Of any other (``<s>``, ``<sup>``) what it says would be lost; 「<速報値>」 is print.
LIST_MARKUP = re.compile(r"</?(?:ul|ol|li|p|br|div|span)\b[^<>]*>", re.IGNORECASE)


def without_markup(printed: str) -> str:
    """The text of a printed cell without the markup of lists (``<ul …>``), white space collapsed."""
    return " ".join(LIST_MARKUP.sub(" ", printed).split())


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


def spelt_out(text: str) -> str:
    """``text`` with the characters nobody sees written out.

    Also the "##[" with which a line of a build's log would give an order to the machine that runs it.
    """
    return _with_codes(text.replace("##[", "#\\u0023["))


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
