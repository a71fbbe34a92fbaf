"""Third stage: is each cell written as its column's type is written here?

Finds what frictionless lets pass: full-width digits, ``1_500``, ``TRUE``,
``2024-4-1``, spaces around text, invisible characters, formulas. Where it is
clear what was meant the later stages are given that. Looks at each distinct
value of a column once. At most one problem a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from shinchoku import fiscal_year
from shinchoku.text import shown
from shinchoku.validation import urls
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import Mending, Problem, Rule, Stage, rule

_rule = partial(rule, Stage.CELLS)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100

INVISIBLE = _rule(
    "invisible-character",
    "制御文字・書字方向の文字・ゼロ幅の文字・私用領域の文字・部首の文字など、見えない文字や表示できない文字を含まない。",
    "その文字を消すか、セルを入力し直してください。",
    example=("雪\\u200bまつり", "雪まつり"),
)
OUTER_SPACE = _rule(
    "outer-space",
    "セルの前後に空白がない。",
    "前後の空白を消してください。",
    example=("「雪まつり事業　」", "「雪まつり事業」"),
    mending=Mending.WHERE_CLEAR,
)
NOT_NFC = _rule(
    "not-nfc",
    "文字はUnicodeのNFCである（濁点などが分かれていない）。",
    "セルを入力し直してください。",
    example=("カ\\u3099イド", "ガイド"),
    mending=Mending.WHERE_CLEAR,
)
FORMULA = _rule(
    "formula",
    "文字のセルは = + @ や、全角の ＝ ＋ ＠ で始まらない（表計算ソフトで数式として動くのを防ぐ）。",
    "先頭の記号を消してください。",
    example=("=SUM(A1:A9)", "合計を求めた"),
)
SPREADSHEET_ERROR = _rule(
    "spreadsheet-error",
    "表計算ソフトのエラー（#VALUE! など）や ### を含まない。",
    "元の値を入力し直してください。",
    example=("#REF!", "原資料にある値"),
)
MOJIBAKE = _rule(
    "mojibake",
    "文字化けした文字を含まない。",
    "原資料を見て入力し直してください。",
    example=("譛蛻昴縺ｮ謗ｲ", "最初の掲載"),
)
HALF_WIDTH_KANA = _rule(
    "half-width-kana",
    "半角カナを含まない。",
    "全角のカナに直してください。",
    example=("ｶﾞｲﾄﾞ", "ガイド"),
    mending=Mending.WHERE_CLEAR,
)
NUMBER_FORM = _rule(
    "number-form",
    "数は半角の数字だけで書く（桁区切り・単位・余分な0・空白を付けない。負の数は - を付ける）。",
    "半角の数字だけで書いてください。",
    example=("１，５００千円", "1500"),
    mending=Mending.WHERE_CLEAR,
)
BOOLEAN_FORM = _rule(
    "boolean-form",
    "はい・いいえは、小文字の true か false で書く。",
    "true か false にしてください。",
    example=("TRUE", "true"),
    mending=Mending.WHERE_CLEAR,
)
DATE_FORM = _rule(
    "date-form",
    "日付は YYYY-MM-DD（年月は YYYY-MM）で書く。",
    "YYYY-MM-DD の形にしてください。",
    example=("2024/4/1", "2024-04-01"),
    mending=Mending.WHERE_CLEAR,
)
DATE_RANGE = _rule(
    "date-range",
    f"日付の年は、{_FIRST_YEAR}年から{_LAST_YEAR}年までである。",
    "年を確かめてください。",
    example=("0024-04-01", "2024-04-01"),
)
URL = _rule(
    "url",
    "アドレスの列には、https:// で始まるアドレスが1つだけある。",
    "https:// で始まるアドレスを1つ書いてください。",
    example=("example.jp/report", "https://example.jp/report"),
)

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_NUMBER = re.compile(r"(?!-0(?:\.0*)?$)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR_MONTH = re.compile(r"([0-9]{4})-(?:0[1-9]|1[0-2])")
_LOOSE_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 0?0:00(?::00)?)?")
_LOOSE_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?(?:[-/.]0?1)?")
_SERIAL = re.compile(r"[2-7][0-9]{4}")
_SERIALS_FROM = date(1899, 12, 30)

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u2e80-\u2fdf\u3164"
    r"\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_SPREADSHEET_ERROR = re.compile(r"#(?:VALUE!|REF!|N/A|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!)|#{2,}")
_MOJIBAKE = re.compile("縺|繧|繝|\ufffd|[\u00c2\u00c3\u00e2\u00e3][\u0080-\u00bf\u0192\u201a-\u2026]")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
# NFC would turn these into other characters: whether that is right is for a person, and told by ``texts``.
_COMPATIBILITY = re.compile(r"([\uf900-\ufaff\U0002f800-\U0002fa1f])")


class _Finding(NamedTuple):
    rule: Rule
    message: str
    remedy: str | None = None
    #: What is clearly meant.
    fixed: str | None = None


_Find = Callable[[str, Mapping[str, Any]], _Finding | None]


def check(table: Table) -> tuple[Table, list[Problem]]:
    """The problems of every cell, each looked at by itself, and the table as it was clearly meant."""
    problems: list[Problem] = []
    rows = table.rows
    for index, field in enumerate(table.resource["schema"]["fields"]):
        cells = table.column(field["name"])
        find = _find(field)
        found = {
            cell: finding
            for cell in set(cells)
            if cell and (finding := _blank(cell, field) or find(cell, field)) is not None
        }
        if not found:
            continue
        if rows is table.rows and any(finding.fixed is not None for finding in found.values()):
            rows = [list(row) for row in rows]
        for row, (line, cell) in enumerate(zip(table.lines, cells, strict=True)):
            if (finding := found.get(cell)) is None:
                continue
            problems.append(
                finding.rule.problem(
                    table.file,
                    f"「{shown(cell)}」{finding.message}",
                    line=line,
                    column=field["name"],
                    value=cell,
                    remedy=finding.remedy,
                    fixed=finding.fixed,
                )
            )
            if finding.fixed is not None:
                rows[row][index] = finding.fixed
    return (table if rows is table.rows else replace(table, rows=rows)), problems


def _find(field: Mapping[str, Any]) -> _Find:
    return _FORMS.get((field["type"], field.get("format", "default"))) or _FORMS.get(
        (field["type"], "default"), _text
    )


def _blank(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if not cell.isspace():
        return None
    if field.get("constraints", {}).get("required"):
        return _Finding(OUTER_SPACE, "は空白だけです。", "値を入れてください。")
    return _Finding(OUTER_SPACE, "は空白だけです。", "セルを空にしてください。", "")


def _fixed(cell: str, field: Mapping[str, Any], meant: str, find: _Find) -> str | None:
    """``meant``, where nothing else is wrong with it; else a person has to look at the cell anyway."""
    return meant if meant and meant != cell and find(meant, field) is None else None


# -- text -------------------------------------------------------------------


def _tidy_text(cell: str) -> str:
    """The cell without what is wrong beyond doubt: outer spaces, half-width kana, split marks."""
    full_width = _HALF_WIDTH_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), cell.strip())
    parts = _COMPATIBILITY.split(full_width)
    return "".join(
        part if index % 2 else unicodedata.normalize("NFC", part) for index, part in enumerate(parts)
    )


def _text(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    inner = cell.strip()
    if match := _UNSEEN.search(inner):
        usual = unicodedata.normalize("NFKC", match[0])
        is_radical = "\u2e80" <= match[0] <= "\u2fdf" and usual != match[0]
        remedy = f"ふつうの漢字「{usual}」を入力し直してください。" if is_radical else None
        return _Finding(INVISIBLE, f"に、使えない文字 U+{ord(match[0]):04X} があります。", remedy)
    if _SPREADSHEET_ERROR.fullmatch(inner):
        return _Finding(SPREADSHEET_ERROR, "は、表計算ソフトのエラーです。")
    is_formula = inner[0] in "=+@＝＋＠" and not _SIGNED_NUMBER.fullmatch(inner)
    if is_formula or _FULL_WIDTH_MINUS.match(inner):
        return _Finding(FORMULA, f"が「{inner[0]}」で始まっています。")
    if _MOJIBAKE.search(inner):
        return _Finding(MOJIBAKE, "は文字化けのようです。")
    tidy = _tidy_text(cell)
    if tidy == cell:
        return None
    fixed = _fixed(cell, field, tidy, _text)
    if cell != inner:
        return _Finding(OUTER_SPACE, "の前か後に空白があります。", None, fixed)
    if _HALF_WIDTH_KANA.search(cell):
        kana = unicodedata.normalize("NFKC", "".join(_HALF_WIDTH_KANA.findall(cell)))
        remedy = f"全角のカナ（{shown(kana)}）に直してください。"
        return _Finding(HALF_WIDTH_KANA, "に半角カナがあります。", remedy, fixed)
    return _Finding(NOT_NFC, "は、濁点などが分かれた文字（NFD）を含みます。", None, fixed)


#: What begins with a sign and is no formula.
_SIGNED_NUMBER = re.compile("[+＋][0-9０-９][0-9０-９.,．，]*[%％]?")
#: A formula in full-width letters; before anything else the sign is one of a value that is not there.
_FULL_WIDTH_MINUS = re.compile("－[A-Za-zＡ-Ｚａ-ｚ(（@＠=＝+＋]")


def _url(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if (finding := _text(cell, field)) is not None:
        return finding
    found = urls.wrong(cell)
    return None if found is None else _Finding(URL, *found)


# -- numbers, booleans, dates --------------------------------------------------


def _half_width(cell: str) -> str:
    """The cell with half-width characters and without spaces around, as a person would correct it."""
    digits = "".join(str(unicodedata.decimal(character, character)) for character in cell)
    return unicodedata.normalize("NFKC", digits).strip()


def _plain_number(cell: str) -> str:
    """The number that a person may have meant; to be looked at, as a unit or a sign may say otherwise."""
    text = re.sub(r"[\s,_¥\\]|千円$|円$", "", _half_width(cell))
    text = re.sub(r"^[△▲−‐‑–—-]", "-", text).removeprefix("+")
    text = re.sub(r"^(-?)0+(?=[0-9])", r"\1", text)
    return "0" if re.fullmatch(r"-0(?:\.0*)?", text) else re.sub(r"\.0+$", "", text)


def _number(form: re.Pattern[str]) -> _Find:
    def find(cell: str, field: Mapping[str, Any]) -> _Finding | None:
        if form.fullmatch(cell):
            return None
        clear = _half_width(cell)
        if _THOUSANDS.fullmatch(clear):
            clear = clear.replace(",", "")
        if form.fullmatch(clear):
            return _Finding(NUMBER_FORM, _number_message(cell), f"半角の「{clear}」に直してください。", clear)
        plain = _plain_number(cell)
        if form.fullmatch(plain):
            return _Finding(NUMBER_FORM, _number_message(cell), f"半角の「{plain}」に直してください。")
        kind = "整数" if field["type"] == "integer" else "数"
        return _Finding(NUMBER_FORM, f"は{kind}として読めません。", _number_remedy(cell))

    return find


def _number_remedy(cell: str) -> str | None:
    try:
        return f"西暦の「{fiscal_year.parse(_half_width(cell))}」に直してください。"
    except ValueError:
        pass
    if _SPREADSHEET_ERROR.fullmatch(cell.strip()):
        return "表計算ソフトのエラーです。元の値を入力し直してください。"
    if not any(character.isdigit() for character in cell):
        return "数がないときはセルを空にし、理由を書く列（status など）があればそこに書いてください。"
    return None


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
    lower = _half_width(cell).lower()
    fixed = lower if lower in ("true", "false") else None
    meant = {"1": "true", "0": "false", "yes": "true", "no": "false", "はい": "true", "いいえ": "false"}.get(
        lower, fixed
    )
    remedy = f"「{meant}」に直してください。" if meant else None
    return _Finding(BOOLEAN_FORM, "は true でも false でもありません。", remedy, fixed)


def _date(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if match := _DATE.fullmatch(cell):
        if not _exists(cell):
            return _Finding(DATE_FORM, "という日はありません。", "正しい日付に直してください。")
        return _year(match[1])
    match = _LOOSE_DATE.fullmatch(_half_width(cell))
    meant = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""
    if meant and _exists(meant):
        fixed = _fixed(cell, field, meant, _date)
        return _Finding(
            DATE_FORM,
            "は日付の形（YYYY-MM-DD）ではありません。",
            f"「{meant}」に直してください。",
            fixed,
        )
    remedy = None
    if _SERIAL.fullmatch(cell):
        day = _SERIALS_FROM + timedelta(days=int(cell))
        remedy = f"表計算ソフトの日付の番号のようです。「{day}」でしょうか。"
    return _Finding(DATE_FORM, "は日付の形（YYYY-MM-DD）ではありません。", remedy)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _year(year: str) -> _Finding | None:
    if _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    return _Finding(DATE_RANGE, f"の年が{_FIRST_YEAR}年から{_LAST_YEAR}年までにありません。")


def _year_month(cell: str, field: Mapping[str, Any]) -> _Finding | None:
    if match := _YEAR_MONTH.fullmatch(cell):
        return _year(match[1])
    match = _LOOSE_MONTH.fullmatch(_half_width(cell))
    meant = f"{match[1]}-{int(match[2]):02}" if match else ""
    message = "は年月の形（YYYY-MM）ではありません。"
    if not _YEAR_MONTH.fullmatch(meant):
        return _Finding(DATE_FORM, message, "YYYY-MM の形にしてください。")
    return _Finding(
        DATE_FORM, message, f"「{meant}」に直してください。", _fixed(cell, field, meant, _year_month)
    )


_FORMS: dict[tuple[str, str], _Find] = {
    ("string", "uri"): _url,
    ("integer", "default"): _number(_INTEGER),
    ("number", "default"): _number(_NUMBER),
    ("boolean", "default"): _boolean,
    ("date", "default"): _date,
    ("yearmonth", "default"): _year_month,
}
