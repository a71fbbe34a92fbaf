"""Is an address one that a reader can be sent to: https, one of them, with a host and nothing hidden?

Must not import anything of this project, and opens no connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LABEL = r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[A-Za-z]{{2,}}|xn--[0-9A-Za-z-]+)")
_BESIDE_ANOTHER = re.compile(r"[\s,;|、，；]+(?:[A-Za-z][A-Za-z0-9+.-]*:|www\.)")
_NOT_OF_AN_ADDRESS = re.compile(r"[\s\"'<>\\^`{|}]")
#: What a sentence may hold. A scheme that runs something counts without "//".
_IN_TEXT = re.compile(
    r"(?:(?:javascript|vbscript)\s*:|data:[a-z]+/|[a-z][a-z0-9+.-]*://|(?<![A-Za-z.])www\.)"
    r"[!#-'*-;=?-~]*",
    re.IGNORECASE,
)


def wrong(address: str) -> tuple[str, str | None] | None:
    """What is wrong with an address, and what to write instead where that is clear; ``None`` if it is right."""
    if _BESIDE_ANOTHER.search(address):
        return "にアドレスが2つ以上あります。", None
    scheme = _SCHEME.match(address)
    if scheme is None or _HOST.fullmatch(scheme[1]):  # "example.jp:8080" has no scheme
        whole = f"https://{address.removeprefix('//')}"
        remedy = f"「{whole}」に直してください。" if wrong(whole) is None else None
        return "が https:// で始まっていません。", remedy
    if scheme[1] == "http" and wrong(f"https{address[4:]}") is None:
        return "が https:// ではなく http:// で始まっています。", f"「https{address[4:]}」に直してください。"
    if scheme[1] != "https" or not address.startswith("https://"):
        return "が https:// で始まるアドレスではありません。", None
    if found := _NOT_OF_AN_ADDRESS.search(address):
        named = "空白" if found[0].isspace() else f"「{found[0]}」"
        return f"に、アドレスに使えない{named}があります。", None
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "はアドレスとして読めません。", None
    if "@" in parts.netloc:
        return "に利用者名やパスワードの部分（@ の前）があります。", "@ とその前を消してください。"
    if not _HOST.fullmatch(host):
        return "に正しいホスト名（example.jp など）がありません。", None
    return None


def wrong_in_text(text: str) -> Iterator[tuple[str, str, str | None]]:
    """(address, what is wrong with it, remedy) of each wrong address in a sentence."""
    for match in _IN_TEXT.finditer(text):
        found = wrong(match[0].rstrip(".,;:!?"))
        if found is not None:
            yield match[0], *found
