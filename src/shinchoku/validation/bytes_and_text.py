"""First stage of a table: is the file a UTF-8, comma-separated text at all?

Bytes in, records of cells out. Where it is clear what was meant (a byte order
mark, other line ends), that is read on, so that this is one problem and the
other defects of the file show too. Knows nothing of the schema.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from shinchoku.validation.problems import Mending, Problem, Stage, rule

_rule = partial(rule, Stage.TEXT)
_SAVE_AS = "表計算ソフトで「CSV UTF-8」を選び、保存し直してください。"

EMPTY_FILE = _rule(
    "empty-file",
    "ファイルは空でない。",
    "見出し行と1行以上のデータを入れるか、元のファイルに戻してください。",
    example=("0バイトのファイル", "見出しとデータのあるファイル"),
)
SPREADSHEET_FILE = _rule(
    "spreadsheet-file",
    "CSVはテキストで、表計算ソフトのブックではない。",
    f"拡張子を変えるのではなく、{_SAVE_AS}",
    example=("observations.xlsx の名前だけを .csv にしたもの", "「CSV UTF-8」で保存したもの"),
)
UTF_16 = _rule(
    "utf-16",
    "文字コードはUTF-8で、UTF-16ではない。",
    _SAVE_AS,
    example=("「Unicode テキスト」で保存", "「CSV UTF-8」で保存"),
    mending=Mending.WHERE_CLEAR,
)
NUL = _rule(
    "nul",
    "NUL文字を含まない。",
    "その行を入力し直してください。",
    example=("雪\\u0000まつり", "雪まつり"),
)
BOM = _rule(
    "bom",
    "ファイルの先頭にBOM（見えない3バイト）がない。",
    "テキストエディタで「UTF-8（BOMなし）」を選び、保存し直してください。",
    example=("先頭が EF BB BF のファイル", "先頭が見出しの1文字目のファイル"),
    mending=Mending.ALWAYS,
)
SHIFT_JIS = _rule(
    "shift-jis",
    "文字コードはUTF-8で、Shift_JISではない。",
    f"{_SAVE_AS}「—」「₂」のようにShift_JISにない文字は、もう失われています。自動で直したあとに知らせがたくさん出たら、元のファイルからやり直してください。",
    example=("「CSV（コンマ区切り）」で保存", "「CSV UTF-8」で保存"),
    mending=Mending.ALWAYS,
)
BAD_BYTE = _rule(
    "bad-byte",
    "UTF-8として読めないバイトを含まない。",
    "その行の文字を入力し直してください。",
    example=("E3 81 のあとのバイトが欠けた文字", "正しい文字"),
)
LINE_ENDING = _rule(
    "line-ending",
    "改行はLFだけで、最後の行も改行で終わる。",
    "テキストエディタで改行コードを「LF」にして、保存し直してください。",
    example=("行の終わりがCRLF", "行の終わりがLF"),
    mending=Mending.ALWAYS,
)
CONFLICT = _rule(
    "merge-conflict",
    "編集の衝突の印（<<<<<<< など）が残っていない。",
    "どちらの内容を残すか決めて、<<<<<<<、=======、>>>>>>> の行を消してください。",
    example=("<<<<<<< HEAD の行がある", "残す行だけがある"),
)
SEPARATOR_LINE = _rule(
    "separator-line",
    "1行目に sep= の行がない。",
    "1行目を消して、見出しを1行目にしてください。",
    example=("1行目が sep=,", "1行目が見出し"),
    mending=Mending.WHERE_CLEAR,
)
DELIMITER = _rule(
    "delimiter",
    "列の区切りは半角のコンマである。",
    "区切りをコンマにして、CSVで保存し直してください。",
    example=("a;b;c", "a,b,c"),
)
UNCLOSED_QUOTE = _rule(
    "unclosed-quote",
    '二重引用符（"）で始めたセルは、同じ行の二重引用符で終わる。',
    'セルの終わりに二重引用符（"）を付けるか、始まりの二重引用符を消してください。',
    example=('"56,780', '"56,780"'),
)
NEWLINE_IN_CELL = _rule(
    "newline-in-cell",
    "セルの中に改行がない。",
    "改行を消して1行にするか、内容を行に分けてください。",
    example=("セルの中で改行した文", "1行の文"),
)
STRAY_QUOTE = _rule(
    "stray-quote",
    'セルの途中に裸の二重引用符（"）がない。',
    "かぎかっこ「」に替えるか、セル全体を二重引用符で囲み、中の二重引用符を2つ重ねてください。",
    example=('計画案の"作成"', "計画案の「作成」"),
)

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_8_BOM = b"\xef\xbb\xbf"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CONFLICT_LINE = re.compile(r"(?:<{7} |={7}$|>{7} )")
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|\Z)')
_OPENED = re.compile(r'(?:^|,)"')
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(slots=True)
class Records:
    """The records that could be read, each with its physical line. The first is the header."""

    #: The text of the file as it was meant: its bytes with what is clear mended.
    text: str
    #: The physical line with which it begins.
    first: int = 1
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    #: Whether every record could be read.
    whole: bool = True


def read(content: bytes, file: str) -> tuple[Records | None, list[Problem]]:
    """The records of a CSV, as far as there are any, and what is wrong with its bytes and quotes.

    ``file`` is what problems call it.
    """
    text, problems = _decode(content, file)
    if text is None:
        return None, problems
    is_other = any(problem.rule in (UTF_16.id, SHIFT_JIS.id) for problem in problems)
    lines, of_line_ends = _lines(text, file)
    if not is_other:  # to save as UTF-8 mends both
        problems += of_line_ends
    first = 1
    if lines[0].lower().startswith("sep="):
        is_clear = lines[0][4:] in ("", ",") and len(lines) > 1
        problems.append(
            SEPARATOR_LINE.problem(
                file,
                "1行目が表計算ソフトの区切りの指定です。",
                line=1,
                value=lines[0],
                fixed="（1行目を削除）" if is_clear else None,
            )
        )
        if not is_clear:
            return None, problems
        del lines[0]
        first = 2
    records = Records("\n".join([*lines, ""]), first)
    wrong = next(_structure(lines, first, file), None)
    if wrong is not None:
        records.whole = False
        return records, [*problems, wrong]
    broken = list(_records(lines, file, records))
    records.whole = not broken
    return records, problems + broken


def _line_of(content: bytes, offset: int) -> int:
    """The line of a byte; a line may end with CR alone, too."""
    before = content[:offset]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def _decode(content: bytes, file: str) -> tuple[str | None, list[Problem]]:
    if content.startswith((_ZIP, _OLD_OFFICE)):
        message = "中身が表計算ソフトのブックで、CSVではありません。"
        return None, [SPREADSHEET_FILE.problem(file, message, line=1)]
    if content.startswith(_UTF_16_BOMS) or content[:200].count(0) > len(content[:200]) // 4:
        return _utf_16(content, file)
    if (offset := content.find(0)) >= 0:
        message = "NUL文字（\\u0000）があります。"
        return None, [NUL.problem(file, message, line=_line_of(content, offset), value="\0")]
    problems = []
    if content.startswith(_UTF_8_BOM):
        message = "ファイルの先頭にBOMがあります。"
        problems.append(BOM.problem(file, message, line=1, value="BOM", fixed="（なし）"))
        while content.startswith(_UTF_8_BOM):
            content = content.removeprefix(_UTF_8_BOM)
    if not content.strip():
        return None, [EMPTY_FILE.problem(file, "ファイルが空です。", line=1)]
    try:
        return content.decode("utf-8"), problems
    except UnicodeDecodeError as error:
        text, problem = _other_encoding(content, error.start, file)
        return text, [*problems, problem]


def _utf_16(content: bytes, file: str) -> tuple[str | None, list[Problem]]:
    # Without a mark, the zero bytes of the ASCII letters tell which byte comes first.
    little = content[1:200:2].count(0) >= content[0:200:2].count(0)
    codec = "utf-16" if content.startswith(_UTF_16_BOMS) else ("utf-16-le" if little else "utf-16-be")
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        text = ""
    is_clear = bool(text.strip()) and "\0" not in text
    problem = UTF_16.problem(
        file, "文字コードがUTF-16です。", line=1, value="UTF-16", fixed="UTF-8" if is_clear else None
    )
    return (text if is_clear else None), [problem]


def _other_encoding(content: bytes, offset: int, file: str) -> tuple[str | None, Problem]:
    """The text in Shift_JIS, where it can be no damaged UTF-8 and no other encoding of Japanese."""
    line = _line_of(content, offset)
    replaced = content.decode("utf-8", errors="replace")
    readable = len(_NOT_ASCII.findall(replaced)) - replaced.count("\ufffd")
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        text = ""
    # What is not Shift_JIS reads as half-width kana for the most part.
    kana = len(_HALF_WIDTH_KANA.findall(text))
    if text and readable <= replaced.count("\ufffd") and kana * 4 <= len(_NOT_ASCII.findall(text)):
        message = "文字コードがShift_JIS（CP932）のようです。"
        return text, SHIFT_JIS.problem(file, message, line=line, value="Shift_JIS", fixed="UTF-8")
    value = f"0x{content[offset]:02X}"
    message = f"UTF-8として読めないバイト {value} があります。"
    return None, BAD_BYTE.problem(file, message, line=line, value=value)


def _lines(text: str, file: str) -> tuple[list[str], list[Problem]]:
    """The lines of a text, whatever ends them. A CR that ends no whole record is part of a cell."""
    if "\r" not in text:
        lines = text.removesuffix("\n").split("\n")
        if text.endswith("\n"):
            return lines, []
        message = "最後の行が改行で終わっていません。"
        remedy = "最後の行の終わりで改行してください。"
        problem = LINE_ENDING.problem(
            file, message, line=len(lines), remedy=remedy, value="改行なし", fixed="LF"
        )
        return lines, [problem]
    if "\n" not in text:
        return text.removesuffix("\r").split("\r"), [_carriage_returns(file, "CR", 1)]
    lines = []
    problems: list[Problem] = []
    width = len(re.split("[\r\n]", text, maxsplit=1)[0].split(","))
    for line in text.removesuffix("\n").split("\n"):
        is_crlf = line.endswith("\r")
        parts = line.removesuffix("\r").split("\r")
        if len(parts) > 1 and not all(len(split(part) or ()) == width for part in parts):
            parts = ["\r".join(parts)]
        if not problems and (is_crlf or len(parts) > 1):
            problems.append(_carriage_returns(file, "CRLF" if is_crlf else "CR", len(lines) + 1))
        lines += parts
    return lines, problems


def _carriage_returns(file: str, kind: str, line: int) -> Problem:
    return LINE_ENDING.problem(file, f"改行が{kind}です。", line=line, value=kind, fixed="LF")


def _structure(lines: list[str], first: int, file: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, first):
        if _CONFLICT_LINE.match(line):
            message = "編集の衝突が解決されないまま残っています。"
            yield CONFLICT.problem(file, message, line=number, value=line)
            return
    header = lines[0]
    if "," not in header:
        for separator, name in ((";", "セミコロン（;）"), ("\t", "タブ")):
            if separator in header:
                yield DELIMITER.problem(file, f"列の区切りが{name}です。", line=first, value=separator)
                return


def split(line: str) -> list[str] | None:
    """The cells of one record, or ``None`` where its quotes are not those of a CSV."""
    if '"' not in line:
        return line.split(",")
    cells = []
    position = 0
    while True:
        match = _CELL.match(line, position)
        if match is None:
            return None
        quoted, bare, end = match.groups()
        cells.append(bare if quoted is None else quoted.replace('""', '"'))
        if not end:
            return cells
        position = match.end()


def _records(lines: list[str], file: str, records: Records) -> Iterator[Problem]:
    """Fill ``records``; what cannot be read is passed over and told."""
    # Where a record that is not closed in its line may end; found once, as there may be very many.
    odd = [index for index, line in enumerate(lines) if line.count('"') % 2]
    index = 0
    while index < len(lines):
        line = lines[index]
        number = index + records.first
        cells = split(line)
        if cells is not None:
            records.lines.append(number)
            records.rows.append(cells)
            index += 1
            continue
        if line.count('"') % 2 == 0 or not _OPENED.search(line):
            message = 'セルの途中に二重引用符（"）があります。'
            yield STRAY_QUOTE.problem(file, message, line=number, value=line)
            index += 1
            continue
        following = bisect_right(odd, index)
        end = odd[following] if following < len(odd) else None
        if end is None or split("\n".join(lines[index : end + 1])) is None:
            message = '二重引用符（"）で始まるセルが閉じていません。'
            yield UNCLOSED_QUOTE.problem(file, message, line=number, value=line)
            index += 1
            continue
        yield NEWLINE_IN_CELL.problem(file, "セルの中に改行があります。", line=number, value=line)
        index = end + 1
