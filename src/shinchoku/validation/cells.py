"""Third stage: is each cell written as its column's type is written here?

Finds what frictionless lets pass: full-width digits, ``1_500``, ``TRUE``,
``2024-4-1``, spaces around text, invisible characters, formulas.
Looks at each distinct value of a column once. At most one problem a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from shinchoku.validation.layout import FIRST_DATA_LINE, Table
from shinchoku.validation.problems import Problem, Rule, rule, shown

INVISIBLE = rule(
    "invisible-character",
    "制御文字・書字方向の文字・ゼロ幅の文字・私用領域の文字など、見えない文字や表示できない文字を含まない。",
    "その文字を消すか、セルを入力し直してください。",
)
OUTER_SPACE = rule("outer-space", "セルの前後に空白がない。", "前後の空白を消してください。")
NOT_NFC = rule(
    "not-nfc",
    "文字はUnicodeのNFCである（濁点などが分かれていない）。",
    "セルを入力し直してください。",
)
COMPATIBILITY = rule(
    "compatibility-ideograph",
    "互換漢字（﨑など、環境によって別の字に変わるもの）を使うときは、意図したものである。",
    "原資料の字と同じか確かめてください。",
    severity="warning",
)
FORMULA = rule(
    "formula",
    "文字のセルは = + @ で始まらない（表計算ソフトで数式として動くのを防ぐ）。",
    "先頭の記号を消すか、全角の文字に替えてください。",
)
SPREADSHEET_ERROR = rule(
    "spreadsheet-error",
    "表計算ソフトのエラー（#VALUE! など）や ### を含まない。",
    "元の値を入力し直してください。",
)
MOJIBAKE = rule("mojibake", "文字化けした文字を含まない。", "原資料を見て入力し直してください。")
HALF_WIDTH_KANA = rule("half-width-kana", "半角カナを含まない。", "全角のカナに直してください。")
NUMBER_FORM = rule(
    "number-form",
    "数は半角の数字だけで書く（桁区切り・単位・余分な0・空白を付けない。負の数は - を付ける）。",
    "半角の数字だけで書いてください。",
)
BOOLEAN_FORM = rule(
    "boolean-form", "はい・いいえは、小文字の true か false で書く。", "true か false にしてください。"
)
DATE_FORM = rule(
    "date-form", "日付は YYYY-MM-DD（年月は YYYY-MM）で書く。", "2024-04-01 の形にしてください。"
)

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_LOOSE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u2f00-\u2fdf\ue000-\uf8ff\ufeff"
    r"\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_COMPATIBILITY = re.compile(r"[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_SPREADSHEET_ERROR = re.compile(r"#(?:VALUE!|REF!|N/A|NAME\?|DIV/0!|NUM!|NULL!|SPILL!)|#{2,}")
_MOJIBAKE = re.compile("縺|繧|繝|[\u00c2\u00c3\u00e2\u00e3][\u0080-\u00bf\u0192\u201a-\u2026]")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")


class _Finding(NamedTuple):
    rule: Rule
    message: str
    remedy: str | None = None


def check(table: Table) -> list[Problem]:
    """The problems of every cell, each cell looked at by itself."""
    return [problem for field in table.resource["schema"]["fields"] for problem in _column(table, field)]


def _column(table: Table, field: Mapping[str, Any]) -> Iterator[Problem]:
    cells = table.column(field["name"])
    find = _FORMS.get(field["type"], _text)
    found = {cell: finding for cell in set(cells) if cell and (finding := find(cell, field)) is not None}
    if not found:
        return
    for line, cell in enumerate(cells, FIRST_DATA_LINE):
        if finding := found.get(cell):
            yield finding.rule.problem(
                table.file,
                f"「{shown(cell)}」{finding.message}",
                line=line,
                column=field["name"],
                value=cell,
                remedy=finding.remedy,
            )


# -- text -------------------------------------------------------------------


def _text(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if match := _UNSEEN.search(cell):
        return _Finding(INVISIBLE, f"に、使えない文字 U+{ord(match[0]):04X} があります。")
    if cell != cell.strip():
        kept = cell.strip()
        return _Finding(
            OUTER_SPACE, "の前か後に空白があります。", None if kept else "セルを空にしてください。"
        )
    if _SPREADSHEET_ERROR.fullmatch(cell):
        return _Finding(SPREADSHEET_ERROR, "は、表計算ソフトのエラーです。")
    if cell[0] in "=+@":
        return _Finding(FORMULA, f"が「{cell[0]}」で始まっています。")
    if _MOJIBAKE.search(cell):
        return _Finding(MOJIBAKE, "は文字化けのようです。")
    if _HALF_WIDTH_KANA.search(cell):
        full = unicodedata.normalize("NFKC", "".join(_HALF_WIDTH_KANA.findall(cell)))
        return _Finding(
            HALF_WIDTH_KANA, "に半角カナがあります。", f"全角のカナ（{shown(full)}）に直してください。"
        )
    if not unicodedata.is_normalized("NFC", cell):
        if match := _COMPATIBILITY.search(cell):
            return _Finding(COMPATIBILITY, f"に互換漢字「{match[0]}」（U+{ord(match[0]):04X}）があります。")
        return _Finding(NOT_NFC, "は、濁点などが分かれた文字（NFD）を含みます。")
    return None


# -- numbers, booleans, dates --------------------------------------------------


def _tidy(cell: str) -> str:
    """The cell with half-width characters and without spaces, as a person would correct it."""
    half_width = "".join(str(unicodedata.decimal(character, character)) for character in cell)
    return "".join(unicodedata.normalize("NFKC", half_width).split())


def _plain_number(cell: str) -> str:
    text = re.sub(r"[,_¥\\]|千円$|円$", "", _tidy(cell))
    text = re.sub(r"^[△▲−‐‑–—-]", "-", text).removeprefix("+")
    return re.sub(r"^(-?)0+(?=[0-9])", r"\1", text)


def _number(form: re.Pattern[str]) -> Callable[[str, Mapping[str, Any]], _Finding | None]:
    def find(cell: str, field: Mapping[str, Any]) -> _Finding | None:
        if form.fullmatch(cell):
            return None
        plain = _plain_number(cell)
        if form.fullmatch(plain):
            return _Finding(NUMBER_FORM, _number_message(cell), f"半角の「{plain}」に直してください。")
        kind = "整数" if field["type"] == "integer" else "数"
        remedy = None
        if not any(character.isdigit() for character in cell):
            remedy = "数がないときはセルを空にし、理由を書く列（status など）があればそこに書いてください。"
        return _Finding(NUMBER_FORM, f"は{kind}として読めません。", remedy)

    return find


def _number_message(cell: str) -> str:
    if any(character.isdigit() and not character.isascii() for character in cell):
        return "は全角などの数字です。" if not _is_full_width(cell) else "は全角数字です。"
    if "," in cell:
        return "に桁区切りのコンマがあります。"
    if cell != "".join(cell.split()):
        return "に空白があります。"
    return "に数字でない文字か余分な0があります。"


def _is_full_width(cell: str) -> bool:
    return all("０" <= character <= "９" or not character.isdigit() for character in cell)


def _boolean(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if cell in ("true", "false"):
        return None
    lower = _tidy(cell).lower()
    meant = {"1": "true", "0": "false", "yes": "true", "no": "false", "はい": "true", "いいえ": "false"}.get(
        lower, lower
    )
    remedy = f"「{meant}」に直してください。" if meant in ("true", "false") else None
    return _Finding(BOOLEAN_FORM, "は true でも false でもありません。", remedy)


def _date(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if _DATE.fullmatch(cell) and _exists(cell):
        return None
    if _DATE.fullmatch(cell):
        return _Finding(DATE_FORM, "という日はありません。", "正しい日付に直してください。")
    match = _LOOSE_DATE.fullmatch(_tidy(cell))
    meant = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""
    remedy = f"「{meant}」に直してください。" if meant and _exists(meant) else None
    return _Finding(DATE_FORM, "は日付の形（YYYY-MM-DD）ではありません。", remedy)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _year_month(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if _YEAR_MONTH.fullmatch(cell):
        return None
    return _Finding(DATE_FORM, "は年月の形（YYYY-MM）ではありません。", "2024-04 の形にしてください。")


_FORMS: dict[str, Callable[[str, Mapping[str, Any]], _Finding | None]] = {
    "integer": _number(_INTEGER),
    "number": _number(_NUMBER),
    "boolean": _boolean,
    "date": _date,
    "yearmonth": _year_month,
}
