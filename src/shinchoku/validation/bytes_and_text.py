"""First stage: is the file a UTF-8, comma-separated text at all?

Bytes in, rows of cells out. A file with any problem here has no rows, so that
later stages cannot report consequences of it. Knows nothing of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from shinchoku.validation.problems import Problem, rule

_SAVE_AS = "表計算ソフトで「CSV UTF-8」を選び、保存し直してください。"

EMPTY_FILE = rule(
    "empty-file",
    "ファイルは空でない。",
    "見出し行と1行以上のデータを入れるか、元のファイルに戻してください。",
)
SPREADSHEET_FILE = rule(
    "spreadsheet-file",
    "CSVはテキストで、表計算ソフトのブックではない。",
    f"拡張子を変えるのではなく、{_SAVE_AS}",
)
UTF_16 = rule("utf-16", "文字コードはUTF-8で、UTF-16ではない。", _SAVE_AS)
NUL = rule("nul", "NUL文字を含まない。", "その行を入力し直してください。")
BOM = rule(
    "bom",
    "ファイルの先頭にBOM（見えない3バイト）がない。",
    "テキストエディタで「UTF-8（BOMなし）」を選び、保存し直してください。",
)
SHIFT_JIS = rule("shift-jis", "文字コードはUTF-8で、Shift_JISではない。", _SAVE_AS)
BAD_BYTE = rule("bad-byte", "UTF-8として読めないバイトを含まない。", "その行の文字を入力し直してください。")
LINE_ENDING = rule(
    "line-ending",
    "改行はLFだけで、最後の行も改行で終わる。",
    "テキストエディタで改行コードを「LF」にして、保存し直してください。",
)
CONFLICT = rule(
    "merge-conflict",
    "編集の衝突の印（<<<<<<< など）が残っていない。",
    "どちらの内容を残すか決めて、<<<<<<<、=======、>>>>>>> の行を消してください。",
)
SEPARATOR_LINE = rule(
    "separator-line", "1行目に sep= の行がない。", "1行目を消して、見出しを1行目にしてください。"
)
DELIMITER = rule(
    "delimiter", "列の区切りは半角のコンマである。", "区切りをコンマにして、CSVで保存し直してください。"
)
UNCLOSED_QUOTE = rule(
    "unclosed-quote",
    '二重引用符（"）で始めたセルは、同じ行の二重引用符で終わる。',
    'セルの終わりに二重引用符（"）を付けるか、始まりの二重引用符を消してください。',
)
NEWLINE_IN_CELL = rule(
    "newline-in-cell", "セルの中に改行がない。", "改行を消して1行にするか、内容を行に分けてください。"
)
STRAY_QUOTE = rule(
    "stray-quote",
    'セルの途中に裸の二重引用符（"）がない。',
    "かぎかっこ「」に替えるか、セル全体を二重引用符で囲み、中の二重引用符を2つ重ねてください。",
)

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_8_BOM = b"\xef\xbb\xbf"
_CONFLICT_LINE = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|\Z)')


def read(path: Path, file: str) -> tuple[list[list[str]] | None, list[Problem]]:
    """The rows of the CSV at ``path``, or the problems that keep it from having any.

    ``file`` is what problems call it. Row ``i`` is the physical line ``i + 1``.
    """
    content = path.read_bytes()
    text, problems = _decode(content, file)
    if text is None:
        return None, problems
    problems += _line_endings(text, file)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    structure = list(_structure(lines, file))
    if structure:
        return None, problems + structure
    rows, broken = _rows(lines, file)
    problems += broken
    return (None if problems else rows), problems


def _line_of(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def _decode(content: bytes, file: str) -> tuple[str | None, list[Problem]]:
    if not content.removeprefix(_UTF_8_BOM).strip():
        return None, [EMPTY_FILE.problem(file, "ファイルが空です。", line=1)]
    if content.startswith((_ZIP, _OLD_OFFICE)):
        message = "中身が表計算ソフトのブックで、CSVではありません。"
        return None, [SPREADSHEET_FILE.problem(file, message, line=1)]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:200].count(0) > len(content[:200]) // 4:
        return None, [UTF_16.problem(file, "文字コードがUTF-16です。", line=1)]
    if (offset := content.find(0)) >= 0:
        return None, [NUL.problem(file, "NUL文字（\\u0000）があります。", line=_line_of(content, offset))]
    problems = []
    if content.startswith(_UTF_8_BOM):
        problems.append(BOM.problem(file, "ファイルの先頭にBOMがあります。", line=1))
        while content.startswith(_UTF_8_BOM):
            content = content.removeprefix(_UTF_8_BOM)
    try:
        return content.decode("utf-8"), problems
    except UnicodeDecodeError as error:
        return None, [*problems, _wrong_encoding(content, error.start, file)]


def _wrong_encoding(content: bytes, offset: int, file: str) -> Problem:
    line = _line_of(content, offset)
    try:
        content.decode("cp932")
    except UnicodeDecodeError:
        value = f"0x{content[offset]:02X}"
        return BAD_BYTE.problem(
            file, f"UTF-8として読めないバイト {value} があります。", line=line, value=value
        )
    return SHIFT_JIS.problem(file, "文字コードがShift_JIS（CP932）のようです。", line=line)


def _line_endings(text: str, file: str) -> Iterator[Problem]:
    if (offset := text.find("\r")) >= 0:
        kind = "CRLF" if text.startswith("\r\n", offset) else "CR"
        line = text.count("\n", 0, offset) + 1
        yield LINE_ENDING.problem(file, f"改行が{kind}です。", line=line, value=kind)
    elif not text.endswith("\n"):
        message = "最後の行が改行で終わっていません。"
        yield LINE_ENDING.problem(
            file, message, line=text.count("\n") + 1, remedy="最後の行の終わりで改行してください。"
        )


def _structure(lines: list[str], file: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        if _CONFLICT_LINE.match(line):
            message = "編集の衝突が解決されないまま残っています。"
            yield CONFLICT.problem(file, message, line=number, value=line)
            return
    header = lines[0]
    if header.lower().startswith("sep="):
        yield SEPARATOR_LINE.problem(file, f"1行目が「{header}」です。", line=1, value=header)
    elif "," not in header:
        for separator, name in ((";", "セミコロン（;）"), ("\t", "タブ")):
            if separator in header:
                yield DELIMITER.problem(file, f"列の区切りが{name}です。", line=1, value=separator)
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


def _rows(lines: list[str], file: str) -> tuple[list[list[str]], list[Problem]]:
    rows: list[list[str]] = []
    problems: list[Problem] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        cells = split(line)
        if cells is not None:
            rows.append(cells)
            index += 1
            continue
        if line.count('"') % 2 == 0:
            message = 'セルの途中に二重引用符（"）があります。'
            problems.append(STRAY_QUOTE.problem(file, message, line=index + 1, value=line))
            index += 1
            continue
        end = next((i for i in range(index + 1, len(lines)) if lines[i].count('"') % 2), None)
        if end is None or split("\n".join(lines[index : end + 1])) is None:
            message = '二重引用符（"）で始まるセルが閉じていません。'
            problems.append(UNCLOSED_QUOTE.problem(file, message, line=index + 1, value=line))
            break
        problems.append(
            NEWLINE_IN_CELL.problem(file, "セルの中に改行があります。", line=index + 1, value=line)
        )
        index = end + 1
    return rows, problems
