"""What a file is, told by its content, whatever its name says; and how to save it so that it can be read.

A workbook and text can be read; anything else is refused by its name. Must not know what a report is.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from shinchoku.importing.problem import ImportProblem

_AS_WORKBOOK = "表計算ソフトで開き、「Excelブック（.xlsx）」で保存し直してください。"
_AS_UTF_8 = "表計算ソフトなら「CSV UTF-8」で、メモ帳などなら文字コードを「UTF-8」にして保存し直してください。"
_FROM_ORIGINAL = (
    "元の表計算のファイル（.xlsx）を使うか、文字を写したテキストのファイル（UTF-8）にしてください。"
)
_UNPACKED = "展開して、中の報告のファイルを使ってください。"

#: More than any report needs.
_LARGEST = 20 * 1024**2

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A name in the table of contents of an OLE file → what the file is.
_IN_OLE = {
    "WordDocument": ("Wordの文書（.doc）", _FROM_ORIGINAL),
    "PowerPoint Document": ("PowerPointの資料（.ppt）", _FROM_ORIGINAL),
    "Workbook": ("古いExcelの形式（.xls）", _AS_WORKBOOK),
    "Book": ("古いExcelの形式（.xls）", _AS_WORKBOOK),
    "JSRV_SegmentInformation": ("一太郎の文書（.jtd）", _FROM_ORIGINAL),
    "__nameid_version1.0": ("メール（.msg）", "添付されている報告のファイルを保存して使ってください。"),
}
#: What a file in an archive is called → what the archive is.
_IN_ZIP = {
    "xl/workbook.bin": ("Excelバイナリ ブック（.xlsb）", _AS_WORKBOOK),
    "word/document.xml": ("Wordの文書（.docx）", _FROM_ORIGINAL),
    "ppt/presentation.xml": ("PowerPointの資料（.pptx）", _FROM_ORIGINAL),
    "Index/Document.iwa": (
        "Numbers・Pages・Keynoteの書類",
        "「ファイル」の「書き出す」で「Excel」を選び、.xlsx にしてください。",
    ),
}
_OPEN_DOCUMENT = {
    "spreadsheet": ("OpenDocumentの表計算（.ods）", _AS_WORKBOOK),
    "text": ("OpenDocumentの文書（.odt）", _FROM_ORIGINAL),
    "presentation": ("OpenDocumentの資料（.odp）", _FROM_ORIGINAL),
}
#: How the bytes of a file begin → what it is.
_BEGINNINGS = [
    (rb"[\x00-\x20]*%PDF-", "PDF", _FROM_ORIGINAL),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avi)",
        "画像",
        _FROM_ORIGINAL,
    ),
    (
        rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh[1-9]1AY|\xfd7zXZ|..-lh[0-9d]-|MSCF\0|PK\x05\x06",
        "圧縮したファイル",
        _UNPACKED,
    ),
    (rb"\x09[\x00\x02\x04\x08][\x04-\x10]\0", "とても古いExcelの形式（.xls）", _AS_WORKBOOK),
    (rb"ID;P", "SYLKの表", _AS_WORKBOOK),
    (rb"SQLite format 3", "データベース", _FROM_ORIGINAL),
    (rb"\{\\rtf", "リッチテキスト（.rtf）", _FROM_ORIGINAL),
]
#: How text begins that is a page, a link or data, not a report.
_TEXTS = [
    (
        r"<!doctype html|<html|<table|<meta|<head|<body|<\?xml[^>]*>\s*(?:<!doctype html|<html)|mime-version:",
        "ウェブのページ（HTML）",
        _AS_WORKBOOK,
    ),
    (r"<\?xml[^>]*>(?:\s*<\?mso[^>]*>)?\s*<(?:ss:)?workbook", "XMLの表（XMLスプレッドシート）", _AS_WORKBOOK),
    (r"<\?xml|<office:document", "XMLのファイル", _AS_WORKBOOK),
    (
        r"\[InternetShortcut\]|\{\s*\"",
        "ファイルへのリンクかデータ（表そのものではありません）",
        "表を開き、「Excelブック（.xlsx）」でダウンロードするか保存し直してください。",
    ),
    (r"version https://git-lfs", "Gitの大きなファイルへの参照", "元のファイルを取り寄せてください。"),
]


def content_of(path: Path) -> bytes:
    """The bytes of a file that has something in it. Raises ``ImportProblem``."""
    if path.name.startswith(("~$", ".~lock.")):
        raise ImportProblem(
            path.name,
            None,
            "表計算ソフトが、開いている間だけ作るファイルです。",
            "名前の初めが「~$」や「.~lock」でない、元のファイルを使ってください。",
        )
    try:
        if path.exists() and not path.is_file():
            raise IsADirectoryError
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise ImportProblem(
            path.name, None, "ファイルがありません。", "ファイルの名前と場所を確かめてください。"
        ) from None
    except OSError:
        raise ImportProblem(
            path.name,
            None,
            "ファイルを開けません。",
            "ほかのソフトが開いていないか、読む権限があるか確かめてください。",
        ) from None
    if len(content) > _LARGEST:
        raise ImportProblem(
            path.name, None, "ファイルが大きすぎます。", "報告の表だけを残して保存し直してください。"
        )
    if not content.strip(b"\0 \t\r\n"):
        raise ImportProblem(
            path.name, None, "ファイルが空です。", "報告の表のファイルか確かめ、保存し直してください。"
        )
    return content


def is_workbook(file: str, content: bytes) -> bool:
    """Whether it is a workbook (``.xlsx``), or else text. Raises ``ImportProblem`` where it is neither."""
    found = _of_bytes(file, content)
    if found is None and not content.startswith(_ZIP):
        found = _of_text(file, content)
    if found:
        name, remedy = found
        raise ImportProblem(file, None, f"中身は{name}です。", remedy)
    return content.startswith(_ZIP)


def _of_bytes(file: str, content: bytes) -> tuple[str, str] | None:
    if content.startswith(_ZIP):
        return _of_archive(file, content)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise ImportProblem(
                file, None, "パスワードがかかっています。", "パスワードを外して保存し直してください。"
            )
        names = (found for name, found in _IN_OLE.items() if name.encode("utf-16-le") in content)
        return next(names, ("古いOfficeの形式（.xls など）", _AS_WORKBOOK))
    found = (kind for beginning, *kind in _BEGINNINGS if re.match(beginning, content, re.DOTALL))
    return next(((name, remedy) for name, remedy in found), None)


def _of_archive(file: str, content: bytes) -> tuple[str, str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            mimetype = _beginning(archive, "mimetype")
            book = _beginning(archive, "xl/workbook.xml")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise broken(file) from None
    if b"purl.oclc.org/ooxml" in book:
        return "「Strict Open XML」の形式のExcelのファイル", _AS_WORKBOOK
    for name, found in _IN_ZIP.items():
        if name in names:
            return found
    for kind, found in _OPEN_DOCUMENT.items():
        if f"opendocument.{kind}".encode() in mimetype:
            return found
    is_office = "[Content_Types].xml" in names or any(name.startswith("xl/") for name in names)
    return None if is_office else ("圧縮したファイル（.zip）", _UNPACKED)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(2000)


def _of_text(file: str, content: bytes) -> tuple[str, str] | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "文字コードがUTF-16の文字", _AS_UTF_8
    text, _ = decoded(file, content)
    beginning = text.lstrip("\ufeff \t\r\n")[:2000]
    beginning = re.sub(r"\A(?:<!--.*?-->\s*)+", "", beginning, flags=re.DOTALL)
    return next(
        ((name, remedy) for start, name, remedy in _TEXTS if re.match(start, beginning, re.IGNORECASE)), None
    )


def decoded(file: str, content: bytes) -> tuple[str, str]:
    """Text, and its encoding: UTF-8 or what Excel in Japan writes. Raises ``ImportProblem``."""
    if b"\0" in content:
        halves = [content[at::2].count(b"\0") for at in (0, 1)]
        is_utf_16 = max(halves) > len(content) / 20 and min(halves) < max(halves) / 5
        name = "文字コードがUTF-16の文字" if is_utf_16 else "文字ではないデータ"
        raise ImportProblem(file, None, f"中身は{name}です。", _AS_UTF_8 if is_utf_16 else _FROM_ORIGINAL)
    if b"\x1b$" in content:
        raise ImportProblem(file, None, "中身は文字コードがJISの文字です。", _AS_UTF_8)
    for encoding in ("utf-8-sig", "cp932", "euc-jp"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932" and _is_euc(content):
            continue  # most of whose letters are half-width kana in the other
        if encoding == "euc-jp":
            raise ImportProblem(file, None, "中身は文字コードがEUC-JPの文字です。", _AS_UTF_8)
        return text, encoding
    raise ImportProblem(file, None, "文字として読めません。", _AS_UTF_8)


def not_utf_8(file: str) -> ImportProblem:
    """That text is written in another way; of lines that no table keeps apart, not everything can be checked."""
    return ImportProblem(file, None, "中身の文字コードがUTF-8ではありません（Shift_JISなど）。", _AS_UTF_8)


def is_comma_separated(text: str) -> bool:
    """Whether text is a table between commas, whatever its file is called: more of its lines are than have tabs."""
    lines = text.splitlines()
    with_tabs = sum("\t" in line for line in lines)
    return sum(line.count(",") > 1 and "\t" not in line for line in lines) > with_tabs


def _is_euc(content: bytes) -> bool:
    try:
        return bool(re.search("[ぁ-んァ-ヶ]{2}", content.decode("euc-jp")))
    except UnicodeDecodeError:
        return False


def broken(file: str) -> ImportProblem:
    """That a workbook cannot be read."""
    return ImportProblem(
        file,
        None,
        "Excelのファイルとして読めません（壊れているか、別の形式です）。",
        "表計算ソフトで開けるか確かめ、「Excelブック（.xlsx）」で保存し直してください。",
    )
